"""A process that examines one game after another, and is replaced if it dies or never ends."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from .examine import Examined, examine
from .faults import Fault
from .files import Drawn

# SymPy's caches grow with every game; a fresh process now and then keeps memory and speed alike.
GAMES = 50
# A game has about ten commands, each with its own limit: this is for what heeds no signal.
COMMANDS = 12
ASLEEP = 4 * 3600.0  # seconds by the clock on the wall


class Worker:
    """Examines games in a child process."""

    def __init__(self, limit: float) -> None:
        self.limit, self.done = limit, 0
        self.child: Any = None
        self.here: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child.join()
            self.child = None

    def start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        self.child = context.Process(target=_serve, args=(there, self.limit), daemon=True)
        self.child.start()
        there.close()
        self.here, self.done = here, 0
        return here

    def examine(self, drawn: Drawn) -> Examined:
        """What there is to say of a game; one that stops the process is a fault of its own."""
        if self.child is not None and self.done >= GAMES:
            self.stop()
        here = self.start() if self.child is None or self.here is None else self.here
        here.send(drawn)
        try:
            found: Examined = here.recv() if self.answers(here) else self.lost("hangs")
        except EOFError:
            found = self.lost("the process died")
        self.done += 1
        return found

    def answers(self, here: Connection) -> bool:
        """Whether an answer comes before the child's processor time is over; a busy machine may
        take its time, but for one that waits for ever there is a bound in hours too."""
        until = time.monotonic() + ASLEEP
        spent = processor_time_of(self.child.pid)
        while not here.poll(5.0):
            used = processor_time_of(self.child.pid) - spent
            if used > COMMANDS * self.limit or time.monotonic() > until:
                return False
        return True

    def lost(self, why: str) -> Examined:
        self.stop()
        return Examined((Fault(why, "", why),))


def processor_time_of(pid: int) -> float:
    """The seconds of processor time of a process; 0 where it has ended, or cannot be told."""
    try:
        # The clock of another process, as clock_getcpuclockid(3) numbers it on Linux.
        return time.clock_gettime((~pid << 3) | 2)
    except (AttributeError, OSError, OverflowError):
        return 0.0


def _serve(there: Connection, limit: float) -> None:
    while True:
        there.send(examine(there.recv(), limit))
