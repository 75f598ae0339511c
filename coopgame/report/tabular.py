"""Cells and tables in LaTeX: bare, or floating with caption, label and notes."""

from __future__ import annotations

from collections.abc import Collection
from itertools import zip_longest

import sympy

from coopgame.language.printing import symbol
from coopgame.report.equations import SIGNS, escape
from coopgame.report.fitting import Fitted, cell_width, fitted, numbers
from coopgame.report.prose import Formula, breakable, is_quantity, runs
from coopgame.report.tables import Cell, Equation, Table, plain
from coopgame.report.typesetting import breaking, typeset

# In units of the type size: what a formula may take before it is set to be broken.
UNBROKEN, NARROW = 22.0, 8.0
ROWS_OF_A_PAGE = 40
SMALL = r"{\footnotesize\setlength{\tabcolsep}{3pt}"
SOFT = "\u200b"  # stands for a place where a long word may be broken


def said(text: str, names: Collection[str] = ()) -> str:
    """A text in which nothing is taken for a command; quantities as mathematics."""
    written = "".join(
        escape(breakable(run, SOFT)).replace(SOFT, r"\allowbreak{}")
        if isinstance(run, str)
        else f"${_formula(run)}$"
        for run in runs(text, names)
    )
    # After the end of a row or an item, a bracket or star would be taken for its option.
    return f"{{}}{written}" if written.startswith(("[", "*")) else written


def _formula(run: Formula) -> str:
    """A formula of a sentence, fractions and roots on the line where they are not small."""
    sides = [_number(s) if isinstance(s, str) else _side(s) for s in run.sides]
    signs = [f" {SIGNS.get(sign, sign)} " for sign in run.signs]
    return "".join(map("".join, zip_longest(sides, signs, fillvalue=""))).strip()


def _side(value: sympy.Basic) -> str:
    return breaking(value) if cell_width(value) > NARROW else typeset(value)


def _number(text: str) -> str:
    bare, _, power = text.partition("e")
    written = bare.replace("*", r" \cdot ")
    return rf"{written} \cdot 10^{{{power}}}" if power else written


def table(part: Table, names: Collection[str] = ()) -> str:
    """A table with its notes, not floating; one too wide for the page in panels."""
    panels = "\n\n\\medskip\n".join(_tabular(panel, names) for panel in fitted(part))
    notes = "".join(f"\n\n{said(note, names)}" for note in part.notes)
    return f"{panels}{notes}"


def floating(part: Table, caption: str, label: str, names: Collection[str]) -> str:
    """A table as a journal wants it: caption and label above, notes below."""
    head = f"\\caption{{{said(caption, names)}}}\\label{{{label}}}"
    if len(part.rows) > ROWS_OF_A_PAGE:
        return _long(part, head, names)
    panels = "\n\n\\medskip\n".join(_tabular(panel, names) for panel in fitted(part))
    notes = "\n\n".join(f"\\footnotesize {said(note, names)}" for note in part.notes)
    under = f"\n\n\\smallskip\n\\begin{{minipage}}{{\\linewidth}}{notes}\\end{{minipage}}"
    inner = f"{head}\n\\smallskip\n\n{panels}{under if notes else ''}"
    return f"\\begin{{table}}[htbp]\n\\centering\n{inner}\n\\end{{table}}"


def _tabular(panel: Fitted, names: Collection[str]) -> str:
    head, rows = _rows(panel, names)
    lines = [f"\\begin{{tabular}}{{@{{}}{_columns(panel)}@{{}}}}", r"\toprule", head, r"\midrule"]
    inner = "\n".join([*lines, *rows, r"\bottomrule", r"\end{tabular}"])
    return f"{SMALL}\n{inner}\n}}" if panel.is_small else inner


def _long(part: Table, head: str, names: Collection[str]) -> str:
    """A table of more rows than a page holds; its notes after it."""
    blocks = []
    for i, panel in enumerate(fitted(part)):
        first, rows = _rows(panel, names)
        top = [f"{head}\\\\"] if i == 0 else []
        lines = [f"\\begin{{longtable}}{{@{{}}{_columns(panel)}@{{}}}}", *top, r"\toprule", first,
                 r"\midrule", r"\endhead", r"\bottomrule", r"\endfoot", *rows,
                 r"\end{longtable}"]  # fmt: skip
        blocks.append("\n".join([SMALL, *lines, "}"]))
    return "\n\n".join([*blocks, *(said(note, names) for note in part.notes)])


def _rows(panel: Fitted, names: Collection[str]) -> tuple[str, list[str]]:
    head = [_named(name, name in names, names) for name in panel.table.names]
    rows = [" & ".join(cell(each, names, NARROW) for each in row) for row in panel.table.rows]
    return f"{' & '.join(head)} \\\\", [f"{row} \\\\" for row in rows]


def _columns(panel: Fitted) -> str:
    """How the columns are set: numbers to the right, broken ones with their share of the line."""
    kinds = []
    for share, is_number in zip(panel.shares, numbers(panel.table), strict=True):
        short = "r" if is_number else "l"
        broken = f">{{\\raggedright\\arraybackslash}}p{{{share or 0:.3f}\\linewidth}}"
        kinds.append(short if share is None else broken)
    return "".join(kinds)


def cell(
    value: Cell, names: Collection[str] = (), room: float = UNBROKEN, is_display: bool = False
) -> str:
    """A cell; a formula that takes more than `room` is set so that it can be broken.

    As a display its fractions have their full size.
    """
    if isinstance(value, Equation):
        heads = [_named(name, is_quantity(name, names), names) for name in value.names]
        return " = ".join([*heads, cell(value.value, names, room, is_display)])
    if isinstance(value, sympy.Basic) and not isinstance(value, sympy.Float):
        style = "\\displaystyle " if is_display and value.has(sympy.Pow, sympy.Rational) else ""
        return f"${style}{breaking(value) if cell_width(value) > room else typeset(value)}$"
    text = plain(value)
    return f"${text}$" if text and not text.strip("+-") else said(text, names)


def _named(name: str, is_symbol: bool, names: Collection[str]) -> str:
    return f"${typeset(symbol(name))}$" if is_symbol else said(name, names)
