"""The parts of a job worked out on this machine, in as many threads as there are processors."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from threading import Event

from coopgame.tables.job import Job
from coopgame.tables.parquet import part_bytes

Part = tuple[int, bytes]
Told = Callable[[int], None]


class Stopped(Exception):
    """Ends a thread between two blocks, once nobody waits for its part."""


@contextmanager
def local(job: Job, numbers: Iterator[int], told: Told) -> Iterator[Iterator[Part]]:
    """The parts of these numbers as they get done; `told` hears of the points done, block by block.

    As many are held as there are threads. What is being worked out when the context is left
    is dropped.
    """
    stop = Event()

    def heard(points: int) -> None:
        if stop.is_set():
            raise Stopped
        told(points)

    def one(number: int) -> Part:
        return number, part_bytes(job, number, heard)

    threads = ThreadPoolExecutor(os.cpu_count() or 1)
    try:
        yield _in_turn(threads, one, numbers)
    finally:
        stop.set()
        threads.shutdown(cancel_futures=True)


def _in_turn(
    threads: ThreadPoolExecutor, one: Callable[[int], Part], numbers: Iterator[int]
) -> Iterator[Part]:
    count = os.cpu_count() or 1
    waiting: set[Future[Part]] = {threads.submit(one, n) for n in islice(numbers, count)}
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        waiting |= {threads.submit(one, n) for n in islice(numbers, len(done))}
        while done:
            yield done.pop().result()
