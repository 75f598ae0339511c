"""What a document has beside the report itself: figures, and a table of what its symbols mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from coopgame.language.parameters import Parameter
from coopgame.language.printing import symbol
from coopgame.report.tables import Column, Figure, Report, ReportPart, Table, columns

# Pictures of what a game is; those that do not suit a game are not drawn.
STRUCTURE: tuple[tuple[str, dict[str, Any]], ...] = (("matrix", {}), ("tree", {}), ("automata", {}))
# The same without what an equilibrium is, for sheets of exercises.
UNMARKED = tuple((kind, {**asked, "marked": False}) for kind, asked in STRUCTURE)


def quantities(parameters: Iterable[Parameter], meant: bool = True) -> tuple[Column, ...]:
    """The symbols of a report; without their meanings where the report itself tells these."""
    return tuple(Column(p.name, p.meaning, p.unit) if meant else Column(p.name) for p in parameters)


def whole(report: Report) -> Report:
    """The report with a table at its end of what its symbols mean, where it does not say so."""
    rows = [
        (symbol(column.name), column.meaning, column.unit)
        for column in report.symbols
        if column.meaning
    ]
    if not rows:
        return report
    table = Table(columns("symbol", "meaning", "unit"), rows)
    return replace(report, sections=(*report.sections, ReportPart("Symbols", (table,))))


def illustrated(report: Report, figures: Sequence[Figure]) -> Report:
    """The report with figures after its opening: what has no heading, or a first text under one."""
    if not figures:
        return report
    opens = [not s.title or (i == 0 and isinstance(next(iter(s.parts), None), str))
             for i, s in enumerate(report.sections)]  # fmt: skip
    at = opens.index(False) if False in opens else len(opens)
    before, after = report.sections[:at], report.sections[at:]
    return replace(report, sections=(*before, ReportPart("", tuple(figures)), *after))


def noted(report: Report, note: str) -> Report:
    """The report with a further note."""
    return replace(report, notes=(*report.notes, note))
