"""Tables of numbers over a grid, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

from coopgame.language.printing import to_text
from coopgame.report.documents import quantities
from coopgame.report.tables import (
    Cell,
    Column,
    Given,
    Report,
    ReportPart,
    Table,
    assigned,
    facts,
    origin,
)
from coopgame.tables.plans import Sample
from coopgame.tables.sweep import Panel, Sweep
from coopgame.tables.tracks import ABSENT, STATUSES, UNSELECTED, VALUE


def sweep_report(sweep: Sweep, most: int | None = None) -> Report:
    """A sweep as a report: the fixed values above, one row a point and equilibrium below.

    With `most`, only so many of the first rows.
    """
    info = sweep.header.info
    table = sweep_table(sweep, most)
    return Report(
        title=f"{info.title}: equilibria over {_extent(sweep)}",
        sections=(
            ReportPart("", (facts(_given(sweep)),)),
            ReportPart("", (_holding(table),)),
        ),
        table=table,
        record=sweep_record(sweep),
        origin=origin(info),
        notes=sweep.notes,
        symbols=quantities(sweep.header.domain.parameters),
    )


def _extent(sweep: Sweep) -> str:
    ways = len(sweep.plan.names)
    if isinstance(sweep.plan, Sample):
        kind = {"sobol": "Sobol", "latin": "Latin hypercube"}[sweep.plan.draws.kind]
        return f"{sweep.points} {kind} draws (seed {sweep.plan.draws.seed}) of {ways} parameters"
    return f"{ways}-way grid of {sweep.points} points"


def _given(sweep: Sweep) -> list[tuple[str, list[str]]]:
    """The fixed values, under each of the rules."""
    return [
        (
            f"given, {panel.rules}" if panel.rules else "given",
            [assigned(panel.fixed)] if panel.fixed else [],
        )
        for panel in sweep.panels
    ]


def sweep_table(sweep: Sweep, most: int | None = None) -> Table:
    """The sweep, or its first rows, as a table whose columns say what they mean, in which unit."""
    described = {p.name: Column(p.name, p.meaning, p.unit) for p in sweep.header.domain.parameters}
    heads = tuple(described.get(name, Column(name)) for name in sweep.names)
    cut = () if most is None or len(sweep) <= most else (f"The first {most} of {len(sweep)} rows.",)
    keys = sweep.names.index("status")
    rows = ([*map(_given_cell, row[:keys]), *row[keys:]] for row in islice(sweep.rows(), most))
    return Table(heads, list(rows), notes=cut, keys=keys)


def _given_cell(cell: Cell) -> Cell:
    """What names a row: the values of parameters, which are shown whole."""
    return Given(cell) if isinstance(cell, float) else cell


def _holding(table: Table) -> Table:
    """The rows worth reading: without equilibria that do not exist, or are not selected, there."""
    status = table.names.index("status")
    dropped = {STATUSES[code] for code in (ABSENT, UNSELECTED)}
    rows = [row for row in table.rows if row[status] not in dropped]
    selects = any(row[status] == STATUSES[UNSELECTED] for row in table.rows)
    left = "do not exist or are not selected" if selects else "do not exist"
    note = f"Equilibria that {left} at a point are left out here; CSV and JSON keep them."
    notes = (*table.notes, *((note,) if len(rows) < len(table.rows) else ()))
    holding = replace(table, rows=rows, notes=notes)
    if any(row[status] != STATUSES[VALUE] for row in rows):
        return holding
    return holding.only([i for i in range(len(table.columns)) if i != status])


def sweep_record(sweep: Sweep) -> dict[str, Any]:
    """The record that `table --format json` prints: rows as objects, null for no value."""
    record = {
        "game": sweep.header.info.name,
        **_values(sweep.panels[0]),
        **_varied(sweep),
        "rows": [dict(zip(sweep.names, row, strict=True)) for row in sweep.rows()],
    }
    if sweep.notes:
        record["notes"] = list(sweep.notes)
    if sweep.under_rules:
        record["rules"] = [{"rules": p.rules, **_values(p)} for p in sweep.panels]
    return record


def _values(panel: Panel) -> dict[str, Any]:
    return {
        "values": {name: float(value) for name, value in panel.fixed.items()},
        "exact_values": {name: to_text(value) for name, value in panel.fixed.items()},
    }


def _varied(sweep: Sweep) -> dict[str, Any]:
    """What varies: the values on the axes of a grid, or the draws and the ends of their ranges."""
    if not isinstance(sweep.plan, Sample):
        return {"vary": {name: [to_text(v) for v in axis] for name, axis in sweep.axes.items()}}
    drawn, ranges = sweep.plan.draws, sweep.plan.ranges
    return {
        "vary": {name: [to_text(end) for end in ends] for name, ends in ranges.items()},
        "draws": {"kind": drawn.kind, "count": drawn.count, "seed": drawn.seed},
    }
