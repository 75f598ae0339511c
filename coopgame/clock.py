"""The clock that long work looks at, so that what was found is told before a time limit strikes."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

TURN = 0.2  # seconds
T = TypeVar("T")

_UNTIL: ContextVar[float] = ContextVar("until", default=math.inf)


@contextmanager
def until(clock: float) -> Iterator[None]:
    """Inside, work that has an answer in part ends when `time.monotonic()` passes `clock`."""
    token = _UNTIL.set(clock)
    try:
        yield
    finally:
        _UNTIL.reset(token)


def is_late() -> bool:
    """Whether it is time to stop and to give what was found so far.

    >>> with until(0):
    ...     is_late()
    True
    """
    return time.monotonic() > _UNTIL.get()


def awaited(future: Future[T]) -> T:
    """The result of a thread, waited for in turns.

    Once Z3 has run in a process, Ctrl-C wakes nobody who waits for a lock.
    """
    while not future.done():
        wait([future], TURN)
    return future.result()
