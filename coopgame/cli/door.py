"""What stands between the commands and the world: errors, limits, and writing answers out."""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coopgame.cli.documents import asked_delivery, illustrated, wants_figures, wants_fragment
from coopgame.errors import CertificationError, CoopgameError
from coopgame.report.formats import files, rendered, shape_of, write

if TYPE_CHECKING:
    from coopgame.pictures.figures import Wish
    from coopgame.report.tables import Report

NEGATIVE = 1
BAD_INPUT = 2
LIMIT = 3
DEFECT = 70
INTERRUPTED = 130
BROKEN_PIPE = 141
PIECE = 16_384
LEAST_WIDTH = 40
MOST_WIDTH = 1000
REPORT = "Please report it with your file"
UNCUT = 1000  # characters: a line of help is broken, never cut


class Door(click.Group):
    """A group of commands under headings, from which no traceback escapes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.headings: dict[str, list[click.Command]] = {}

    def add_commands(self, heading: str, commands: Iterable[click.Command]) -> None:
        """Add commands that help lists together under a heading."""
        for command in commands:
            self.add_command(command)
            self.headings.setdefault(heading, []).append(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(len(name) for name in self.commands)
        for heading, commands in self.headings.items():
            rows = [(c.name or "", c.get_short_help_str(UNCUT)) for c in commands]
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), told) for name, told in rows])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help())
            ctx.exit()
        return super().parse_args(ctx, args)

    def main(self, *arguments: Any, **options: Any) -> Any:
        with guarded(sys.exit):
            code = super().main(*arguments, **{**options, "standalone_mode": False})
            sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        with guarded(ctx.exit):
            return super().invoke(ctx)


@contextmanager
def guarded(leave: Callable[[int], Any]) -> Iterator[None]:
    """Turn every exception into a message on stderr and an exit code."""
    try:
        yield
    except (click.exceptions.Exit, SystemExit):
        raise
    except (KeyboardInterrupt, click.Abort):
        leave(INTERRUPTED)
    except BrokenPipeError:
        _silence_stdout()
        leave(BROKEN_PIPE)
    except Exception as error:
        if os.environ.get("COOPGAME_DEBUG"):
            raise
        leave(_told(error))


def _told(error: Exception) -> int:
    """Say what went wrong, one line a fault, and return the exit code for it."""
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        hint = f" (see {context.command_path} --help)" if context else ""
        say(f"{error.format_message()}{hint}")
        return error.exit_code
    if isinstance(error, CoopgameError):
        internal = isinstance(error, CertificationError)
        for line in str(error).splitlines():
            say(f"internal error ({line}). {REPORT}." if internal else line)
        return error.exit_code
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    say(f"internal error ({what}). {REPORT}; COOPGAME_DEBUG=1 prints details.")
    return DEFECT


def say(line: str) -> None:
    """One line on stderr."""
    click.echo(f"coopgame: {line}", err=True)


def _silence_stdout() -> None:
    """Nobody reads any more: let the interpreter flush into nothing when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show on a terminal's stderr which step a long command is at; silent in a pipe."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading") as status:
        yield status.update


@contextmanager
def bar() -> Iterator[Callable[[int, int], None]]:
    """Show on a terminal's stderr how far a long run is and what is left; silent in a pipe."""
    if not sys.stderr.isatty():
        yield lambda done, whole: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda done, whole: shown.update(task, completed=done, total=whole)


@contextmanager
def time_limit(
    seconds: float, end: Callable[[float], None] | None = None
) -> Iterator[Callable[[], None]]:
    """End the process after some seconds, whatever it is doing: Z3 does not heed signals.

    Yields what lifts the limit; `end` is how the process ends, by default with a line that says so.
    """
    timer = threading.Timer(seconds, end or _give_up, [seconds])
    timer.daemon = True
    timer.start()
    try:
        yield timer.cancel
    finally:
        timer.cancel()


def _give_up(seconds: float) -> None:
    line = f"coopgame: stopped at the time limit of {seconds:g} s (raise it with --time-limit)\n"
    os.write(2, line.encode())
    os._exit(LIMIT)


# --- writing answers ---------------------------------------------------------------------------


def emit(report: Report, wishes: Iterable[Wish] = (), into: Path | None = None) -> None:
    """Print a report, or write it to the file asked for, whose ending tells the format if none is.

    `wishes` are the figures that a document has; `into` is a file of its own beside that one.
    """
    shape, output = asked_delivery()
    output = into or output
    chosen = shape_of(shape, output)
    drawn = (output or chosen == "html") and wants_figures(chosen)
    told = illustrated(report, wishes) if drawn else report
    if output is not None:
        for path, content in files(told, chosen, output, wants_fragment()).items():
            deliver(content, path)
        return
    text = shown(told, chosen)
    # In pieces: one large write to a pipe that closes meanwhile can pass without an error.
    for start in range(0, len(text), PIECE):
        click.echo(text[start : start + PIECE], nl=False)


def deliver(content: str | bytes, output: Path) -> None:
    """Write a file and say so, on stderr: what is piped on stays the answer alone."""
    write(output, content)
    say(f"wrote {output}")


def give(text: str, output: Path | None) -> None:
    """Print a text as it stands, or write it to a file."""
    if output is None:
        click.echo(text, nl=False)
    else:
        deliver(text, output)


def shown(report: Report, shape: str) -> str:
    """The report in one of the FORMATS; colour and width follow the terminal, if there is one."""
    if shape != "text":
        return str(rendered(report, shape, wants_fragment()))
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = _columns()
    options: dict[str, Any] = {"width": width} if width else {}
    return str(rendered(report, shape, colour=colour, **options))


def _columns() -> int | None:
    """How wide the reader's terminal is: as COLUMNS says, or as it is itself.

    What is piped on, as to a pager, is read on the terminal that shows the errors; what is sent
    to a file has no width but the usual one.
    """
    stated = os.environ.get("COLUMNS", "")
    if stated.isdecimal() and int(stated[:9]) > 0:
        return min(max(LEAST_WIDTH, int(stated[:9])), MOST_WIDTH)
    for number in _ends():
        with suppress(OSError, ValueError):
            return max(LEAST_WIDTH, os.get_terminal_size(number).columns)
    return None


def _ends() -> Iterator[int]:
    """The file descriptors of stdout, and of stderr where stdout is a pipe, or none."""
    with suppress(OSError, ValueError):
        number = sys.stdout.fileno()
        yield number
        if stat.S_ISFIFO(os.fstat(number).st_mode):
            yield sys.stderr.fileno()
