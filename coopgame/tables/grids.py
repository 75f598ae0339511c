"""Axes: the exact values that one varied parameter takes, found when asked for, never listed.

An axis of 10^8 values is three numbers. Its floats are made for a stretch at a time, each the
float nearest to the exact value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log10
from typing import Any, Protocol

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.errors import InputError
from coopgame.language.numerals import exact

Floats = NDArray[np.float64]

MAX_STEPS = 10**12
DIGITS = 12
EXACT_FLOAT = 2**53
MANY = 100_000
RANGE = "give (low, high, count), (low, high, count, 'log') or a list of values"


class Axis(Protocol):
    """Exact values in their order; an element is a Rational, a stretch comes as floats."""

    def __len__(self) -> int: ...

    def __getitem__(self, i: int) -> sympy.Rational: ...

    def __iter__(self) -> Iterator[sympy.Rational]: ...

    def floats(self, start: int, stop: int) -> Floats:
        """The floats nearest to the values numbered start to stop - 1."""


@dataclass(frozen=True)
class Steps:
    """`count` equally spaced values from low to high, both included."""

    low: sympy.Rational
    high: sympy.Rational
    count: int

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, i: int) -> sympy.Rational:
        return self.low + (self.high - self.low) * place(i, self.count) / (self.count - 1)

    def __iter__(self) -> Iterator[sympy.Rational]:
        return map(self.__getitem__, range(self.count))

    def floats(self, start: int, stop: int) -> Floats:
        return between(self.low, self.high, np.arange(start, stop), self.count - 1)


@dataclass(frozen=True)
class Listed:
    """Values as they were given."""

    values: tuple[sympy.Rational, ...]

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, i: int) -> sympy.Rational:
        return self.values[i]

    def __iter__(self) -> Iterator[sympy.Rational]:
        return iter(self.values)

    def floats(self, start: int, stop: int) -> Floats:
        return np.array([float(value) for value in self.values[start:stop]])


@dataclass(frozen=True)
class Logs:
    """`count` values from low to high, each a constant multiple of the one before.

    The values between the ends are powers that no fraction states; each is taken to 12
    significant digits, which is then its exact value.
    """

    low: sympy.Rational
    high: sympy.Rational
    count: int

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, i: int) -> sympy.Rational:
        i = place(i, self.count)
        if i in (0, self.count - 1):
            return self.high if i else self.low
        leading, power = self._decimals(i, i + 1)
        return sympy.Rational(int(leading[0])) * sympy.Rational(10) ** int(power[0])

    def __iter__(self) -> Iterator[sympy.Rational]:
        return map(self.__getitem__, range(self.count))

    def floats(self, start: int, stop: int) -> Floats:
        leading, power = self._decimals(start, stop)
        scale = 10.0 ** np.abs(power)
        found = np.where(power < 0, leading / scale, leading * scale)
        for i in {0, self.count - 1} & {start, stop - 1}:
            found[i - start] = float(self[i])
        return found

    def _decimals(self, start: int, stop: int) -> tuple[Floats, NDArray[np.int64]]:
        """The digits of the values as whole numbers, and the powers of ten they are times."""
        first, last = log10(self.low), log10(self.high)
        logs = first + (last - first) * np.arange(start, stop) / (self.count - 1)
        power = np.floor(logs).astype(np.int64) - DIGITS + 1
        return np.rint(10.0 ** (logs - power)), power


def place(i: int, count: int) -> int:
    """The index, counted from the end where it is negative; IndexError outside."""
    if not -count <= i < count:
        raise IndexError(i)
    return int(i) % count


def between(
    low: sympy.Rational, high: sympy.Rational, steps: NDArray[np.int64], whole: int
) -> Floats:
    """The floats nearest to low + (high - low)*step/whole."""
    width = high - low
    bottom = int(sympy.ilcm(low.q, width.q)) * whole
    first, slope = int(low * bottom), int(width * bottom / whole)
    top = max(abs(first), abs(int(high * bottom)))
    if max(top, bottom) < EXACT_FLOAT:
        return np.asarray((first + slope * steps) / float(bottom))
    return np.array([(first + slope * step) / bottom for step in steps.tolist()])


def grid(low: Any, high: Any, count: int, scale: str = "linear") -> Axis:
    """`count` exact values from low to high, both included: equal steps, or equal ratios ("log").

    >>> list(grid(0, 0.6, 4))
    [0, 1/5, 2/5, 3/5]
    >>> list(grid(1, 100, 3, "log"))
    [1, 10, 100]
    """
    first, last = exact(low), exact(high)
    if isinstance(count, bool) or not isinstance(count, int) or not 2 <= count <= MAX_STEPS:
        told = f"give a whole number, 2 to {MAX_STEPS}"
        raise InputError(f"a grid cannot have {count!r} values", told)
    if first >= last:
        raise InputError(f"the grid {low}:{high} is empty", "put the smaller value first")
    if scale == "linear":
        return Steps(first, last, count)
    if scale != "log":
        raise InputError(f"unknown scale {scale!r}", "use linear or log")
    if not sympy.Rational(1, 10**9) <= first or not last <= 10**9:
        raise InputError(f"a log scale cannot run from {low} to {high}", "stay within 1e-9 and 1e9")
    return Logs(first, last, count)


def axis(values: Any) -> Axis:
    """The axis that `(low, high, count)`, the same with a scale, or a list of values stands for."""
    if isinstance(values, tuple) and (
        len(values) == 3 or (len(values) == 4 and isinstance(values[3], str))
    ):
        return grid(*values)
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InputError(f"{values!r} is no range", RANGE)
    listed = tuple(map(exact, values))
    if not listed:
        raise InputError("the list of values is empty", RANGE)
    return Listed(listed)
