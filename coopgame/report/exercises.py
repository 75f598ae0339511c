"""A sheet of exercises, and its key: the argument with the numbers put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coopgame.forms.base import Header
from coopgame.language.printing import to_text
from coopgame.report.derivations import derivation_record, in_short, section
from coopgame.report.documents import quantities
from coopgame.report.solutions import machines
from coopgame.report.tables import (
    Cell,
    Display,
    Part,
    Remarks,
    Report,
    ReportPart,
    Table,
    columns,
    facts,
    origin,
)
from coopgame.solution import Solution
from coopgame.teaching.exercises import Exercise, Sheet
from coopgame.teaching.lecture import Lecture


def sheet_report(sheet: Sheet, header: Header, problems: bool = True, key: bool = True) -> Report:
    """The problems, the key, or both, the key last."""
    opening = sheet.lecture.derivation.steps[0]
    sections: list[ReportPart] = []
    if problems:
        sections += [section(opening, "The game"), *_played(sheet.lecture.solution)]
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


# What equilibria are called, where the name does not say it.
NAMES = {
    "none": "nobody co-operates",
    "constrained": "the highest level that enforces itself, where that is short of the best one",
    "optimum": "the level that is best for the parties, where it enforces itself",
    "full": "full co-operation, level 1",
    "mixed": "each mixes so that the others are indifferent",
    "ventures": "a venture is worth its risk at this belief",
    "locked_in": "no venture is worth its risk at this belief, so that nobody learns",
    "hopeless": "no belief makes a venture worth its risk",
}
REPEATED = "for ever, as long as nobody ever does otherwise"


def _played(solution: Solution) -> tuple[ReportPart, ...]:
    """The game itself: what a reader needs to solve the problems without the file."""
    game: Any = solution.game
    content: list[tuple[str, list[Cell]]] = [
        (label, list(text.splitlines())) for label, text in game.describe()
    ]
    outcomes = {**getattr(game, "outcomes", {}), **getattr(game, "mixed_outcomes", {})}
    defined = [(name, [value]) for name, value in outcomes.items()]
    called = [(b.name, [meaning]) for b in solution.branches if (meaning := _meaning(b.name))]
    stated: list[Part] = [facts(content)]
    players = getattr(game, "players", ())
    if isinstance(players, Mapping | tuple) and len(players) > 1:
        stated.append(f"Payoffs stand in the order of the players: {', '.join(players)}.")
    elif actions := getattr(game, "actions", ()):
        stated.append(f"All are alike; k is how many of the others choose {actions[0]}.")
    if defined:
        stated += ["What is asked of an equilibrium:", facts(defined)]
    if called:
        stated += ["What equilibria are called:", facts(called)]
    return (ReportPart("What is played", tuple(stated)), *machines(solution))


def _meaning(name: str) -> str:
    plain = name.removesuffix("_repeated")
    told = NAMES.get(plain, "")
    if plain != name and plain.startswith("all_"):
        return f"all {plain[4:]} {REPEATED}"
    return told


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
