"""A case's classification, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from coopgame.clusters.borders import Border
from coopgame.clusters.case import Case, Phase
from coopgame.clusters.classify import Classification, PhaseType
from coopgame.language.deciding import number
from coopgame.language.printing import to_text
from coopgame.report.tables import (
    Cell,
    Facts,
    Report,
    ReportPart,
    Table,
    columns,
    exact,
    origin,
)

DIGITS = 3
SHOWN = 80
NOT_COVERED = "The state-anchored type is not covered, as in the paper."


def classification_report(found: Classification) -> Report:
    """The types of a case by phase as a report."""
    return Report(
        title=found.case.info.title,
        sections=(types_section(found),),
        table=phase_table(found),
        record=classification_record(found),
        origin=origin(found.case.info),
        notes=(NOT_COVERED,),
    )


def types_section(found: Classification) -> ReportPart:
    """Type, margin and robustness of each phase, and what lies behind them."""
    heads = ("phase", "year", "type", "as its source says", "margin", "robustness")
    rows: list[tuple[Cell, ...]] = [
        (p.phase.name, p.phase.year, p.type, stated(p), p.margin, p.robustness)
        for p in found.phases
    ]
    lines = [f"{p.phase.name}: {_border_text(p)}" for p in found.phases]
    drawn = f"{found.draws.count} draws, +-{found.draws.width:.0%}, seed {found.draws.seed}"
    parts: tuple[str | Facts | Table, ...] = (
        Table(columns(*heads), rows),
        *_inside(found),
        _equilibria(found),
        *lines,
        f"{EXPLAINED} ({drawn}).",
    )
    return ReportPart("Type of cluster, phase by phase", parts)


EXPLAINED = (
    "margin: distance to the nearest border between types, as a share of the range of the one "
    "parameter moved. robustness: the share of seeded draws around the phase that keep the type"
)


def stated(p: PhaseType) -> str:
    """Whether the type is the one that the source of the case states."""
    if p.phase.expected is None:
        return "(none stated)"
    return "yes" if p.as_stated else f"no: {p.phase.expected}"


def _border_text(p: PhaseType) -> str:
    if p.border is None:
        return "no single parameter, moved over its whole range, changes the type"
    first, *others = p.borders
    told = f"nearest border at {border_text(first)}{_surface_text(first)}"
    return "; ".join([told, *map(border_text, others)])


def border_text(border: Border) -> str:
    """Where a border lies along its parameter, and what lies beyond."""
    return (
        f"{border.parameter} = {border.at:.4g} ({border.distance:.1%} of its range away): "
        f"{border.becomes}"
    )


def _surface_text(border: Border) -> str:
    if border.surface is None:
        return ""
    stated = to_text(border.surface.expression)
    where = f", where 0 = {stated}" if len(stated) <= SHOWN else ""
    return f" (what switches: {border.surface.label}{where})"


def _inside(found: Classification) -> Iterator[Table]:
    """What co-operation each phase has, and through which channels its output goes."""
    levels = [relation.name for relation in found.case.cluster.relations]
    outputs = list(found.phases[0].place.outputs)
    yield Table(
        columns("phase", *levels, "large firms"),
        [
            (p.phase.name, *(short(r.level) for r in p.place.relations.values()), p.place.mode)
            for p in found.phases
        ],
        "Levels of co-operation (0 to 1), and what the large local firms do",
    )
    yield Table(
        columns("phase", *outputs),
        [(p.phase.name, *map(short, p.place.outputs.values())) for p in found.phases],
        "Share of output sold through each channel; inside: made by large local firms themselves",
    )


def short(value: Any) -> float:
    """A number to three decimals."""
    return round(number(value), DIGITS)


def _equilibria(found: Classification) -> Table:
    return Table(
        columns("phase", "least co-operation", "as history has it", "greatest co-operation"),
        [(p.phase.name, p.least.type, p.type, p.greatest.type) for p in found.phases],
        "The type in each of the joint equilibria",
    )


def phase_table(found: Classification) -> Table:
    """Everything about the phases in one table, for a spreadsheet."""
    heads = ["phase", "year", "type", "expected", "margin", "robustness", "large_firms"]
    levels = [relation.name for relation in found.case.cluster.relations]
    outputs = [f"output_{name}" for name in found.phases[0].place.outputs]
    rows: list[tuple[Cell, ...]] = [
        (
            p.phase.name,
            p.phase.year,
            p.type,
            p.phase.expected,
            p.margin,
            p.robustness,
            p.place.mode,
            *(selected.level for selected in p.place.relations.values()),
            *p.place.outputs.values(),
        )
        for p in found.phases
    ]
    return Table(columns(*heads, *levels, *outputs), rows)


# --- the record --------------------------------------------------------------------------------


def classification_record(found: Classification) -> dict[str, Any]:
    """The case, how robustness was drawn, and everything about each phase."""
    return {
        "case": found.case.info.name,
        "draws": asdict(found.draws),
        "phases": [_phase_record(found.case, p) for p in found.phases],
    }


def _phase_record(case: Case, p: PhaseType) -> dict[str, Any]:
    relations = p.place.relations
    return {
        "phase": p.phase.name,
        "year": p.phase.year,
        "type": p.type,
        "expected": p.phase.expected,
        "as_stated": p.as_stated,
        "margin": p.margin,
        "nearest_border": _border_record(p.border) if p.border else None,
        "borders": [_border_record(border) for border in p.borders],
        "robustness": p.robustness,
        "equilibria": {"least": p.least.type, "history": p.type, "greatest": p.greatest.type},
        "levels": {name: exact(r.level) for name, r in relations.items()},
        "sustainable": {name: exact(r.sustainable) for name, r in relations.items()},
        "tipping_points": {name: exact(r.tipping_point) for name, r in relations.items()},
        "large_firms": p.place.mode,
        "shares": {name: exact(value) for name, value in p.place.outputs.items()},
        "firms": {name: exact(value) for name, value in p.place.shares.items()},
        "departures": departure_sizes(case, p.phase),
        "turn": dict(p.phase.turn),
        "rules": p.phase.rules.describe(),
    }


def departure_sizes(case: Case, phase: Phase) -> dict[str, float]:
    """How far each departure of a phase lies from the baseline, as a share of its range."""
    domain = case.cluster.domain
    found = {}
    for name, departure in phase.departures.items():
        interval = domain[name].interval
        moved = abs(departure.value - domain.defaults[name])
        found[name] = number(moved / (interval.upper - interval.lower))
    return found


def _border_record(border: Border) -> dict[str, Any]:
    surface = border.surface
    return {
        "parameter": border.parameter,
        "at": border.at,
        "distance": border.distance,
        "becomes": border.becomes,
        "what_switches": surface.label if surface else None,
        "surface": to_text(surface.expression) if surface else None,
    }
