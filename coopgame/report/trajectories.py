"""A case year by year, to read and for a program."""

from __future__ import annotations

from typing import Any

from coopgame.clusters.trajectory import Year
from coopgame.language.deciding import number
from coopgame.report.tables import Cell, Facts, ReportPart, Table, columns, exact

DIGITS = 3
EXPLAINED = (
    "perceived: the hazard firms act on. Each relation: trust / tipping point -> level (a tipping "
    "point of - : nothing enforces itself). *: a change of the rules wiped out history in this "
    "year. earned: a small firm's mean profit under the true rules, from its channel and from what "
    "relations bring beside it; together: the latter part alone (in its place, where a relation is "
    "not sustained, what going without it brings)."
)


def trajectory_section(years: tuple[Year, ...]) -> ReportPart:
    """Tables by year: what the cluster is, how far co-operation goes, and who sells what where."""
    tables = (_states(years), _relations(years), _shares(years))
    parts: tuple[str | Facts | Table, ...] = (*tables, EXPLAINED)
    return ReportPart("Year by year", parts)


def _states(years: tuple[Year, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            f"{y.year}{'*' if y.is_wiped else ''}",
            y.place.type,
            y.place.mode,
            _short(y.hazard),
            _short(y.perceived),
            _short(y.learnt),
            _short(y.earned),
            _short(y.together),
        )
        for y in years
    ]
    heads = ("year", "type", "large firms", "hazard", "perceived", "learnt", "earned", "together")
    return Table(columns(*heads), rows)


def _relations(years: tuple[Year, ...]) -> Table:
    names = list(years[0].trust)
    rows = [(str(y.year), *(_relation(y, name) for name in names)) for y in years]
    return Table(columns("year", *names), rows, "Trust, tipping point and level of each relation")


def _relation(year: Year, name: str) -> str:
    found = year.place.relations[name]
    tipping_point = "-" if found.tipping_point is None else f"{number(found.tipping_point):.2f}"
    return f"{number(year.trust[name]):.2f} / {tipping_point} -> {number(found.level):.2f}"


def _shares(years: tuple[Year, ...]) -> Table:
    """The shares of output by channel, of those channels that have any in some year."""
    names = [name for name in years[0].place.outputs if any(y.place.outputs[name] for y in years)]
    rows = [(str(y.year), *(_short(y.place.outputs[name]) for name in names)) for y in years]
    title = (
        "Share of output sold through each channel; inside: made by large local firms themselves"
    )
    return Table(columns("year", *names), rows, title)


def _short(value: Any) -> float:
    return round(number(value), DIGITS)


def trajectory_table(years: tuple[Year, ...]) -> Table:
    """Everything about the years in one table, for a spreadsheet."""
    records = trajectory_record(years)
    flat = [
        {
            f"{key}_{name}" if isinstance(cell, dict) else key: inner
            for key, cell in record.items()
            for name, inner in (cell.items() if isinstance(cell, dict) else [("", cell)])
        }
        for record in records
    ]
    return Table(columns(*flat[0]), [tuple(row.values()) for row in flat])


def trajectory_record(years: tuple[Year, ...]) -> list[dict[str, Any]]:
    """The years as JSON prints them."""
    return [
        {
            "year": y.year,
            "phase": y.phase.name,
            "type": y.place.type,
            "large_firms": y.place.mode,
            "hazard": exact(y.hazard),
            "perceived": exact(y.perceived),
            "learnt": exact(y.learnt),
            "earned": exact(y.earned),
            "together": exact(y.together),
            "history_wiped": y.is_wiped,
            "trust": {name: exact(value) for name, value in y.trust.items()},
            "tipping_points": {n: exact(r.tipping_point) for n, r in y.place.relations.items()},
            "levels": {n: exact(r.level) for n, r in y.place.relations.items()},
            "shares": {n: exact(value) for n, value in y.place.outputs.items()},
        }
        for y in years
    ]
