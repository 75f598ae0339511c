"""Where co-operation collapses and where it returns, in closed form.

Level a enforces itself iff D >= D(a) = G(a)/(G(a) + q*(pi(a)-u)). Over the levels up to the cap
D(a) is least where the roots of F meet (the fold) or, when that lies above full co-operation, at
level 1. The least D is where co-operation collapses, and D(t0) is where it comes back from the
floor t0 of residual trust: the gap between them is hysteresis.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.quadratics import Quadratic, is_quadratic, square_root
from coopgame.forms.level.standins import drawn_out, shape_of
from coopgame.forms.level.temptation import Incentive
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import QUICK, feasible, sign
from coopgame.solution import Critical

ONE = sympy.S.One
COLLAPSE = "{parameter} {side} which no level enforces itself"
COLLAPSING = ("none", "constrained")  # the branches on the two sides of a collapse
RETURN = "{parameter} {side} which co-operation grows again from the floor of trust"


def criticals(side: Incentive, floor: sympy.Expr, domain: Domain) -> Iterator[Critical]:
    """The hazard (discount factor, exit probability) of collapse and, with a floor, of return.

    One for each parameter in which D is linear and of which pi, G, q and u are free; none where
    the fold has no closed form. A value outside the parameter's interval says that the event
    happens at no value of it.
    """
    collapse = collapse_weight(side, domain)
    if collapse is not None:
        alive = Critical("collapse", "", collapse, COLLAPSE, side.members, COLLAPSING)
        yield from _translated(alive, side, domain)
        yield from _sizes(alive, side, domain)
    if floor != 0:
        outgrown = (side.excess.subs(side.variable, floor) < 0,)
        grown = Critical("return", "", return_weight(side, floor), RETURN, outgrown, ())
        yield from _translated(grown, side, domain)


def return_weight(side: Incentive, floor: sympy.Expr) -> sympy.Expr:
    """The D above which more than the floor is credible to those who expect the floor.

    G(t0)/(G(t0) + q*(pi(t0)-u)); 1 where a relation at the floor is worth no more than leaving.
    Only a floor below the joint optimum can be outgrown.
    """
    gain, payoff = (e.subs(side.variable, floor) for e in (side.gain, side.payoff))
    worth = payoff - side.outside
    return sympy.Piecewise((gain / (gain + side.detection * worth), worth > 0), (1, True))


def collapse_weight(side: Incentive, domain: Domain) -> sympy.Expr | None:
    """The least D at which some level enforces itself; at least 1 where none ever does.

    None where F is no convex quadratic, or G(0) not 0, or F(0) may be negative, so that no fold
    need exist; and where some level enforces itself however small D is.
    """
    side, a = drawn_out(side, domain), side.variable
    quadratic = all(is_quadratic(e, a) for e in (side.payoff, side.gain))
    fold = _fold(side, domain) if quadratic else None
    if fold is None:
        return None
    meeting, folds = fold
    gain, payoff = (Quadratic.of(e, a) for e in (side.gain, side.payoff))
    worth_at_one, gain_at_one = payoff.at(ONE) - side.outside, gain.at(ONE)
    cap = gain_at_one / (gain_at_one + side.detection * worth_at_one)
    still_better = sympy.Gt(
        payoff.derivative(ONE) * gain_at_one, worth_at_one * gain.derivative(ONE)
    )
    worthless = sympy.And(still_better, worth_at_one <= 0)
    ways = (payoff.slope <= 0, worthless, sympy.Not(folds))
    never = sympy.Or(*(way for way in ways if _can_hold(way, domain)))
    pieces = [(cap, still_better), (meeting, sympy.true)]
    possible = [piece for piece in pieces if _can_hold(piece[1], domain)]
    if all(sympy.cancel(weight) == 0 for weight, _ in possible):
        return None
    return sympy.Piecewise(*([(ONE, never)] if _can_hold(never, domain) else []), *possible)


def _can_hold(condition: Boolean, domain: Domain) -> bool:
    goals = [*domain.constraints, condition]
    return feasible(goals, domain.integers, QUICK).exists is not False


def _fold(side: Incentive, domain: Domain) -> tuple[sympy.Expr, Boolean] | None:
    """Where the roots of F meet: the greater root in D of its discriminant, and where there is one.

    The discriminant is quadratic in D, not negative at D = 0 and not positive where F'(0) = 0. If
    any level enforces itself below D = 1 it is positive there, so that it must be convex.
    """
    weight = sympy.Dummy("D", real=True)
    shape = shape_of(replace(side, discount=weight), domain)
    discriminant = Quadratic.of(shape.excess.discriminant, weight)
    starts = (weight > 0, shape.starts)
    usual = shape.concave or shape.payoff.square == 0
    if not usual or sympy.expand(side.gain.subs(side.variable, 0)) != 0:
        return None
    if not shape.proved(shape.excess.square > 0, starts):
        return None
    if not shape.proved(shape.excess.constant >= 0, starts):
        return None
    half = discriminant.slope / 2
    radicand = sympy.factor(half**2 - discriminant.square * discriminant.constant)
    root = shape.meaning(square_root(radicand, shape.never_negative))
    half, square = map(sympy.factor_terms, (half, discriminant.square))
    folds = sympy.true if shape.proved(square > 0, starts) else shape.meaning(square > 0)
    return (root - shape.meaning(half)) / shape.meaning(square), folds


def _translated(of_weight: Critical, side: Incentive, domain: Domain) -> Iterator[Critical]:
    """The value of each parameter at which D equals the critical weight."""
    weight = of_weight.expression
    for parameter in domain.parameters:
        variable, discount = parameter.symbol, side.discount
        if not discount.is_polynomial(variable) or weight.has(variable):
            continue
        slope, constant = sympy.diff(discount, variable), discount.subs(variable, 0)
        if slope == 0 or slope.has(variable):
            continue
        value = weight / slope - sympy.cancel(constant / slope)
        patient = sign(slope, domain.constraints, domain.integers, QUICK).sign
        below = (patient == "+") == (of_weight.name == "collapse")
        text = of_weight.meaning.format(
            parameter=parameter.meaning, side="below" if below else "above"
        )
        yield replace(of_weight, parameter=parameter.name, expression=value, meaning=text)


def _sizes(alive: Critical, side: Incentive, domain: Domain) -> Iterator[Critical]:
    """The greatest size (a bounded parameter of that role) at which some level enforces itself."""
    sure = collapse_weight(replace(side, detection=sympy.S.One), domain)
    others = (side.payoff, side.gain, side.outside, side.discount)
    for parameter in domain.by_role("size"):
        n, upper = parameter.symbol, parameter.interval.upper
        top, bottom = sympy.fraction(sympy.together(side.detection))
        linear = all(e.is_polynomial(n) and sympy.degree(e, n) <= 1 for e in (top, bottom))
        if sure is None or upper == sympy.oo or not linear or any(e.has(n) for e in others):
            continue
        parts = sure.args if isinstance(sure, sympy.Piecewise) else [(sure, sympy.true)]
        pieces = [
            piece
            for weight, where in parts
            for piece in _largest_size(weight, where, side, n, upper)
        ]
        text = COLLAPSE.format(parameter=parameter.meaning, side="above")
        value = sympy.Piecewise(*pieces)
        yield replace(alive, parameter=parameter.name, expression=value, meaning=text)


def _largest_size(
    weight: sympy.Expr, where: Boolean, side: Incentive, n: sympy.Symbol, upper: sympy.Expr
) -> list[tuple[sympy.Expr, Boolean]]:
    """The largest n where some level enforces itself from D = `weight` on with sure detection.

    With detection s some level does where s*D*(1-weight) >= (1-D)*weight, which is solved for n;
    `upper` is the answer where it satisfies that itself, and 0 where no weight below 1 does.
    """
    if weight == 1:
        return [(sympy.S.Zero, where)]
    top, bottom = sympy.fraction(sympy.together(side.detection))
    kept, lost = side.discount * (1 - weight), (1 - side.discount) * weight
    size = (bottom.subs(n, 0) * lost - top.subs(n, 0) * kept) / (
        sympy.diff(top, n) * kept - sympy.diff(bottom, n) * lost
    )
    enough = side.detection.subs(n, upper) * kept >= lost
    return [(upper, sympy.And(where, enough)), (size, where)]
