"""One rectangle of rows, cut into cells.

First every comparison is enclosed over each cell: where its sign is certain there, no row is
looked at. Neighbouring cells that have the same branches are evaluated as one tile, and so are
all cells, wherever they lie, in which the same branches must be decided row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopgame.engine.areas import Area, Cells, Stretch
from coopgame.engine.compiled import Compiled, Tree
from coopgame.engine.enclosures import SAFETY, UNIT, Enclosure, enclose
from coopgame.engine.logic import Known, Sign, gaps_in, known
from coopgame.engine.programs import DOWN, reach
from coopgame.engine.running import Runner, lines
from coopgame.engine.tiles import Parts, Tile, decide, varied, write_outcomes, write_statuses
from coopgame.engine.tracks import ABSENT, OUTSIDE, UNSELECTED, VALUE, Track
from coopgame.grids import Floats
from coopgame.plans import Piece

TILE = 1 << 16
CELL = 1 << 10
CELL_ROWS = 32
OPEN = -1

Place = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Rectangle:
    """A piece with its cuts into cells, and what is known of each cell as a whole.

    `lines` are the steps that vary in one direction at most; `signs` those of the gaps and `over`
    what is known of the trees (the domain, where branches exist, where they are selected), by
    cells; `reach` is how far from zero a gap must be in a cell to have the sign that is computed.
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

    @property
    def most(self) -> int:
        """How many cells make a tile."""
        down, across = self.cuts
        return max(1, TILE // ((down[1] - down[0]) * (across[1] - across[0])))

    def stretch(self, i: int, j: int, stop: int) -> Stretch:
        """The cells from j to stop - 1 in band i."""
        down, across = self.cuts
        return Stretch(slice(down[i], down[i + 1]), slice(across[j], across[stop]))

    def cells(self, places: Sequence[tuple[int, int]]) -> Area:
        """Some cells."""
        if len(places) == 1:
            return self.stretch(*places[0], places[0][1] + 1)
        down, across = self.cuts
        return Cells(
            [(down[i], down[i + 1]) for i, _ in places],
            [(across[j], across[j + 1]) for _, j in places],
        )

    @contextmanager
    def tile(self, area: Area) -> Iterator[Tile]:
        """The tile of an area, whose buffers are free again afterwards."""
        values, buffers = Parts(self.lines, area), self.runner.buffers
        yield Tile(self.runner, self.compiled, self.piece, values)
        for value in values.values():
            buffers.give(value)


def rectangle(runner: Runner, compiled: Compiled, piece: Piece) -> Rectangle:
    """Enclose every comparison over each cell of a piece; a single line has long cells."""
    n, m = piece.shape
    down = min(n, CELL_ROWS)
    across = max(1, (CELL if n > 1 else TILE) // down)
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
    return Rectangle(runner, compiled, piece, cuts, straight, trees, signs, spread, reaches)


def _enclosed(
    compiled: Compiled, straight: dict[int, Any], cuts: tuple[list[int], list[int]]
) -> dict[int, Enclosure]:
    """Enclosures of all gaps over all cells at once."""
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
    _fill_statuses(whole, tracks, codes)
    _fill_outcomes(whole, tracks, codes == VALUE)
    for branches, places in _open(codes).items():
        for start in range(0, len(places), whole.most):
            _fill_open(whole, tracks, branches, places[start : start + whole.most])


def _codes(whole: Rectangle, k: int, count: int) -> NDArray[np.int8]:
    """The status of a branch over each cell, or OPEN."""
    inside, exists, selected = (whole.over[i] for i in (0, 1 + k, 1 + k + count))
    codes = np.full(inside.holds.shape, OPEN, np.int8)
    here = inside.holds & exists.holds
    codes[here & selected.holds] = VALUE
    codes[here & selected.fails] = UNSELECTED
    codes[inside.holds & exists.fails] = ABSENT
    codes[inside.fails] = OUTSIDE
    return codes


def _open(codes: NDArray[np.int8]) -> dict[tuple[int, ...], list[Place]]:
    """The cells by which branches are open in them."""
    open_ = codes == OPEN
    found: dict[tuple[int, ...], list[Place]] = {}
    places = np.argwhere(open_.any(axis=0))
    for (i, j), branches in zip(places.tolist(), open_[:, open_.any(axis=0)].T, strict=True):
        found.setdefault(tuple(np.flatnonzero(branches).tolist()), []).append((i, j))
    return found


def _fill_statuses(whole: Rectangle, tracks: Sequence[Track], codes: NDArray[np.int8]) -> None:
    """The usual status of each branch everywhere, then the others that cells have as a whole."""
    for own, track in zip(codes, tracks, strict=True):
        status = track.status.reshape(whole.piece.shape)
        usual = int(np.bincount(np.where(own == OPEN, 0, own).ravel()).argmax())
        status[...] = usual
        settled = np.where(own == OPEN, usual, own)
        for i, j, stop in _runs(settled[None], settled != usual):
            whole.stretch(i, j, stop).put(status, settled[i, j])


def _runs(codes: NDArray[Any], wanted: NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
    """Stretches of wanted cells alike in all of `codes`, in each band: band, start and stop."""
    starts = np.ones(wanted.shape, bool)
    starts[:, 1:] = (codes[:, :, 1:] != codes[:, :, :-1]).any(axis=0)
    first = np.flatnonzero(starts)
    length = np.diff(first, append=wanted.size)
    kept = wanted.ravel()[first]
    for i, j, size in zip(*np.divmod(first[kept], wanted.shape[1]), length[kept], strict=True):
        yield int(i), int(j), int(j + size)


def _fill_outcomes(whole: Rectangle, tracks: Sequence[Track], valued: NDArray[np.bool_]) -> None:
    """The outcomes in cells all over which branches hold."""
    pairs = list(zip(whole.compiled.alternatives, tracks, strict=True))
    kept = [k for k, (branch, _) in enumerate(pairs) if varied(whole.compiled, branch)]
    for i, j, stop in _runs(valued[kept], np.asarray(valued[kept].any(axis=0))):
        here = [pairs[k] for k in kept if valued[k, i, j]]
        for start in range(j, stop, whole.most):
            end = min(start + whole.most, stop)
            with whole.tile(whole.stretch(i, start, end)) as tile:
                for branch, track in here:
                    write_outcomes(tile, branch, track, True)


def _fill_open(
    whole: Rectangle, tracks: Sequence[Track], branches: Sequence[int], places: Sequence[Place]
) -> None:
    """Cells in which some branches are not the same all over."""
    at, area = tuple(np.transpose(places)), whole.cells(places)
    count = len(tracks)
    numbers = sorted({0, *(1 + k for k in branches), *(1 + k + count for k in branches)})
    here = {t: Known(*(bool(part[at].all()) for part in whole.over[t])) for t in numbers}
    open_ = [t for t in numbers if not any(here[t])]
    trees = [whole.trees[t] for t in open_]
    signs, reaches = {}, {}
    for gap in {gap for tree in trees for gap in gaps_in(tree)}:
        sign = Sign(*(bool(part[at].all()) for part in whole.signs[gap]))
        if any(sign):
            signs[gap] = sign
        reaches[gap] = whole.reach[gap][at].reshape(len(places), *(1 for _ in area.shape[1:]))
    with whole.tile(area) as tile:
        here.update(zip(open_, decide(tile, trees, signs, reaches), strict=True))
        for k in branches:
            known_ = (here[0], here[1 + k], here[1 + k + count])
            valued = write_statuses(tile, tracks[k], known_)
            if np.any(valued):
                write_outcomes(tile, whole.compiled.alternatives[k], tracks[k], valued)
