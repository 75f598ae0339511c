"""One rectangle of rows, tile by tile.

First every comparison is enclosed over each tile: where its sign is certain there, no row is
looked at. Only the other tiles are decided row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopgame.engine.compiled import Compiled, Tree
from coopgame.engine.enclosures import SAFETY, UNIT, Enclosure, enclose
from coopgame.engine.logic import Known, Sign, gaps_in, known
from coopgame.engine.programs import DOWN, reach
from coopgame.engine.running import Runner, lines
from coopgame.engine.tiles import Area, Slices, Tile, decide, varied, write_outcomes, write_statuses
from coopgame.engine.tracks import ABSENT, OUTSIDE, UNSELECTED, VALUE, Track
from coopgame.grids import Floats
from coopgame.plans import Piece

TILE = 1 << 15
TILE_ROWS = 128
OPEN = -1


@dataclass(frozen=True, eq=False)
class Rectangle:
    """A piece with its cuts into tiles, and what is known of each tile as a whole.

    `lines` are the steps that vary in one direction at most; `signs` those of the gaps and `over`
    what is known of the trees (the domain, where branches exist, where they are selected), by
    tiles; `reach` is how far from zero a gap must be in a tile to have the sign that is computed.
    """

    runner: Runner
    compiled: Compiled
    piece: Piece
    cuts: tuple[list[int], list[int]]
    lines: dict[int, Any]
    trees: tuple[Tree, ...]
    signs: tuple[Sign, ...]
    over: tuple[Known, ...]
    reach: tuple[Floats, ...]
    free: list[Floats]

    def area(self, i: int, j: int, stop: int | None = None) -> Area:
        """The rows of tile (i, j), or of those from j to stop - 1."""
        down, across = self.cuts
        return slice(down[i], down[i + 1]), slice(across[j], across[stop or j + 1])

    def tile(self, i: int, j: int) -> Tile:
        values = Slices(self.lines, self.area(i, j))
        return Tile(self.runner, self.compiled, self.piece, values, self.free)


def rectangle(runner: Runner, compiled: Compiled, piece: Piece) -> Rectangle:
    """Enclose every comparison over each tile of a piece."""
    n, m = piece.shape
    down = min(n, TILE_ROWS)
    across = max(1, TILE // down)
    cuts = ([*range(0, n, down), n], [*range(0, m, across), m])
    grid = (len(cuts[0]) - 1, len(cuts[1]) - 1)
    steps = compiled.steps
    straight = lines(steps, range(len(steps)), piece.columns)
    bounds = _enclosed(compiled, straight, cuts)
    own = [Enclosure(*(np.broadcast_to(part, grid) for part in bounds[gap.step]))
           for gap in compiled.gaps]  # fmt: skip
    signs = tuple(map(_sign, own))
    trees = (
        compiled.domain,
        *(branch.exists for branch in compiled.alternatives),
        *(branch.selected for branch in compiled.alternatives),
    )
    over = [known(tree, signs.__getitem__) for tree in trees]
    spread = tuple(Known(*(np.broadcast_to(part, grid) for part in found)) for found in over)
    reaches = tuple(np.asarray(SAFETY * bound.error) for bound in own)
    return Rectangle(
        runner, compiled, piece, cuts, straight, trees, signs, spread, reaches, free=[]
    )


def _enclosed(
    compiled: Compiled, straight: dict[int, Any], cuts: tuple[list[int], list[int]]
) -> dict[int, Enclosure]:
    """Enclosures of all gaps over all tiles at once."""
    steps, bounds = compiled.steps, dict[int, Enclosure]()
    for i in reach(steps, [gap.step for gap in compiled.gaps]):
        if steps[i].operation != "variable":
            enclose(steps, [i], bounds)
        line = straight.get(i)
        if isinstance(line, np.ndarray) and line.ndim == 2:
            axis = 0 if steps[i].extent == DOWN else 1
            low = np.minimum.reduceat(line, cuts[axis][:-1], axis=axis)
            high = np.maximum.reduceat(line, cuts[axis][:-1], axis=axis)
            size = np.maximum(np.abs(low), np.abs(high))
            bounds[i] = Enclosure(low, high, bounds[i].error if i in bounds else UNIT * size)
    return bounds


def _sign(bounds: Enclosure) -> Sign:
    low, high, error = bounds
    return Sign(low > bounds.reach, high < -bounds.reach, (low == 0) & (high == 0) & (error == 0))


# --- filling -----------------------------------------------------------------------------------


def fill_piece(runner: Runner, compiled: Compiled, piece: Piece, tracks: Sequence[Track]) -> None:
    """Evaluate a piece into tracks that have room for just its rows."""
    whole = rectangle(runner, compiled, piece)
    codes = np.stack([_codes(whole, k, len(tracks)) for k in range(len(tracks))])
    open_ = (codes == OPEN).any(axis=0)
    _fill_statuses(whole, tracks, codes, open_)
    _fill_outcomes(whole, tracks, (codes == VALUE) & ~open_)
    for i, j in np.argwhere(open_).tolist():
        _fill_open(whole, tracks, (i, j))


def _codes(whole: Rectangle, k: int, count: int) -> NDArray[np.int8]:
    """The status of a branch over each tile, or OPEN."""
    inside, exists, selected = (whole.over[i] for i in (0, 1 + k, 1 + k + count))
    codes = np.full(inside.holds.shape, OPEN, np.int8)
    here = inside.holds & exists.holds
    codes[here & selected.holds] = VALUE
    codes[here & selected.fails] = UNSELECTED
    codes[inside.holds & exists.fails] = ABSENT
    codes[inside.fails] = OUTSIDE
    return codes


def _fill_statuses(
    whole: Rectangle, tracks: Sequence[Track], codes: NDArray[np.int8], open_: NDArray[np.bool_]
) -> None:
    """The usual status of each branch everywhere, then the others that tiles have as a whole."""
    for k, track in enumerate(tracks):
        status = track.status.reshape(whole.piece.shape)
        usual = int(np.bincount(np.where(open_, 0, codes[k]).ravel()).argmax())
        status[...] = usual
        for i, j, stop in _runs(np.where(open_, usual, codes[k]), usual):
            status[whole.area(i, j, stop)] = codes[k, i, j]


def _runs(codes: NDArray[np.int8], usual: int) -> Iterator[tuple[int, int, int]]:
    """Stretches of equal codes in each line, but for the usual one: line, start and stop."""
    for i, line in enumerate(codes):
        ends = [0, *(np.flatnonzero(np.diff(line)) + 1).tolist(), len(line)]
        yield from ((i, j, stop) for j, stop in pairwise(ends) if line[j] != usual)


def _fill_outcomes(whole: Rectangle, tracks: Sequence[Track], valued: NDArray[np.bool_]) -> None:
    """The outcomes in tiles all over which branches hold."""
    pairs = list(enumerate(zip(whole.compiled.alternatives, tracks, strict=True)))
    pairs = [(k, pair) for k, pair in pairs if varied(whole.compiled, pair[0])]
    asked = valued[[k for k, _ in pairs]].any(axis=0)
    for i, j in np.argwhere(asked).tolist():
        tile = whole.tile(i, j)
        for k, (branch, track) in pairs:
            if valued[k, i, j]:
                write_outcomes(tile, branch, track, True)
        whole.free.extend(tile.values.buffers())


def _fill_open(whole: Rectangle, tracks: Sequence[Track], at: tuple[int, int]) -> None:
    """A tile in which some branch is not the same all over."""
    tile = whole.tile(*at)
    here = [Known(bool(k.holds[at]), bool(k.fails[at])) for k in whole.over]
    open_ = [k for k, found in enumerate(here) if not (found.holds or found.fails)]
    trees = [whole.trees[k] for k in open_]
    signs, reaches = {}, {}
    for gap in {gap for tree in trees for gap in gaps_in(tree)}:
        sign = Sign(*(bool(part[at]) for part in whole.signs[gap]))
        reaches[gap] = float(whole.reach[gap][at])
        if any(sign):
            signs[gap] = sign
    for k, found in zip(open_, decide(tile, trees, signs, reaches), strict=True):
        here[k] = found
    for k, track in enumerate(tracks):
        selected = here[1 + k + len(tracks)]
        valued = write_statuses(tile.of(track.status), here[0], here[1 + k], selected)
        if np.any(valued):
            write_outcomes(tile, whole.compiled.alternatives[k], track, valued)
    whole.free.extend(tile.values.buffers())
