"""Points that meet conditions: looked for in floating point, counted where exact arithmetic agrees.

Nothing is proved by not finding one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.language.printing import to_numpy

Witness = Mapping[sympy.Symbol, sympy.Rational]

SEARCH_POINTS = 9000
STEEPNESS = np.array([1, 3, 6])
SEARCH_SEED = 20260101
EXACT = 0  # in place of a denominator: the value as it is


def holds(condition: Boolean, point: Witness) -> bool:
    """Whether a condition holds at an exact point; False where it cannot be told.

    A comparison does not hold where one of its sides is not a real number.
    """
    if isinstance(condition, sympy.And):
        return all(holds(part, point) for part in condition.args)
    if isinstance(condition, sympy.Or):
        return any(holds(part, point) for part in condition.args)
    try:
        return bool(condition.xreplace(dict(point)) == sympy.true)
    except (TypeError, ValueError, ArithmeticError, AttributeError, NotImplementedError):
        return False  # no value there, such as 1/0 compared with a number


def search(
    goals: Sequence[Boolean],
    variables: Sequence[sympy.Symbol],
    integers: Collection[sympy.Symbol],
) -> Witness | None:
    """A seeded search for a rational point; candidates are checked in exact arithmetic."""
    if any(isinstance(goal, sympy.Eq) for goal in goals):
        return None
    columns = dict(zip(variables, _draw(goals, variables, integers), strict=True))
    hits = np.ones(SEARCH_POINTS, dtype=bool)
    try:
        with np.errstate(all="ignore"):
            for goal in goals:
                of, held = indicator(goal)
                hits = hits & held(*(columns[variable] for variable in of))[0]
                if not hits.any():
                    return None
    except (TypeError, ValueError, NameError, OverflowError):
        return None
    for row in np.flatnonzero(hits)[:5]:
        point = {v: _nearby(column[row], v in integers) for v, column in columns.items()}
        if all(holds(goal, point) for goal in goals):
            return point
    return None


@lru_cache(maxsize=4096)
def indicator(goal: Boolean) -> tuple[tuple[sympy.Symbol, ...], Callable[..., Any]]:
    """A goal as a function of its variables' columns, remembered: to compile it takes longer than
    to evaluate it at all points, and premises come back in question after question.
    """
    variables = tuple(sorted(goal.free_symbols, key=str))
    return variables, to_numpy([goal], [variable.name for variable in variables])


def _nearby(value: float, integer: bool) -> sympy.Rational:
    return sympy.Rational(round(value) if integer else Fraction(value).limit_denominator(1000))


def _draw(
    goals: Sequence[Boolean],
    variables: Sequence[sympy.Symbol],
    integers: Collection[sympy.Symbol],
) -> list[Any]:
    """Columns of points in each variable's box: some spread evenly, others toward its lower end.

    Parameters of one game may differ by orders of magnitude; powers of the even draws find the
    regions where some are small.
    """
    generator = np.random.default_rng(SEARCH_SEED)
    columns = []
    for variable in variables:
        lower, upper = _bounds(goals, variable)
        share = generator.uniform(0, 1, SEARCH_POINTS)
        share **= STEEPNESS[np.arange(SEARCH_POINTS) % len(STEEPNESS)]
        column = lower + (upper - lower) * share
        columns.append(np.round(column) if variable in integers else np.round(column * 840) / 840)
    return columns


def _bounds(goals: Sequence[Boolean], variable: sympy.Symbol) -> tuple[float, float]:
    """A box to search in, read off the comparisons that bound this variable by a number."""
    lower, upper = [], []
    for goal in goals:
        if isinstance(goal, Relational) and goal.lhs == variable and goal.rhs.is_Rational:
            if isinstance(goal, sympy.Gt | sympy.Ge):
                lower.append(float(goal.rhs))
            elif isinstance(goal, sympy.Lt | sympy.Le):
                upper.append(float(goal.rhs))
    low = max(lower) if lower else (min(upper) - 10 if upper else -10.0)
    return low, (min(upper) if upper else max(low, 0.0) + 10)


def rational_near(
    near: Mapping[sympy.Symbol, Fraction],
    goals: Sequence[Boolean],
    integers: Collection[sympy.Symbol],
) -> Witness | None:
    """A rational point close to a (perhaps algebraic) one that satisfies every goal exactly."""
    # Conditions with functions last: to isolate a root takes far longer than all the others.
    ordered = sorted(goals, key=lambda goal: goal.has(sympy.Function))
    rounded = (
        {v: _rounded(value, None if v in integers else denominator) for v, value in near.items()}
        for denominator in (1, 10, 1000, 10**6, 10**12, EXACT)
    )
    tried: list[Witness] = []
    for point in rounded:
        if point not in tried:
            if all(holds(goal, point) for goal in ordered):
                return point
            tried.append(point)
    return None


def _rounded(value: Fraction, denominator: int | None) -> sympy.Rational:
    """The value to a denominator at most so great; None: to a whole number."""
    if denominator is None:
        return sympy.Integer(round(value))
    return sympy.Rational(value if denominator == EXACT else value.limit_denominator(denominator))
