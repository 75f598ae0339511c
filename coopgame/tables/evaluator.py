"""The evaluator of tables: the rows of a plan as one track a branch.

Rows are taken in chunks of consecutive ones. In a chunk every comparison is computed by NumPy with
a bound on its rounding error (`coopgame.tables.operations`); where it is farther from zero than
that, its sign is certain, and a row that some condition leaves open is decided in exact arithmetic.
What a row gets is a function of compiled solution, plan and row, however rows are cut.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from threading import Event
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopgame.clock import awaited
from coopgame.tables.compiled import Alternative, Compiled, Tree
from coopgame.tables.exactly import ExactRow
from coopgame.tables.logic import GapSign, Known, both, either, everywhere, known
from coopgame.tables.operations import Bounded, operation
from coopgame.tables.plans import Piece, Plan, pieces
from coopgame.tables.programs import Instruction, bounded, reach
from coopgame.tables.tracks import (
    ABSENT,
    OUTSIDE,
    UNDECIDED,
    UNSELECTED,
    VALUE,
    Track,
    blank,
    constant,
)

# Rows that are evaluated at once, so that what is worked out of them stays in the cache.
CHUNK = 1 << 16
# Rows that a thread takes at once, and in a stream, where a few blocks are held at a time.
BLOCK, STREAMED = 1 << 20, 1 << 19

Told = Callable[[int, int], None]
Block = tuple[int, int, tuple[Track, ...]]


def in_silence(done: int, whole: int) -> None:
    """Tells nobody how far a run has come."""


# --- plans -------------------------------------------------------------------------------------


def run(compiled: Compiled, plan: Plan, told: Told = in_silence) -> tuple[Track, ...]:
    """All rows of a plan, in as many threads as there are processors.

    `told` hears how many rows of how many are done.
    """
    program, tracks, done = Program(compiled), blank(compiled, plan.rows), 0

    def one(block: tuple[int, int]) -> int:
        program.fill(plan, block, [track.rows(*block) for track in tracks])
        return block[1] - block[0]

    workers = os.cpu_count() or 1
    with program.in_threads(workers) as threads:
        size = min(BLOCK, -(-plan.rows // workers))
        for future in [threads.submit(one, block) for block in blocks(plan, size)]:
            done += awaited(future)
            told(done, plan.rows)
    return tracks


def evaluate(compiled: Compiled, plan: Plan, start: int, stop: int) -> tuple[Track, ...]:
    """The rows start to stop - 1 of a plan."""
    return Program(compiled).rows(plan, (start, stop))


def stream(
    compiled: Compiled, plan: Plan, told: Told = in_silence, size: int = STREAMED
) -> Iterator[Block]:
    """The blocks of a plan in their order: start, stop and tracks of each.

    No more blocks than threads, and one, are held at a time, whatever the plan's length.
    """
    program, waiting = Program(compiled), deque[tuple[int, int, Future[tuple[Track, ...]]]]()
    count = os.cpu_count() or 1

    def finished() -> Block:
        start, stop, future = waiting.popleft()
        tracks = awaited(future)
        told(stop, plan.rows)
        return start, stop, tracks

    with program.in_threads(count) as threads:
        for block in blocks(plan, size):
            waiting.append((*block, threads.submit(program.rows, plan, block)))
            if len(waiting) > count:
                yield finished()
        while waiting:
            yield finished()


def blocks(plan: Plan, size: int = BLOCK) -> Iterator[tuple[int, int]]:
    """The rows of a plan cut into blocks of whole lines, where one fits: start and stop of each."""
    size = max(size // plan.width * plan.width, 1) if plan.width <= size else size
    for start in range(0, plan.rows, size):
        yield start, min(start + size, plan.rows)


# --- programs ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Program:
    """A compiled solution with what need not be found anew for each chunk."""

    compiled: Compiled
    orders: dict[tuple[int, ...], list[int]] = field(default_factory=dict)
    stopped: Event = field(default_factory=Event)

    @contextmanager
    def in_threads(self, count: int) -> Iterator[ThreadPoolExecutor]:
        """Threads that end with the first exception here, as by Ctrl-C, at the row they are at."""
        with ThreadPoolExecutor(count) as threads:
            try:
                yield threads
            except BaseException:
                self.stopped.set()
                threads.shutdown(wait=False, cancel_futures=True)
                raise

    def heed(self) -> None:
        """Raises CancelledError once the run was stopped."""
        if self.stopped.is_set():
            raise CancelledError

    @cached_property
    def bounded(self) -> frozenset[int]:
        return bounded(self.compiled.steps, [gap.step for gap in self.compiled.gaps])

    def order(self, targets: tuple[int, ...]) -> list[int]:
        """The steps that some steps need, in the order in which they can be taken."""
        if targets not in self.orders:
            self.orders[targets] = reach(self.compiled.steps, targets)
        return self.orders[targets]

    def rows(self, plan: Plan, block: tuple[int, int]) -> tuple[Track, ...]:
        """Some rows of a plan."""
        tracks = blank(self.compiled, block[1] - block[0])
        self.fill(plan, block, tracks)
        return tracks

    def fill(self, plan: Plan, block: tuple[int, int], tracks: Sequence[Track]) -> None:
        """Evaluate a block into tracks of just its rows."""
        with np.errstate(all="ignore"):
            for piece in pieces(plan, *block, CHUNK):
                self.heed()
                first = piece.start - block[0]
                own = [track.rows(first, first + piece.rows) for track in tracks]
                Chunk(self, plan, piece).fill(own)


@dataclass(frozen=True, eq=False)
class Chunk:
    """Consecutive rows: what was computed of them, and the rows that were looked at exactly."""

    program: Program
    plan: Plan
    piece: Piece
    found: dict[int, Bounded] = field(default_factory=dict)
    signs: dict[int, GapSign] = field(default_factory=dict)
    exact: dict[int, ExactRow] = field(default_factory=dict)

    def fill(self, tracks: Sequence[Track]) -> None:
        """Write statuses, and the outcomes of the branches that hold somewhere."""
        compiled = self.program.compiled
        inside = self.decide(compiled.domain)
        for branch, track in zip(compiled.alternatives, tracks, strict=True):
            if not track.status.flags.writeable:
                continue
            valued = self._write_status(branch, track, inside)
            if np.any(valued):
                self._write_outcomes(branch, track, valued)

    # --- numbers ---

    def take(self, *targets: int) -> list[Bounded]:
        """Some steps over the rows."""
        for i in self.program.order(targets):
            if i not in self.found:
                self.found[i] = self._taken(i)
        return [self.found[i] for i in targets]

    def _taken(self, i: int) -> Bounded:
        step = self.program.compiled.steps[i]
        if not step.arguments and step.operation != "nothing":
            return self._given(step)
        row = operation(step.operation)
        parts = [self.found[a] for a in step.arguments]
        given = parts if row.is_step else [part.value for part in parts]
        value = row.compute(given, step.value)
        if i not in self.program.bounded:
            return Bounded(value)
        return Bounded(value, *row.rule(value, parts, step.value))

    def _given(self, step: Instruction) -> Bounded:
        """A variable or a constant: the float nearest to it."""
        depth = 1.0
        if step.operation == "variable":
            value: Any = self.piece.columns[step.value]
            is_positive = step.value in self.program.compiled.positive
        else:
            value = np.float64(step.value)
            is_positive = bool(value >= 0)
            if isinstance(step.value, Fraction) and Fraction(float(value)) == step.value:
                depth = 0.0
        return Bounded(value, value if is_positive else np.abs(value), depth)

    # --- conditions ---

    def decide(self, tree: Tree) -> Known:
        """Where a condition holds and where it fails; neither where nothing here can tell."""
        found = known(tree, self._sign)
        decided = either(*found)
        if everywhere(decided):
            return found
        holds, fails = (self._spread(flags) for flags in found)
        for row in np.flatnonzero(~(holds | fails)).tolist():
            self.program.heed()
            holds[row], fails[row] = self._exact_row(row).decide(tree)
        return Known(holds.reshape(self.piece.shape), fails.reshape(self.piece.shape))

    def _sign(self, gap: int) -> GapSign:
        if gap not in self.signs:
            (found,) = self.take(self.program.compiled.gaps[gap].step)
            zero = found.value == 0 if found.depth == 0 else False
            self.signs[gap] = GapSign(found.value > found.reach, found.value < -found.reach, zero)
        return self.signs[gap]

    def _spread(self, flags: Any) -> NDArray[np.bool_]:
        """A flag or flags, as an array of one's own, row by row."""
        return np.array(np.broadcast_to(flags, self.piece.shape), bool, order="C").reshape(-1)

    def _exact_row(self, row: int) -> ExactRow:
        if row not in self.exact:
            values = self.plan.point(self.piece.start + row)
            self.exact[row] = ExactRow(self.program.compiled, values)
        return self.exact[row]

    # --- what comes of it ---

    def _write_status(self, branch: Alternative, track: Track, inside: Known) -> Any:
        """Write a branch's statuses; returns the flags of where it has a value."""
        exists = self.decide(branch.exists)
        here = both(inside.holds, exists.holds)
        selected = self.decide(branch.selected) if np.any(here) else Known(False, False)
        valued = both(here, selected.holds)
        settled = (
            (UNSELECTED, both(here, selected.fails)),
            (ABSENT, both(inside.holds, exists.fails)),
            (OUTSIDE, inside.fails),
        )
        status: Any = np.int8(UNDECIDED)
        for code, flags in ((VALUE, valued), *settled):
            if flags is not False:
                status = (
                    np.int8(code) if everywhere(flags) else np.where(flags, np.int8(code), status)
                )
        track.status.reshape(self.piece.shape)[...] = status
        return valued

    def _write_outcomes(self, branch: Alternative, track: Track, valued: Any) -> None:
        """Write a branch's outcomes, which mean something where it has a value."""
        steps = self.program.compiled.steps
        own = {step: name for name, step in branch.steps.items() if constant(steps[step]) is None}
        for name, (value, *_) in zip(own.values(), self.take(*own), strict=True):
            track.outcomes[name].reshape(self.piece.shape)[...] = value
            if not np.isfinite(value).all():
                wrong = both(valued, ~np.isfinite(value))
                rows = np.flatnonzero(self._spread(wrong)).tolist()
                self._mend(branch.outcomes[name], rows, track, name)

    def _mend(self, expression: Any, rows: Iterable[int], track: Track, name: str) -> None:
        """Evaluate exactly where floating point gave no finite number; else mark it undecided."""
        for row in rows:
            found = self._exact_row(row).number(expression)
            if found is None:
                track.status[row] = UNDECIDED
            else:
                track.outcomes[name][row] = found
