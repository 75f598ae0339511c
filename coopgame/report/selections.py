"""What criteria select among equilibria, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from coopgame.language.printing import to_text
from coopgame.report.tables import (
    Cell,
    Part,
    Report,
    ReportPart,
    Table,
    assigned,
    columns,
    facts,
    origin,
    plain,
)
from coopgame.selection.coordination import Selection
from coopgame.selection.criteria import Chosen, SelectedEquilibria
from coopgame.selection.registry import CRITERIA

HEADS = ("criterion", "equilibrium", "where", "measure", "precision", "player", "action",
         "probability")  # fmt: skip


def selected_report(found: SelectedEquilibria) -> Report:
    """What each criterion selects, and where."""
    info = found.solution.info
    reasons: dict[str, list[str]] = {}
    for each in found.chosen:
        if each.without:
            reasons.setdefault(each.without, []).append(each.criterion)
    without = [f"not told: {', '.join(names)}: {why}" for why, names in reasons.items()]
    told = [each for each in found.chosen if not each.without]
    return Report(
        title=f"{info.title}: selection among equilibria",
        sections=tuple(map(_section, told)),
        table=Table(columns(*HEADS), [row for each in told for row in _rows(each)]),
        record={
            "game": info.name,
            "values": {name: to_text(value) for name, value in found.solution.point.items()},
            "criteria": [_record(each) for each in told],
            "not_defined": {c.criterion: c.without for c in found.chosen if c.without},
        },
        origin=origin(info),
        notes=tuple(without),
    )


def chosen_report(chosen: Chosen) -> Report:
    """What one criterion selects."""
    return Report(
        title=f"Selection by {chosen.criterion}",
        sections=(_section(chosen),),
        table=Table(columns(*HEADS), list(_rows(chosen))),
        record=_record(chosen),
    )


def _section(chosen: Chosen) -> ReportPart:
    criterion = CRITERIA[chosen.criterion]
    source = f" ({criterion.source})" if criterion.source else ""
    parts: list[Part] = [f"{criterion.meaning}{source}"]
    if chosen.responses:
        if chosen.point:
            parts.append(f"at {assigned(chosen.point)}")
        rows = [row[4:] for row in _rows(chosen)]
        parts.append(Table(columns(*HEADS[4:]), rows))
    elif chosen.selected:
        parts.append(facts([(s.equilibrium, _lines(s, chosen.measured)) for s in chosen.selected]))
    else:
        parts.append(f"It selects nothing: {criterion.nothing}.")
    return ReportPart(chosen.criterion, tuple(parts))


def _lines(selection: Selection, measured: str) -> list[Cell]:
    lines: list[Cell] = list(selection.conditions) or ["everywhere"]
    if selection.measure is not None:
        lines.append(f"{measured} = {plain(selection.measure)}")
    return lines


def _rows(chosen: Chosen) -> Iterator[tuple[Cell, ...]]:
    for selection in chosen.selected:
        where = sympy.And(*selection.conditions)
        yield (chosen.criterion, selection.equilibrium, where, selection.measure, *(None,) * 4)
    for response in chosen.responses:
        for player, mixture in response.strategies.items():
            for action, chance in mixture.items():
                told = (response.precision, player, action, chance)
                yield (chosen.criterion, None, None, None, *told)


def _record(chosen: Chosen) -> dict[str, Any]:
    return {
        "criterion": chosen.criterion,
        "meaning": CRITERIA[chosen.criterion].meaning,
        "source": CRITERIA[chosen.criterion].source,
        "measured": chosen.measured,
        "selected": [
            {
                "equilibrium": selection.equilibrium,
                "conditions": [to_text(condition) for condition in selection.conditions],
                "measure": selection.measure,
            }
            for selection in chosen.selected
        ],
        "at": {name: to_text(value) for name, value in chosen.point.items()},
        "responses": [
            {"precision": each.precision, "strategies": each.strategies}
            for each in chosen.responses
        ],
    }
