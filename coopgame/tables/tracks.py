"""What rows come to: one track a branch, its status row by row and its outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coopgame.tables.compiled import Compiled
from coopgame.tables.grids import Floats
from coopgame.tables.programs import Instruction

STATUSES = ("value", "no such equilibrium", "undecided", "outside the domain", "not selected")
VALUE, ABSENT, UNDECIDED, OUTSIDE, UNSELECTED = range(5)


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


def blank(compiled: Compiled, rows: int) -> tuple[Track, ...]:
    """Tracks with room for some rows; outcomes with one step share one array.

    A branch that exists nowhere in the plan, and an outcome that is the same all over it, are
    views of one number, and are not written to.
    """
    found = []
    for branch in compiled.alternatives:
        nowhere = branch.exists is False and compiled.domain is True
        # Pages of zeros are not touched before they are written to: most branches hold in few rows.
        room = {step: np.zeros(0 if nowhere else rows) for step in branch.steps.values()
                if constant(compiled.steps[step]) is None}  # fmt: skip
        numbers = {name: _same(constant(compiled.steps[step]), rows)
                   if nowhere or step not in room else room[step]
                   for name, step in branch.steps.items()}  # fmt: skip
        status = np.broadcast_to(np.int8(ABSENT), (rows,)) if nowhere else np.empty(rows, np.int8)
        found.append(Track(branch.name, status, numbers))
    return tuple(found)


def _same(number: float | None, rows: int) -> Floats:
    return np.broadcast_to(np.float64(np.nan if number is None else number), (rows,))


def constant(step: Instruction) -> float | None:
    """The finite number that a step always yields, if it does."""
    number = float(step.value) if step.operation == "constant" else np.nan
    return number if np.isfinite(number) else None
