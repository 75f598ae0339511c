"""What makes the difference between two places, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Iterator

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.contrast import Contrast, is_close
from coopgame.clusters.score import Total
from coopgame.clusters.under import MEANINGS
from coopgame.report.shares import capital, short
from coopgame.report.tables import (
    Cell,
    Remarks,
    Report,
    ReportPart,
    Table,
    columns,
    fields_of,
    origin,
)

Side = tuple[Case, Phase]


def contrast_report(
    found: Contrast, one: Side, other: Side, rival: tuple[str, Contrast, Total, Total] | None = None
) -> Report:
    """The differences of two phases and what each makes; beside it, under a rival hypothesis."""
    here, there = (f"{case.info.name} {phase.year}" for case, phase in (one, other))
    table = _table(found, here, there)
    sections = [
        ReportPart("Where they differ", (table, *_sampled(found))),
        ReportPart("What makes the difference", (Remarks(tuple(_told(found, here, there))),)),
    ]
    record = _record(found, here, there)
    if rival is not None:
        name, under, ours, theirs = rival
        parts = [*_told(under, here, there), _scores(name, ours, theirs)]
        title = f"Under the rival hypothesis {name}"
        sections.append(ReportPart(title, (Remarks(tuple(parts)),)))
        record["rival"] = {
            "name": name,
            **_record(under, here, there),
            "score": fields_of(theirs, "log", "hits", "count"),
            "score_without": fields_of(ours, "log", "hits", "count"),
        }
    return Report(
        title=_title(found, here, there),
        sections=tuple(sections),
        table=table,
        record=record,
        origin=f"{origin(one[0].info)}; {origin(other[0].info)}",
        notes=tuple(dict.fromkeys((*one[0].marks, *other[0].marks))),
    )


def _title(found: Contrast, here: str, there: str) -> str:
    """What is contrasted, and in which place there is more of it, if the draws tell."""
    what = capital(MEANINGS[found.relation])
    if not found.is_sure:
        return f"{what}: {here} and {there}"
    more = "more" if found.one > found.other else "less"
    return f"{what}: why {more} often in {here} than in {there}"


def _record(found: Contrast, here: str, there: str) -> dict[str, Cell]:
    return {
        "relation": found.relation,
        "draws": found.draws.count,
        "seed": found.draws.seed,
        "draws_of_differences": found.few.count,
        "sustained": {here: found.one, there: found.other},
        "error": found.error,
        "differences": [
            {
                "question": d.question.name,
                here: d.one,
                there: d.other,
                "share_in_first": d.in_one,
                "share_in_second": d.in_other,
                "error": d.error,
            }
            for d in found.differences
        ],
        "steps": [fields_of(each, "question", "share", "error") for each in found.steps],
    }


def _table(found: Contrast, here: str, there: str) -> Table:
    rows = [
        (d.question.name, d.one, d.other, short(d.in_one), short(d.in_other), short(d.error))
        for d in found.differences
    ]
    heads = columns(
        "question", here, there, f"{here} with the other's", f"{there} with the other's", "error"
    )
    return Table(heads, rows)


def _sampled(found: Contrast) -> Iterator[str]:
    if found.differences:
        yield (
            f"In what share of draws it is sustained once one has the other's answer: that of "
            f"{found.draws.count} draws, and what the answer changes in {found.few.count} of them. "
            "error: the larger standard error of the two changes. What history left to each place "
            "is not handed over."
        )


def _told(found: Contrast, here: str, there: str) -> Iterator[str]:
    yield (
        f"Sustained in {found.one:.1%} of the {found.draws.count} draws of {here} and in "
        f"{found.other:.1%} of those of {there} (standard error of the difference "
        f"{100 * found.error:.1f} points)."
    )
    if not found.is_sure:
        yield "The two are not told apart at these draws."
        return
    now = found.one
    for each in found.steps:
        yield (
            f"{here} with the answer of {there} on {each.question} as well: {now:.1%} to "
            f"{each.share:.1%} (standard error {100 * each.error:.1f} points)."
        )
        now = each.share
    if is_close(found.steps, found.one, found.other):
        yield f"That is as often as in {there}, or nearly so."
    elif found.steps:
        yield f"In {there} it is {found.other:.1%}; what is left has other reasons."


def _scores(name: str, ours: Total, theirs: Total) -> str:
    return (
        f"Score on all stated phases: log {ours.log:.2f} and {ours.hits} of {ours.count} hits "
        f"without it, {theirs.log:.2f} and {theirs.hits} with {name}."
    )
