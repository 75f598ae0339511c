"""Options that commands share, what they parse to, and what the shell completes."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from coopgame.cli.completion import (
    complete_equilibria,
    complete_names,
    complete_outcomes,
    complete_parameters,
)
from coopgame.cli.documents import UNTIL, check_fragment, deliver_as, document_options
from coopgame.cli.door import time_limit
from coopgame.clock import until
from coopgame.errors import Fault, InputError
from coopgame.report.formats import FORMATS, shape_of

Command = Callable[..., Any]
LIFT = "coopgame.lift"
FOLDERS = "coopgame.folders"
SHARE = 0.7  # of the time limit: what is begun then is ended, and printed, in the rest
USUAL = ParameterSource.DEFAULT


def common(command: Command) -> Command:
    """`--catalogue`, `--time-limit` and `--no-cache`, which take effect around the command."""

    @functools.wraps(command)
    def limited(
        *arguments: Any,
        time_limit_seconds: float,
        no_cache: bool,
        folders: tuple[Path, ...],
        **options: Any,
    ) -> Any:
        from coopgame.cache import kept

        with time_limit(time_limit_seconds) as lift, nullcontext() if no_cache else kept():
            context = click.get_current_context()
            asked = context.get_parameter_source("time_limit_seconds") is not USUAL
            context.meta[LIFT] = (lambda: None) if asked else lift
            context.meta[UNTIL] = time.monotonic() + SHARE * time_limit_seconds
            context.meta[FOLDERS] = folders
            return command(*arguments, **options)

    for option in (
        click.option(
            "--time-limit",
            "time_limit_seconds",
            type=click.FloatRange(min=0, min_open=True),
            default=120,
            show_default=True,
            metavar="SECONDS",
            help="Stop (exit code 3) after so many seconds.",
        ),
        click.option(
            "--no-cache",
            is_flag=True,
            help="Work out everything anew: neither read nor keep earlier answers.",
        ),
        click.option(
            "--catalogue",
            "folders",
            multiple=True,
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="A folder of your own game files, beside the built-in ones; may be repeated.",
        ),
    ):
        limited = option(limited)
    return limited


def folders() -> tuple[Path, ...]:
    """The folders of the user's own files, as `--catalogue` names them."""
    named: tuple[Path, ...] = click.get_current_context().meta[FOLDERS]
    return named


def in_time() -> AbstractContextManager[None]:
    """Inside, a command that can tell an answer in part stops in time to print it."""
    return until(click.get_current_context().meta[UNTIL])


def unlimited() -> None:
    """Lift the time limit that a command has unless one is asked for: a long run may last."""
    click.get_current_context().meta[LIFT]()


def printed(command: Command) -> Command:
    """`--format`, `-o`, those of documents and the common ones, for commands that print an answer.

    A wrong ending, or a library that is not installed, stops them at once.
    """
    limited = common(command)

    @functools.wraps(limited)
    def checked(*arguments: Any, shape: str | None, output: Path | None, **options: Any) -> Any:
        check_fragment(shape_of(shape, output))
        deliver_as(shape, output)
        return limited(*arguments, **options)

    shape = click.option(
        "--format",
        "shape",
        type=click.Choice(list(FORMATS)),
        help="How to show the answer; by default text, or what the ending of -o FILE says.",
    )
    return shape(output_option()(document_options(checked)))


def output_option(kind: str = "") -> Callable[[Command], Command]:
    """`-o FILE`, of what kind where there is but one."""
    return click.option(
        "-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
        help=f"Write to a file{kind} instead of the terminal.",
    )  # fmt: skip


def outcomes_option(told: str) -> Callable[[Command], Command]:
    """`--outcome NAME`, repeated."""
    return click.option(
        "--outcome", "outcomes", multiple=True, metavar="NAME", shell_complete=complete_outcomes,
        help=told,
    )  # fmt: skip


def branch_option(told: str) -> Callable[[Command], Command]:
    """`--branch NAME`."""
    return click.option(
        "--branch", metavar="NAME", shell_complete=complete_equilibria, help=told,
    )  # fmt: skip


def example(text: str) -> str:
    r"""An epilog that shows examples as they are typed."""
    return f"\b\nExamples:\n{text.rstrip()}"


# --- values ------------------------------------------------------------------------------------


