"""What a table can compute: one row an operation, with its NumPy function and its rounding rule.

Every computed number is carried with a bound on its distance from the exact one,

    |value - exact| <= depth * UNIT * size,      |value| <= size,

where `size` is an array like the value and `depth`, one number, counts roundings (Higham, Accuracy
and Stability of Numerical Algorithms, 2002, chapters 2 and 3; the rules are first order, and
`SAFETY` leaves room for the rest). A number that is known to be positive up to its rounding is its
own size, the same array: sums, products and quotients of such numbers then cost nothing more than
the numbers themselves. NaN says that floating point cannot tell, and that a row is to be looked at
in exact arithmetic.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import isqrt
from typing import Any, NamedTuple

import numpy as np

from coopgame.language.functions import FUNCTIONS, GrammarFunction, Smooth, Stepped
from coopgame.tables import roots
from coopgame.tables.hearsay import bound_error, news_bound

UNIT = 2.0**-53
SAFETY = 2
# NumPy's exp, log and power are within four units in the last place of the exact number.
LIBRARY = 4
# Products that underflow lose all relative accuracy; nothing this small is told from zero.
LEAST = 1e-280


class Bounded(NamedTuple):
    """A computed number, its size, and how many roundings of that size it may be off.

    Without bounds being asked for, `size` is None.
    """

    value: Any
    size: Any = None
    depth: float = 0.0

    @property
    def is_positive(self) -> bool:
        """Whether the number is its own size."""
        return self.size is self.value

    @property
    def reach(self) -> Any:
        """How far from zero a number must be to have the sign that was computed."""
        return SAFETY * self.depth * UNIT * self.size + LEAST


Parts = Sequence[Bounded]
# The size of a result and its depth, from the result and what it was computed of.
Rule = Callable[[Any, Parts, Any], tuple[Any, float]]


@dataclass(frozen=True)
class Operation:
    """How an operation is computed, how its rounding is bounded, and what it is in fractions.

    `compute` gets the values of the arguments and the step's own value (an exponent, say);
    `is_step` marks operations that jump, and so need the bounds of their first argument: they get
    the arguments themselves. `exact` is None where a fraction has none.
    """

    compute: Callable[..., Any]
    rule: Rule
    exact: Callable[..., Fraction | None] | None = None
    is_step: bool = False


# --- rounding rules ----------------------------------------------------------------------------


def _sum(v: Any, parts: Parts, _: Any) -> tuple[Any, float]:
    x, y = parts
    return v if x.is_positive and y.is_positive else x.size + y.size, max(x.depth, y.depth) + 1


def _difference(v: Any, parts: Parts, _: Any) -> tuple[Any, float]:
    x, y = parts
    return x.size + y.size, max(x.depth, y.depth) + 1


def _same(v: Any, parts: Parts, _: Any) -> tuple[Any, float]:
    return parts[0].size, parts[0].depth


def _product(v: Any, parts: Parts, _: Any) -> tuple[Any, float]:
    x, y = parts
    return v if x.is_positive and y.is_positive else x.size * y.size, x.depth + y.depth + 1


def _quotient(v: Any, parts: Parts, _: Any) -> tuple[Any, float]:
    """|x/y - X/Y| <= (|dx| + |x/y| |dy|)/|Y|, where |Y| >= |y|/2 once |dy| <= |y|/2."""
    x, y = parts
    if y.is_positive:
        return v if x.is_positive else x.size / y.size, x.depth + y.depth + 1
    own = np.abs(y.value)
    worse = y.size / own
    sure = worse * (2 * y.depth * UNIT) < 1
    return np.where(sure, x.size / own * worse, np.nan), 2 * (x.depth + y.depth) + 1


def _root(v: Any, parts: Parts, _: Any) -> tuple[Any, float]:
    """|sqrt(x) - sqrt(X)| <= |dx|/sqrt(x); the root of what is certainly zero is zero."""
    (x,) = parts
    return v if x.is_positive else np.where(x.size == 0, 0.0, x.size / v), x.depth + 1


def _power(v: Any, parts: Parts, exponent: Any) -> tuple[Any, float]:
    (x,) = parts
    depth = (abs(exponent) + 1) * x.depth + LIBRARY
    if x.is_positive:
        return v, depth
    worse = x.size / np.abs(x.value)
    return np.where(worse * (depth * UNIT) < 1 / 4, np.abs(v) * worse, np.nan), 2 * depth


def _smooth(shape: Smooth) -> Rule:
    """|f(x + dx) - f(x)| <= 2 steep(x) |dx|, while dx leaves room for that."""

    def rule(v: Any, parts: Parts, _: Any) -> tuple[Any, float]:
        (x,) = parts
        sure = x.size * (x.depth * UNIT) < shape.room(x.value)
        size = np.maximum(np.abs(v), shape.steep(x.value, v) * x.size)
        return np.where(sure, size, np.nan), 2 * x.depth + LIBRARY

    return rule


def _extreme(v: Any, parts: Parts, _: Any) -> tuple[Any, float]:
    """The error of what was taken; of the worse one where the two are too close to tell."""
    x, y = parts
    depth = max(x.depth, y.depth)
    if x.is_positive and y.is_positive:
        return v, depth
    apart = np.abs(x.value - y.value) > x.reach + y.reach
    return np.where(apart, np.where(v == x.value, x.size, y.size), np.fmax(x.size, y.size)), depth


def _whole(v: Any, parts: Parts, _: Any) -> tuple[Any, float]:
    return np.abs(v), 0.0


def _chosen(v: Any, parts: Parts, relation: Any) -> tuple[Any, float]:
    gap, then, otherwise = parts
    size = np.where(holds(gap.value, relation), then.size, otherwise.size)
    return size, max(then.depth, otherwise.depth)


def _level(v: Any, parts: Parts, _: Any) -> tuple[Any, float]:
    """Levels are certified to `roots.CERTIFIED`, relative to one or to their own size."""
    return np.maximum(np.abs(v), 1.0), roots.CERTIFIED / UNIT


def _sign(v: Any, parts: Parts, _: Any) -> tuple[Any, float]:
    return np.abs(v), 0.0


def _none(v: Any, parts: Parts, _: Any) -> tuple[Any, float]:
    return np.nan, 0.0


# --- operations with a jump --------------------------------------------------------------------


def holds(gap: Any, relation: str) -> Any:
    """Whether a gap that is not zero is on the side that a relation asks for."""
    if relation in ("eq", "ne"):
        return relation == "ne"
    return gap > 0 if relation in ("gt", "ge") else gap < 0


def _choose(parts: Parts, relation: Any) -> Any:
    """`then` where the gap has the sign asked for; NaN where it is too close to zero to tell."""
    gap, then, otherwise = parts
    found = np.where(holds(gap.value, relation), then.value, otherwise.value)
    return np.where(np.abs(gap.value) > gap.reach, found, np.nan)


def _stepped(take: Callable[[Any], Any], shape: Stepped) -> Callable[[Parts, Any], Any]:
    """A function with jumps; NaN where rounding may have crossed one."""

    def compute(parts: Parts, _: Any) -> Any:
        (x,) = parts
        return np.where(shape.apart(x.value) > x.reach, take(x.value), np.nan)

    return compute


# --- fractions ---------------------------------------------------------------------------------


def _exact_root(x: Fraction) -> Fraction | None:
    if x < 0:
        return None
    top, bottom = isqrt(x.numerator), isqrt(x.denominator)
    found = Fraction(top, bottom)
    return found if found * found == x else None


# --- the table ---------------------------------------------------------------------------------


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda values, _: function(*values)


def _own(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of the arguments and of the step's own value."""
    return lambda values, own: function(*values, own)


