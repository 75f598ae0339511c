"""Reports as Excel workbooks: the table that CSV has, and beside it what its columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from coopgame.errors import InputError
from coopgame.report.prose import printable
from coopgame.report.tables import Report, exact

MOST_ROWS = 1_048_575  # that a sheet of Excel holds below its head
MOST_TEXT = 32_767  # characters of a cell


def render(report: Report) -> bytes:
    """The report as the bytes of an .xlsx file: its main table, and a sheet that tells about it.

    Numbers are numbers in full precision, expressions are texts as in CSV.

    Raises
    ------
    InputError
        For a table of more rows than a sheet holds.
    """
    from openpyxl import Workbook

    table = report.table
    if len(table.rows) > MOST_ROWS:
        raise InputError(f"a sheet of Excel holds {MOST_ROWS} rows", "write .csv or .parquet")
    book = Workbook()
    _filled(book.active, "table", [table.names, *table.rows])
    _filled(book.create_sheet(), "about", list(_about(report)))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _about(report: Report) -> Iterable[Sequence[Any]]:
    """What the table is of, which file and version gave it, its notes, what its columns mean."""
    yield ("title", report.title, "")
    yield ("origin", report.origin, "")
    for note in (*report.notes, *report.table.notes):
        yield ("note", note, "")
    meant = {column.name: column for column in (*report.symbols, *report.table.columns)}
    for column in meant.values():
        if column.meaning:
            yield (column.name, column.meaning, column.unit)


def _filled(sheet: Any, title: str, rows: Iterable[Sequence[Any]]) -> None:
    sheet.title = title
    for i, row in enumerate(rows, start=1):
        for j, value in enumerate(row, start=1):
            content = exact(value)
            if isinstance(content, str):
                # A text that begins with "=" is none of Excel's formulas.
                sheet.cell(i, j, printable(content)[:MOST_TEXT]).data_type = "s"
            elif content is not None:
                sheet.cell(i, j, content)
    if title == "table":
        sheet.freeze_panes = "A2"