def assignments(
    texts: Iterable[str], option: str = "--set", mend: str = "as in --set T=5"
) -> dict[str, str]:
    """`name=value` texts as a dictionary; every faulty one is named at once."""
    found: dict[str, str] = {}
    faults = []
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            faults.append(Fault(f"{option} {text}", "is not name=value", mend))
        elif name in found:
            faults.append(Fault(f"{option} {text}", f"{name} is given twice", "drop one"))
        elif "=" in value:
            faults.append(Fault(f"{option} {text}", "has more than one =", f"repeat {option}"))
        found[name] = value
    if faults:
        raise InputError(faults)
    return found


def ranges(texts: Iterable[str], drawn: bool = False) -> dict[str, Any]:
    """`name=lo:hi:count`, `name=lo:hi:count:log` or `name=a,b,c` as what `sweep.table` varies.

    For draws, `name=lo:hi`.
    """
    found: dict[str, Any] = {}
    usual = "as in --vary h=0:0.6" if drawn else "as in --vary h=0:0.6:13"
    for name, text in assignments(texts, "--vary", usual).items():
        parts = [part.strip() for part in text.split(":")]
        counted = len(parts) == 3 or (len(parts) == 4 and parts[3] == "log")
        counted = counted and parts[2].isdecimal() and len(parts[2]) < 10
        if drawn and len(parts) == 2:
            found[name] = (parts[0], parts[1])
        elif counted and not drawn:
            found[name] = (parts[0], parts[1], int(parts[2]), *parts[3:])
        elif len(parts) == 1 and not drawn:
            found[name] = [value.strip() for value in text.split(",")]
        else:
            mend = "write name=low:high:count, as in h=0:0.6:13, or name=a,b,c"
            mend = "write name=low:high, as in h=0:0.6" if drawn else mend
            raise InputError(f"{text!r} is not a range", mend, f"--vary {name}")
    return found


def dated(text: str) -> tuple[str, int | None]:
    """`CASE:YEAR` as its parts."""
    name, colon, year = text.rpartition(":")
    return (name, int(year)) if colon and year.isdecimal() else (text, None)


def drawn(text: str | None) -> tuple[str, int, int] | None:
    """`kind:count` or `kind:count:seed` as the parts of draws; the seed is 0 unless given."""
    if text is None:
        return None
    kind, *numbers = (part.strip() for part in text.split(":"))
    if not 1 <= len(numbers) <= 2 or not all(n.isdecimal() and len(n) < 12 for n in numbers):
        raise InputError(f"{text!r} states no draws", "as in sobol:1024 or latin:500:7", "--draws")
    return kind, int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 0


# --- arguments and options that are completed ---------------------------------------------------


def game_argument(command: Command) -> Command:
    """The argument GAME: a catalogue name or the path of a game file."""
    return click.argument("game", shell_complete=complete_names("catalogue"))(command)


def subject_argument(command: Command) -> Command:
    """The argument GAME|CASE: a game, or a case."""
    completer = complete_names("catalogue", "cases")
    return click.argument("name", metavar="GAME|CASE", shell_complete=completer)(command)


def case_argument(command: Command) -> Command:
    """The argument CASE: a name from the catalogue or the path of a case file."""
    return click.argument("case", shell_complete=complete_names("cases"))(command)


def _setting(told: str) -> Callable[[Command], Command]:
    """`--set name=value`, repeated."""
    return click.option(
        "--set", "settings", multiple=True, metavar="NAME=VALUE",
        shell_complete=complete_parameters(), help=f"{told}; may be repeated.",
    )  # fmt: skip


at_defaults_option = click.option(
    "--at-defaults", is_flag=True, help="Fill what is not set with the defaults."
)
set_option = _setting("Fix a parameter, as in --set T=5 or --set h=1/4")
case_set_option = _setting("Set a value in every phase, as in --set t0=0")


def rules_option(multiple: bool) -> Callable[[Command], Command]:
    """`--rules`, perhaps repeated."""
    return click.option(
        "--rules",
        "rules",
        multiple=multiple,
        metavar="RULES",
        shell_complete=complete_names("rules"),
        help="Macro rules by name (stable, unstable, ...) or file"
        + ("; repeat to compare." if multiple else "."),
    )


def draws_option(count: int) -> Callable[[Command], Command]:
    """`--draws`, `count` of them by default."""
    return click.option(
        "--draws", type=click.IntRange(10, 20_000), default=count, show_default=True,
        help="How many seeded draws of what the answers allow.",
    )  # fmt: skip


seed_option = click.option(
    "--seed", type=click.IntRange(0), default=1998, show_default=True, help="The seed of the draws."
)
