"""Tables of numbers over a grid, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy

from coopgame.printing import to_text
from coopgame.report.tables import Column, Report, Section, Table, facts, origin, plain
from coopgame.sweep import ABSENT, STATUSES, VALUE, Sweep


def sweep_report(sweep: Sweep) -> Report:
    """A sweep as a report: the fixed values above, one row a point and equilibrium below."""
    info = sweep.header.info
    given = [f"{name} = {plain(value)}" for name, value in sweep.fixed.items()]
    table = sweep_table(sweep)
    return Report(
        title=f"{info.title}: equilibria over {len(sweep.axes)}-way grid of {sweep.points} points",
        sections=(
            Section("", (facts([("given", [", ".join(given)] if given else [])]),)),
            Section("", (_holding(table),)),
        ),
        table=table,
        record=sweep_record(sweep),
        origin=origin(info),
    )


def sweep_table(sweep: Sweep) -> Table:
    """The sweep as a table whose columns say what they mean, in which unit."""
    described = {p.name: Column(p.name, p.meaning, p.unit) for p in sweep.header.domain.parameters}
    heads = tuple(described.get(name, Column(name)) for name in sweep.names)
    return Table(heads, list(sweep.rows()))


def _holding(table: Table) -> Table:
    """The rows worth reading: without the equilibria that do not exist at their point."""
    status = table.names.index("status")
    rows = [row for row in table.rows if row[status] != STATUSES[ABSENT]]
    note = "Equilibria that do not exist at a point are left out here; CSV and JSON keep them."
    notes = (note,) if len(rows) < len(table.rows) else ()
    if any(row[status] != STATUSES[VALUE] for row in rows):
        return replace(table, rows=rows, notes=notes)
    kept = [i for i in range(len(table.columns)) if i != status]
    return Table(
        columns=tuple(table.columns[i] for i in kept),
        rows=[tuple(row[i] for i in kept) for row in rows],
        notes=notes,
    )


def sweep_record(sweep: Sweep) -> dict[str, Any]:
    """The record that `table --format json` prints: rows as objects, null for no value."""
    return {
        "game": sweep.header.info.name,
        "values": {name: _number(value) for name, value in sweep.fixed.items()},
        "exact_values": {name: to_text(value) for name, value in sweep.fixed.items()},
        "vary": {name: [to_text(v) for v in axis] for name, axis in sweep.axes.items()},
        "rows": [dict(zip(sweep.names, row, strict=True)) for row in sweep.rows()],
    }


def _number(value: sympy.Expr) -> float:
    return float(value)
