"""Writing the text of a file of ours: plain tables, lists, texts and whole numbers as TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def to_toml(data: Mapping[str, Any]) -> str:
    """The TOML text of a file: what is no table first, then table by table.

    >>> print(to_toml({"form": "level", "level": {"payoff": "a"}}), end="")
    form = "level"
    <BLANKLINE>
    [level]
    payoff = "a"
    """
    return "\n".join(_lines(data, ())) + "\n"


def _lines(data: Mapping[str, Any], place: tuple[str, ...]) -> Iterator[str]:
    nested = {
        key: value
        for key, value in data.items()
        if _is_nested(value) or (not place and isinstance(value, Mapping))
    }
    if place:  # the order of some tables tells (the first state of an automaton is where it starts)
        plain = [i for i, key in enumerate(data) if key not in nested]
        early = list(data)[: max(plain, default=0)]
        nested = {key: value for key, value in nested.items() if key not in early}
    for key, value in data.items():
        if key not in nested:
            yield f"{_key(key)} = {_inline(value)}"
    for key, value in nested.items():
        heading = ".".join(map(_key, (*place, key)))
        for entry in [value] if isinstance(value, Mapping) else value:
            yield ""
            yield f"[{heading}]" if isinstance(value, Mapping) else f"[[{heading}]]"
            yield from _lines(entry, (*place, key))


def _is_nested(value: Any) -> bool:
    """Whether a value is written under a heading of its own: a table, or a list of tables."""
    if isinstance(value, Mapping):
        return not value or any(isinstance(each, Mapping | list) for each in value.values())
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(k)} = {_inline(v)}' for k, v in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    # What JSON escapes in a text TOML reads alike; DEL alone it leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if BARE.match(key) else _inline(key)
