"""Reports as HTML: a fragment for a notebook, or a page of its own; mathematics as MathML."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Iterable
from html import escape
from xml.etree import ElementTree

import sympy

from coopgame.language.mathml import to_mathml
from coopgame.language.printing import symbol
from coopgame.report.prose import Formula, is_quantity, runs
from coopgame.report.tables import (
    Cell,
    Column,
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
    is_numeric,
    plain,
)

LONG = 2500

# Nothing is fetched and no script runs; figures are in the page itself.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
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
.coopgame figure { margin: 1em 0; } .coopgame figure img { max-width: 100%; background: #fff; }
.coopgame figcaption { font-style: italic; }
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
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
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
    names = report.quantities
    blocks = [f"<h2>{_said(report.title, names)}</h2>"]
    for section in report.sections:
        blocks += _section(section, names)
    blocks += [f'<p class="note">Note: {_said(note, names)}</p>' for note in report.notes]
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


def _said(text: str, names: Collection[str]) -> str:
    """A text, the quantities in it as formulas."""
    found = runs(text, names)
    return "".join(escape(run) if isinstance(run, str) else _inline(run) for run in found)


def _inline(run: Formula) -> str:
    shown = run.tree
    shown.set("display", "inline")
    return f'<span class="formula">{ElementTree.tostring(shown, encoding="unicode")}</span>'


def _section(section: ReportPart, names: Collection[str]) -> Iterable[str]:
    if section.title:
        yield f"<h3>{_said(section.title, names)}</h3>"
    for part in section.parts:
        yield _part(part, names)


def _part(part: Part, names: Collection[str]) -> str:
    if isinstance(part, str):
        return f"<p>{_said(part, names)}</p>"
    if isinstance(part, Figure):
        return _figure(part, names)
    if isinstance(part, Display):
        lines = (f'<div class="equation">{_line(*line, names)}</div>' for line in part.lines)
        return "".join(lines)
    if isinstance(part, Remarks):
        return f"<ul>{''.join(f'<li>{_said(line, names)}</li>' for line in part.lines)}</ul>"
    return _facts(part, names) if isinstance(part, Facts) else table(part, names)


def _figure(part: Figure, names: Collection[str]) -> str:
    data = b64encode(part.draw("svg")).decode()
    image = f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(part.caption)}">'
    return f"<figure>{image}<figcaption>{_said(part.caption, names)}</figcaption></figure>"


def _line(cell: Cell, about: str, names: Collection[str]) -> str:
    told = f' <span class="about">{_said(about, names)}</span>' if about else ""
    return f"{_cell(cell, names)}{told}"


def _facts(part: Facts, names: Collection[str]) -> str:
    entries = (
        f"<dt>{_said(label, names)}</dt>"
        + "".join(f"<dd>{_cell(value, names)}</dd>" for value in values)
        for label, values in part.entries
    )
    return f"<dl>{''.join(entries)}</dl>"


def table(part: Table, names: Collection[str] = ()) -> str:
    """One table with its notes; what a column means, and its unit, shows when it is pointed at."""
    kinds = [' class="number"' if is_numeric(cells) else "" for cells in part.cells]
    head = "".join(_heading(c, kind, names) for c, kind in zip(part.columns, kinds, strict=True))
    rows = "\n".join(
        "<tr>"
        + "".join(f"<td{k}>{_cell(c, names)}</td>" for c, k in zip(row, kinds, strict=True))
        + "</tr>"
        for row in part.rows
    )
    caption = f"<caption>{_said(part.title, names)}</caption>" if part.title else ""
    notes = "".join(f'<p class="note">{_said(note, names)}</p>' for note in part.notes)
    inner = f"{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>"
    return f'<div class="wide"><table>{inner}</table></div>{notes}'


def _heading(column: Column, kind: str, names: Collection[str]) -> str:
    about = "; ".join(text for text in (column.meaning, column.unit) if text)
    title = f' title="{escape(about)}"' if about else ""
    return f'<th scope="col"{kind}{title}>{_named(column.name, column.name in names)}</th>'


def _named(name: str, is_symbol: bool) -> str:
    return formula(symbol(name)) if is_symbol else escape(name)


def _cell(cell: Cell, names: Collection[str] = ()) -> str:
    if isinstance(cell, Equation):
        heads = [_named(name, bool(names) and is_quantity(name, names)) for name in cell.names]
        return " = ".join([*heads, _cell(cell.value, names)])
    if is_formula(cell):
        return formula(cell)
    return _said(plain(cell), names)
