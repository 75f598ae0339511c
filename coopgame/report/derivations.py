"""A derivation to read: numbered steps, the equations set apart; in text, Markdown and LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import sympy

from coopgame.forms.derivation import ArgumentTable, Derivation, Line, Role, Step
from coopgame.language.printing import to_text
from coopgame.report.abbreviations import discounted
from coopgame.report.documents import quantities
from coopgame.report.equations import written
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
from coopgame.teaching.lecture import Lecture

Shorten = Callable[[Any], Any]
FOR_SHORT = "effective discount factor, for short"


def lecture_report(lecture: Lecture) -> Report:
    """The argument for one equilibrium, step by step."""
    shown, header = in_short(lecture), lecture.header
    return Report(
        title=f"{header.info.title}: why {shown.branch} is an equilibrium, and where",
        sections=tuple(
            section(step, f"{number}. {step.heading}")
            for number, step in enumerate(shown.steps, start=1)
        ),
        table=step_table([("", lecture.derivation)]),
        record={"game": lecture.solution.name, **derivation_record(lecture.derivation)},
        origin=f"{origin(header.info)}, {lecture.solution.provenance.method}",
        symbols=quantities(header.domain.parameters, meant=False),
    )


def section(step: Step, title: str) -> ReportPart:
    """One step under its heading."""
    parts: list[Part] = [step.text]
    parts += [_grid(grid) for grid in step.grids]
    if step.lines:
        parts.append(Display(tuple((line.statement, line.about) for line in step.lines)))
    if step.remarks:
        parts.append(Remarks(step.remarks))
    return ReportPart(title, tuple(parts))


def _grid(grid: ArgumentTable) -> Table:
    return Table(columns(*grid.columns), grid.rows, grid.title)


# --- effective discount factors ----------------------------------------------------------------


def in_short(lecture: Lecture) -> Derivation:
    """The derivation with its effective discount factors written as D, told before its first use.

    What an argument defines as D stays as it is told there.
    """
    solution = replace(lecture.solution, branches=(lecture.branch,), criticals=())
    factors, shorten = discounted(solution)
    derived = lecture.derivation
    if not factors:
        return derived
    steps = [_shortened(step, factors, shorten) for step in derived.steps]
    told = derived.definitions
    used = [set().union(*(_symbols(line) for line in step.lines)) for step in steps]
    for factor, meant in factors.items():
        first = next((i for i, symbols in enumerate(used) if factor in symbols), None)
        if first is not None and factor not in told:
            line = Line(sympy.Eq(factor, meant, evaluate=False), FOR_SHORT)
            steps[first] = replace(steps[first], lines=(line, *steps[first].lines))
    return replace(derived, steps=tuple(steps))


def _symbols(line: Line) -> set[sympy.Symbol]:
    return set(line.statement.free_symbols)


def _shortened(step: Step, factors: Mapping[sympy.Symbol, Any], shorten: Shorten) -> Step:
    def short(line: Line) -> Line:
        defines = step.kind is Role.GIVEN and line.statement.args[0] in factors
        return line if defines else replace(line, statement=shorten(line.statement))

    return replace(step, lines=tuple(map(short, step.lines)))


# --- for a spreadsheet and for a program -------------------------------------------------------


def step_table(derivations: Iterable[tuple[str, Derivation]]) -> Table:
    """One row a line: the step, its heading, the part it plays, the statement, what it is about."""
    rows = [
        (
            label,
            number,
            step.heading,
            step.kind.value,
            " ".join(written(line.statement)),
            line.about,
        )
        for label, derivation in derivations
        for number, step in enumerate(derivation.steps, start=1)
        for line in step.lines
    ]
    return Table(columns("problem", "step", "heading", "kind", "statement", "about"), rows)


def derivation_record(derivation: Derivation) -> dict[str, Any]:
    """The record that JSON prints; statements are texts that parse again."""
    return {
        "branch": derivation.branch,
        "concept": derivation.concept,
        "steps": [
            {
                "heading": step.heading,
                "kind": step.kind.value,
                "text": step.text,
                "lines": [
                    {"statement": to_text(line.statement), "about": line.about}
                    for line in step.lines
                ],
                "remarks": list(step.remarks),
                "tables": [
                    {
                        "title": g.title,
                        "columns": g.columns,
                        "rows": [list(map(_told, r)) for r in g.rows],
                    }
                    for g in step.grids
                ],
            }
            for step in derivation.steps
        ],
    }


def _told(cell: Any) -> str:
    return to_text(cell) if isinstance(cell, sympy.Basic) else str(cell)
