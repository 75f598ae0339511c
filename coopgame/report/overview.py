"""All cases in one table, beside what the paper states."""

from __future__ import annotations

from collections.abc import Sequence

from coopgame.clusters.classify import Classification, PhaseType
from coopgame.report.cases import (
    EXPLAINED,
    NOT_COVERED,
    border_text,
    classification_record,
    short,
    stated,
)
from coopgame.report.tables import Cell, Report, ReportPart, Table, columns, facts


def overview_report(found: Sequence[Classification]) -> Report:
    """Every phase of every case in one table, beside what the paper states."""
    phases = [(each.case.info.name, p) for each in found for p in each.phases]
    table = Table(
        columns(
            "case", "year", "type", "as its source says", "margin", "robustness", "other types"
        ),
        [(*_row(name, p), "; ".join(_borders(p))) for name, p in phases],
    )
    short_table = Table(table.columns[:-1], [row[:-1] for row in table.rows])
    near = facts((f"{name} {p.phase.year}", _borders(p)) for name, p in phases)
    named = [p for _, p in phases if p.phase.expected is not None]
    as_stated = sum(bool(p.as_stated) for p in named)
    told = f"{as_stated} of the {len(named)} phases in which the source states a type have it."
    return Report(
        title="The cases, phase by phase",
        sections=(
            ReportPart("Types", (short_table, told, f"{EXPLAINED}.")),
            ReportPart("Which single change would have given another type", (near,)),
        ),
        table=table,
        record={"cases": [classification_record(each) for each in found]},
        notes=(NOT_COVERED,),
    )


def _row(name: str, p: PhaseType) -> tuple[Cell, ...]:
    margin = None if p.margin is None else short(p.margin)
    return (name, p.phase.year, p.type, stated(p), margin, short(p.robustness))


def _borders(p: PhaseType) -> list[str]:
    return [border_text(border) for border in p.borders] or ["no single change reaches one"]
