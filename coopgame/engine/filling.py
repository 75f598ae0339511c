"""One piece of a plan evaluated: its cells by NumPy, or by a compiled loop as far as that can tell.

Neighbouring cells that have the same branches are evaluated as one tile, and so are all cells,
wherever they lie, in which the same branches must be decided row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from coopgame.engine.logic import gaps_in
from coopgame.engine.rectangles import (
    CELL,
    Place,
    Rectangle,
    agreed,
    codes,
    numbers_of,
    open_cells,
    rectangle,
    runs,
)
from coopgame.engine.running import Runner
from coopgame.engine.tiles import decide, varied, write_outcomes, write_statuses
from coopgame.engine.tracks import OPEN, VALUE, Sheet, Track, branches
from coopgame.plans import Piece

LOOP_CELL = (64, 128)
DONE = -2

# Fills a rectangle as far as it can, given the statuses of its cells; tells in which rows are left.
Loop = Callable[[Rectangle, NDArray[np.int8], Sheet], NDArray[np.bool_]]


def fill_piece(runner: Runner, piece: Piece, sheet: Sheet, loop: Loop | None = None) -> None:
    """Evaluate a piece into a sheet that has room for just its rows."""
    whole = rectangle(runner, sheet.compiled, piece, LOOP_CELL if loop else CELL)
    found, tracks = codes(whole), sheet.tracks
    if loop is None:
        _fill_statuses(whole, tracks, found)
    else:
        left = loop(whole, found, sheet)
        if not left.any():
            return
        found = np.where(left, found, DONE)
    _fill_outcomes(whole, tracks, found == VALUE)
    for open_, places in open_cells(found).items():
        for start in range(0, len(places), whole.most):
            _fill_open(whole, tracks, open_, places[start : start + whole.most])


def _fill_statuses(whole: Rectangle, tracks: Sequence[Track], codes: NDArray[np.int8]) -> None:
    """The usual status of each branch everywhere, then the others that cells have as a whole."""
    for k in branches(whole.compiled):
        own, track = codes[k], tracks[k]
        status = track.status.reshape(whole.piece.shape)
        usual = int(np.bincount(np.where(own == OPEN, 0, own).ravel()).argmax())
        status[...] = usual
        settled = np.where(own == OPEN, usual, own)
        for i, j, stop in runs(settled[None], settled != usual):
            whole.stretch(i, j, stop).put(status, settled[i, j])


def _fill_outcomes(whole: Rectangle, tracks: Sequence[Track], valued: NDArray[np.bool_]) -> None:
    """The outcomes in cells all over which branches hold."""
    pairs = list(zip(whole.compiled.alternatives, tracks, strict=True))
    kept = [k for k, (branch, _) in enumerate(pairs) if varied(whole.compiled, branch)]
    for i, j, stop in runs(valued[kept], np.asarray(valued[kept].any(axis=0))):
        here = [pairs[k] for k in kept if valued[k, i, j]]
        for start in range(j, stop, whole.most):
            end = min(start + whole.most, stop)
            with whole.tile(whole.stretch(i, start, end)) as tile:
                for branch, track in here:
                    write_outcomes(tile, branch, track, True)


def _fill_open(
    whole: Rectangle, tracks: Sequence[Track], numbers: Sequence[int], places: Sequence[Place]
) -> None:
    """Cells in which some branches are not the same all over."""
    at, area = tuple(np.transpose(places)), whole.cells(places)
    common = agreed(whole, numbers, places)
    here = dict(common.here)
    open_ = [t for t, known in here.items() if not any(known)]
    trees = [whole.trees[t] for t in open_]
    reaches = {
        gap: whole.reach[gap][at].reshape(len(places), *(1 for _ in area.shape[1:]))
        for gap in {gap for tree in trees for gap in gaps_in(tree)} - set(common.signs)
    }
    with whole.tile(area) as tile:
        here.update(zip(open_, decide(tile, trees, common.signs, reaches), strict=True))
        for k in numbers:
            valued = write_statuses(tile, tracks[k], [here[t] for t in numbers_of(whole, k)])
            if np.any(valued):
                write_outcomes(tile, whole.compiled.alternatives[k], tracks[k], valued)
