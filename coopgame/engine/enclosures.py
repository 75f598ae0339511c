"""How low, how high and how far from the truth each step of a program can be over a set of rows.

For each set of rows an enclosure holds bounds on the computed values (operations that round to the
nearest float are monotone, so that ends map to ends) and a bound on the rounding error, first
order with room to spare: see Higham, Accuracy and Stability of Numerical Algorithms (2002),
chapters 2 and 3. NaN and infinity say that nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any, NamedTuple

import numpy as np

from coopgame.engine.programs import Step
from coopgame.engine.roots import LEVEL_OPERATIONS
from coopgame.grids import Floats

UNIT = 2.0**-53
SAFETY = 4
TOUCHY = 1e-9


class Enclosure(NamedTuple):
    """Bounds on the values over each set of rows, and on their distance from the exact ones."""

    low: Floats
    high: Floats
    error: Floats

    @property
    def size(self) -> Floats:
        return np.maximum(np.abs(self.low), np.abs(self.high))

    @property
    def reach(self) -> Floats:
        """Gaps farther from zero than this have the sign that was computed."""
        return np.asarray(SAFETY * self.error)


def rounded(low: Floats, high: Floats, error: Any) -> Enclosure:
    """Values between two bounds with an error carried along and one rounding more."""
    size = np.maximum(np.abs(low), np.abs(high))
    return Enclosure(np.asarray(low), np.asarray(high), np.asarray(error + UNIT * size))


def enclose(steps: Sequence[Step], order: Sequence[int], found: dict[int, Enclosure]) -> None:
    """Add the enclosures of the steps in `order` to those `found` (which has the variables)."""
    for i in order:
        if i in found:
            continue
        step = steps[i]
        if step.operation == "constant":
            found[i] = _constant(step.value)
        else:
            rule = RULES.get(step.operation, _unknown)
            found[i] = rule([found[a] for a in step.arguments], step)


@lru_cache(1 << 12, typed=True)
def _constant(number: Any) -> Enclosure:
    value = np.asarray(float(number))
    exact = isinstance(number, Fraction) and Fraction(float(number)) == number
    return Enclosure(value, value, np.asarray(0.0 if exact else UNIT * abs(float(number))))


Parts = list[Enclosure]


def _add(parts: Parts, step: Step) -> Enclosure:
    x, y = parts
    return rounded(x.low + y.low, x.high + y.high, x.error + y.error)


def _subtract(parts: Parts, step: Step) -> Enclosure:
    x, y = parts
    return rounded(x.low - y.high, x.high - y.low, x.error + y.error)


def _negative(parts: Parts, step: Step) -> Enclosure:
    x = parts[0]
    return Enclosure(-x.high, -x.low, x.error)


def _multiply(parts: Parts, step: Step) -> Enclosure:
    x, y = parts
    error = x.size * y.error + (y.size + y.error) * x.error
    if step.arguments[0] == step.arguments[1]:
        square = np.square(x.size)
        within = (x.low <= 0) & (x.high >= 0)
        return rounded(np.where(within, 0.0, np.minimum(x.low**2, x.high**2)), square, error)
    if y.low is y.high:
        x, y = y, x
    ends = [x.low * y.low, x.low * y.high]
    if x.low is not x.high:
        ends += [x.high * y.low, x.high * y.high]
    return rounded(*_span(ends), error)


def _divide(parts: Parts, step: Step) -> Enclosure:
    x, y = parts
    least = np.minimum(np.abs(y.low), np.abs(y.high))
    least = np.where((y.low > 0) | (y.high < 0), least, 0.0)
    low, high = _span([x.low / y.low, x.low / y.high, x.high / y.low, x.high / y.high])
    low, high = np.where(least > 0, low, -np.inf), np.where(least > 0, high, np.inf)
    size = np.maximum(np.abs(low), np.abs(high))
    room = least - y.error
    return rounded(low, high, np.where(room > 0, (x.error + size * y.error) / room, np.inf))


def _span(values: Sequence[Floats]) -> tuple[Floats, Floats]:
    return reduce(np.minimum, values), reduce(np.maximum, values)


def _root(parts: Parts, step: Step) -> Enclosure:
    x = parts[0]
    low = np.sqrt(np.maximum(x.low, 0.0))
    return rounded(low, np.sqrt(x.high), np.minimum(x.error / low, np.sqrt(x.error)))


def _power(parts: Parts, step: Step) -> Enclosure:
    x, exponent = parts[0], step.value
    low, high = x.low**exponent, x.high**exponent
    least = np.where(x.low > x.error, x.low - x.error, np.nan)
    steep = np.maximum(least ** (exponent - 1), (x.high + x.error) ** (exponent - 1))
    error = abs(exponent) * steep * x.error + 4 * UNIT * np.maximum(low, high)
    return rounded(np.minimum(low, high), np.maximum(low, high), error)


def _exp(parts: Parts, step: Step) -> Enclosure:
    x = parts[0]
    high = np.exp(x.high)
    return rounded(np.exp(x.low), high, high * (np.expm1(x.error) + 4 * UNIT))


def _log(parts: Parts, step: Step) -> Enclosure:
    x = parts[0]
    low, high = np.log(x.low), np.log(x.high)
    error = np.where(x.low > x.error, x.error / (x.low - x.error), np.inf)
    return rounded(low, high, error + 4 * UNIT * np.maximum(np.abs(low), np.abs(high)))


def _absolute(parts: Parts, step: Step) -> Enclosure:
    x = parts[0]
    within = (x.low <= 0) & (x.high >= 0)
    low = np.where(within, 0.0, np.minimum(np.abs(x.low), np.abs(x.high)))
    return Enclosure(low, x.size, x.error)


def _extreme(parts: Parts, step: Step) -> Enclosure:
    x, y = parts
    take = np.maximum if step.operation == "maximum" else np.minimum
    return Enclosure(take(x.low, y.low), take(x.high, y.high), np.maximum(x.error, y.error))


def _whole(parts: Parts, step: Step) -> Enclosure:
    """Floor and ceiling: numbers close to an integer are left open, so the rest are exact."""
    x = parts[0]
    take = np.floor if step.operation == "floor" else np.ceil
    sure = x.error * SAFETY < TOUCHY * (1 + np.abs(x.low))
    return Enclosure(take(x.low), take(x.high), np.where(sure, 0.0, np.inf))


def _choose(parts: Parts, step: Step) -> Enclosure:
    left, right, then, otherwise = parts
    sure = SAFETY * (left.error + right.error)
    upper, lower = left.low - right.high > sure, right.low - left.high > sure
    low = np.where(
        upper, then.low, np.where(lower, otherwise.low, np.minimum(then.low, otherwise.low))
    )
    high = np.where(
        upper, then.high, np.where(lower, otherwise.high, np.maximum(then.high, otherwise.high))
    )
    doubt = np.where(sure < TOUCHY * np.maximum(left.size, right.size), 0.0, np.inf)
    error = np.maximum(then.error, otherwise.error) + np.where(upper | lower, 0.0, doubt)
    return Enclosure(low, high, error)


def _other(parts: Parts, step: Step) -> Enclosure:
    return parts[2]


def _level(parts: Parts, step: Step) -> Enclosure:
    """Levels lie in [0, 1] and are good to a billionth; their signs, where given, are certain."""
    if step.operation.startswith("level_"):
        return Enclosure(np.asarray(-1.0), np.asarray(1.0), np.asarray(0.0))
    return Enclosure(np.asarray(-np.inf), np.asarray(np.inf), np.asarray(np.inf))


def _unknown(parts: Parts, step: Step) -> Enclosure:
    return Enclosure(np.asarray(-np.inf), np.asarray(np.inf), np.asarray(np.inf))


RULES: Mapping[str, Callable[[Parts, Step], Enclosure]] = {
    "add": _add,
    "subtract": _subtract,
    "negative": _negative,
    "multiply": _multiply,
    "divide": _divide,
    "root": _root,
    "power": _power,
    "exp": _exp,
    "log": _log,
    "absolute": _absolute,
    "maximum": _extreme,
    "minimum": _extreme,
    "floor": _whole,
    "ceiling": _whole,
    "choose": _choose,
    "other": _other,
    **dict.fromkeys(LEVEL_OPERATIONS, _level),
}
