"""Sentences with mathematics in them: which parts of a text are a symbol, a sum, a condition."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import TypeAlias
from xml.etree.ElementTree import Element

import sympy
from sympy.printing.latex import greek_letters_set

from coopgame.errors import InputError
from coopgame.language.expressions import parse
from coopgame.language.functions import FUNCTIONS, ROOT, SEVERAL
from coopgame.language.grammar import TOLD
from coopgame.language.printing import symbol
from coopgame.report.formulas import row_of, token, tree

Side: TypeAlias = sympy.Basic | str
LONG_WORD = 20
BREAK = re.compile(r"(?<=[^\W_][,;*/+)|&=_])(?=[^\s])")
TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?(?:e-?\d+)?(?!\w))|(?P<name>[A-Za-z]\w*)"
    r"|(?P<sign><=|>=|==|!=|[<>=])|(?P<operator>\*\*|[-+*/])|(?P<bracket>[()])"
)
WORDS = frozenset({*SEVERAL, *ROOT, *FUNCTIONS, *TOLD, "piecewise"})
KNOWN = WORDS | {"oo", "and", "or", "not", "undefined"}
# Single letters that are words: alone they are no quantity, whatever a game calls its own.
ARTICLES = frozenset("aAI")
MARKS = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}


@dataclass(frozen=True)
class Formula:
    """A part of a text that is mathematics: sides, and the signs of comparison between them.

    A side is an expression, or the text of a number, which is set as it was written; after the
    last sign there may be none, as in a label.
    """

    sides: tuple[Side, ...]
    signs: tuple[str, ...] = ()

    @property
    def tree(self) -> Element:
        """Presentation MathML."""
        found = Element("math")
        for side, sign in zip_longest(self.sides, self.signs):
            if side is not None:
                found.extend(number(side) if isinstance(side, str) else tree(side))
            if sign is not None:
                found.append(token("mo", MARKS.get(sign, sign)))
        return found


Run: TypeAlias = str | Formula


def number(text: str) -> list[Element]:
    """The number that a text states, a power of ten where it has one: `6e-8` is 6 times 10^-8."""
    bare, _, power = text.removeprefix("-").partition("e")
    parts = [token("mo", "−")] if text.startswith("-") else []
    parts += [token("mn", part) if i % 2 == 0 else token("mo", "·" if part == "*" else part)
              for i, part in enumerate(re.split(r"(\*|[-+/()])", bare)) if part]  # fmt: skip
    if power:
        raised = Element("msup")
        exponent = [token("mo", "−")] if power.startswith("-") else []
        raised.extend([token("mn", "10"), row_of(*exponent, token("mn", power.lstrip("-")))])
        parts += [token("mo", "·"), raised]
    return parts


@lru_cache(maxsize=4096)
def _runs(text: str, names: frozenset[str]) -> tuple[Run, ...]:
    found: list[Run] = []
    last = position = 0
    while match := TOKEN.search(text, position):
        read = _Reader(text, names).formula(match.start()) if _may_begin(text, match) else None
        if read is None:
            position = match.end()
            continue
        formula, end = read
        found += [text[last : match.start()], formula]
        last = position = end
    return tuple(run for run in (*found, text[last:]) if run != "")


def runs(text: str, names: Collection[str]) -> list[Run]:
    """The text in pieces, those that are mathematics as formulas.

    Names of quantities, Greek letters, sums and comparisons are; a letter that may be an article
    is only within one. Where no names are told, as in what names a file, nothing is.

    >>> runs("let a = 1 and delta be a number", ["a", "delta"])
    ['let ', Formula(sides=(a, '1'), signs=('=',)), ' and ', Formula(sides=(delta,), signs=()), \
' be a number']
    """
    return list(_runs(text, frozenset(names))) if names else [text] if text else []


def _may_begin(text: str, match: re.Match[str]) -> bool:
    """Whether a formula may begin here: not within a word, a path, an option or a date."""
    before = text[max(0, match.start() - 40) : match.start()]
    return not re.search(r"[\w.'’/@]$|--[\w-]+[ =]$|[\w)]-$|\w\($", before)


class _Reader:
    """Reads the longest formula that begins at a place: sides, and comparisons between them."""

    def __init__(self, text: str, names: frozenset[str]) -> None:
        self.text = text
        self.names = names

    def formula(self, start: int) -> tuple[Formula, int] | None:
        end = self.sum(start)
        if end is None:
            return None
        spans, signs = [(start, end)], []
        while (sign := self.token(end, "sign")) and (right := self.sum(sign.end())):
            signs.append(sign[0])
            spans.append((self.skipped(sign.end()), right))
            end = right
        if sign and not self.text[sign.end() :].strip():  # as in a label, "h >="
            signs.append(sign[0])
            end = sign.end()
        sides = [self.side(self.text[left:right]) for left, right in spans]
        if None in sides or not self.tells(self.text[start:end], bool(signs)):
            return None
        return Formula(tuple(side for side in sides if side is not None), tuple(signs)), end

    def tells(self, written: str, compares: bool) -> bool:
        """Whether it is more than a word, or a number that reads as well as text."""
        names = _names(written)
        if compares or not names:
            return compares or written.startswith("-") or "e" in written
        if re.search(r"[-+*/()]", written):
            return any(name in self.names or _is_letter(name, 2) for name in names)
        is_word = names[0] in ARTICLES or not re.search(r"[_\d]|^.$", names[0])
        return names[0] in self.names and (_is_greek(names[0]) or not is_word)

    def side(self, written: str) -> Side | None:
        """What a side states: the text of a number as it is."""
        if not _names(written) and not re.search(r"[A-Za-z]{2}|[*][*]", written):
            return written.replace(" ", "")
        try:
            return parse(written, _names(written))
        except InputError:
            return None

    def skipped(self, at: int) -> int:
        while self.text[at : at + 1].isspace():
            at += 1
        return at

    def token(self, at: int, kind: str) -> re.Match[str] | None:
        """The next token if it is of a kind, blanks passed over."""
        match = TOKEN.match(self.text, self.skipped(at))
        return match if match and match.lastgroup == kind else None

    def sum(self, at: int) -> int | None:
        """Where the longest sum, product or power that begins at a place ends."""
        end = self.operand(at)
        while end is not None and (operator := self.token(end, "operator")):
            after = self.operand(operator.end())
            is_even = (operator.start() > end) == (self.skipped(operator.end()) > operator.end())
            if after is None or not is_even:
                break
            end = after
        return end

    def operand(self, at: int) -> int | None:
        at = self.skipped(at)
        match = TOKEN.match(self.text, at)
        if match is None:
            return None
        if match[0] == "-":
            glued = TOKEN.match(self.text, match.end())
            return self.operand(match.end()) if glued else None
        if match.lastgroup == "number":
            return self.apart(match.end())
        if match[0] == "(":
            end = self.sum(match.end())
            closing = self.token(end, "bracket") if end is not None else None
            return closing.end() if closing and closing[0] == ")" else None
        return self.named(match) if match.lastgroup == "name" else None

    def named(self, match: re.Match[str]) -> int | None:
        """A quantity, or a function with all that stands in its brackets."""
        is_call = self.text[match.end() : match.end() + 1] == "("
        if match[0] in WORDS and is_call:
            return self.closed(match.end())
        known = match[0] in self.names or _is_letter(match[0])
        return self.apart(match.end()) if known and not is_call else None

    def apart(self, end: int) -> int | None:
        """The end of a name or number, unless it is part of a longer word, a list or a date."""
        return (
            None
            if re.match(r"['’%.]?\w|,\w+(?!\w*\s?[<>=])|-[A-Za-z]{2}", self.text[end:])
            else end
        )

    def closed(self, at: int) -> int | None:
        depth = 0
        for i in range(at, len(self.text)):
            depth += {"(": 1, ")": -1}.get(self.text[i], 0)
            if depth == 0:
                return i + 1
        return None


def is_quantity(name: str, names: Collection[str]) -> bool:
    """Whether a name that stands alone is set as mathematics."""
    first = re.split(r"[_\d]", name)[0]
    is_letter = len(first) == 1 and name.isidentifier() and name.isascii()
    return name in names or is_letter or _is_greek(name)


def quantity(name: str) -> Formula:
    """The formula of one name."""
    return Formula((symbol(name),))


def _names(written: str) -> list[str]:
    """The quantities that a formula names."""
    return [name for name in re.findall(r"(?<![\w.])[A-Za-z]\w*", written) if name not in KNOWN]


def _is_letter(name: str, least: int = 1) -> bool:
    """Whether a name is one letter, Greek or with an index, of at least so many characters."""
    is_one = re.fullmatch(r"[A-Za-z](\d+|_\w+)?", name) is not None
    return len(name) >= least and (is_one or _is_greek(name))


def _is_greek(name: str) -> bool:
    return re.split(r"[_\d]", name)[0].lower() in greek_letters_set


def breakable(text: str, mark: str) -> str:
    """The text with a mark where a word too long for a line may be broken: after its operators.

    >>> print(breakable("see (1-(c/(b*k)))**(1/(n-1))+tail", "|"))
    see (1-(c/|(b*|k)|))**(1/|(n-1)|)+tail
    """
    return " ".join(
        BREAK.sub(mark, word) if len(word) > LONG_WORD else word for word in text.split(" ")
    )


def printable(text: str) -> str:
    """The text without the control characters that no XML may hold."""
    return "".join(mark if mark.isprintable() or mark in "\n\t" else "\ufffd" for mark in text)
