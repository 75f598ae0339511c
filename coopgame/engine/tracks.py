"""What a block of rows comes to: one track a branch, its status row by row and its outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coopgame.engine.compiled import Compiled
from coopgame.engine.programs import Step
from coopgame.grids import Floats

STATUSES = ("value", "no such equilibrium", "undecided", "outside the domain", "not selected")
VALUE, ABSENT, UNDECIDED, OUTSIDE, UNSELECTED = range(5)


@dataclass(frozen=True, eq=False)
class Track:
    """One branch along rows: its status at each, and its outcomes where it holds.

    `status` indexes `STATUSES`; `outcomes` hold a number wherever the status is "value", and
    nothing that means anything elsewhere. An outcome that is the same in all rows takes no space.
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
    """Tracks with room for some rows; outcomes with one step share one array."""
    tracks = []
    for branch in compiled.alternatives:
        arrays: dict[int, Floats] = {}
        for step in set(branch.steps.values()):
            number = constant(compiled.steps[step])
            if number is not None:
                arrays[step] = np.broadcast_to(np.float64(number), (rows,))
            else:
                arrays[step] = np.zeros(rows)
        outcomes = {name: arrays[step] for name, step in branch.steps.items()}
        tracks.append(Track(branch.name, np.zeros(rows, np.int8), outcomes))
    return tuple(tracks)


def constant(step: Step) -> float | None:
    """The finite number that a step always yields, if it does."""
    number = float(step.value) if step.operation == "constant" else np.nan
    return number if np.isfinite(number) else None
