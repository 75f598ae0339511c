"""One tile of rows: conditions decided row by row where the tile does not tell; outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopgame.engine.borders import Exact, settle
from coopgame.engine.compiled import Alternative, Compiled, Tree
from coopgame.engine.exactly import place_of, value
from coopgame.engine.logic import Known, Sign, both, either, gaps_in, known, sign_of
from coopgame.engine.running import Runner
from coopgame.engine.tracks import (
    ABSENT,
    OUTSIDE,
    UNDECIDED,
    UNSELECTED,
    VALUE,
    Track,
    constant,
)
from coopgame.grids import Floats
from coopgame.plans import Piece

Area = tuple[slice, slice]
Places = NDArray[np.intp]


class Slices(dict[int, Any]):
    """Values over an area; what varies one way only is sliced from its line when asked for."""

    def __init__(self, whole: Mapping[int, Any], area: Area) -> None:
        super().__init__()
        self.whole, self.area = whole, area

    def __missing__(self, step: int) -> Any:
        line = self.whole[step]
        if isinstance(line, np.ndarray) and line.ndim == 2:
            down, across = self.area
            line = line[down if line.shape[0] > 1 else slice(None),
                        across if line.shape[1] > 1 else slice(None)]  # fmt: skip
        self[step] = line
        return line

    def buffers(self) -> list[Floats]:
        """The arrays made for this area, to be used again for the next."""
        return [v for v in self.values() if isinstance(v, np.ndarray) and v.base is None]


@dataclass(frozen=True, eq=False)
class Tile:
    """Rows of a piece that fit the cache: the results of steps over them, and free buffers."""

    runner: Runner
    compiled: Compiled
    piece: Piece
    values: Slices
    free: list[Floats]

    @property
    def shape(self) -> tuple[int, int]:
        down, across = self.values.area
        return down.stop - down.start, across.stop - across.start

    def of(self, column: NDArray[Any]) -> NDArray[Any]:
        """The tile's part of a column of the piece, as a rectangle."""
        return column.reshape(self.piece.shape)[self.values.area]

    def rows(self, places: Places) -> tuple[list[Floats], Exact]:
        """The columns of some rows, as floats and exactly."""
        down = places[:, 0] + self.values.area[0].start
        across = places[:, 1] + self.values.area[1].start
        columns = [
            c[down if c.shape[0] > 1 else 0 * down, across if c.shape[1] > 1 else 0 * across]
            for c in self.piece.columns
        ]
        numbers = (down * self.piece.shape[1] + across).tolist()
        return columns, lambda k: self.piece.exact(numbers[k])


def decide(
    tile: Tile, trees: Sequence[Tree], signs: Mapping[int, Sign], reach: Mapping[int, float]
) -> list[Known]:
    """Where trees hold and fail in a tile: exactly, but where exact arithmetic cannot tell.

    `signs` are those of gaps that are the same all over the tile, and `reach` is how far from
    zero the others must be to have the sign that is computed.
    """
    gaps = tile.compiled.gaps
    needed = sorted({gap for tree in trees for gap in gaps_in(tree)} - set(signs))
    targets = tuple(sorted({gaps[gap].step for gap in needed}))
    tile.runner.run(targets, tile.values, tile.shape, tile.free)
    computed = {
        gap: sign_of(tile.values[gaps[gap].step], -reach[gap], reach[gap]) for gap in needed
    }
    every = {**signs, **computed}
    found = [known(tree, every.__getitem__) for tree in trees]
    decided = reduce(both, (either(holds, fails) for holds, fails in found))
    if not np.all(decided):
        found = [Known(*(flags(part, tile.shape) for part in each)) for each in found]
        places = places_of(~flags(decided, tile.shape))
        settle(tile.compiled, trees, found, (places[:, 0], places[:, 1]), *tile.rows(places))
    return found


def places_of(flagged: NDArray[np.bool_]) -> Places:
    """The places at which a flag is set (`np.argwhere` takes thirty times as long)."""
    return np.stack(np.divmod(np.flatnonzero(flagged), flagged.shape[1]), axis=1)


def flags(found: Any, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """A flag or flags, as an array of one's own."""
    return np.array(np.broadcast_to(found, shape), bool)


# --- what comes of it --------------------------------------------------------------------------


def write_statuses(status: NDArray[np.int8], inside: Known, exists: Known, selected: Known) -> Any:
    """Write the statuses of one branch; returns the flags of where it has a value.

    No row has two of the statuses, so that they can be added up: masks take ten times as long.
    """
    here = both(inside.holds, exists.holds)
    where = {
        VALUE: both(here, selected.holds),
        UNSELECTED: both(here, selected.fails),
        ABSENT: both(inside.holds, exists.fails),
        OUTSIDE: inside.fails,
    }
    left = {code: flag for code, flag in where.items() if flag is not False}
    complete = np.all(reduce(either, left.values(), False))
    usual = left.popitem()[0] if complete else UNDECIDED
    status[...] = usual
    for code, flag in left.items():
        status += np.multiply(flag, code - usual, dtype=np.int8)
    return where[VALUE]


def varied(compiled: Compiled, branch: Alternative) -> dict[int, str]:
    """The steps of a branch's outcomes that vary, and a name of each."""
    steps = branch.steps.items()
    return {step: name for name, step in steps if constant(compiled.steps[step]) is None}


def write_outcomes(tile: Tile, branch: Alternative, track: Track, valued: Any) -> None:
    """Write a branch's outcomes over a tile; they mean something where it has a value."""
    steps = varied(tile.compiled, branch)
    rooms = {step: tile.of(track.outcomes[name]) for step, name in steps.items()}
    tile.runner.run(tuple(steps), tile.values, tile.shape, tile.free, rooms)
    for step, name in steps.items():
        result, room = tile.values[step], rooms[step]
        if result is not room:
            room[...] = result
        finite = np.isfinite(result)
        if not finite.all():
            places = places_of(flags(both(valued, ~finite), tile.shape))
            _mend(tile, branch.outcomes[name], places, room, tile.of(track.status))


def _mend(
    tile: Tile, expression: Any, places: Places, room: Floats, status: NDArray[np.int8]
) -> None:
    """Evaluate exactly where floating point gave no finite number; else mark it undecided."""
    _, exact = tile.rows(places)
    for k, (i, j) in enumerate(places.tolist()):
        found = value(expression, place_of(tile.compiled.names, exact(k)))
        if found is None:
            status[i, j] = UNDECIDED
        else:
            room[i, j] = found
