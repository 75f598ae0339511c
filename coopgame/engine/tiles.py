"""One tile of rows: conditions decided row by row where the tile does not tell; outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopgame.engine.areas import Area, Indices
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


class Parts(dict[int, Any]):
    """Results of steps over an area; those that vary one way only are cut from their lines."""

    def __init__(self, whole: Mapping[int, Any], area: Area) -> None:
        super().__init__()
        self.whole, self.area = whole, area

    def __missing__(self, step: int) -> Any:
        line = self.whole[step]
        if isinstance(line, np.ndarray) and line.ndim == 2:
            line = self.area.part(line)
        self[step] = line
        return line


@dataclass(frozen=True, eq=False)
class Tile:
    """Rows of a piece that fit the cache: and the results of steps over them."""

    runner: Runner
    compiled: Compiled
    piece: Piece
    values: Parts

    @property
    def area(self) -> Area:
        return self.values.area

    def of(self, column: NDArray[Any]) -> NDArray[Any]:
        """A column of the piece as its rectangle."""
        return column.reshape(self.piece.shape)

    def run(self, targets: Iterable[int], rooms: Mapping[int, Floats] | None = None) -> None:
        """Find the results of some steps over the area, in the rooms that they have."""
        self.runner.run(tuple(targets), self.values, self.area.shape, rooms or {})

    def rows(self, numbers: Indices) -> tuple[list[Floats], Exact, list[int]]:
        """The columns of some rows, as floats and exactly, and which rows of the piece they are."""
        down, across = self.area.places(numbers)
        columns = [
            c[down if c.shape[0] > 1 else 0 * down, across if c.shape[1] > 1 else 0 * across]
            for c in self.piece.columns
        ]
        found = (down * self.piece.shape[1] + across).tolist()
        return columns, lambda k: self.piece.exact(found[k]), found


def decide(
    tile: Tile, trees: Sequence[Tree], signs: Mapping[int, Sign], reach: Mapping[int, Floats]
) -> list[Known]:
    """Where trees hold and fail in a tile: exactly, but where exact arithmetic cannot tell.

    `signs` are those of gaps that are the same all over the tile, and `reach` is how far from
    zero the others must be to have the sign that is computed.
    """
    gaps = tile.compiled.gaps
    needed = sorted({gap for tree in trees for gap in gaps_in(tree)} - set(signs))
    tile.run(sorted({gaps[gap].step for gap in needed}))
    computed = {
        gap: sign_of(tile.values[gaps[gap].step], -reach[gap], reach[gap]) for gap in needed
    }
    every = {**signs, **computed}
    found = [known(tree, every.__getitem__) for tree in trees]
    decided = reduce(both, (either(holds, fails) for holds, fails in found))
    if decided is True or (isinstance(decided, np.ndarray) and decided.all()):
        return found
    found = [Known(*(flags(part, tile.area.shape) for part in each)) for each in found]
    places = np.flatnonzero(~flags(decided, tile.area.shape))
    flat = [Known(holds.reshape(-1), fails.reshape(-1)) for holds, fails in found]
    settle(tile.compiled, trees, flat, places, *tile.rows(places)[:2])
    return found


def flags(found: Any, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """A flag or flags, as an array of one's own, its rows in their order in memory."""
    return np.array(np.broadcast_to(found, shape), bool, order="C")


# --- what comes of it --------------------------------------------------------------------------


def write_statuses(tile: Tile, track: Track, known_: Sequence[Known]) -> Any:
    """Write the statuses of one branch; returns the flags of where it has a value.

    `known_` tells of the domain, of where the branch exists and of where it is selected. No row
    has two of the statuses, so that they can be added up: masks take ten times as long.
    """
    inside, exists, selected = known_
    here = both(inside.holds, exists.holds)
    where = {
        VALUE: both(here, selected.holds),
        UNSELECTED: both(here, selected.fails),
        ABSENT: both(inside.holds, exists.fails),
        OUTSIDE: inside.fails,
    }
    left = {code: flag for code, flag in where.items() if flag is not False}
    usual = left.popitem()[0] if np.all(reduce(either, left.values(), False)) else UNDECIDED
    status = np.int8(usual)
    for code, flag in left.items():
        status = status + np.multiply(flag, code - usual, dtype=np.int8)
    tile.area.put(tile.of(track.status), status)
    return where[VALUE]


def varied(compiled: Compiled, branch: Alternative) -> dict[int, str]:
    """The steps of a branch's outcomes that vary, and a name of each."""
    steps = branch.steps.items()
    return {step: name for name, step in steps if constant(compiled.steps[step]) is None}


def write_outcomes(tile: Tile, branch: Alternative, track: Track, valued: Any) -> None:
    """Write a branch's outcomes over a tile; they mean something where it has a value."""
    steps = varied(tile.compiled, branch)
    rooms = {step: tile.area.room(tile.of(track.outcomes[name])) for step, name in steps.items()}
    tile.run(steps, {step: room for step, room in rooms.items() if room is not None})
    for step, name in steps.items():
        result = tile.values[step]
        if result is not rooms[step]:
            tile.area.put(tile.of(track.outcomes[name]), result)
        finite = np.isfinite(result)
        if not finite.all():
            places = np.flatnonzero(flags(both(valued, ~finite), tile.area.shape))
            _mend(tile, branch.outcomes[name], places, track.outcomes[name], track.status)


def _mend(
    tile: Tile, expression: Any, places: Indices, room: Floats, status: NDArray[np.int8]
) -> None:
    """Evaluate exactly where floating point gave no finite number; else mark it undecided."""
    _, exact, rows = tile.rows(places)
    for k, row in enumerate(rows):
        found = value(expression, place_of(tile.compiled.names, exact(k)))
        if found is None:
            status[row] = UNDECIDED
        else:
            room[row] = found
