"""Where the greatest self-enforcing level lies, and how that is told without a closed form.

Beyond degree two roots are isolated at each point, and the branches told apart by the highest level
itself; unless the sign of each constraint is the same at all levels, so that it keeps all or none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.quadratics import Quadratic, is_quadratic, optimum, shortest
from coopgame.forms.base import leaders
from coopgame.forms.level.bowls import hill_of, within
from coopgame.forms.level.isolated import (
    HighestLevel,
    LevelRanges,
    LowestLevel,
    PeakLevel,
    in_coefficients,
    quotient_coefficients,
)
from coopgame.forms.level.temptation import Incentive
from coopgame.language.parameters import Domain
from coopgame.proofs.conditions import reduce, tidy
from coopgame.proofs.questions import QUICK, feasible, implies

ONE, ZERO = sympy.S.One, sympy.S.Zero
CLOSED = "roots of the incentive constraint, in closed form, within the joint optimum"
ISOLATED = "real roots of the incentive constraint, isolated at each point, within the optimum"


@dataclass(frozen=True)
class Standing:
    """Where the greatest self-enforcing level lies: its branch, its region, and what goes with it.

    `tipping_point` is the least self-enforcing level (None where there is none), `first_best` the
    joint optimum, `ranges` the self-enforcing levels, and `binding` an expression that rises
    through zero at the level.
    """

    name: str
    conditions: tuple[Boolean, ...]
    level: sympy.Expr
    first_best: sympy.Expr
    tipping_point: sympy.Expr | None = None
    ranges: Any = ()
    binding: sympy.Expr | None = None


def peak_of(payoff: sympy.Expr, variable: sympy.Symbol, domain: Domain) -> sympy.Expr:
    """The level in [0, 1] at which a payoff is greatest."""
    if is_quadratic(payoff, variable):
        quadratic = Quadratic(*map(shortest, Quadratic.of(payoff, variable).coefficients))
        concave = implies(domain.constraints, quadratic.square < 0, domain.integers, QUICK)
        if quadratic.square != 0 and concave.proved:
            return optimum(quadratic)
    end = _at_an_end(payoff, variable, domain)
    if end is not None:
        return end
    if is_quadratic(payoff, variable) and quadratic.square == 0:
        return optimum(quadratic)
    hill = hill_of(payoff, variable, domain)
    if hill is None:
        return PeakLevel(quotient_coefficients(payoff, variable))
    return within(-hill.steep, variable, domain)


def _at_an_end(payoff: sympy.Expr, a: sympy.Symbol, domain: Domain) -> sympy.Expr | None:
    """1 where a payoff is proved to fall nowhere on [0, 1], and 0 where it falls all the way."""
    slope, inside = sympy.diff(payoff, a), [*domain.constraints, a > 0, a < 1]
    for end, goes in ((ONE, sympy.Ge(slope, 0)), (ZERO, sympy.Lt(slope, 0))):
        if implies(inside, goes, domain.integers, QUICK).proved:
            return end
    return None


def pointwise(
    sides: Mapping[str, Incentive], joint: sympy.Expr, domain: Domain
) -> tuple[str, list[Standing]]:
    """The branches of constraints of any degree, and how they are found."""
    (variable,) = {side.variable for side in sides.values()}
    cap, (excesses, _) = peak_of(joint, variable, domain), of_sides(list(sides.values()), joint)
    some = (variable > 0, variable <= 1, *(side.excess <= 0 for side in sides.values()))
    possible = feasible([*domain.constraints, *some], domain.integers, QUICK).exists
    if cap == 0 or possible is False:
        return CLOSED, [Standing("none", (), ZERO, cap)]
    if all(len(coefficients) == 1 for coefficients in excesses):
        signs = [coefficient for (coefficient,) in excesses]
        return CLOSED, list(_all_or_none(signs, cap, -sympy.diff(joint, variable), domain))
    return ISOLATED, list(_isolated(sides, joint, cap))


def _all_or_none(
    signs: Sequence[sympy.Expr], cap: sympy.Expr, fall: sympy.Expr, domain: Domain
) -> Iterator[Standing]:
    """Every level enforces itself, or none does: the constraints have these signs at all levels."""
    known, whole, order = domain.constraints, domain.integers, leaders(domain)
    kept = [tidy(sympy.Le(sign, 0), known, order, whole) for sign in signs]
    kept = list(reduce(kept, known, whole).conditions)
    lost = sympy.Or(*map(sympy.Not, kept), *(() if cap == 1 else (sympy.Le(cap, 0),)))
    yield Standing("none", (lost,), ZERO, cap)
    if cap != 1:
        inside = (*kept, sympy.Gt(cap, 0), sympy.Lt(cap, 1))
        yield Standing("optimum", inside, cap, cap, ZERO, (ZERO, cap), fall)
    whole_level = (*kept, sympy.Ge(cap, 1))
    conditions = tuple(c for c in whole_level if c != sympy.true)
    yield Standing("full", conditions, ONE, ONE, ZERO, (ZERO, ONE))


def _isolated(
    sides: Mapping[str, Incentive], joint: sympy.Expr, cap: sympy.Expr
) -> Iterator[Standing]:
    """The branches told apart by the highest level itself, which is found at each point.

    Of two sides, `constrained_NAME` says whose constraint holds with equality at the level.
    """
    (variable,) = {side.variable for side in sides.values()}
    given = of_sides(list(sides.values()), joint)
    level, rest = HighestLevel(*given), (LowestLevel(*given), LevelRanges(*given))
    yield Standing("none", (sympy.Le(level, 0),), ZERO, cap)
    inside = (sympy.Gt(level, 0), sympy.Lt(level, cap))
    for name, side in sides.items():
        called = f"constrained_{name}" if name else "constrained"
        binds = (*inside, side.excess.subs(variable, level) >= 0) if name else inside
        yield Standing(called, binds, level, cap, *rest, side.excess)
    if cap != 1:
        reached = (sympy.Gt(level, 0), sympy.Ge(level, cap), sympy.Lt(cap, 1))
        yield Standing("optimum", reached, cap, cap, *rest, -sympy.diff(joint, variable))
    yield Standing("full", (sympy.Ge(level, 1),), ONE, ONE, *rest)


def of_sides(sides: Sequence[Incentive], joint: sympy.Expr) -> tuple[sympy.Tuple, sympy.Tuple]:
    """The constraints of the sides and their joint payoff, as the functions of levels take them."""
    return in_coefficients([side.excess for side in sides], joint, sides[0].variable)
