"""A whole plan, in as many threads as there are processors: into arrays, or block by block."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from coopgame.engine.blocks import BLOCK, blocks, fill
from coopgame.engine.compiled import Compiled
from coopgame.engine.filling import Loop
from coopgame.engine.running import Runner
from coopgame.engine.tracks import Track, blank
from coopgame.errors import MissingExtra
from coopgame.plans import Plan

STREAMED = 1 << 19
LONGEST = 1 << 22
SHARES = 2
LOOPED = 1 << 24
LOOP_SHARES = 4

Told = Callable[[int, int], None]
Spread = Callable[..., Iterable[Any]]
Block = tuple[int, int, tuple[Track, ...]]


def in_silence(done: int, whole: int) -> None:
    """Tells nobody how far a run has come."""


def run(
    compiled: Compiled, plan: Plan, told: Told = in_silence, fused: bool = False
) -> tuple[Track, ...]:
    """All rows of a plan as one track a branch; `told` hears how many rows of how many are done.

    `fused`: in one compiled loop as far as it can tell, with the same result. Raises MissingExtra
    if that is asked for and Numba is not installed.
    """
    sheet, runner, done = blank(compiled, plan.rows), Runner(compiled.steps), 0
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as threads:
        # A grid's cells are shared out inside a block; draws are made block by block, which takes
        # as long as to evaluate them.
        shares = LOOP_SHARES * workers if plan.outer else 1
        loop = _loop(compiled, threads.map if plan.outer else map, shares) if fused else None
        is_shared = loop is not None and plan.outer > 0
        size = LOOPED if is_shared else _share(plan, workers)
        spread: Spread = map if is_shared else threads.map

        def one(block: tuple[int, int]) -> int:
            fill(runner, plan, block, sheet.rows(*block), loop)
            return block[1] - block[0]

        for count in spread(one, blocks(plan, size)):
            done += count
            told(done, plan.rows)
    return sheet.tracks


def _loop(compiled: Compiled, spread: Spread, shares: int) -> Loop | None:
    """The compiled loop, which spreads the shares of a block; None if NumPy must do it."""
    try:
        import numba  # noqa: F401
    except ImportError:
        raise MissingExtra("Numba", "numba") from None
    from coopgame.engine.fused import fused

    return fused(compiled, spread, shares)


def _share(plan: Plan, workers: int) -> int:
    """The rows of a block: many, for what is worked out once a block, but a few blocks a thread."""
    size = min(max(BLOCK, -(-plan.rows // (SHARES * workers))), LONGEST)
    return -(-size // plan.width) * plan.width if plan.width <= size else size


def stream(
    compiled: Compiled, plan: Plan, told: Told = in_silence, size: int = STREAMED
) -> Iterator[Block]:
    """The blocks of a plan in their order: start, stop and tracks of each.

    No more blocks than threads, and one, are held at a time, whatever the plan's length.
    """
    runner, waiting = Runner(compiled.steps), deque[Future[Block]]()
    count = os.cpu_count() or 1

    def one(block: tuple[int, int]) -> Block:
        sheet = blank(compiled, block[1] - block[0])
        fill(runner, plan, block, sheet)
        return (*block, sheet.tracks)

    with ThreadPoolExecutor(count) as threads:
        for block in blocks(plan, size):
            waiting.append(threads.submit(one, block))
            if len(waiting) > count:
                yield _finished(waiting, plan, told)
        while waiting:
            yield _finished(waiting, plan, told)


def _finished(waiting: deque[Future[Block]], plan: Plan, told: Told) -> Block:
    block = waiting.popleft().result()
    told(block[1], plan.rows)
    return block
