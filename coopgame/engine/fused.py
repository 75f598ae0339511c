"""Rectangles filled by routines in one compiled loop, as far as floating point can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopgame.engine import kernel
from coopgame.engine.compiled import Compiled
from coopgame.engine.enclosures import TOUCHY
from coopgame.engine.kernel import ACROSS_LINE, CHUNK, DOWN_LINE, KINDS, REGISTER, Instruction
from coopgame.engine.logic import narrowed
from coopgame.engine.rectangles import Agreed, Rectangle, agreed, numbers_of, open_cells, runs
from coopgame.engine.routines import Routine, Writer, is_performed, straight
from coopgame.engine.tracks import (
    ABSENT,
    OPEN,
    OUTSIDE,
    UNSELECTED,
    VALUE,
    Sheet,
    branches,
    columns,
)
from coopgame.grids import Floats

Codes = NDArray[np.int8]
Indices = NDArray[np.int64]
Memory = tuple[Floats, NDArray[np.uint64], NDArray[np.uint64]]
Spread = Callable[..., Iterable[Any]]

# A routine for the cells from j to stop - 1 of band i.
Job = tuple[Routine, int, int, int]

NAMES = tuple(map(np.int8, (VALUE, ABSENT, OUTSIDE, UNSELECTED, OPEN)))


def fused(compiled: Compiled, spread: Spread, shares: int) -> Fused | None:
    """The loop for a solution; None where instructions do not do all that it needs."""
    return Fused(compiled, spread, shares) if is_performed(compiled) else None


class Fused:
    """Fills rectangles for one compiled solution; keeps the routines that it has written.

    A rectangle is cut into `shares`; `spread` maps a function over them as `map` does, perhaps in
    several threads.
    """

    def __init__(self, compiled: Compiled, spread: Spread, shares: int) -> None:
        self.compiled, self.spread, self.shares = compiled, spread, shares
        self.lines = straight(compiled)
        self.branches, self.columns = branches(compiled), columns(compiled)
        self.routines: dict[Any, Routine] = {}

    def __call__(self, whole: Rectangle, codes: Codes, sheet: Sheet) -> NDArray[np.bool_]:
        """Fill a rectangle, given the statuses of its cells; tells in which rows are left."""
        jobs = [*self._settled(codes), *self._open(whole, codes)]
        work = _work(whole, codes[list(self.branches)], sheet, jobs, self.shares, self.lines)
        left = np.zeros(codes.shape[1:], bool)
        for places in self.spread(work.share, range(self.shares)):
            for k in places:
                _, i, j, stop = jobs[k]
                left[i, j:stop] = True
        return left

    def _settled(self, codes: Codes) -> Iterator[Job]:
        """Cells all over which branches have a value."""
        kept = sorted({k for k, _ in self.columns})
        valued = codes[kept] == VALUE
        for i, first, last in runs(valued, valued.any(axis=0)):
            held = tuple(k for k, here in zip(kept, valued[:, i, first], strict=True) if here)
            routine = self._routine(held, self._outcomes, held)
            size = last - first if len(valued[0]) > 1 else 1
            for j in range(first, last, size):
                yield routine, i, j, j + size

    def _open(self, whole: Rectangle, codes: Codes) -> Iterator[Job]:
        """Cells in which some branches are not the same all over."""
        for open_, places in open_cells(codes).items():
            common = agreed(whole, open_, places)
            key = (open_, frozenset(common.here.items()), frozenset(common.signs.items()))
            routine = self._routine(key, self._statuses, whole, open_, common)
            for i, j in places:
                yield routine, i, j, j + 1

    def _routine(self, key: Any, write: Callable[..., None], *asked: Any) -> Routine:
        if key not in self.routines:
            writer = Writer(self.compiled, self.lines)
            write(writer, *asked)
            self.routines[key] = writer.routine()
        return self.routines[key]

    def _outcomes(self, writer: Writer, held: Sequence[int]) -> None:
        for (k, step), column in self.columns.items():
            if k in held:
                writer.store(column, self.branches[k], step)

    def _statuses(
        self, writer: Writer, whole: Rectangle, open_: Sequence[int], common: Agreed
    ) -> None:
        for k in open_:
            known = ((whole.trees[t], common.here[t]) for t in numbers_of(whole, k))
            trees = (here.holds if any(here) else narrowed(t, common.signs) for t, here in known)
            writer.status(self.branches[k], *trees)
        self._outcomes(writer, open_)


@dataclass(frozen=True, eq=False)
class Work:
    """A rectangle to fill, as the arrays that the loop works on: see `kernel.perform`.

    It is cut into `shares`, of some bands of cells each; a single band is cut across. Every share
    has registers of its own, for `numbers` in the memory and for `verdicts`.
    """

    cuts: tuple[Indices, Indices]
    codes: Codes
    routines: tuple[Indices, Indices]
    table: Indices
    reach: Floats
    memory: Memory
    sheet: tuple[Codes, Floats, Indices]
    shares: int
    numbers: int
    verdicts: int

    def share(self, k: int) -> list[int]:
        """Fill a share; returns the numbers of the jobs in which some row is left."""
        axis = 0 if self.codes.shape[1] > 1 else 1
        ends = np.linspace(0, self.codes.shape[1 + axis], self.shares + 1).astype(int)
        start, stop = (int(end) for end in ends[k : k + 2])
        cuts = list(self.cuts)
        cuts[axis] = cuts[axis][start : stop + 1]
        statuses, numbers, room = self.sheet
        kernel.fill(self.codes.take(range(start, stop), 1 + axis), *cuts, statuses, room)
        cell = self.table[:, 5 + axis]
        own = np.flatnonzero((start <= cell) & (cell < stop))
        lines, begin, apart = self.memory
        begin = begin + np.array([k * self.numbers, 0, 0], np.uint64)
        left = kernel.perform(
            *self.routines, self.table[own], self.reach, lines, begin, apart,
            np.empty(self.verdicts, np.int8), statuses, numbers, room, NAMES, TOUCHY,
        )  # fmt: skip
        return own[left].tolist()  # type: ignore[no-any-return]


def _work(
    whole: Rectangle,
    codes: Codes,
    sheet: Sheet,
    jobs: Sequence[Job],
    shares: int,
    lines: Mapping[int, int],
) -> Work:
    """The arrays for some jobs."""
    routines = list(dict.fromkeys(routine for routine, *_ in jobs))
    places = {routine: k for k, routine in enumerate(routines)}
    down, across = (np.array(cut) for cut in whole.cuts)
    found = [(places[routine], i, j, stop) for routine, i, j, stop in jobs]
    routine, i, j, stop = np.array(found, np.int64).reshape(-1, 4).T
    table = np.stack([routine, down[i], down[i + 1], across[j], across[stop], i, j], axis=1)
    code = [line for routine in routines for line in routine.code]
    numbers = CHUNK * max((routine.numbers for routine in routines), default=0)
    return Work(
        (down, across),
        codes,
        (
            np.array(code, np.int64).reshape(-1, len(Instruction._fields)),
            np.array([0, *accumulate(len(routine.code) for routine in routines)]),
        ),
        table,
        np.array(whole.reach).reshape(-1, *codes.shape[1:]),
        _memory(whole, lines, shares * numbers),
        (
            sheet.statuses.reshape(-1),
            sheet.numbers.reshape(-1),
            np.array([sheet.start, whole.piece.shape[1], sheet.statuses.shape[1]]),
        ),
        shares,
        numbers,
        CHUNK * max((routine.verdicts for routine in routines), default=0),
    )


def _memory(whole: Rectangle, lines: Mapping[int, int], registers: int) -> Memory:
    """All lines, across and then down, and registers; where each kind begins, how far apart."""
    n, m = whole.piece.shape
    found: dict[int, list[Floats]] = {ACROSS_LINE: [], DOWN_LINE: []}
    for step, operand in lines.items():
        kind = operand % KINDS
        line = np.broadcast_to(whole.lines[step], (1, m) if kind == ACROSS_LINE else (n, 1))
        found[kind].append(line.reshape(-1))
    across, down = found[ACROSS_LINE], found[DOWN_LINE]
    begin, apart = np.zeros((2, KINDS), np.uint64)
    begin[DOWN_LINE] = len(across) * m
    begin[REGISTER] = len(across) * m + len(down) * n
    apart[[REGISTER, ACROSS_LINE, DOWN_LINE]] = CHUNK, m, n
    return np.concatenate([*across, *down, np.empty(registers)]), begin, apart
