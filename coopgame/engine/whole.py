"""A whole plan, in as many threads as there are processors: into arrays, or block by block."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from coopgame.engine.blocks import BLOCK, blocks, fill
from coopgame.engine.compiled import Compiled
from coopgame.engine.running import Runner
from coopgame.engine.tracks import Track, blank
from coopgame.plans import Plan

STREAMED = 1 << 19
LONGEST = 1 << 22
SHARES = 2

Told = Callable[[int, int], None]
Block = tuple[int, int, tuple[Track, ...]]


def in_silence(done: int, whole: int) -> None:
    """Tells nobody how far a run has come."""


def run(compiled: Compiled, plan: Plan, told: Told = in_silence) -> tuple[Track, ...]:
    """All rows of a plan as one track a branch; `told` hears how many rows of how many are done."""
    tracks, runner, done = blank(compiled, plan.rows), Runner(compiled.steps), 0

    def one(block: tuple[int, int]) -> int:
        fill(runner, compiled, plan, block, [track.rows(*block) for track in tracks])
        return block[1] - block[0]

    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as threads:
        for count in threads.map(one, blocks(plan, _share(plan, workers))):
            done += count
            told(done, plan.rows)
    return tracks


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
        tracks = blank(compiled, block[1] - block[0])
        fill(runner, compiled, plan, block, tracks)
        return (*block, tracks)

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
