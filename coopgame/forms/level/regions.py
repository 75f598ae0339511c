"""Which self-enforcing level is the greatest, and the exact region where it is.

Three regions exclude each other and cover all. Where F(cap) <= 0 the cap (the joint optimum, or 1)
is the level; else a root of F at which F rises is, where it is positive and below the cap; else
there is none. With quadratics all is in closed form, whatever their convexity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.quadratics import shortest
from coopgame.forms.level.bowls import bowl_shape
from coopgame.forms.level.isolated import LevelRanges
from coopgame.forms.level.shapes import Cases, Shape, cases_of
from coopgame.forms.level.standing import CLOSED, Standing, of_sides, pointwise
from coopgame.forms.level.standins import shape_in_powers
from coopgame.forms.level.temptation import Incentive
from coopgame.language.parameters import Domain
from coopgame.language.roots import ImplicitRoot
from coopgame.proofs.conditions import reduce
from coopgame.proofs.questions import QUICK, feasible

ONE, ZERO = sympy.S.One, sympy.S.Zero
BOWL = "roots of a convex incentive constraint, each isolated in [0, 1], within the joint optimum"


def standings(side: Incentive, domain: Domain) -> tuple[str, list[Standing]]:
    """How the levels of one constraint are found, and the branches."""
    a = side.variable
    polynomial = all(e.is_polynomial(a) for e in (side.payoff, side.gain))
    shape = shape_in_powers(side, domain) if polynomial else None
    if shape is not None and (shape.peaked or shape.proved(shape.payoff.square >= 0)):
        if shape.proved(shape.excess.square > 0):
            return CLOSED, list(_convex(shape, side))
        if shape.excess.square == 0 and shape.proved(shape.excess.slope > 0):
            return CLOSED, list(_rising(shape, side))
        if shape.proved(shape.excess.square < 0) or shape.excess.square == 0:
            return CLOSED, list(_concave(shape, side))
    bowl = bowl_shape(side, domain)
    if bowl is not None:
        return BOWL, list(_convex(bowl, side))
    return pointwise({"": side}, side.payoff, domain)


# --- one quadratic constraint ------------------------------------------------------------------


def _convex(shape: Shape, side: Incentive) -> Iterator[Standing]:
    """F convex: the levels are an interval between its roots."""
    cases = cases_of(shape)
    low, high = shape.excess.roots()
    tipping_point = low
    if shape.proved(shape.excess.constant <= 0):
        tipping_point = ZERO
    elif cases.spontaneous != sympy.false:
        # A root that is isolated in [0, 1] is not there where F is negative at 0.
        cut = sympy.Piecewise((ZERO, cases.spontaneous), (low, True))
        tipping_point = cut if low.has(ImplicitRoot) else sympy.Max(0, low)
    put = _Placer(shape, side)
    yield put("none", nowhere(cases, shape), ZERO)
    yield put("constrained", constrained(cases, shape), high, tipping_point)
    yield from _capped(put, cases, tipping_point)


def _rising(shape: Shape, side: Incentive) -> Iterator[Standing]:
    """F linear and rising: the levels are those below its root, if that is positive."""
    cases, root = cases_of(shape), shape.excess.roots()[1]
    put = _Placer(shape, side)
    below = (above for above, _ in cases.beyond)
    binds = reduce((cases.starts, cases.spontaneous, *below), shape.premises, shape.integers)
    ways = (sympy.Not(cases.starts), sympy.Not(cases.spontaneous))
    yield put("none", (one_of(ways, shape),), ZERO)
    yield put("constrained", binds.conditions, root, ZERO)
    yield from _capped(put, cases, ZERO)


def _concave(shape: Shape, side: Incentive) -> Iterator[Standing]:
    """F concave: the levels are those below its first root, or above its last, or both."""
    cases, f = cases_of(shape), shape.excess
    falling, rising = f.roots(convex=False)
    over = _over_the_cap(cases)
    put = _Placer(shape, side)
    blocked = least((sympy.Not(cases.spontaneous), over), shape)
    yield put("none", (one_of((sympy.Not(cases.starts), blocked), shape),), ZERO)
    binds = reduce((cases.starts, cases.spontaneous, over), shape.premises, shape.integers)
    yield put("constrained", binds.conditions, rising, ZERO)
    flat = shape.tidied(f.slope <= 0)
    from_zero = sympy.Or(cases.spontaneous, sympy.And(sympy.Eq(f.constant, 0), flat))
    if shape.proved(from_zero, (sympy.Not(over),)):
        lowest = ZERO
    elif feasible([*shape.premises, from_zero], shape.integers, QUICK).exists is False:
        lowest = falling
    else:
        lowest = sympy.Piecewise((ZERO, from_zero), (falling, True))
    # Where F is bent, levels may enforce themselves below its first root and above its last.
    split = f.square != 0 and lowest != falling
    yield from _capped(replace(put, split=split), cases, lowest)


def least(conditions: Iterable[Boolean], shape: Shape) -> Boolean:
    """The conjunction without what the premises and the other conditions imply."""
    return sympy.And(*reduce(conditions, shape.premises, shape.integers).conditions)


@dataclass(frozen=True)
class _Placer:
    """Makes standings out of levels and conditions in a shape's stand-ins.

    `split` says that the self-enforcing levels need not be one interval.
    """

    shape: Shape
    side: Incentive
    split: bool = False

    def __call__(
        self,
        name: str,
        conditions: tuple[Boolean, ...],
        level: sympy.Expr,
        tipping_point: sympy.Expr | None = None,
    ) -> Standing:
        meaning, at = self.shape.meaning, self.shape.level
        found = None if tipping_point is None else meaning(at(tipping_point))
        ranges = () if found is None else (found, meaning(at(level)))
        if self.split and found is not None:
            ranges = LevelRanges(*of_sides([self.side], self.side.payoff))
        return Standing(
            name,
            tuple(c for c in map(meaning, conditions) if c != sympy.true),
            meaning(at(level)),
            meaning(_first_best(self.shape, name)),
            found,
            ranges,
            self.side.excess if name == "constrained" else None,
        )


def _first_best(shape: Shape, name: str) -> sympy.Expr:
    """The joint optimum, in the form that a branch's conditions leave of it."""
    if name == "full" or not shape.peaked:
        pays = name != "none" or shape.proved(shape.starts)
        return ONE if pays else sympy.Piecewise((1, shape.starts), (0, True))
    if name == "optimum":
        return shape.level(shortest(shape.peak))
    below_one = sympy.Min(1, shape.level(shortest(shape.bounded)))
    return below_one if name == "constrained" else sympy.Max(0, below_one)


