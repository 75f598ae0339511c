"""One rectangle of rows, cut into cells, over each of which every comparison is enclosed.

Where the sign of a comparison is certain all over a cell, no row has to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from coopgame.engine.tiles import Parts, Tile
from coopgame.engine.tracks import ABSENT, OPEN, OUTSIDE, UNSELECTED, VALUE
from coopgame.grids import Floats
from coopgame.plans import Piece

TILE = 1 << 16
CELL = (32, 32)

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


def rectangle(
    runner: Runner, compiled: Compiled, piece: Piece, cell: tuple[int, int] = CELL
) -> Rectangle:
    """Enclose every comparison over each cell of a piece; a single line has long cells."""
    n, m = piece.shape
    down = min(n, cell[0])
    across = cell[0] * cell[1] // down if n > 1 else TILE
    cuts = ([*range(0, n, down), n], [*range(0, m, across), m])
    grid = (len(cuts[0]) - 1, len(cuts[1]) - 1)
    steps = compiled.steps
    straight = lines(steps, range(len(steps)), piece.columns)
    bounds = _enclosed(compiled, straight, cuts)
    own = [Enclosure(*(_over(grid, part) for part in bounds[gap.step])) for gap in compiled.gaps]
    signs = tuple(map(_sign, own))
    trees = (
        compiled.domain,
        *(branch.exists for branch in compiled.alternatives),
        *(branch.selected for branch in compiled.alternatives),
    )
    over = [known(tree, signs.__getitem__) for tree in trees]
    spread = tuple(Known(*(_over(grid, part) for part in found)) for found in over)
    reaches = tuple(np.asarray(SAFETY * bound.error) for bound in own)
    return Rectangle(runner, compiled, piece, cuts, straight, trees, signs, spread, reaches)


def _over(grid: Place, part: Any) -> NDArray[Any]:
    """Something that is told of some cells, told of each."""
    found = np.asarray(part)
    return found if found.shape == grid else np.broadcast_to(found, grid)


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


# --- what is known of cells --------------------------------------------------------------------


def codes(whole: Rectangle) -> NDArray[np.int8]:
    """The status of each branch over each cell, or OPEN."""
    count = len(whole.compiled.alternatives)
    found = np.full((count, *whole.over[0].holds.shape), OPEN, np.int8)
    for k, own in enumerate(found):
        inside, exists, selected = (whole.over[i] for i in numbers_of(whole, k))
        here = inside.holds & exists.holds
        own[here & selected.holds] = VALUE
        own[here & selected.fails] = UNSELECTED
        own[inside.holds & exists.fails] = ABSENT
        own[inside.fails] = OUTSIDE
    return found


def numbers_of(whole: Rectangle, branch: int) -> tuple[int, int, int]:
    """Which of the trees tell of the domain, of where a branch exists, where it is selected."""
    return 0, 1 + branch, 1 + branch + len(whole.compiled.alternatives)


def runs(codes: NDArray[Any], wanted: NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
    """Stretches of wanted cells alike in all of `codes`, in each band: band, start and stop."""
    starts = np.ones(wanted.shape, bool)
    starts[:, 1:] = (codes[:, :, 1:] != codes[:, :, :-1]).any(axis=0)
    first = np.flatnonzero(starts)
    length = np.diff(first, append=wanted.size)
    kept = wanted.ravel()[first]
    for i, j, size in zip(*np.divmod(first[kept], wanted.shape[1]), length[kept], strict=True):
        yield int(i), int(j), int(j + size)


def open_cells(codes: NDArray[np.int8]) -> dict[tuple[int, ...], list[Place]]:
    """The cells by which branches are open in them."""
    open_ = codes == OPEN
    cells = open_.any(axis=0)
    found: dict[tuple[bool, ...], list[Place]] = {}
    for (i, j), flags in zip(np.argwhere(cells).tolist(), open_[:, cells].T.tolist(), strict=True):
        found.setdefault(tuple(flags), []).append((i, j))
    return {tuple(k for k, is_open in enumerate(flags) if is_open): places
            for flags, places in found.items()}  # fmt: skip


@dataclass(frozen=True)
class Agreed:
    """What holds all over some cells: of the trees that tell of some branches, and of gaps.

    `here` are by the trees' numbers, `signs` are those that are certain.
    """

    here: Mapping[int, Known]
    signs: Mapping[int, Sign]


def agreed(whole: Rectangle, branches: Sequence[int], places: Sequence[Place]) -> Agreed:
    """What holds all over some cells in which some branches are open."""
    at = tuple(np.transpose(places))
    numbers = sorted({t for k in branches for t in numbers_of(whole, k)})
    here = {t: Known(*(bool(part[at].all()) for part in whole.over[t])) for t in numbers}
    gaps = {gap for t in numbers if not any(here[t]) for gap in gaps_in(whole.trees[t])}
    signs = {gap: Sign(*(bool(part[at].all()) for part in whole.signs[gap])) for gap in gaps}
    return Agreed(here, {gap: sign for gap, sign in signs.items() if any(sign)})
