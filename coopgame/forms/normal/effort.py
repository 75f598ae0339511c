"""How much processor time a computation may take, and how one is ended that takes more."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

AGAIN = 0.2  # seconds after which a computation is told again, should it have caught the first


@dataclass(frozen=True)
class Effort:
    """Seconds of processor time: for the search on each choice of supports, for the exact algebra
    on each, and for all of them together."""

    search: float = 2.0
    algebra: float = 1.0
    whole: float = 20.0


USUAL = Effort()


@dataclass
class Clock:
    """What is left of an effort."""

    effort: Effort
    end: float

    @classmethod
    def started(cls, effort: Effort) -> Clock:
        return cls(effort, time.process_time() + effort.whole)

    def left(self, wanted: float) -> float:
        """The seconds that a step may take, of those it would like."""
        return min(wanted, self.end - time.process_time())


class TimeUp(Exception):
    """The processor time of one computation is used up."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TimeUp in what runs here once it took so many seconds of processor time.

    Python can interrupt itself only in its main thread, and not on every system; elsewhere TimeUp
    is raised at once, as nothing could end the computation.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if seconds <= 0 or not is_main or not hasattr(signal, "setitimer"):
        raise TimeUp
    before = signal.signal(signal.SIGVTALRM, _ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _ring(number: int, frame: Any) -> None:
    raise TimeUp
