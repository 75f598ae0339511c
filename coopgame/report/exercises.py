"""A sheet of exercises, and its key: the argument with the numbers put in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coopgame.language.printing import to_text
from coopgame.report.derivations import derivation_record, in_short, section
from coopgame.report.documents import quantities
from coopgame.report.played import played
from coopgame.report.tables import (
    Display,
    Part,
    Remarks,
    Report,
    ReportPart,
    Table,
    columns,
    origin,
)
from coopgame.teaching.exercises import Exercise, Sheet
from coopgame.teaching.lecture import Lecture


def sheet_report(sheet: Sheet, problems: bool = True, key: bool = True) -> Report:
    """The problems, the key, or both, the key last."""
    header, opening = sheet.lecture.header, sheet.lecture.derivation.steps[0]
    sections: list[ReportPart] = []
    if problems:
        sections += [section(opening, "The game"), *played(sheet)]
        sections += [_problem(i, each) for i, each in enumerate(sheet.exercises, start=1)]
    if key:
        sections += [
            s for i, e in enumerate(sheet.exercises, start=1) for s in _answer(i, e, sheet)
        ]
    what = "exercises" if problems else "answers to the exercises"
    return Report(
        title=f"{header.info.title}: {what}, seed {sheet.seed}",
        sections=tuple(sections),
        table=_table(sheet, key),
        record=_record(sheet, problems, key),
        origin=origin(header.info),
        symbols=quantities(header.domain.parameters, meant=key and not problems),
    )


def _problem(index: int, exercise: Exercise) -> ReportPart:
    rows = [(name, to_text(value)) for name, value in exercise.values.items()]
    parts: list[Part] = []
    if rows:
        given = ", ".join(f"{name} = {value}" for name, value in rows)
        parts.append(f"Let {given}.")
    parts.append(Remarks(exercise.questions))
    return ReportPart(f"Problem {index}", tuple(parts))


def _answer(index: int, exercise: Exercise, sheet: Sheet) -> Iterator[ReportPart]:
    """The answers, and below them the working."""
    yield ReportPart(f"Answer {index}", (Remarks(exercise.answers),))
    told = Lecture(sheet.lecture.solution, sheet.lecture.branch, exercise.working)
    for step in in_short(told).steps:
        lines = tuple((line.statement, line.about) for line in step.lines)
        yield ReportPart("", (f"{step.heading}:", Display(lines)))


def _table(sheet: Sheet, key: bool) -> Table:
    """One row a question."""
    names = ("problem", "values", "question", *(("answer",) if key else ()))
    rows = [
        (
            i,
            ", ".join(f"{name}={to_text(value)}" for name, value in exercise.values.items()),
            question,
            *((answer,) if key else ()),
        )
        for i, exercise in enumerate(sheet.exercises, start=1)
        for question, answer in zip(exercise.questions, exercise.answers, strict=True)
    ]
    return Table(columns(*names), rows)


def _record(sheet: Sheet, problems: bool, key: bool) -> dict[str, Any]:
    found = []
    for exercise in sheet.exercises:
        entry: dict[str, Any] = {
            "values": {name: to_text(value) for name, value in exercise.values.items()}
        }
        if problems:
            entry["questions"] = list(exercise.questions)
        if key:
            entry |= {
                "answers": list(exercise.answers),
                "equilibria": [
                    {
                        "name": branch.name,
                        "payoffs": {who: to_text(v) for who, v in branch.payoffs.items()},
                    }
                    for branch in exercise.solution.branches
                ],
                "working": derivation_record(exercise.working),
            }
        found.append(entry)
    return {"game": sheet.lecture.solution.name, "seed": sheet.seed, "problems": found}
