"""Two sides that must both want to stay, without transfers: where their common level lies.

Each side has a constraint F of its own, a convex quadratic, and both must hold. The greatest level
is the upper root of one of them at which the other holds too, or the cap (the joint optimum, or 1)
where both hold; there is none where one side keeps no level, or where the levels that one side
keeps lie above those that the other keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.quadratics import Quadratic, is_quadratic
from coopgame.forms.level.regions import constrained, least, nowhere, one_of
from coopgame.forms.level.shapes import Cases, Shape, cases_of, evaluated
from coopgame.forms.level.standing import CLOSED, Standing, peak_of, pointwise
from coopgame.forms.level.standins import shape_of
from coopgame.forms.level.temptation import Incentive
from coopgame.language.parameters import Domain
from coopgame.proofs.conditions import reduce

ONE, ZERO = sympy.S.One, sympy.S.Zero


@dataclass(frozen=True)
class _Side:
    """One side: its name, incentive, shape and the comparisons made of it."""

    name: str
    incentive: Incentive
    shape: Shape
    cases: Cases

    @property
    def excess(self) -> Quadratic:
        found: Quadratic = self.shape.excess
        return found


def pair_standings(
    sides: Mapping[str, Incentive], joint: sympy.Expr, domain: Domain
) -> tuple[str, list[Standing]]:
    """How the common levels of two sides are found, and the branches.

    A branch `constrained_NAME` says whose constraint binds. Where both bind at once, both branches
    hold, with the same level.
    """
    found = [_side(name, side, joint, domain) for name, side in sides.items()]
    closed = [side for side in found if side is not None]
    if len(closed) == len(found):
        return CLOSED, list(_standings(closed[0], closed[1], joint, domain))
    return pointwise(sides, joint, domain)


def _side(name: str, side: Incentive, joint: sympy.Expr, domain: Domain) -> _Side | None:
    a = side.variable
    if not all(is_quadratic(e, a) for e in (side.excess, side.payoff, joint)):
        return None
    shape = shape_of(side, domain, joint)
    peaked = shape.peaked or shape.payoff.square == 0
    if not peaked or not shape.proved(shape.excess.square > 0):
        return None
    return _Side(name, side, shape, cases_of(shape))


def _standings(one: _Side, two: _Side, joint: sympy.Expr, domain: Domain) -> Iterator[Standing]:
    meant = {**one.shape.meant, **two.shape.meant}
    both = replace(
        one.shape, premises=tuple(dict.fromkeys((*one.shape.premises, *two.shape.premises)))
    )

    def meaning(expression: sympy.Basic) -> sympy.Basic:
        return evaluated(expression.xreplace(meant))

    def region(*conditions: Boolean) -> tuple[Boolean, ...]:
        # What one side's conditions leave open the other's may decide.
        told = reduce(conditions, both.premises, both.integers).conditions
        return tuple(c for c in dict.fromkeys(map(meaning, told)) if c != sympy.true)

    best = peak_of(joint, one.incentive.variable, domain)
    top = meaning(sympy.Min(1, one.shape.payoff.peak)) if one.shape.peaked else ONE
    yield Standing("none", region(_never(one, two, both)), ZERO, best)
    if any(root.is_real is False for side in (one, two) for root in side.excess.roots()):
        return  # in numbers: a convex F without real roots is positive everywhere
    low = meaning(sympy.Max(0, *(side.excess.roots()[0] for side in (one, two))))
    for side, other in ((one, two), (two, one)):
        level = meaning(side.excess.roots()[1])
        binds = constrained(side.cases, side.shape)
        where = region(*binds, _kept(side, other, replace(both, premises=(*both.premises, *binds))))
        name = f"constrained_{side.name}"
        yield Standing(name, where, level, top, low, (low, level), side.incentive.excess)
    for name, level, conditions in _capped(one, two):
        level = meaning(level)
        yield Standing(name, region(*conditions), level, level, low, (low, level))


def _capped(one: _Side, two: _Side) -> Iterator[tuple[str, sympy.Expr, tuple[Boolean, ...]]]:
    """The branches on which the cap enforces itself on both sides."""
    first, shape = one.cases, one.shape
    whole = first.starts
    if shape.peaked:
        kept = [sympy.Not(side.cases.beyond[1][0]) for side in (one, two)]
        yield "optimum", shape.payoff.peak, (first.starts, sympy.Not(first.uncapped), *kept)
        whole = first.uncapped
    yield "full", ONE, (whole, *(sympy.Not(side.cases.beyond[0][0]) for side in (one, two)))


@dataclass(frozen=True)
class _Meeting:
    """How two convex quadratics F_i and F_j (A*a**2 + s*a + C) lie to each other, by signs.

    `slope` and `constant` are those of A_i*F_j - A_j*F_i, which is linear in the level and zero
    at one point r; `interleaved` is the resultant, negative where each has one root between the
    other's; `beyond` has the sign of `slope` times that of F_i' at r; `early` is the value of F_i
    at the vertex of F_j.
    """

    slope: sympy.Expr
    interleaved: sympy.Expr
    beyond: sympy.Expr
    early: sympy.Expr

    @classmethod
    def of(cls, f: Quadratic, g: Quadratic) -> _Meeting:
        slope, constant, cross = (
            sympy.factor(left * right - other * up)
            for left, right, other, up in (
                (f.square, g.slope, g.square, f.slope),
                (f.square, g.constant, g.square, f.constant),
                (f.slope, g.constant, g.slope, f.constant),
            )
        )
        early = f.square * g.slope**2 - 2 * g.square * f.slope * g.slope
        return cls(
            slope,
            sympy.factor_terms(constant**2 - slope * cross),
            sympy.factor_terms(f.slope * slope - 2 * f.square * constant),
            sympy.factor_terms(early + 4 * g.square**2 * f.constant),
        )

    @property
    def kept(self) -> tuple[tuple[Boolean, ...], ...]:
        """F_j is not positive at the upper root x of F_i: the ways for that to be.

        A_i*F_j(x) = slope*(x - r). Where the slope is positive that asks for x <= r, that is
        F_i(r) >= 0 and F_i'(r) >= 0; where it is negative for x >= r, which is the reverse.
        """
        return (
            (self.slope >= 0, self.interleaved >= 0, self.beyond >= 0),
            (self.slope < 0, self.interleaved <= 0),
            (self.slope < 0, self.beyond >= 0),
        )

    @property
    def apart(self) -> tuple[Boolean, ...]:
        """The upper root of F_i lies below the lower root of F_j."""
        return (self.slope < 0, self.interleaved > 0, self.beyond < 0, self.early > 0)


def _kept(side: _Side, other: _Side, known: Shape) -> Boolean:
    """The ways for the other side to keep this one's level that the premises leave open."""
    ways = _Meeting.of(side.excess, other.excess).kept
    return one_of([_all(way, known) for way in ways], known)


def _all(signs: Iterable[Boolean], known: Shape) -> Boolean:
    """Signs that hold together, cleared of factors and of what the premises imply."""
    return least((s if s.is_Atom else known.tidied(s) for s in signs), known)


def _never(one: _Side, two: _Side, both: Shape) -> Boolean:
    """One side keeps no level, or all that one keeps lie below what the other would keep."""
    ways = [way for side in (one, two) for way in nowhere(side.cases, side.shape)]
    pairs = ((one, two), (two, one))
    apart = (_Meeting.of(side.excess, other.excess).apart for side, other in pairs)
    ways += [_all(signs, both) for signs in apart]
    return one_of([least([way], both) for way in ways], both)
