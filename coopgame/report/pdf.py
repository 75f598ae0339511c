"""Reports as PDF, set by Typst: no TeX is needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from coopgame.errors import MissingExtra
from coopgame.report.tables import Figure, Report
from coopgame.report.typst import render as source


def render(report: Report) -> bytes:
    """The report as the bytes of a PDF file.

    Raises
    ------
    MissingExtra
        Where the Python package `typst` is not installed.
    """
    return compiled(report, "pdf")


def compiled(report: Report, shape: str) -> bytes:
    """What Typst makes of the report: "pdf", or "svg" of a document of one page."""
    try:
        typst: Any = import_module("typst")
    except ImportError:
        raise MissingExtra("Typst", "typst") from None
    files = {"main.typ": source(report).encode()}
    for number, figure in enumerate(figures(report), start=1):
        files[f"figure-{number}.svg"] = figure.draw("svg")
    # Without a date, so that the same report gives the same bytes.
    found = typst.compile(files, format=shape, timestamp=0)
    return bytes(found)


def figures(report: Report) -> list[Figure]:
    """The figures of a report in the order they are shown."""
    parts = [part for section in report.sections for part in section.parts]
    return [part for part in parts if isinstance(part, Figure)]
