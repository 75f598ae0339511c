"""What must hold of the record that `solve --format json` prints, whatever the form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from coopgame.errors import InputError
from coopgame.language.expressions import parse, parse_condition

from .faults import Fault
from .running import Result

VALUES = ("payoffs", "outcomes")


def unreadable(symbolic: Mapping[str, Any], done: Result) -> Iterator[Fault]:
    """Every expression and condition in the record parses back."""
    if "branches" not in symbolic:
        return
    names = set(symbolic["parameters"])
    for branch in symbolic["branches"]:
        texts = [text for key in VALUES for text in branch[key].values()]
        if branch["kind"] not in ("automaton", "strategies"):
            texts += list(_strategies(branch["strategies"]))
        for text in texts:
            yield from _tried(parse, text, names, done)
        for text in branch["conditions"]:
            yield from _tried(parse_condition, text, names, done)
            if text in ("True", "False", "true", "false"):
                yield Fault("a condition is no comparison", done.shown, text)
    for each in (*symbolic["thresholds"], *symbolic["criticals"]):
        yield from _tried(parse, each["value"], names, done)


def _tried(reader: Any, text: Any, names: set[str], done: Result) -> Iterator[Fault]:
    try:
        reader(str(text), names)
    except InputError as error:
        known = re.search(
            r"unknown function '\w+'|unknown name|not allowed|a condition", str(error)
        )
        cause = known[0] if known else str(error).rsplit(":", 1)[-1].strip()
        yield Fault("JSON does not parse back", done.shown, f"{text}\n{error}", cause=cause)


def _strategies(told: Any) -> Iterator[str]:
    """The values in strategies: probabilities, levels, terms; not the names of modes."""
    if isinstance(told, Mapping):
        for key, value in told.items():
            if key != "mode":
                yield from _strategies(value)
    elif isinstance(told, list):
        for value in told:
            yield from _strategies(value)
    elif isinstance(told, str):
        yield told
