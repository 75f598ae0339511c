"""Reports for machines: CSV for a spreadsheet and JSON for a program."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO
from typing import Any

from coopgame.report.tables import Column, Report, Table, exact


def spreadsheet(table: Table) -> str:
    """The table as CSV: one header row, numbers in full precision, an empty cell for no value."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows([exact(cell) for cell in row] for row in table.rows)
    return buffer.getvalue()


def to_csv(report: Report) -> str:
    """The report's main table as CSV, the last column telling which file and version it is from."""
    table = report.table
    if not report.origin:
        return spreadsheet(table)
    rows = [(*row, report.origin) for row in table.rows]
    return spreadsheet(replace(table, columns=(*table.columns, Column("origin")), rows=rows))


def to_json(report: Report) -> str:
    """The report's record as JSON with its `origin`; values that are no finite numbers are null."""
    record = {**report.record, **({"origin": report.origin} if report.origin else {})}
    return json.dumps(jsonable(record), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def jsonable(value: Any) -> Any:
    """A record with expressions as exact text, ready for JSON.

    >>> import sympy
    >>> jsonable({"half": sympy.Rational(1, 2), "rows": (1.5, float("nan"))})
    {'half': 0.5, 'rows': [1.5, None]}
    """
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    shown = exact(value)
    return None if isinstance(shown, float) and not math.isfinite(shown) else shown
