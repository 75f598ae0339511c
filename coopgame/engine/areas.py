"""Parts of a piece: a stretch of neighbouring rows, or cells from here and there at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]
Ends = tuple[int, int]


class Area(Protocol):
    """Rows of a piece, as an array of some shape."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def part(self, line: Any) -> Any:
        """What a line of the piece, down or across, comes to over these rows."""

    def places(self, numbers: Indices) -> tuple[Indices, Indices]:
        """How far down and how far across the piece some of these rows lie."""

    def room(self, column: NDArray[Any]) -> NDArray[Any] | None:
        """The rows' own part of a rectangle as large as the piece, if they are neighbours."""

    def put(self, column: NDArray[Any], values: Any) -> None:
        """Write values into a rectangle as large as the piece."""


@dataclass(frozen=True)
class Stretch:
    """A rectangle within the piece: the lines and the rows of each from where to where."""

    down: slice
    across: slice

    @cached_property
    def shape(self) -> tuple[int, ...]:
        return self.down.stop - self.down.start, self.across.stop - self.across.start

    def part(self, line: Any) -> Any:
        n, m = line.shape
        return line[self.down if n > 1 else slice(None), self.across if m > 1 else slice(None)]

    def places(self, numbers: Indices) -> tuple[Indices, Indices]:
        down, across = np.divmod(numbers, self.shape[1])
        return down + self.down.start, across + self.across.start

    def room(self, column: NDArray[Any]) -> NDArray[Any]:
        return column[self.down, self.across]

    def put(self, column: NDArray[Any], values: Any) -> None:
        column[self.down, self.across] = values


@dataclass(frozen=True)
class Cells:
    """Small rectangles, one after another; the last row of a smaller one fills it up."""

    down: Sequence[Ends]
    across: Sequence[Ends]

    @cached_property
    def lines(self) -> tuple[Indices, Indices]:
        """The places of all rows downwards, and across."""
        return _spread(self.down)[:, :, None], _spread(self.across)[:, None, :]

    @property
    def shape(self) -> tuple[int, ...]:
        down, across = self.lines
        return down.shape[0], down.shape[1], across.shape[2]

    def part(self, line: Any) -> Any:
        down, across = self.lines
        n, m = line.shape
        return line[down if n > 1 else 0, across if m > 1 else 0]

    def places(self, numbers: Indices) -> tuple[Indices, Indices]:
        cell, i, j = np.unravel_index(numbers, self.shape)
        down, across = self.lines
        return down[cell, i, 0], across[cell, 0, j]

    def room(self, column: NDArray[Any]) -> None:
        return None

    def put(self, column: NDArray[Any], values: Any) -> None:
        spread = np.broadcast_to(values, self.shape)
        for cell, (top, bottom), (left, right) in zip(spread, self.down, self.across, strict=True):
            column[top:bottom, left:right] = cell[: bottom - top, : right - left]


def _spread(ends: Sequence[Ends]) -> Indices:
    """Every number from start to stop - 1, a line for each pair; lines are filled up."""
    starts, stops = np.array(ends, np.intp).T
    size = int((stops - starts).max())
    return np.asarray(np.minimum(starts[:, None] + np.arange(size), stops[:, None] - 1))
