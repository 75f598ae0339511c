"""The words of the grammar beside its functions: comparisons, reserved words, what is a name."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Callable
from typing import Any

import sympy

from coopgame.language.functions import FUNCTIONS, ROOT, SEVERAL

COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: sympy.Lt,
    ast.LtE: sympy.Le,
    ast.Gt: sympy.Gt,
    ast.GtE: sympy.Ge,
    ast.Eq: sympy.Eq,
    ast.NotEq: sympy.Ne,
}
# What stands last in pieces that an answer gives no value beside.
UNDEFINED = "undefined"
# What answers are told in where no formula states a number, and where it is defined; all but
# the last bind the variable that they name second.
TOLD = {
    "root": ("coopgame.language.roots", "ImplicitRoot"),
    "highest_level": ("coopgame.forms.level.isolated", "HighestLevel"),
    "lowest_level": ("coopgame.forms.level.isolated", "LowestLevel"),
    "best_level": ("coopgame.forms.level.isolated", "PeakLevel"),
    "levels": ("coopgame.forms.level.isolated", "LevelRanges"),
    "news_bound": ("coopgame.forms.level.news", "NewsBound"),
}
RESERVED = frozenset({*SEVERAL, *ROOT, "piecewise", "oo", UNDEFINED})
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}\Z")

# A name, or a number and what is glued to it. Python reads `1if` as two words and warns of it on
# stderr, and likewise of a backslash in quotation marks: both are refused before it sees them.
IMAGINARY = ("j", "J")  # of which it does not warn
GLUED = re.compile(
    r"[^\W\d]\w*|(?P<number>(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)(?P<rest>\w+)?"
)


def misread(text: str) -> tuple[str, str] | None:
    """What Python would read otherwise than it is meant, and what to write instead.

    >>> misread("2x + 1")
    ("'2x' is neither a number nor a name", 'write 2*x for a product')
    """
    if "\\" in text:
        return "a backslash is not allowed here", "write names and numbers alone"
    for word in GLUED.finditer(text):
        if word["rest"] and word["rest"] not in IMAGINARY:
            number, rest = word["number"], word["rest"]
            product = f"write {number}*{rest} for a product"
            told = word[0] if len(word[0]) <= 60 else word[0][:57] + "..."
            return (
                f"{told!r} is neither a number nor a name",
                f"write {number} {rest}" if keyword.iskeyword(rest) else product,
            )
    return None


def name_problem(name: str) -> str | None:
    """Why `name` cannot name a parameter, or None if it can.

    >>> name_problem("delta") is None
    True
    >>> name_problem("lambda")
    "'lambda' is a reserved word"
    """
    if not NAME.match(name):
        return f"{name!r} is not a name: a letter, then letters, digits or _ (40 at most)"
    if keyword.iskeyword(name) or name in RESERVED or name in FUNCTIONS:
        return f"{name!r} is a reserved word"
    return None


def is_told(part: Any) -> bool:
    """Whether a part is a number without a formula, whose bounds may be infinite."""
    return type(part).__name__ in {function for _, function in TOLD.values()}