OPERATIONS: Mapping[str, Operation] = {
    "add": Operation(_plain(np.add), _sum, operator.add),
    "subtract": Operation(_plain(np.subtract), _difference, operator.sub),
    "negative": Operation(_plain(np.negative), _same, operator.neg),
    "multiply": Operation(_plain(np.multiply), _product, operator.mul),
    "divide": Operation(_plain(np.divide), _quotient, operator.truediv),
    "root": Operation(_plain(np.sqrt), _root, _exact_root),
    "power": Operation(_own(np.power), _power),
    "absolute": Operation(_plain(np.abs), _same, abs),
    "maximum": Operation(_plain(np.maximum), _extreme, max),
    "minimum": Operation(_plain(np.minimum), _extreme, min),
    "choose": Operation(_choose, _chosen, is_step=True),
    "levels": Operation(lambda values, shape: roots.levels(values, shape), _none),
    "HighestLevel": Operation(_plain(lambda found: found.read("highest")), _level),
    "LowestLevel": Operation(_plain(lambda found: found.read("lowest")), _level),
    "PeakLevel": Operation(_plain(lambda found: found.read("cap")), _level),
    "level_against": Operation(_own(lambda found, bound: found.against(bound)), _sign),
    "ImplicitRoot": Operation(lambda values, shape: roots.implicit_root(values, shape), _level),
    "NewsBound": Operation(_plain(news_bound), bound_error),
    "nothing": Operation(lambda values, _: np.nan, _none),
}


@cache
def _of_grammar(row: GrammarFunction) -> Operation:
    """How a function of the grammar is computed: with a slope, or between jumps."""
    if isinstance(row.shape, Stepped):
        return Operation(_stepped(row.floats, row.shape), _whole, row.fraction, is_step=True)
    return Operation(_plain(row.floats), _smooth(row.shape), row.fraction)


def operation(name: str) -> Operation:
    """The row of an operation, or of a function of the grammar."""
    return OPERATIONS[name] if name in OPERATIONS else _of_grammar(FUNCTIONS[name])
