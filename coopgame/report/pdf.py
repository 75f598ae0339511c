"""Reports as PDF, set by Typst: no TeX is needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from coopgame.report.tables import Report
from coopgame.report.typst import render as source


def render(report: Report) -> bytes:
    """The report as the bytes of a PDF file."""
    typst: Any = import_module("typst")
    files = {"main.typ": source(report).encode()}
    for number, figure in enumerate(report.figures, start=1):
        files[f"figure-{number}.svg"] = figure.draw("svg")
    # Without a date, so that the same report gives the same bytes.
    return bytes(typst.compile(files, format="pdf", timestamp=0))
