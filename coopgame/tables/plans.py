"""Plans: which parameter points a table visits, row by row, and what stays fixed.

A plan is small, whatever its number of rows, and can be pickled. Rows are asked for a stretch at
a time, as pieces: those of a grid are rectangles over which some columns vary only downwards and
the others only across, so that what depends on few parameters is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Protocol

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.errors import Fault, InputError
from coopgame.language.parameters import Domain
from coopgame.tables.draws import WHOLE, Draws, numerators
from coopgame.tables.grids import Axis, Floats, Listed, Logs, axis, between, place

LEAST_INNER = 64


@dataclass(frozen=True, eq=False)
class Piece:
    """Rows start, ..., start + n*m - 1 of a plan, read as a rectangle of n by m.

    Each column has shape (n, 1) or (1, m).
    """

    start: int
    shape: tuple[int, int]
    columns: tuple[Floats, ...]

    @property
    def rows(self) -> int:
        return self.shape[0] * self.shape[1]


class Plan(Protocol):
    """The varied parameters `names` and their values, row by row."""

    @property
    def names(self) -> tuple[str, ...]: ...

    @property
    def rows(self) -> int: ...

    @property
    def outer(self) -> int:
        """How many of the leading names vary downwards in a piece."""

    @property
    def width(self) -> int:
        """How many rows a line of a piece has; pieces of whole lines are the cheapest."""

    def columns(self, start: int, stop: int) -> list[Floats]:
        """The parameters at the rows start to stop - 1, as floats."""

    def point(self, row: int) -> dict[str, sympy.Rational]:
        """The exact values at a row."""


@dataclass(frozen=True)
class Grid:
    """Every combination of the values on some axes, the last parameter varying fastest."""

    axes: Mapping[str, Axis]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.axes)

    @property
    def rows(self) -> int:
        return prod(self._shape)

    @property
    def outer(self) -> int:
        """All parameters but the last, or the last few where their combinations are few."""
        count, inner = len(self._shape), 1
        while count and inner < LEAST_INNER:
            count -= 1
            inner *= self._shape[count]
        return count

    @property
    def width(self) -> int:
        return prod(self._shape[self.outer :])

    @property
    def _shape(self) -> tuple[int, ...]:
        return tuple(len(axis) for axis in self.axes.values())

    def columns(self, start: int, stop: int) -> list[Floats]:
        return _columns(tuple(self.axes.values()), start, stop)

    def point(self, row: int) -> dict[str, sympy.Rational]:
        places = np.unravel_index(place(row, self.rows), self._shape)
        named = zip(self.axes.items(), places, strict=True)
        return {name: axis[int(i)] for (name, axis), i in named}

    def lines(self, start: int, shape: tuple[int, int]) -> Piece:
        """A rectangle of rows that are lines of the grid, or part of one line."""
        axes, outer = tuple(self.axes.values()), self.outer
        first, offset = divmod(start, self.width)
        down = _columns(axes[:outer], first, first + shape[0])
        across = _columns(axes[outer:], offset, offset + shape[1])
        columns = [c.reshape(-1, 1) for c in down] + [c.reshape(1, -1) for c in across]
        return Piece(start, shape, tuple(columns))


@dataclass(frozen=True)
class Sample:
    """Draws from the box that intervals of the varied parameters span, each equally likely."""

    draws: Draws
    ranges: Mapping[str, tuple[sympy.Rational, sympy.Rational]]
    integers: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.ranges)

    @property
    def rows(self) -> int:
        return self.draws.count

    @property
    def outer(self) -> int:
        return 0

    @property
    def width(self) -> int:
        return 1

    def columns(self, start: int, stop: int) -> list[Floats]:
        return self._floats(self._steps(start, stop))

    def point(self, row: int) -> dict[str, sympy.Rational]:
        row = place(row, self.rows)
        return dict(zip(self.names, self._values(self._steps(row, row + 1)[0]), strict=True))

    def _steps(self, start: int, stop: int) -> NDArray[np.int64]:
        """How far into its interval each value lies, in whole steps."""
        steps = numerators(self.draws, len(self.ranges), start, stop)
        for j, (name, (low, high)) in enumerate(self.ranges.items()):
            if name in self.integers:
                steps[:, j] = steps[:, j] * int(high - low + 1) // WHOLE
        return steps

    def _whole(self, name: str) -> int:
        low, high = self.ranges[name]
        return max(1, int(high - low)) if name in self.integers else WHOLE

    def _floats(self, steps: NDArray[np.int64]) -> list[Floats]:
        ranges = enumerate(self.ranges.items())
        return [between(*ends, steps[:, j], self._whole(name)) for j, (name, ends) in ranges]

    def _values(self, steps: NDArray[np.int64]) -> list[sympy.Rational]:
        pairs = zip(self.ranges.items(), steps.tolist(), strict=True)
        return [
            low + (high - low) * sympy.Rational(step, self._whole(name))
            for (name, (low, high)), step in pairs
        ]


def pieces(plan: Plan, start: int, stop: int, most: int) -> Iterator[Piece]:
    """The rows start to stop - 1 in their order, in pieces of about `most` rows at most."""
    if not isinstance(plan, Grid):
        # Sobol's sequence is wound on row by row: it is asked for once.
        columns = plan.columns(start, stop)
        for i in range(0, stop - start, most):
            own = tuple(column[i : i + most].reshape(1, -1) for column in columns)
            yield Piece(start + i, own[0].shape, own)
        return
    width = plan.width
    while start < stop:
        offset = start % width
        whole = min((stop - start) // width, max(1, most // width))
        shape = (whole, width) if whole and not offset else (1, min(width - offset, stop - start))
        yield plan.lines(start, shape)
        start += shape[0] * shape[1]


def _columns(axes: Sequence[Axis], start: int, stop: int) -> list[Floats]:
    """The values on axes at the rows start to stop - 1 of their grid, as floats."""
    if len(axes) < 2:
        return [values.floats(start, stop) for values in axes]
    places = np.unravel_index(np.arange(start, stop), tuple(map(len, axes)))
    found = []
    for values, at in zip(axes, places, strict=True):
        low, high = int(at.min()), int(at.max()) + 1
        found.append(values.floats(low, high)[at - low])
    return found


def read_plan(
    domain: Domain,
    vary: Mapping[str, Any],
    fixed: Mapping[str, Any],
    draws: Draws | None = None,
) -> tuple[Plan, dict[str, sympy.Rational]]:
    """The plan that `vary` states, and the exact values of all other parameters.

    With `draws`, `vary` maps parameters to `(low, high)`; else to what `grids.axis` reads.
    Raises InputError with all faults at once.
    """
    if not vary:
        raise InputError("no parameter varies", "name one with its values, as in h=0:0.6:13")
    twice = [name for name in vary if name in fixed]
    if twice:
        raise InputError(f"{twice[0]} is both varied and set", "drop the one or the other")
    faults: list[Fault] = []
    axes: dict[str, Axis] = {}
    for name, values in vary.items():
        try:
            axes[name] = _axis(domain, name, _ends(values) if draws else values)
        except InputError as error:
            faults += error.faults
    try:
        rest = {n: v for n, v in domain.defaults.items() if n not in vary} | domain.read(fixed)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    if draws is None:
        return Grid(axes), rest
    whole = frozenset(name for name in axes if domain[name].interval.integer)
    ranges = {name: (found[0], found[len(found) - 1]) for name, found in axes.items()}
    return Sample(draws, ranges, whole), rest


def _ends(values: Any) -> tuple[Any, Any, int]:
    if not isinstance(values, tuple | list) or len(values) != 2:
        raise InputError(f"{values!r} is no interval to draw from", "give (low, high)")
    return (values[0], values[1], 2)


def _axis(domain: Domain, name: str, values: Any) -> Axis:
    """The values of one parameter, each inside its interval."""
    interval = domain[name].interval
    try:
        found = axis(values)
        if interval.integer and isinstance(found, Logs):
            raise InputError("whole numbers have no log scale", "list the values")
        for value in _telling(found):
            domain.read({name: value})
    except InputError as error:
        raise InputError(error.faults[0].problem, error.faults[0].mend, name) from None
    return found


def _telling(found: Axis) -> list[sympy.Rational]:
    """The values that tell whether all of an axis lie in an interval, of integers perhaps."""
    if isinstance(found, Listed):
        return list(found)
    return [found[0], found[len(found) - 1], found[1]]
