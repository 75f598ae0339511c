"""What makes the difference between two places, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Iterable

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.contrast import Contrast
from coopgame.clusters.score import Total
from coopgame.report.cases import short
from coopgame.report.tables import Cell, Part, Report, ReportPart, Table, columns, origin

Side = tuple[Case, Phase]


def contrast_report(
    found: Contrast, one: Side, other: Side, rival: tuple[str, Contrast, Total, Total] | None = None
) -> Report:
    """The differences of two phases and what each makes; beside it, under a rival hypothesis."""
    here, there = (f"{case.info.name} {phase.year}" for case, phase in (one, other))
    table = _table(found, here, there)
    sections = [
        ReportPart("Where they differ", (table,)),
        ReportPart("What makes the difference", tuple(_told(found, here, there))),
    ]
    record = _record(found, here, there)
    if rival is not None:
        name, under, ours, theirs = rival
        parts: list[Part] = [*_told(under, here, there), _scores(name, ours, theirs)]
        sections.append(ReportPart(f"Under the rival hypothesis {name}", tuple(parts)))
        record["rival"] = {
            "name": name,
            **_record(under, here, there),
            "score": {"log": theirs.log, "hits": theirs.hits, "count": theirs.count},
            "score_without": {"log": ours.log, "hits": ours.hits, "count": ours.count},
        }
    return Report(
        title=f"Why {found.relation} is sustained in {here} and not in {there}"
        if found.one > found.other
        else f"What sets {here} and {there} apart in {found.relation}",
        sections=tuple(sections),
        table=table,
        record=record,
        origin=f"{origin(one[0].info)}; {origin(other[0].info)}",
        notes=tuple(dict.fromkeys((*one[0].marks, *other[0].marks))),
    )


def _record(found: Contrast, here: str, there: str) -> dict[str, Cell]:
    return {
        "relation": found.relation,
        "sustained": {here: found.one, there: found.other},
        "differences": [
            {
                "question": d.question.name,
                here: d.one,
                there: d.other,
                "share_in_first": d.in_one,
                "share_in_second": d.in_other,
            }
            for d in found.differences
        ],
        "steps": [{"question": name, "share": share} for name, share in found.steps],
    }


def _table(found: Contrast, here: str, there: str) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (d.question.name, d.one, d.other, short(d.in_one), short(d.in_other))
        for d in found.differences
    ]
    heads = columns(
        "question", here, there, f"{here} with the other's", f"{there} with the other's"
    )
    return Table(heads, rows)


def _told(found: Contrast, here: str, there: str) -> Iterable[str]:
    yield (
        f"{found.relation} is sustained in {found.one:.0%} of the draws of {here} and in "
        f"{found.other:.0%} of those of {there}."
    )
    now = found.one
    for name, share in found.steps:
        yield f"{here} with the answer of {there} on {name} as well: {now:.0%} to {share:.0%}."
        now = share


def _scores(name: str, ours: Total, theirs: Total) -> str:
    return (
        f"Score on all stated phases: log {ours.log:.2f} and {ours.hits} of {ours.count} hits "
        f"without it, {theirs.log:.2f} and {theirs.hits} with {name}."
    )
