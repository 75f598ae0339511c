"""Reports as Typst markup, from which the PDF is made without TeX."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element

import sympy

from coopgame.language.printing import symbol
from coopgame.report.fitting import Fitted, fitted, numbers
from coopgame.report.formulas import TIMES, in_line, tree, width
from coopgame.report.prose import breakable, is_quantity, runs
from coopgame.report.tables import (
    Cell,
    Display,
    Equation,
    Facts,
    Figure,
    Part,
    Remarks,
    Report,
    Table,
    is_formula,
    plain,
)

# In units of the type size: what a line holds; a formula in a narrow place is broken earlier.
LINE, NARROW = 38.0, 9.0
SOFT = "\u200b"  # a place where a line may be broken
HEAD = """\
#set page(paper: "a4", margin: 25mm, numbering: "1")
#set text(font: ("Libertinus Serif", "Noto Serif", "DejaVu Serif"), size: 10pt)
#set text(lang: "en", region: "GB")
#set par(leading: 0.6em, spacing: 0.9em)
#set heading(numbering: none)
#show heading: set block(above: 1.3em, below: 0.7em)
#show heading: set text(hyphenate: false)
#set table(stroke: none, inset: (x: 0.5em, y: 0.3em), align: left)
#set table.hline(stroke: 0.5pt)
#show math.equation: set text(top-edge: "bounds", bottom-edge: "bounds")
#show figure: set block(breakable: true)
#show figure.caption: set align(left)
#let small(body) = text(size: 8pt, body)
"""
SIGNS = {"−": "-", "|": "|", TIMES: " ", "-": "-"}


def render(report: Report) -> str:
    """The report as a Typst document; its figures are `figure-1.svg` and so on."""
    names = report.quantities
    title = json.dumps(report.title, ensure_ascii=False)
    blocks = [HEAD + f"#set document(title: {title}, date: none)"]
    blocks.append(f"#heading(level: 1)[{said(report.title, names)}]")
    number = 0
    for section in report.sections:
        if section.title:
            blocks.append(f"#heading(level: 2)[{said(section.title, names)}]")
        for part in section.parts:
            number += isinstance(part, Figure)
            blocks.append(_part(part, names, number))
    blocks += [f"#par[{said(f'Note: {note}', names)}]" for note in report.notes]
    if report.origin:
        blocks.append(f"#small[{said(report.origin, ())}]")
    return "\n\n".join(blocks) + "\n"


def said(text: str, names: Collection[str]) -> str:
    """A text as markup in which nothing is taken for a command; quantities as mathematics."""
    pieces = []
    for run in runs(text, names):
        if isinstance(run, str):
            quoted = json.dumps(breakable(run, SOFT), ensure_ascii=False)
            pieces.append(f"#{quoted};")
        else:
            is_wide = width(run.tree) > NARROW
            pieces.append(f"${mathematics(in_line(run.tree, NARROW), is_wide)}$")
    return "".join(pieces)


def _part(part: Part, names: Collection[str], number: int) -> str:
    if isinstance(part, str):
        return f"#par[{said(part, names)}]"
    if isinstance(part, Figure):
        caption = said(part.caption, names)
        return f'#figure(image("figure-{number}.svg", width: 85%), caption: [{caption}])'
    if isinstance(part, Display):
        return "\n\n".join(_line(cell, about, names) for cell, about in part.lines)
    if isinstance(part, Remarks):
        return "\n".join(f"- {said(line, names)}" for line in part.lines)
    return _facts(part, names) if isinstance(part, Facts) else _table(part, names)


def _line(cell: Cell, about: str, names: Collection[str]) -> str:
    """An equation on a line of its own, broken where it must be, and what it is about."""
    told = f"#h(1.5em, weak: true)#text(fill: luma(90))[{said(about, names)}]" if about else ""
    shown = _cell(cell, names, LINE)
    return f"#pad(left: 1.5em)[#par(hanging-indent: 1.5em)[{shown}{told}]]"


def _facts(part: Facts, names: Collection[str]) -> str:
    """Labels beside what they say; a long label, which is a sentence, above it."""
    return "\n".join(_entry(label, lines, names) for label, lines in part.entries)


def _entry(label: str, lines: tuple[Cell, ...], names: Collection[str]) -> str:
    shown = [f"#par(hanging-indent: 1em)[{_cell(line, names, LINE - 8)}]" for line in lines]
    inner = "\n".join(shown)
    told = f"#text(fill: luma(90))[{said(label, names)}]"
    if len(label) > 18:
        return f"#block[#par[{told}]#pad(left: 1.5em)[{inner}]]"
    return f"#grid(columns: (7em, 1fr), gutter: 0.6em, [{told}], [{inner}])"


def _table(part: Table, names: Collection[str]) -> str:
    panels = fitted(part)
    shown = "\n".join(_panel(panel, names) for panel in panels)
    title = f"#par[#emph[{said(part.title, names)}]]\n" if part.title else ""
    notes = "".join(f"\n#par[#small[{said(note, names)}]]" for note in part.notes)
    return f"{title}{shown}{notes}"


def _panel(panel: Fitted, names: Collection[str]) -> str:
    table = panel.table
    columns = ", ".join("auto" if share is None else f"{share:.3f}fr" for share in panel.shares)
    align = ", ".join("right" if each else "left" for each in numbers(table))
    head = ", ".join(f"[{_named(name, name in names, names)}]" for name in table.names)
    rows = "".join(
        "\n  " + "".join(f"[{_cell(cell, names, NARROW)}], " for cell in row) for row in table.rows
    )
    drawn = (
        f"#table(columns: ({columns},), align: ({align},),\n  table.hline(), "
        f"table.header({head}), table.hline(stroke: 0.3pt),{rows}\n  table.hline())"
    )
    return f"#small[{drawn}]" if panel.is_small else drawn


def _named(name: str, is_symbol: bool, names: Collection[str]) -> str:
    return f"${mathematics(tree(symbol(name)))}$" if is_symbol else said(name, names)


def _cell(cell: Cell, names: Collection[str], room: float) -> str:
    if isinstance(cell, Equation):
        heads = [_named(name, is_quantity(name, names), names) for name in cell.names]
        return '#" = ";'.join([*heads, _cell(cell.value, names, room)])
    if is_formula(cell):
        return _formula(cell, room)
    return said(plain(cell), names)


def _formula(value: sympy.Basic, room: float) -> str:
    """A formula in the line of text, fractions in full size; a wide one may be broken."""
    found = tree(value)
    is_wide = width(found) > room
    return f"$display({mathematics(in_line(found, room) if is_wide else found, is_wide)})$"


# --- mathematics -------------------------------------------------------------------------------


def mathematics(node: Element, is_wide: bool = False) -> str:
    """Presentation MathML as Typst's mathematics; brackets of a wide formula keep their size."""
    return " ".join(_pieces(node, is_wide))


