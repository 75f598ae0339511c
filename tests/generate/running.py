"""One command, run in this process with a limit on its processor time."""

from __future__ import annotations

import re
import signal
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from click.testing import CliRunner

from coopgame.cli import main

ALLOWED = (0, 1, 2, 3)
UNLIMITED = ("--time-limit", "1000000")
PLACE = re.compile(r"\{(branch|outcome|parameter|name):(\d)\}")


class TooSlow(BaseException):
    """The processor time allowed is over. Not an Exception, so that no handler swallows it."""


@dataclass(frozen=True)
class Result:
    """What a command did; `code` is None where it ran out of time."""

    arguments: tuple[str, ...]
    code: int | None
    out: str
    err: str
    trace: str = ""

    @property
    def shown(self) -> str:
        return " ".join(a if re.fullmatch(r"[\w./:=-]+", a) else f'"{a}"' for a in self.arguments)


@dataclass(frozen=True)
class Names:
    """Names of a game's answer that commands may use."""

    branches: Sequence[str] = ()
    outcomes: Sequence[str] = ()
    parameters: Sequence[str] = ()

    def fill(self, text: str) -> str:
        """The text with `{branch:0}` and the like replaced; a name that is none, if there are none.

        >>> Names(branches=["C,D"]).fill("always holds_{branch:3} on {name:0}")
        'always holds_C_D on C,D'
        """

        def put(match: re.Match[str]) -> str:
            kind, place = match[1], int(match[2])
            known = {"outcome": self.outcomes, "parameter": self.parameters}.get(
                kind, self.branches
            )
            found = known[place % len(known)] if known else "nothing"
            return re.sub(r"\W", "_", found) if kind == "branch" else found

        return PLACE.sub(put, text)


def filled(command: Sequence[str], file: Path, folder: Path, names: Names) -> list[str]:
    """A drawn command with names and files put in."""
    found = []
    for part in command:
        if part == "{file}":
            found.append(str(file))
        elif part.startswith("{out."):
            found.append(str(folder / f"out.{part[5:-1]}"))
        else:
            found.append(names.fill(part))
    return found


def run(arguments: Sequence[str], seconds: float) -> Result:
    """Run a command as the command line does, without its own time limit, which ends processes."""
    runner = CliRunner()
    trace = ""
    try:
        with processor_time(seconds), caught() as traces:
            result = runner.invoke(main, [*arguments, *UNLIMITED])
        trace = "".join(traces)
    except TooSlow as slow:
        where = "".join(traceback.format_tb(slow.__traceback__)[-4:])
        return Result(
            tuple(arguments), None, "", f"more than {seconds:g} s of processor time", where
        )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        trace = "".join(traceback.format_exception(result.exception))
        return Result(tuple(arguments), 70, result.stdout, repr(result.exception), trace)
    return Result(tuple(arguments), result.exit_code, result.stdout, result.stderr, trace)


@contextmanager
def caught() -> Iterator[list[str]]:
    """The tracebacks of exceptions that the door turned into a message."""
    from coopgame.cli import door

    found: list[str] = []
    told = door._told

    def noted(error: Exception) -> int:
        code = told(error)
        if code == door.DEFECT:
            found.append("".join(traceback.format_exception(error)))
        return code

    door._told = noted
    try:
        yield found
    finally:
        door._told = told


@contextmanager
def processor_time(seconds: float) -> Iterator[None]:
    """Raise TooSlow after so much processor time of this process; in the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def options(point: Mapping[str, str]) -> list[str]:
    """A point as `--set` options."""
    return [part for name, value in point.items() for part in ("--set", f"{name}={value}")]
