"""Reports as HTML: a fragment for a notebook, or a page of its own; mathematics as MathML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import sympy

from coopgame.language.mathml import to_mathml
from coopgame.report.tables import (
    Cell,
    Column,
    Display,
    Equation,
    Facts,
    Part,
    Remarks,
    Report,
    ReportPart,
    Table,
    is_numeric,
    plain,
)

LONG = 2500

STYLE = """
:root { color-scheme: light dark; }
body { max-width: 62rem; margin: 0 auto; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; }
"""

# Inside the fragment, so that a notebook shows it as a page does.
FRAGMENT_STYLE = """
.coopgame h2 { font-size: 1.3em; } .coopgame h3 { font-size: 1.1em; margin: 1.2em 0 .3em; }
.coopgame .wide { overflow-x: auto; margin: .5em 0; }
.coopgame table { border-collapse: collapse; font-size: .92em; }
.coopgame caption { text-align: left; font-style: italic; padding: .2em 0; }
.coopgame th { border-bottom: 1px solid; }
.coopgame th, .coopgame td { padding: .15em .7em; text-align: left; vertical-align: top; }
.coopgame .number { text-align: right; font-variant-numeric: tabular-nums; }
.coopgame dl { display: grid; grid-template-columns: max-content 1fr; gap: .15em 1.5em; }
.coopgame dt { grid-column: 1; opacity: .75; } .coopgame dd { grid-column: 2; margin: 0; }
.coopgame dd { min-width: 0; overflow-x: auto; overflow-y: hidden; }
.coopgame .equation { margin: .3em 0 .3em 1.5em; } .coopgame .about { opacity: .75; }
.coopgame .origin, .coopgame .note { font-size: .85em; opacity: .75; }
"""


def render(report: Report) -> str:
    """The report as a whole page that needs nothing else and runs no script."""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="coopgame">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(report.title)}</title>
<style>{STYLE}</style>
</head>
<body>
{fragment(report)}
</body>
</html>
"""


def fragment(report: Report) -> str:
    """The report as one element, to stand in a page or a notebook."""
    blocks = [f"<h2>{escape(report.title)}</h2>"]
    for section in report.sections:
        blocks += _section(section)
    blocks += [f'<p class="note">Note: {escape(note)}</p>' for note in report.notes]
    if report.origin:
        blocks.append(f'<p class="origin">{escape(report.origin)}</p>')
    content = "\n".join(blocks)
    return f'<div class="coopgame"><style>{FRAGMENT_STYLE}</style>\n{content}\n</div>'


def formula(value: Cell) -> str:
    """MathML; folded away where it is long."""
    if not isinstance(value, sympy.Basic):
        return escape(str(value))
    set_ = f'<math display="inline">{to_mathml(value)}</math>'
    if len(set_) <= LONG:
        return f'<span class="formula">{set_}</span>'
    return f'<details><summary>formula</summary><div class="formula">{set_}</div></details>'


def _section(section: ReportPart) -> Iterable[str]:
    if section.title:
        yield f"<h3>{escape(section.title)}</h3>"
    yield from map(_part, section.parts)


def _part(part: Part) -> str:
    if isinstance(part, str):
        return f"<p>{escape(part)}</p>"
    if isinstance(part, Display):
        return "".join(f'<div class="equation">{_line(*line)}</div>' for line in part.lines)
    if isinstance(part, Remarks):
        return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in part.lines)}</ul>"
    return _facts(part) if isinstance(part, Facts) else table(part)


def _line(cell: Cell, about: str) -> str:
    told = f' <span class="about">{escape(about)}</span>' if about else ""
    return f"{_cell(cell)}{told}"


def _facts(part: Facts) -> str:
    entries = (
        f"<dt>{escape(label)}</dt>{''.join(f'<dd>{_cell(value)}</dd>' for value in values)}"
        for label, values in part.entries
    )
    return f"<dl>{''.join(entries)}</dl>"


def table(part: Table) -> str:
    """One table with its notes; what a column means, and its unit, shows when it is pointed at."""
    numeric = [is_numeric([row[i] for row in part.rows]) for i in range(len(part.columns))]
    kinds = [' class="number"' if is_number else "" for is_number in numeric]
    head = "".join(map(_heading, part.columns, kinds))
    rows = "\n".join(
        f"<tr>{''.join(f'<td{k}>{_cell(c)}</td>' for c, k in zip(row, kinds, strict=True))}</tr>"
        for row in part.rows
    )
    caption = f"<caption>{escape(part.title)}</caption>" if part.title else ""
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in part.notes)
    inner = f"{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>"
    return f'<div class="wide"><table>{inner}</table></div>{notes}'


def _heading(column: Column, kind: str) -> str:
    about = "; ".join(text for text in (column.meaning, column.unit) if text)
    title = f' title="{escape(about)}"' if about else ""
    return f'<th scope="col"{kind}{title}>{escape(column.name)}</th>'


def _cell(cell: Cell) -> str:
    if isinstance(cell, Equation):
        return " = ".join([*map(escape, cell.names), _cell(cell.value)])
    if isinstance(cell, sympy.Basic) and not getattr(cell, "is_number", False):
        return formula(cell)
    return escape(plain(cell))
