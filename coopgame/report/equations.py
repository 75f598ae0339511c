"""Equations as lines to read: how a statement is spelled in text and set in mathematics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import sympy
from sympy.core.relational import Relational

from coopgame.language.printing import to_text
from coopgame.report.tables import Cell
from coopgame.report.typesetting import typeset

ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}


WIDE = 90
SIGNS = {"==": "=", "=": "=", ">=": r"\geq", "<=": r"\leq", ">": ">", "<": "<", "!=": r"\neq"}


def written(cell: Cell) -> list[str]:
    """A statement as lines of text: `=` for an equation, one line for each alternative.

    >>> x = sympy.Symbol("x", real=True)
    >>> written(sympy.Or(sympy.Eq(x, 2, evaluate=False), x < 1, evaluate=False))
    ['either x < 1', 'or x = 2']
    """
    if isinstance(cell, sympy.Or):
        parts = [_and(part) for part in sorted(cell.args, key=to_text)]
        return [f"{'or' if i else 'either'} {part}" for i, part in enumerate(parts)]
    return [_and(cell)]


def _and(cell: Cell) -> str:
    if isinstance(cell, sympy.And):
        return " and ".join(_and(part) for part in sorted(cell.args, key=to_text))
    if isinstance(cell, sympy.Or):
        return f"({' or '.join(_and(part) for part in sorted(cell.args, key=to_text))})"
    if isinstance(cell, sympy.Eq):
        return f"{to_text(cell.lhs)} = {to_text(cell.rhs)}"
    return to_text(cell) if isinstance(cell, sympy.Basic) else str(cell)


def aligned(lines: Iterable[tuple[Cell, str]], said: Callable[[str], str]) -> Iterator[str]:
    r"""The rows of an `aligned` environment, each aligned at its relation, texts set by `said`.

    >>> x = sympy.Symbol("x", real=True)
    >>> print(*aligned([(x >= 1, "it is large")], escape))
    x &\geq 1 && \text{it is large}
    """
    for cell, about in lines:
        note = f" && \\text{{{said(about)}}}" if about else ""
        if isinstance(cell, sympy.Or):
            for i, part in enumerate(sorted(cell.args, key=to_text)):
                word = r"\text{or } " if i else r"\text{either } "
                yield f"& {word}{_inline(part)}{'' if i else note}"
        elif isinstance(cell, Relational):
            yield from _relation(cell, note)
        else:
            yield f"& {typeset(cell)}{note}"


def _relation(cell: Relational, note: str) -> Iterator[str]:
    """One row; two where the equation is wide."""
    left, right = typeset(cell.lhs), typeset(cell.rhs)
    sign = SIGNS[cell.rel_op]
    wide = len(to_text(cell)) + len(note) > WIDE
    if wide and note:
        yield note.replace(" && ", "& ", 1)
    if len(to_text(cell)) > WIDE and len(to_text(cell.lhs)) > WIDE // 3:
        yield f"& {left}"
        yield f"&\\quad {sign} {right}"
    else:
        yield f"{left} &{sign} {right}{'' if wide else note}"


def _inline(cell: Cell) -> str:
    if isinstance(cell, sympy.And):
        return r" \text{ and } ".join(_inline(part) for part in sorted(cell.args, key=to_text))
    if isinstance(cell, sympy.Or):
        joined = r" \text{ or } ".join(_inline(part) for part in sorted(cell.args, key=to_text))
        return rf"\left({joined}\right)"
    return str(typeset(cell))


def escape(text: str) -> str:
    r"""Text in which no character is taken for a LaTeX command.

    >>> print(escape("50% of T_s"))
    50\% of T\_s
    """
    return "".join(ESCAPES.get(character, character) for character in text).replace("--", "-{}-")