def _capped(put: _Placer, cases: Cases, tipping_point: sympy.Expr) -> Iterator[Standing]:
    """The branches on which the cap enforces itself: a joint optimum below 1, or all."""
    if put.shape.peaked:
        inside = (cases.starts, sympy.Not(cases.uncapped), sympy.Not(cases.beyond[1][0]))
        yield put("optimum", inside, shortest(put.shape.peak), tipping_point)
        whole = (cases.uncapped, sympy.Not(cases.beyond[0][0]))
    else:
        whole = (cases.starts, sympy.Not(cases.beyond[0][0]))
    least = reduce(whole, put.shape.premises, put.shape.integers)
    yield put("full", least.conditions, ONE, tipping_point)


def constrained(cases: Cases, shape: Shape) -> tuple[Boolean, ...]:
    """The upper root of a convex F is real, positive and below every cap; irredundant."""
    positive = sympy.Or(cases.falls, cases.spontaneous)
    below = (comparison for pair in cases.beyond for comparison in pair)
    conditions = (cases.starts, positive, cases.rooted, *below)
    return reduce(conditions, shape.premises, shape.integers).conditions


def nowhere(cases: Cases, shape: Shape) -> tuple[Boolean, ...]:
    """No level up to the cap satisfies F <= 0, F convex: ways for that to be, joined by `or`.

    The cap is 0; or F(0) >= 0 and F falls nowhere, has no roots, or has them above a cap.
    """
    ways = [sympy.Not(cases.falls), sympy.Not(cases.rooted)]
    ways += [sympy.And(above, sympy.Not(rises), cases.starts) for above, rises in cases.beyond]
    ways = [sympy.And(sympy.Not(cases.spontaneous), way) for way in ways]
    return (one_of([sympy.Not(cases.starts), *ways], shape),)


def one_of(ways: Iterable[Boolean], shape: Shape) -> Boolean:
    """The ways joined by `or`, without those that cannot be, or cannot be but with another."""
    kept = list(ways)
    for way in reversed(tuple(kept)):
        others = [sympy.Not(other) for other in kept if other is not way]
        if feasible([*shape.premises, way, *others], shape.integers, QUICK).exists is False:
            kept = [other for other in kept if other is not way]
    return sympy.Or(*kept)


def _over_the_cap(cases: Cases) -> Boolean:
    """F is positive at the cap."""
    if len(cases.beyond) == 1:
        return cases.beyond[0][0]
    (at_one, _), (at_peak, _) = cases.beyond
    uncapped = cases.uncapped
    return sympy.Or(sympy.And(uncapped, at_one), sympy.And(sympy.Not(uncapped), at_peak))
