"""Reports for word processors (.docx): headings, tables and figures, formulas to be edited."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element

from coopgame.language.printing import symbol
from coopgame.report.fitting import Fitted, fitted, numbers
from coopgame.report.formulas import tree
from coopgame.report.omml import office_math
from coopgame.report.prose import breakable, is_quantity, printable, runs
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

SOFT = "\u200b"  # a place where a line may be broken
INCHES = 6.3  # of text across a page
SMALL, BODY = 8, 10  # points
FIXED = datetime(1980, 1, 1, tzinfo=UTC)  # no date: the same report gives the same words
Names = Collection[str]


def render(report: Report) -> bytes:
    """The report as the bytes of a .docx file."""
    import docx
    from docx.shared import Pt

    document = docx.Document()
    document.styles["Normal"].font.size = Pt(BODY)
    document.core_properties.title = report.title
    document.core_properties.author = ""
    document.core_properties.comments = report.origin
    document.core_properties.created = document.core_properties.modified = FIXED
    names = report.quantities
    _say(document.add_heading(level=1), report.title, names)
    for section in report.sections:
        if section.title:
            _say(document.add_heading(level=2), section.title, names)
        for part in section.parts:
            _part(document, part, names)
    for note in report.notes:
        _say(document.add_paragraph(), f"Note: {note}", names)
    if report.origin:
        _small([_say(document.add_paragraph(), report.origin, ())])
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _part(document: Any, part: Part, names: Names) -> None:
    if isinstance(part, str):
        _say(document.add_paragraph(), part, names)
    elif isinstance(part, Figure):
        _figure(document, part, names)
    elif isinstance(part, Display):
        for cell, about in part.lines:
            line = _indented(document, 0.3)
            _cell(line, cell, names)
            _say(line, f"   {about}" if about else "", names)
    elif isinstance(part, Remarks):
        for remark in part.lines:
            _say(document.add_paragraph(style="List Bullet"), remark, names)
    elif isinstance(part, Facts):
        _facts(document, part, names)
    else:
        _table(document, part, names)


def _indented(document: Any, inches: float) -> Any:
    from docx.shared import Inches, Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Inches(inches)
    paragraph.paragraph_format.space_after = Pt(4)
    return paragraph


def _figure(document: Any, part: Figure, names: Names) -> None:
    from docx.shared import Inches

    document.add_picture(io.BytesIO(part.draw("png")), width=Inches(INCHES))
    _say(document.add_paragraph(style="Caption"), part.caption, names)


def _facts(document: Any, part: Facts, names: Names) -> None:
    for label, lines in part.entries:
        if label:
            _italic(_say(_indented(document, 0), label, names))
        for line in lines:
            _cell(_indented(document, 0.3), line, names)


def _table(document: Any, part: Table, names: Names) -> None:
    if part.title:
        _italic(_say(document.add_paragraph(), part.title, names))
    for panel in fitted(part):
        _panel(document, panel, names)
    for note in part.notes:
        _small([_say(document.add_paragraph(), note, names)])


def _panel(document: Any, panel: Fitted, names: Names) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    table = panel.table
    grid = document.add_table(rows=0, cols=len(table.columns), style="Light List")
    grid.autofit = True
    for cell, name in zip(grid.add_row().cells, table.names, strict=True):
        _named(cell.paragraphs[0], name, name in names, names)
    for row in table.rows:
        for cell, value, is_number in zip(grid.add_row().cells, row, numbers(table), strict=True):
            _cell(cell.paragraphs[0], value, names)
            if is_number:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _small(paragraph for row in grid.rows for cell in row.cells for paragraph in cell.paragraphs)
    document.add_paragraph()


def _small(paragraphs: Iterable[Any]) -> None:
    from docx.shared import Pt

    for paragraph in paragraphs:
        paragraph.paragraph_format.space_after = Pt(0)
        for run in paragraph.runs:
            run.font.size = Pt(SMALL)


def _italic(paragraph: Any) -> None:
    for run in paragraph.runs:
        run.italic = True


def _say(paragraph: Any, text: str, names: Names) -> Any:
    """Put a text into a paragraph, quantities as formulas; returns the paragraph."""
    for run in runs(text, names) or [""]:
        if isinstance(run, str):
            paragraph.add_run(breakable(printable(run), SOFT))
        else:
            _put(paragraph, run.tree)
    return paragraph


def _cell(paragraph: Any, cell: Cell, names: Names) -> None:
    if isinstance(cell, Equation):
        for name in cell.names:
            _named(paragraph, name, is_quantity(name, names), names)
            _say(paragraph, " = ", ())
        _cell(paragraph, cell.value, names)
    elif is_formula(cell):
        _put(paragraph, tree(cell))
    else:
        _say(paragraph, plain(cell), names)


def _named(paragraph: Any, name: str, is_symbol: bool, names: Names) -> None:
    if is_symbol:
        _put(paragraph, tree(symbol(name)))
    else:
        _say(paragraph, name, names)


def _put(paragraph: Any, formula: Element) -> None:
    from docx.oxml import parse_xml

    paragraph._p.append(parse_xml(office_math(formula)))
