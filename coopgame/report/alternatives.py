"""What other answers to the codebook would make of a case, and which of them policy can reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coopgame.clusters.answers import NOTHING, Lever, Margins, OtherAnswer
from coopgame.clusters.case import Phase, told_answer
from coopgame.clusters.study import ANSWERS, LEVERS, Portrait
from coopgame.report.shares import short, top
from coopgame.report.tables import Part, ReportPart, Table, columns

MOST = 12
SHIFTS = (
    "shift: the share of draws whose type another answer would change, at least, all other answers "
    f"as they are, after the case's history. The first {MOST} questions are shown."
)
REACH = (
    "Answers one step away that policy can reach, each alone. Those after which the most likely "
    "type is an improvement come first, then those that shift towards better types, then those "
    "with a warning; within each by shift."
)


def other_answers(found: Portrait) -> Iterator[ReportPart]:
    """The sections on other answers and on levers, where they are asked for."""
    if ANSWERS in found.parts:
        told = f"{SHIFTS} {sampled(found.margins[0])}"
        tables = [_answers_table(m) for m in found.margins]
        yield ReportPart("Which answers matter", (*tables, told))
    if LEVERS in found.parts:
        told = f"{REACH} {sampled(found.margins[0])}"
        parts = [part for m in found.margins for part in _levers(m)]
        yield ReportPart("What policy could change", (*parts, told))


def sampled(found: Margins) -> str:
    """At how many draws alternatives were looked at, and how exact that is."""
    return (
        f"Each alternative at the same {found.draws.count} draws; error: the standard error of its "
        "shift. Shares are the phase's own, and what the alternative changes at these draws."
    )


def _answers_table(found: Margins) -> Table:
    best: dict[str, OtherAnswer] = {}
    for each in found.alternatives:
        best.setdefault(each.question.name, each)
    rows = [
        (
            each.question.name,
            told_answer(found.phase, each.question),
            _words(each),
            short(each.shift),
            short(each.error),
            top(each.distribution),
        )
        for each in list(best.values())[:MOST]
    ]
    heads = columns("question", "answer", "another", "shift", "error", "would be")
    return Table(heads, rows, f"{found.phase.name} ({found.phase.year})", keys=3)


def _words(each: OtherAnswer) -> str:
    """A letter with what it stands for, unless it says so itself."""
    words = each.question.answers[each.letter]
    return words if words == each.letter else f"{each.letter}: {words}"


def _levers(found: Margins) -> Iterator[Part]:
    """The levers that change something, and the names of the others."""
    idle = [lever for lever in found.levers if lever.warning == NOTHING]
    shown = [lever for lever in found.levers if lever not in idle]
    yield _levers_table(found.phase, shown)
    if idle:
        names = (f"{x.alternative.question.name} {x.alternative.letter}" for x in idle)
        yield f"No draw changes its type with {', '.join(names)}."


def _levers_table(phase: Phase, levers: Sequence[Lever]) -> Table:
    rows = [
        (
            lever.alternative.question.name,
            f"{told_answer(phase, lever.alternative.question)} to {_words(lever.alternative)}",
            lever.place,
            short(lever.alternative.shift),
            short(lever.alternative.error),
            top(lever.alternative.distribution),
            lever.warning,
        )
        for lever in levers
    ]
    heads = columns("question", "change", "government", "shift", "error", "would be", "warning")
    return Table(heads, rows, f"{phase.name} ({phase.year})", keys=2)
