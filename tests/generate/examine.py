"""One drawn game: check, solve, its equilibria at the points against the oracles, its commands."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .agreement import disagreements, on_page
from .answers import unreadable
from .faults import Fault
from .files import Drawn, Point
from .oracles import ORACLES
from .running import ALLOWED, Names, Result, filled, options, run
from .signs import refuted_signs

LIMIT = 60.0
NUMBERS = re.compile(r"-?\d+(\.\d+)?(/\d+)?")
FILES = re.compile(r"/\S+\.toml")


@dataclass(frozen=True)
class Examined:
    """The faults of a game, why it was refused if it was, and what commands would not do."""

    faults: tuple[Fault, ...] = ()
    refused: str = ""
    declined: tuple[str, ...] = ()


def examine(drawn: Drawn, limit: float = LIMIT) -> Examined:
    """Put a game to everything; nothing that it does escapes as an exception."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "drawn.toml"
        file.write_text(drawn.text, encoding="utf-8")
        checked = run(["check", str(file)], limit)
        faults = list(strange(checked))
        if faults or checked.code:
            return Examined(tuple(faults), checked.err if not faults else "")
        found = list(answers(drawn, file, Path(folder), limit))
    faults = [one for one in found if isinstance(one, Fault)]
    return Examined(tuple(faults), "", tuple(one for one in found if isinstance(one, str)))


def answers(drawn: Drawn, file: Path, folder: Path, limit: float) -> Iterator[Fault | str]:
    """The faults of every command, and the messages of those that decline."""
    solved = run(["solve", str(file), "--format", "json"], limit)
    yield from strange(solved)
    symbolic = loaded(solved)
    if solved.code not in (0, 3, None, 70):
        yield Fault("refused after check", solved.shown, solved.err, cause=reason(solved))
    if symbolic is not None:
        yield from unreadable(symbolic, solved)
    yield from at_points(drawn, file, symbolic, limit)
    names = names_of(drawn.data, symbolic)
    for command in drawn.commands:
        done = run(filled(command, file, folder, names), limit)
        yield from strange(done)
        yield from unparsed(done)
        if done.code == 2:
            yield f"{done.arguments[0]}: {reason(done)}"
        elif command[0] == "statics":
            yield from refuted_signs(drawn.data, file, done.arguments, limit)


def at_points(
    drawn: Drawn, file: Path, symbolic: Mapping[str, Any] | None, limit: float
) -> Iterator[Fault]:
    """The equilibria at the points against the oracle, and against other ways to them."""
    found = []
    for point in drawn.points:
        answer = yield from at_point(drawn, file, point, limit)
        found += [(point, answer)] if answer is not None else []
    if drawn.commands and found:
        point, answer = found[0]
        yield from disagreements(drawn, file, point, answer, limit)
        if symbolic is not None and "branches" in symbolic:
            yield from on_page(drawn, file, found, symbolic)


def at_point(
    drawn: Drawn, file: Path, point: Point, limit: float
) -> Generator[Fault, None, dict[str, Any] | None]:
    """The equilibria at a point, held to the oracle of the form."""
    done = run(["solve", str(file), *options(point), "--format", "json"], limit)
    yield from strange(done)
    if done.code in (1, 2):
        yield Fault("refused at a point", done.shown, done.err, cause=reason(done))
    answer = loaded(done)
    if answer is None:
        return None
    if "equilibria" not in answer:
        if drawn.data["parameters"]:
            yield Fault("no answer at a point", done.shown, done.out)
            return None
        answer = as_point(answer)
    for kind, seen in ORACLES[drawn.form](drawn.data, point, answer):
        yield Fault(kind, done.shown, seen)
    return answer


def as_point(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a game without parameters in the shape of one at a point."""
    keys = ("strategies", "payoffs", "outcomes")
    told = [{**b, "exact_text": {k: b[k] for k in keys}} for b in answer["branches"]]
    return {**answer, "equilibria": told}


def strange(done: Result) -> Iterator[Fault]:
    """What no command may do, whatever the input."""
    if done.code is None:
        yield Fault("slow", done.shown, done.err, done.trace)
    elif done.code not in ALLOWED:
        yield Fault("exit 70", done.shown, done.err, done.trace)
    elif "Traceback" in done.out + done.err:
        yield Fault("traceback", done.shown, done.err, done.trace)
    elif done.code == 2 and len(done.err.strip()) < len("coopgame: x"):
        yield Fault("exit 2 without a reason", done.shown, done.err)
    elif "Warning" in done.err:
        yield Fault("warning", done.shown, done.err)


def reason(done: Result) -> str:
    """The message of a command that declines, without numbers and names of files."""
    last = (done.err.strip().splitlines() or [""])[-1].removeprefix("coopgame: ")
    return NUMBERS.sub("#", FILES.sub("FILE", last))[:120]


def loaded(done: Result) -> dict[str, Any] | None:
    """The record of a command that printed JSON."""
    if done.code not in (0, 3):
        return None
    found: dict[str, Any] = json.loads(done.out)
    return found


def unparsed(done: Result) -> Iterator[Fault]:
    """JSON that a command printed must be JSON."""
    if done.code == 0 and done.arguments[-2:] == ("--format", "json"):
        try:
            json.loads(done.out)
        except ValueError as error:
            yield Fault("no JSON", done.shown, f"{error}: {done.out[:200]}")


def names_of(data: Mapping[str, Any], symbolic: Mapping[str, Any] | None) -> Names:
    """The names that the symbolic answer offers to commands."""
    told = symbolic or {}
    branches = told.get("branches", told.get("equilibria", []))
    outcomes = list(dict.fromkeys(name for b in branches for name in b["outcomes"]))
    return Names([b["name"] for b in branches], outcomes, list(data["parameters"]))
