"""Reading the text of a game, case or rule file: every fault is collected with its place.

A `Section` is one table of the file. Its readers return a harmless stand-in where something is
wrong and note the fault, so that one pass finds them all; `Section.settle` raises them together.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.errors import Fault, InputError, meant
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.grammar import name_problem
from coopgame.language.numerals import exact
from coopgame.reading.foreign import UnreadableFile, check_bytes, check_text, refuse
from coopgame.reading.info import Info

MAX_BYTES = 262_144
MAX_TEXT = 20_000
FORMAT = 1


@dataclass
class Section:
    """One table of a file, at a dotted place, with the faults found in the whole file so far.

    `source` is the text of the file, of its top section alone; `refused` are the names that the
    file may not give: what uses one of them is not faulty for a second reason.
    """

    data: Mapping[str, Any]
    place: str = ""
    faults: list[Fault] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    source: str = ""
    refused: set[str] = field(default_factory=set)

    def at(self, key: str | int) -> str:
        return f"{self.place}.{key}" if self.place else str(key)

    def fault(self, key: str | int, problem: str, mend: str = "") -> None:
        self.faults.append(Fault(self.at(key) if key != "" else self.place, problem, mend))

    def adopt(self, key: str | int, error: InputError) -> None:
        """Note the faults of an error under this key."""
        for fault in error.faults:
            place = f"{self.at(key)}.{fault.place}" if fault.place else self.at(key)
            self.faults.append(Fault(place, fault.problem, fault.mend))

    def refuse(self, name: str, problem: str, at: str | None = None) -> None:
        """Note that a name may not be given; what uses it has no further fault for that."""
        self.refused.add(name)
        self.fault(name if at is None else at, problem, f"choose another name{_such_as(name)}")

    def unread(self, key: str | int, text: Any, error: InputError) -> None:
        """Note why a text could not be read, unless it uses a name that was refused."""
        if not any(re.search(rf"(?<!\w){re.escape(n)}(?!\w)", str(text)) for n in self.refused):
            self.adopt(key, error)

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def keys(self) -> list[str]:
        return list(self.data)

    def value(self, key: str) -> Any:
        self.used.add(key)
        return self.data.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required unless a default is given."""
        found = self.value(key)
        if found is None:
            if default is None:
                self.fault(key, "is missing", f'add {key} = "..."')
            return default or ""
        if not isinstance(found, str):
            self.fault(key, f"{found!r} is not text", "put it in quotes")
            return default or ""
        if len(found) > MAX_TEXT:
            self.fault(key, f"is longer than {MAX_TEXT} characters", "shorten it")
            return found[:MAX_TEXT]
        return found

    def choice(self, key: str, options: Collection[str], default: str | None = None) -> str:
        """A text that must be one of `options`."""
        found = self.text(key, default)
        if found not in options and (found or (default is None and key in self.data)):
            self.fault(key, f"{found!r} is not known", f"use one of {', '.join(sorted(options))}")
        return found if found in options else sorted(options)[0]

    def strings(self, key: str, default: Iterable[str] | None = None) -> list[str]:
        """A list of texts; required unless a default is given."""
        found = self.value(key)
        if found is None and default is not None:
            return list(default)
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            problem = "is missing" if found is None else "is not a list of texts"
            self.fault(key, problem, f'write {key} = ["...", "..."]')
            return []
        return found

    def table(self, key: str, required: bool = True) -> Section:
        """A sub-table; an absent one reads as empty."""
        found = self.value(key)
        if found is None and required:
            self.fault(key, "is missing", f"add the table [{self.at(key)}]")
        elif found is not None and not isinstance(found, dict):
            self.fault(key, "is not a table", f"write [{self.at(key)}]")
        data = found if isinstance(found, dict) else {}
        return Section(data, self.at(key), self.faults, refused=self.refused)

    def tables(self, key: str) -> list[Section]:
        """An array of tables; an absent one reads as empty."""
        found = self.value(key) or []
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            self.fault(key, "is not an array of tables", f"write [[{self.at(key)}]]")
            return []
        return [
            Section(item, f"{self.at(key)}[{i}]", self.faults, refused=self.refused)
            for i, item in enumerate(found)
        ]

    def number(self, key: str, default: str | None = None) -> sympy.Rational:
        """An exact number, quoted or an integer.

        >>> Section({"zero": 0, "half": "1/2"}).number("zero")
        0
        """
        found = self.value(key)
        if found is None and default is None:
            self.fault(key, "is missing", f'add {key} = "1/2", say')
            return sympy.S.One
        try:
            return exact(default if found is None else found)
        except InputError as error:
            self.adopt(key, error)
            return sympy.S.One

    def expression(
        self, key: str, names: Collection[str], default: str | None = None
    ) -> sympy.Expr:
        """An expression in `names`; required unless a default is given."""
        found = self.value(key)
        if found is None and default is None:
            self.fault(key, "is missing", f'add {key} = "..."')
            return sympy.S.Zero
        return self.parsed(key, default if found is None else found, names)

    def parsed(self, key: str | int, text: Any, names: Collection[str]) -> sympy.Expr:
        """The expression that `text` (found at `key`) states; integers may stand unquoted."""
        try:
            is_integer = isinstance(text, int) and not isinstance(text, bool)
            return parse(str(text) if is_integer else text, names, answers=False)
        except InputError as error:
            self.unread(key, text, error)
            return sympy.S.Zero

    def conditions(self, key: str, names: Collection[str]) -> tuple[Boolean, ...]:
        """A list of conditions in `names`; an absent one reads as empty."""
        found = []
        for i, text in enumerate(self.strings(key, default=())):
            try:
                found.append(parse_condition(text, names, answers=False))
            except InputError as error:
                self.unread(f"{key}[{i}]", text, error)
        return tuple(found)

    def finish(self) -> None:
        """Note every key that nothing has read."""
        for key in self.data:
            if key not in self.used:
                known = ", ".join(sorted(self.used))
                like = meant(key, self.used)
                self.fault(key, "is not a known key", f"{like}known keys here: {known}")

    def settle(self) -> None:
        """Raise all faults noted so far, in the order of their places."""
        if self.faults:
            raise InputError(dict.fromkeys(self.faults))


