r"""Reports as LaTeX: a fragment for `\input`, with booktabs tables and expressions in math mode."""

from __future__ import annotations

import sympy

from coopgame.report.equations import aligned, escape
from coopgame.report.tables import (
    Cell,
    Display,
    Equation,
    Facts,
    Part,
    Points,
    Report,
    Section,
    Table,
    plain,
)
from coopgame.report.typesetting import typeset


def render(report: Report) -> str:
    r"""The report as a LaTeX fragment; it needs the packages `booktabs` and `amsmath`."""
    blocks = ["% needs \\usepackage{amsmath,booktabs}", f"\\section*{{{escape(report.title)}}}"]
    for section in report.sections:
        blocks += _section(section)
    blocks += [escape(f"Note: {note}") for note in report.notes]
    if report.origin:
        blocks.append(f"{{\\footnotesize {escape(report.origin)}}}")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _section(section: Section) -> list[str]:
    title = [f"\\subsection*{{{escape(section.title)}}}"] if section.title else []
    return [*title, *map(_part, section.parts)]


def _part(part: Part) -> str:
    if isinstance(part, str):
        return escape(part)
    if isinstance(part, Display):
        rows = " \\\\\n".join(aligned(part.lines))
        return f"{{\\allowdisplaybreaks\n\\begin{{align*}}\n{rows}\n\\end{{align*}}}}"
    if isinstance(part, Points):
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
    """One booktabs table with its notes."""
    header = " & ".join(escape(name) for name in part.names)
    body = [" & ".join(map(_cell, row)) + r" \\" for row in part.rows]
    lines = [f"\\begin{{tabular}}{{{'l' * len(part.columns)}}}", r"\toprule", header + r" \\"]
    lines += [r"\midrule", *body, r"\bottomrule", r"\end{tabular}"]
    return "\n".join([*lines, *(f"\n{escape(note)}" for note in part.notes)])


def _cell(cell: Cell) -> str:
    if isinstance(cell, Equation):
        return " = ".join([*map(escape, cell.names), _cell(cell.value)])
    if isinstance(cell, sympy.Basic) and not isinstance(cell, sympy.Float):
        return f"${typeset(cell)}$"
    return escape(plain(cell))
