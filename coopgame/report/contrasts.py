"""What makes the difference between two places, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Iterable

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.contrast import Contrast
from coopgame.report.tables import Cell, Report, ReportPart, Table, columns, exact, origin

Side = tuple[Case, Phase]


def contrast_report(found: Contrast, one: Side, other: Side) -> Report:
    """The differences of two phases, and which sets of them turn co-operation on and off."""
    names = [f"{case.info.name} {phase.year}" for case, phase in (one, other)]
    table = _table(found, one[0], names)
    here, there = names
    return Report(
        title=f"Why {found.relation} co-operation is sustained in {here} and not in {there}",
        sections=(
            ReportPart("Where they differ", (table,)),
            ReportPart("What makes the difference", tuple(_told(found, here, there))),
        ),
        table=table,
        record={
            "relation": found.relation,
            "sustained_in": here,
            "not_in": there,
            "differences": {n: list(map(exact, v)) for n, v in found.differences.items()},
            "stops": [sorted(names) for names in found.stops],
            "starts": [sorted(names) for names in found.starts],
        },
        origin=f"{origin(one[0].info)}; {origin(other[0].info)}",
    )


def _table(found: Contrast, case: Case, names: list[str]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (name, case.cluster.domain[name].meaning, *values, _part(found, name))
        for name, values in found.differences.items()
    ]
    return Table(columns("parameter", "meaning", *names, "makes a difference"), rows)


def _part(found: Contrast, name: str) -> str:
    parts = [
        word
        for word, sets in (("stops", found.stops), ("starts", found.starts))
        if any(name in chosen for chosen in sets)
    ]
    return " and ".join(parts) or "no"


def _told(found: Contrast, here: str, there: str) -> Iterable[str]:
    for sets, verb, place, source in (
        (found.stops, "stop", here, there),
        (found.starts, "start", there, here),
    ):
        if not sets:
            yield f"No three values of {source} or fewer {verb} it in {place}."
        for chosen in sets:
            each = "each of them needed" if len(chosen) > 1 else "alone"
            listed = " and ".join(sorted(chosen))
            yield f"In {place}, the values of {source} for {listed} {verb} it ({each})."