def _such_as(name: str) -> str:
    """A name near one that may not be given, where a digit is all that it lacks."""
    return f", such as {name}1" if name_problem(f"{name}1") is None else ""


def read_text(path: Path) -> tuple[str, str]:
    """The text of a file, and the digest of its bytes.

    Raises UnreadableFile for a missing, oversized, undecodable or foreign file.
    """
    try:
        if path.is_dir():
            raise refuse(path, "is a folder", "give a file")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        check_bytes(path, raw)
        if len(raw) > MAX_BYTES:
            raise refuse(path, f"is larger than {MAX_BYTES} bytes", "split it up")
        return raw.decode("utf-8-sig"), hashlib.sha256(raw).hexdigest()[:12]
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}", "check the path") from None
    except UnreadableFile:  # a ValueError too
        raise
    except UnicodeDecodeError as error:
        raise refuse(path, f"is not UTF-8 text: byte {error.start}", "save it as UTF-8") from None
    except ValueError:
        raise UnreadableFile(f"{str(path)!r} is no path", "check the path") from None


def read_toml(path: Path) -> tuple[Section, str]:
    """The top section of a TOML file, and the digest of its bytes.

    Raises InputError for a missing, oversized, undecodable, foreign or ill-formed file.
    """
    text, digest = read_text(path)
    try:
        return Section(tomllib.loads(text), source=text), digest
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        check_text(path, text)
        raise InputError(f"{path}: TOML syntax: {error}", "fix this first") from None


def parse_toml(text: str, name: str) -> tuple[Section, str]:
    """The top section of a TOML text, and the digest of its bytes."""
    try:
        raw = text.encode()
        if len(raw) > MAX_BYTES:
            raise InputError(f"{name} is larger than {MAX_BYTES} bytes", "split it up")
        return Section(tomllib.loads(text), source=text), hashlib.sha256(raw).hexdigest()[:12]
    except UnicodeEncodeError as error:
        raise InputError(f"character {error.start} of {name} is no text", "remove it") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{name}: TOML syntax: {error}", "fix this first") from None


def read_info(section: Section, name: str, digest: str) -> Info:
    """The keys that every file shares: format, title, description, source."""
    found = section.value("format")
    if found != FORMAT:
        problem = "is missing" if found is None else f"{found!r} is not {FORMAT}"
        section.fault("format", problem, f"write format = {FORMAT}")
    return Info(
        name,
        section.text("title", default=name),
        section.text("description", default=""),
        section.text("source", default=""),
        digest,
    )


@dataclass(frozen=True)
class Expected:
    """A result that a game file states for the tests: where, from which source, and what.

    `equilibria` are the names of all branches at the point `at`; `outcomes` maps
    "branch.outcome" to its value there; `thresholds` maps parameters to expressions.
    """

    source: str
    at: Mapping[str, str]
    equilibria: tuple[str, ...] | None
    outcomes: Mapping[str, str]
    thresholds: Mapping[str, str]


def read_expected(section: Section) -> tuple[Expected, ...]:
    """The `[[expected]]` tables of a game file."""
    found = []
    for entry in section.tables("expected"):
        stated = entry.strings("equilibria") if "equilibria" in entry else None
        maps = [
            {k: str(v) for k, v in entry.table(key, required=False).data.items()}
            for key in ("at", "outcomes", "threshold")
        ]
        equilibria = None if stated is None else tuple(stated)
        found.append(Expected(entry.text("source"), maps[0], equilibria, maps[1], maps[2]))
        entry.finish()
    return tuple(found)
