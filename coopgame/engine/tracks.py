"""What a block of rows comes to: one track a branch, its status row by row and its outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopgame.engine.compiled import Compiled
from coopgame.engine.programs import Step
from coopgame.grids import Floats

STATUSES = ("value", "no such equilibrium", "undecided", "outside the domain", "not selected")
VALUE, ABSENT, UNDECIDED, OUTSIDE, UNSELECTED = range(5)
OPEN = -1


@dataclass(frozen=True, eq=False)
class Track:
    """One branch along rows: its status at each, and its outcomes where it holds.

    `status` indexes `STATUSES`; `outcomes` hold a number wherever the status is "value", and
    nothing that means anything elsewhere. What is the same in all rows takes no space.
    """

    branch: str
    status: NDArray[np.int8]
    outcomes: Mapping[str, Floats]

    def rows(self, start: int, stop: int) -> Track:
        """Some of the rows, sharing the arrays."""
        return Track(
            self.branch,
            self.status[start:stop],
            {name: values[start:stop] for name, values in self.outcomes.items()},
        )


@dataclass(frozen=True, eq=False)
class Sheet:
    """Room for the tracks of some rows: all statuses in one array, all outcomes that vary in one.

    `statuses` has a line for each branch that may exist, `numbers` one for each of their outcomes
    that varies, and both are as long as the whole that these rows, start to stop - 1, are part of.
    """

    compiled: Compiled
    statuses: NDArray[np.int8]
    numbers: Floats
    start: int
    stop: int

    def rows(self, start: int, stop: int) -> Sheet:
        """Some of the rows, sharing the arrays."""
        first = self.start
        return Sheet(self.compiled, self.statuses, self.numbers, first + start, first + stop)

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """One track a branch; outcomes with one step share one array."""
        own, places = branches(self.compiled), columns(self.compiled)
        found = []
        for k, branch in enumerate(self.compiled.alternatives):
            status = self._line(self.statuses, own.get(k), np.int8(ABSENT))
            numbers = {
                name: self._line(self.numbers, places.get((k, step)), self._number(step))
                for name, step in branch.steps.items()
            }
            found.append(Track(branch.name, status, numbers))
        return tuple(found)

    def _line(self, array: NDArray[Any], line: int | None, usual: Any) -> NDArray[Any]:
        if line is None:
            return np.broadcast_to(usual, (self.stop - self.start,))
        return array[line, self.start : self.stop]

    def _number(self, step: int) -> np.float64:
        number = constant(self.compiled.steps[step])
        return np.float64(np.nan if number is None else number)


def blank(compiled: Compiled, rows: int) -> Sheet:
    """A sheet with room for some rows; every status is still to be written."""
    statuses = np.empty((len(branches(compiled)), rows), np.int8)
    return Sheet(compiled, statuses, np.zeros((len(columns(compiled)), rows)), 0, rows)


def branches(compiled: Compiled) -> dict[int, int]:
    """The line of each branch, by its number; one that exists nowhere in the plan has none."""
    everywhere = compiled.domain is True
    numbers = (
        k
        for k, branch in enumerate(compiled.alternatives)
        if not (everywhere and branch.exists is False)
    )
    return {k: line for line, k in enumerate(numbers)}


def columns(compiled: Compiled) -> dict[tuple[int, int], int]:
    """The column of each step that varies, by the number of the branch and the step."""
    pairs = (
        (k, step)
        for k in branches(compiled)
        for step in dict.fromkeys(compiled.alternatives[k].steps.values())
        if constant(compiled.steps[step]) is None
    )
    return {pair: column for column, pair in enumerate(pairs)}


def constant(step: Step) -> float | None:
    """The finite number that a step always yields, if it does."""
    number = float(step.value) if step.operation == "constant" else np.nan
    return number if np.isfinite(number) else None
