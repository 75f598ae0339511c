"""Sentences with symbols in them: which words of a text stand for a quantity of the game."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import TypeAlias

import sympy
from sympy.printing.latex import greek_letters_set

from coopgame.language.printing import symbol

Run: TypeAlias = str | sympy.Symbol
LONG_WORD = 20
BREAK = re.compile(r"(?<=[^\W_][,;*/+)|&=_])(?=[^\s])")


def runs(text: str, names: Collection[str]) -> list[Run]:
    """The text in pieces, those that name a quantity as symbols.

    A Greek name and one with an index are always taken for the quantity, a plain letter or word
    only beside a sign of comparison: "a" may be the article.

    >>> runs("let a = 1 and delta be a number", ["a", "delta"])
    ['let ', a, ' = 1 and ', delta, ' be a number']
    """
    if not names:
        return [text] if text else []
    found: list[Run] = []
    last = 0
    for match in _pattern(frozenset(names)).finditer(text):
        if _is_marked(match[0]) or _is_compared(text, match):
            found += [text[last : match.start()], symbol(match[0])]
            last = match.end()
    return [run for run in (*found, text[last:]) if run != ""]


@lru_cache(maxsize=64)
def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    ordered = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)")


def is_quantity(name: str, names: Collection[str]) -> bool:
    """Whether a name that stands alone is set as mathematics."""
    first = re.split(r"[_\d]", name)[0]
    is_letter = len(first) == 1 and name.isidentifier() and name.isascii()
    return name in names or is_letter or _is_greek(name)


def _is_marked(name: str) -> bool:
    return _is_greek(name) or re.search(r"[_\d]", name) is not None


def _is_greek(name: str) -> bool:
    return re.split(r"[_\d]", name)[0].lower() in greek_letters_set


def _is_compared(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() :].lstrip()
    before = text[: match.start()].rstrip()
    return after.startswith(("=", "<", ">")) or before.endswith(("=", "<", ">"))


def breakable(text: str, mark: str) -> str:
    """The text with a mark where a word too long for a line may be broken: after its operators.

    >>> print(breakable("see (1-(c/(b*k)))**(1/(n-1))+tail", "|"))
    see (1-(c/|(b*|k)|))**(1/|(n-1)|)+tail
    """
    return " ".join(
        BREAK.sub(mark, word) if len(word) > LONG_WORD else word for word in text.split(" ")
    )
