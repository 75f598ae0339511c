"""The mixtures of identical players in symbols: the roots of the mean gain f between 0 and 1.

A mixture is called the same in symbols and at a point, which knows nothing of other points: where
f has opposite signs at 0 and 1 and one root, that is `mixed`; where it has one sign at both, the
two roots are `mixed_unstable` (f rises) and `mixed_stable`; and where they meet it is the latter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.binomial import Count, K
from coopgame.algebra.elimination import Root, univariate
from coopgame.algebra.simplify import neat, prune, simplified
from coopgame.forms.symmetric.gains import (
    CHANCE,
    Crossing,
    Crossings,
    Gains,
    always,
    can_hold,
    is_monotone,
)
from coopgame.language.roots import ImplicitRoot
from coopgame.proofs.questions import QUICK, feasible, sign
from coopgame.solution import Implicit


def crossings(game: Gains) -> Crossings:
    """Every mixed equilibrium that has a closed form or is the only one where it exists."""
    single = _single(game)
    if single is not None:
        return single
    polynomial = _polynomial(game)
    if polynomial is None or polynomial == 0:
        return Crossings(complete=polynomial == 0)
    if sympy.degree(polynomial, CHANCE) <= 2:
        return _of_degree_two(game, sympy.Poly(polynomial, CHANCE))
    solved = univariate(polynomial, CHANCE)
    return Crossings(complete=False) if solved is None else _of_roots(game, polynomial, solved)


# --- one change of sign ------------------------------------------------------------------------


def _single(game: Gains) -> Crossings | None:
    """The one crossing of a gain that changes sign once: in closed form, or implicit."""
    ends, chance = (game.first, game.last), None
    if game.counts is not None:
        chance = _closed(game.counts[2])
    if chance is None and game.listed is not None:
        ends, chance = _two_terms(game.values) or (ends, _on_a_line(game))
    if chance is None and (game.listed is None or not _changes_once(game)):
        return None
    low, high = ends
    ways = [
        (rising, conditions)
        for rising, conditions in (
            (True, (sympy.Lt(low, 0), sympy.Gt(high, 0))),
            (False, (sympy.Lt(high, 0), sympy.Gt(low, 0))),
        )
        if can_hold(game.domain, conditions)
    ]
    if chance is not None and len(ways) == 2:
        opposite = sympy.Lt(sympy.expand(low * high), 0)
        return Crossings((Crossing(chance, (opposite,), None),))
    found = []
    for rising, conditions in ways:
        implicit = None if chance is not None else _implicit(game, rising)
        share = chance if implicit is None else implicit_share(implicit)
        found.append(Crossing(share, conditions, rising, implicit))
    return Crossings(tuple(found))


def _closed(shape: Count) -> sympy.Expr | None:
    """The root of a mean gain that is linear, or a constant and one power.

    (1-x)^N = r or x^N = r, or A + B*N*x = 0.
    """
    at_ends = (shape.off_first, shape.off_last)
    constant = not shape.middle.has(K)
    if constant and at_ends[0] != 0 and at_ends[1] == 0:
        return 1 - (_ratio(shape.middle, at_ends[0])) ** (1 / shape.others)
    if constant and at_ends[0] == 0 and at_ends[1] != 0:
        return _ratio(shape.middle, at_ends[1]) ** (1 / shape.others)
    mean = shape.mean(CHANCE)
    if at_ends == (0, 0) and not constant and sympy.degree(mean, CHANCE) == 1:
        slope, rest = sympy.Poly(mean, CHANCE).all_coeffs()
        return sympy.factor(-rest / slope)
    return None


def _ratio(constant: sympy.Expr, slope: sympy.Expr) -> sympy.Expr:
    return sympy.factor(-constant / slope)


Ends = tuple[sympy.Expr, sympy.Expr]


def _two_terms(values: Sequence[sympy.Expr]) -> tuple[Ends, sympy.Expr] | None:
    """The two gains that are not zero, if all others are: the odds to a power are their ratio."""
    others = len(values) - 1
    terms = [(k, value) for k, value in enumerate(values) if value != 0]
    if len(terms) != 2:
        return None
    (i, low), (j, high) = terms
    weighed = sympy.binomial(others, j) * high / (sympy.binomial(others, i) * low)
    return (low, high), 1 / (1 + sympy.root(sympy.factor(-weighed), j - i))


def _on_a_line(game: Gains) -> sympy.Expr | None:
    """The root of a mean gain of degree one."""
    mean = sympy.Poly(game.mean(CHANCE), CHANCE)
    return sympy.factor(-mean.nth(0) / mean.nth(1)) if mean.degree() == 1 else None


def _changes_once(game: Gains) -> bool:
    """Whether the gain is proved to change sign once at most, all over the domain."""
    if is_monotone(game):
        return True
    domain = game.domain
    known = [sign(v, domain.constraints, domain.integers, QUICK).sign for v in game.values]
    turns = [s for s, _ in groupby(s for s in known if s != "0")]
    return "?" not in turns and len(turns) <= 2


def _implicit(game: Gains, rising: bool) -> Implicit:
    equation = sympy.expand(game.mean(CHANCE) if rising else -game.mean(CHANCE))
    return Implicit(CHANCE, equation, (sympy.Gt(CHANCE, 0), sympy.Lt(CHANCE, 1)))


def implicit_share(implicit: Implicit) -> sympy.Expr:
    """The root in (0, 1) that an implicit crossing stands for."""
    return ImplicitRoot(implicit.equation, implicit.variable, sympy.S.Zero, sympy.S.One)


# --- polynomials -------------------------------------------------------------------------------


def _polynomial(game: Gains) -> sympy.Expr | None:
    """The mean gain as a polynomial in the chance, where its degree is a number."""
    if game.listed is None and (game.counts is None or _has_power_ends(game.counts[2])):
        return None
    return sympy.expand(game.mean(CHANCE))


def _has_power_ends(shape: Count) -> bool:
    return bool(shape.off_first != 0 or shape.off_last != 0)


def _of_degree_two(game: Gains, mean: sympy.Poly) -> Crossings:
    """f = a*(1-x)^2 + 2*b*x*(1-x) + c*x^2: a root in the odds, one way where it rises.

    With S = sqrt(b^2 - a*c) f rises at the odds (S - b)/c and falls at (-S - b)/c.
    """
    constant = mean.nth(0)
    a, b, c = game.first, sympy.expand(constant + mean.nth(1) / 2), game.last
    under = sympy.factor(b**2 - a * c)
    root = sympy.sqrt(under)
    sole: list[tuple[sympy.Expr, Boolean]] = []
    pairs = []
    for rising, s in ((True, 1), (False, -1)):
        alone, both = _one_sign(a, b, c, s), _same_sign(a, b, c)
        alone = [way for way in alone if can_hold(game.domain, [way])]
        both = [way for way in both if can_hold(game.domain, [way, sympy.Ge(under, 0)])]
        if alone:
            chance = _odds((a, b, c), s * root, alone, game)
            sole.append((chance, prune(alone, [], game.domain)))
        if both:
            real = sympy.Gt(under, 0) if rising else sympy.Ge(under, 0)
            conditions = (prune(both, [], game.domain), real)
            chance = _odds((a, b, c), s * root, both, game)
            pairs.append(Crossing(chance, conditions, rising, label=_LABELS[rising]))
    return Crossings((*_joined(sole, game), *pairs))


_LABELS = {True: "unstable", False: "stable"}


def _one_sign(a: sympy.Expr, b: sympy.Expr, c: sympy.Expr, s: int) -> list[Boolean]:
    """Where f changes sign once between 0 and 1, in the direction of s, an end at zero included."""
    down, up = (sympy.Lt, sympy.Gt) if s > 0 else (sympy.Gt, sympy.Lt)
    return [
        sympy.And(down(a, 0), up(c, 0)),
        sympy.And(sympy.Eq(a, 0), down(b, 0), up(c, 0)),
        sympy.And(down(a, 0), up(b, 0), sympy.Eq(c, 0)),
    ]


def _same_sign(a: sympy.Expr, b: sympy.Expr, c: sympy.Expr) -> list[Boolean]:
    """Where f may have two roots between ends of one sign."""
    ways = ((sympy.Lt, sympy.Gt), (sympy.Gt, sympy.Lt))
    return [sympy.And(ends(a, 0), middle(b, 0), ends(c, 0)) for ends, middle in ways]


def _odds(
    values: tuple[sympy.Expr, sympy.Expr, sympy.Expr],
    root: sympy.Expr,
    regions: Sequence[Boolean],
    game: Gains,
) -> sympy.Expr:
    """The chance, written so that nothing vanishes below where it is one.

    The same number is (a - b + S)/(a - 2*b + c), (S - b)/(S - b + c) and a/(a - b - S): the first
    breaks down where f is a line, the others where f is zero at 1 and at 0. To write the others
    with one root above would put a - 2*b + c below again.
    """
    a, b, c = values
    line = sympy.expand(a - 2 * b + c)
    at_one, at_zero = (root - b) / (root - b + c), a / (a - b - root)

    def vanishes(below: sympy.Expr) -> bool:
        return any(can_hold(game.domain, [r, sympy.Eq(below, 0)]) for r in regions)

    if not vanishes(line):
        return neat((a - b + root) / line, game.domain)
    for below, chance in ((c, at_one), (a, at_zero)):
        if not vanishes(below):
            return chance
    return sympy.Piecewise((at_one, sympy.Ne(c, 0)), (at_zero, True))


def _joined(sole: Sequence[tuple[sympy.Expr, Boolean]], game: Gains) -> list[Crossing]:
    """The one mixture: where f may rise through zero and elsewhere fall, two pieces."""
    if len(sole) < 2:
        rises = can_hold(game.domain, [sympy.Lt(game.first, 0), sympy.Gt(game.last, 0)])
        return [Crossing(chance, (where,), rises) for chance, where in sole]
    (rising, one), (falling, other) = sole
    chance = sympy.Piecewise((rising, sympy.Gt(game.last, game.first)), (falling, True))
    return [Crossing(chance, (sympy.Or(one, other),), None)]


def _of_roots(game: Gains, polynomial: sympy.Expr, solved: Sequence[Root]) -> Crossings:
    """Roots in closed form of a higher degree, if at most two of them are ever chances."""
    inside = [found for root in solved if (found := _inside(game, polynomial, root)) is not None]
    if len(inside) == 1:
        return Crossings(tuple(inside))
    same = sympy.Gt(sympy.expand(game.first * game.last), 0)
    if len(inside) != 2 or not always(same, game.domain):
        return Crossings(complete=not inside)
    one, other = inside
    if {one.rising, other.rising} != {True, False}:
        return Crossings(complete=False)
    # The square of the gap between the two has no root of its own, and is zero where they meet.
    apart = sympy.Gt(sympy.expand((one.chance - other.chance) ** 2), 0)
    told = []
    for crossing in inside:
        conditions = crossing.conditions
        if crossing.rising and apart != sympy.true:
            conditions = simplified([*conditions, apart], game.domain)
        told.append(replace(crossing, conditions=conditions, label=_LABELS[bool(crossing.rising)]))
    return Crossings(tuple(told))


def _inside(game: Gains, polynomial: sympy.Expr, root: Root) -> Crossing | None:
    """The root as a chance, where it may be one."""
    chance = root.values[CHANCE]
    inside = (sympy.Gt(chance, 0), sympy.Lt(chance, 1))
    conditions = simplified([*root.conditions, *inside], game.domain)
    region = [*game.domain.constraints, *conditions]
    if feasible(region, game.domain.integers).exists is False:
        return None
    slope = polynomial.diff(CHANCE).subs(CHANCE, chance)
    found = sign(slope, region, game.domain.integers, QUICK).sign
    return Crossing(chance, conditions, {"+": True, "-": False}.get(found))