def _pieces(node: Element, wide: bool) -> Iterator[str]:
    inner = [mathematics(child, wide) for child in node]
    text = node.text or ""
    if node.tag == "mi":
        yield _identifier(text)
    elif node.tag in ("mn", "mtext"):
        yield json.dumps(text.replace("\u00a0", " "), ensure_ascii=False)
    elif node.tag == "mo":
        yield _operator(text)
    elif node.tag == "mfrac" and node.get("linethickness") == "0":
        yield f"vec(delim: #none, {inner[0]}, {inner[1]})"
    elif node.tag == "mfrac":
        yield f"frac({inner[0]}, {inner[1]})"
    elif node.tag in ("msup", "msub", "msubsup", "munderover", "munder"):
        yield _attached(node.tag, inner)
    elif node.tag == "msqrt":
        yield f"sqrt({' '.join(inner)})"
    elif node.tag == "mroot":
        yield f"root({inner[1]}, {inner[0]})"
    elif node.tag == "mtable":
        yield _alternatives(node, wide)
    elif not wide and _is_bracketed(node):
        yield f"lr({' '.join(inner)})"
    else:
        yield from inner


def _identifier(text: str) -> str:
    if len(text) == 1 and text.isalpha():
        return f"italic({text})"
    if not text[:1].isalpha():
        return json.dumps(text, ensure_ascii=False)
    return f"italic({json.dumps(text, ensure_ascii=False)})"


def _operator(text: str) -> str:
    text = text.strip()
    if text in SIGNS:
        return SIGNS[text]
    if text.isalpha() and len(text) > 1:
        return f"op({json.dumps(text)})"
    return (
        "".join(f"\\{c}" if c in "()[]{},;/<>#$&\"'^_~*`@.:!?=+-" else c for c in text) or "#none"
    )


def _attached(tag: str, inner: list[str]) -> str:
    marks = {"msup": "t", "msub": "b", "munder": "b"}
    if tag in marks:
        return f"attach({inner[0]}, {marks[tag]}: {inner[1]})"
    return f"attach({inner[0]}, b: {inner[1]}, t: {inner[2]})"


def _alternatives(node: Element, wide: bool) -> str:
    """The rows of a piecewise expression; after each other where none may be broken."""
    rows = [[mathematics(cell, wide) for cell in row] for row in node]
    if wide:
        return ' "; " '.join(' " " '.join(row) for row in rows)
    return f"mat(delim: #none, align: #left, {'; '.join(', '.join(row) for row in rows)})"


def _is_bracketed(node: Element) -> bool:
    """Whether a row is what stands between two brackets."""
    ends = [child.text or "" for child in (*node[:1], *node[-1:]) if child.tag == "mo"]
    return len(ends) == 2 and ends in (["(", ")"], ["|", "|"], ["⌈", "⌉"], ["⌊", "⌋"])
