"""Reports as Markdown: headings, pipe tables, expressions as code that parses again."""

from __future__ import annotations

from coopgame.report.equations import aligned
from coopgame.report.equations import escape as for_tex
from coopgame.report.tables import (
    Cell,
    Display,
    Equation,
    Facts,
    Figure,
    Part,
    Remarks,
    Report,
    ReportPart,
    Table,
    is_formula,
    plain,
)


def render(report: Report) -> str:
    """The report as GitHub-flavoured Markdown."""
    blocks = [f"# {escape(report.title)}"]
    for section in report.sections:
        blocks += _section(section)
    blocks += [f"*Note:* {escape(note)}" for note in report.notes]
    if report.origin:
        blocks.append(f"<sub>{escape(report.origin)}</sub>")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _section(section: ReportPart) -> list[str]:
    title = [f"## {escape(section.title)}"] if section.title else []
    return [*title, *map(_part, section.parts)]


def _part(part: Part) -> str:
    if isinstance(part, str):
        return escape(part)
    if isinstance(part, Figure):
        return f"*Figure:* {escape(part.caption)}"
    if isinstance(part, Display):
        rows = " \\\\\n".join(aligned(part.lines, for_tex))
        return f"$$\n\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n$$"
    if isinstance(part, Remarks):
        return "\n".join(f"- {escape(line)}" for line in part.lines)
    return _facts(part) if isinstance(part, Facts) else table(part)


def _facts(part: Facts) -> str:
    lines = []
    for label, values in part.entries:
        shown = [_cell(value) for value in values]
        if len(shown) == 1:
            lines.append(f"- {escape(label)}: {shown[0]}")
        else:
            lines += [f"- {escape(label)}:", *(f"  - {value}" for value in shown)]
    return "\n".join(lines)


def table(part: Table) -> str:
    """One table with its notes."""
    header = [escape(name) for name in part.names]
    rows = [header, ["---"] * len(header), *([_cell(c) for c in row] for row in part.rows)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines, *(f"\n*Note:* {escape(note)}" for note in part.notes)])


def _cell(cell: Cell) -> str:
    if isinstance(cell, Equation):
        return " = ".join([*map(escape, cell.names), _cell(cell.value)])
    text = plain(cell)
    if is_formula(cell):
        return f"`{text}`".replace("|", "\\|")
    return escape(text)


def escape(text: str) -> str:
    r"""Text in which no character is taken for Markdown.

    >>> print(escape("a|b*c"))
    a\|b\*c
    """
    for mark in "\\`*_|<>":
        text = text.replace(mark, f"\\{mark}")
    return text
