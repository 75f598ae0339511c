r"""Reports as LaTeX: a fragment for `\input`, with booktabs tables and expressions in math mode."""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from coopgame.report.equations import aligned, escape
from coopgame.report.tables import (
    Cell,
    Display,
    Equation,
    Facts,
    Part,
    Remarks,
    Report,
    ReportPart,
    Table,
    plain,
)
from coopgame.report.typesetting import typeset

# In characters: what a line of text holds, also in small type; the space between columns.
LINE, SMALL_LINE, GAP = 72, 96, 2
UNBROKEN = 28
LEAST = 18
FLOOR = 0.1
SMALL = r"{\footnotesize\setlength{\tabcolsep}{3pt}"


def render(report: Report) -> str:
    r"""The report as a LaTeX fragment; it needs the packages `booktabs` and `amsmath`."""
    blocks = ["% needs \\usepackage{amsmath,booktabs}", f"\\section*{{{escape(report.title)}}}"]
    for section in report.sections:
        blocks += _section(section)
    blocks += [escape(f"Note: {note}") for note in report.notes]
    if report.origin:
        blocks.append(f"{{\\footnotesize {escape(report.origin)}}}")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _section(section: ReportPart) -> list[str]:
    title = [f"\\subsection*{{{escape(section.title)}}}"] if section.title else []
    return [*title, *map(_part, section.parts)]


def _part(part: Part) -> str:
    if isinstance(part, str):
        return escape(part)
    if isinstance(part, Display):
        rows = " \\\\\n".join(aligned(part.lines))
        return f"{{\\allowdisplaybreaks\n\\begin{{align*}}\n{rows}\n\\end{{align*}}}}"
    if isinstance(part, Remarks):
        items = "\n".join(f"\\item {escape(line)}" for line in part.lines)
        return f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}"
    return _facts(part) if isinstance(part, Facts) else table(part)


def _facts(part: Facts) -> str:
    lines = ["\\begin{description}"]
    for label, values in part.entries:
        shown = r" \\ ".join(_cell(value) for value in values)
        lines.append(f"\\item[{escape(label)}] {shown}")
    return "\n".join([*lines, "\\end{description}"])


def table(part: Table) -> str:
    """One booktabs table with its notes; long texts are broken, and a wide table is set small."""
    names = list(map(_cell, part.names))
    rows = [list(map(_cell, row)) for row in part.rows]
    sizes = [max(map(_length, column)) for column in zip(part.names, *part.rows, strict=True)]
    columns, is_small = _columns(sizes)
    inner = [f"\\begin{{tabular}}{{@{{}}{columns}@{{}}}}", r"\toprule"]
    inner += [f"{' & '.join(row)} \\\\" for row in (names, *rows)]
    inner.insert(3, r"\midrule")
    inner += [r"\bottomrule", r"\end{tabular}"]
    lines = [SMALL, *inner, "}"] if is_small else inner
    return "\n".join([*lines, *(f"\n{escape(note)}" for note in part.notes)])


def _columns(sizes: Sequence[int]) -> tuple[str, bool]:
    """How the columns are set, by the characters of their longest cells; whether in small type.

    >>> _columns([5, 12]), _columns([9, 70])
    (('ll', False), ('lp{0.85\\\\textwidth}', False))
    """
    long = [size > UNBROKEN for size in sizes]
    whole = sum(size + GAP for size, is_long in zip(sizes, long, strict=True) if not is_long)
    is_small = whole + LEAST * sum(long) > LINE
    room = 1 - whole / (SMALL_LINE if is_small else LINE)
    wanted = sum(size for size, is_long in zip(sizes, long, strict=True) if is_long)
    shares = [max(size / (wanted or 1) * room, FLOOR) for size in sizes]
    return "".join(
        f"p{{{share:.2f}\\textwidth}}" if is_long else "l"
        for share, is_long in zip(shares, long, strict=True)
    ), is_small


def _length(cell: Cell) -> int:
    """About how many characters wide a cell is set: a formula takes fewer than its text."""
    size = len(plain(cell))
    return size // 2 if isinstance(cell, sympy.Basic) else size


def _cell(cell: Cell) -> str:
    if isinstance(cell, Equation):
        return " = ".join([*map(escape, cell.names), _cell(cell.value)])
    if isinstance(cell, sympy.Basic) and not isinstance(cell, sympy.Float):
        return f"${typeset(cell)}$"
    text = plain(cell)
    return f"${text}$" if text and not text.strip("+-") else escape(text)
