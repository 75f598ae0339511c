"""A drawn game: its file as text, the points to look at, and the commands to give."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .values import Number, Undefined, evaluate, holds

Point = Mapping[str, str]
Command = tuple[str, ...]
POINT, COMMAND = "# point: ", "# command: "
BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


@dataclass(frozen=True)
class Drawn:
    """A game file, values for all its parameters at which to look, and commands.

    `{file}` in a command stands for the file, `{out.svg}` for a file to write, `{branch:3}` and
    `{outcome:3}` for some name of the game's answer.
    """

    form: str
    text: str
    points: tuple[Point, ...]
    commands: tuple[Command, ...]

    @property
    def data(self) -> dict[str, Any]:
        return tomllib.loads(self.text)

    def written(self) -> str:
        """The file with points and commands as comments at its head; `read` takes it back."""
        lines = [POINT + json.dumps(dict(point)) for point in self.points]
        lines += [COMMAND + json.dumps(command) for command in self.commands]
        return "\n".join([*lines, self.text])


def read(text: str) -> Drawn:
    """What `Drawn.written` wrote; any game file will do, with its defaults as the point."""
    lines = text.splitlines()
    points = [json.loads(line[len(POINT) :]) for line in lines if line.startswith(POINT)]
    commands = [json.loads(line[len(COMMAND) :]) for line in lines if line.startswith(COMMAND)]
    data = tomllib.loads(text)
    if not points:
        points = [{n: str(p["default"]) for n, p in data.get("parameters", {}).items()}]
    return Drawn(str(data["form"]), text, tuple(points), tuple(map(tuple, commands)))


def is_inside(data: Mapping[str, Any], point: Point) -> bool:
    """Whether a point lies in the domains and satisfies the assumptions of a game."""
    at = numbers(point)
    try:
        inside = all(_within(p["domain"], at[n]) for n, p in data.get("parameters", {}).items())
        return inside and all(holds(text, at) for text in data.get("assumptions", ()))
    except Undefined:
        return False


def numbers(point: Point) -> dict[str, Number]:
    """The values of a point as exact numbers."""
    return {name: Fraction(value) for name, value in point.items()}


def _within(domain: str, value: Number) -> bool:
    text = domain.removeprefix("integers").strip()
    low, high = (part.strip() for part in text[1:-1].split(","))
    whole = not domain.startswith("integers") or Fraction(value).denominator == 1
    above = low == "-oo" or value > evaluate(low) or (text[0] == "[" and value == evaluate(low))
    below = high == "oo" or value < evaluate(high) or (text[-1] == "]" and value == evaluate(high))
    return whole and above and below


def to_toml(data: Mapping[str, Any]) -> str:
    """A dictionary as TOML: plain values, lists and tables; deep tables are written inline."""
    return "\n".join(_lines(data, ())) + "\n"


def _lines(table: Mapping[str, Any], place: tuple[str, ...]) -> Iterator[str]:
    inline = place and place[-1] in ("parameters", "terms", "tree", "states", "chances")
    nested = {}
    for key, value in table.items():
        tables = isinstance(value, list) and value and isinstance(value[0], Mapping)
        if tables or (isinstance(value, Mapping) and not inline):
            nested[key] = value
        else:
            yield f"{_key(key)} = {_inline(value)}"
    for key, value in nested.items():
        name = ".".join(map(_key, (*place, key)))
        for entry in value if isinstance(value, list) else [value]:
            yield f"\n[[{name}]]" if isinstance(value, list) else f"\n[{name}]"
            yield from _lines(entry, (*place, key))


def _key(key: str) -> str:
    return key if BARE.match(key) else json.dumps(key)


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_inline(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value)
