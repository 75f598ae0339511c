"""A case's classification and study, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sympy

from coopgame.clusters.case import Case
from coopgame.clusters.classify import Classification, Margin, PhaseType
from coopgame.comparative import ALL
from coopgame.report.scenarios import rules_facts
from coopgame.report.signs import LEGEND, mark
from coopgame.report.tables import (
    Cell,
    Column,
    Facts,
    Report,
    Section,
    Table,
    columns,
    exact,
    origin,
    plain,
)
from coopgame.rules import MacroRules
from coopgame.solution import number
from coopgame.study import RelationUnderRules, Study

HAZARD = "h"
NOT_COVERED = "The state-anchored type is not covered, as in the paper."


def classification_report(found: Classification) -> Report:
    """The type of a case's cluster in every phase."""
    return Report(
        title=found.case.info.title,
        sections=(_types(found), *_causes(found.case)),
        table=_phase_table(found),
        record=classification_record(found),
        origin=origin(found.case.info),
        notes=(NOT_COVERED,),
    )


def _types(found: Classification) -> Section:
    heads = ("phase", "year", "type", "as the paper says", "margin", "robustness")
    rows: list[tuple[Cell, ...]] = [
        (p.phase.name, p.phase.year, p.type, _stated(p), p.margin.distance, p.robustness)
        for p in found.phases
    ]
    lines = [f"{p.phase.name}: {_margin_text(p.margin)}" for p in found.phases]
    parts: tuple[str | Facts | Table, ...] = (
        Table(columns(*heads), rows),
        _inside(found),
        *lines,
        MARGIN_EXPLAINED,
    )
    return Section("Type of cluster, phase by phase", parts)


MARGIN_EXPLAINED = (
    "margin: distance to the nearest border between types, as a share of the range of the one "
    "parameter moved. robustness: the share of seeded draws around the phase that keep the type."
)


def _stated(p: PhaseType) -> str:
    if p.phase.expected is None:
        return "(none stated)"
    return "yes" if p.as_stated else f"no: {p.phase.expected}"


def _inside(found: Classification) -> Table:
    """What co-operation each phase has, and through which channels its output goes."""
    levels = [relation.name for relation in found.case.cluster.relations]
    shares = [channel.name for channel in found.case.cluster.channels]
    rows: list[tuple[Cell, ...]] = [
        (p.phase.name, *(number(r.level) for r in p.relations.values()), *p.shares.values())
        for p in found.phases
    ]
    return Table(
        columns("phase", *levels, *shares),
        rows,
        "Levels of co-operation, and the share of output sold through each channel",
    )


def _phase_table(found: Classification) -> Table:
    """Everything about the phases in one table, for a spreadsheet."""
    heads = ["phase", "year", "type", "expected", "margin", "robustness"]
    levels = [relation.name for relation in found.case.cluster.relations]
    shares = [f"output_{channel.name}" for channel in found.case.cluster.channels]
    rows: list[tuple[Cell, ...]] = [
        (
            p.phase.name,
            p.phase.year,
            p.type,
            p.phase.expected,
            p.margin.distance,
            p.robustness,
            *(selected.level for selected in p.relations.values()),
            *p.shares.values(),
        )
        for p in found.phases
    ]
    return Table(columns(*heads, *levels, *shares), rows)


def _margin_text(margin: Margin) -> str:
    if margin.distance is None:
        return "no single parameter, moved over its whole range, changes the type"
    return (
        f"nearest border at {margin.parameter} = {margin.at:.4g} "
        f"({margin.distance:.1%} of its range away), beyond it: {margin.becomes}"
    )


def _causes(case: Case) -> Iterable[Section]:
    """What each phase changes, and where that comes from."""
    for phase in case.phases:
        rows = [
            (name, departure.value, case.cluster.domain[name].meaning, departure.source)
            for name, departure in phase.departures.items()
        ]
        table = Table(columns("parameter", "value", "meaning", "source"), rows)
        stated = f"{phase.place}; macro rules: {phase.rules.info.name}"
        yield Section(f"What sets {phase.name!r} apart ({phase.year})", (stated, table))


def classification_record(found: Classification) -> dict[str, Any]:
    """The record that `classify --format json` prints."""
    return {"case": found.case.info.name, "phases": [_phase_record(p) for p in found.phases]}


def _phase_record(p: PhaseType) -> dict[str, Any]:
    return {
        "phase": p.phase.name,
        "year": p.phase.year,
        "type": p.type,
        "expected": p.phase.expected,
        "as_stated": p.as_stated,
        "margin": p.margin.distance,
        "nearest_border": {
            "parameter": p.margin.parameter,
            "at": p.margin.at,
            "becomes": p.margin.becomes,
        },
        "robustness": p.robustness,
        "levels": {name: exact(found.level) for name, found in p.relations.items()},
        "sustainable": {name: exact(found.sustainable) for name, found in p.relations.items()},
        "tipping_points": {name: exact(found.tipping_point) for name, found in p.relations.items()},
        "shares": {name: exact(value) for name, value in p.shares.items()},
        "rules": p.phase.rules.describe(),
    }


# --- the whole study ---------------------------------------------------------------------------


def study_report(found: Study) -> Report:
    """The whole answer for a case."""
    return Report(
        title=found.case.info.title,
        sections=(
            _rules_section(found),
            _relations_section(found),
            Section(
                f"Which way co-operation moves: signs of {found.game.header.info.name}, proved",
                (_sign_table(found), SIGNS_EXPLAINED, LEGEND),
            ),
            _types(found.classification),
        ),
        table=_phase_table(found.classification),
        record=_study_record(found),
        origin=origin(found.case.info),
        notes=(NOT_COVERED,),
    )


def _rules_in(found: Study) -> dict[str, MacroRules]:
    """The macro rules the study speaks of: those compared, and those of the phases."""
    compared = {row.rules.info.name: row.rules for row in found.relations}
    return compared | {phase.rules.info.name: phase.rules for phase in found.case.phases}


def _rules_section(found: Study) -> Section:
    return Section("Macro rules", (rules_facts(list(_rules_in(found).values())),))


def _relations_section(found: Study) -> Section:
    legend = [f"{relation.name}: {relation.meaning}" for relation in found.case.cluster.relations]
    tables: list[Table] = [
        replace(
            _relation_table(row for row in found.relations if row.phase is phase),
            title=f"{phase.name} ({phase.year})",
        )
        for phase in found.case.phases
    ]
    return Section("Equilibrium co-operation by macro rules", (*legend, *tables, LEVELS_EXPLAINED))


LEVELS_EXPLAINED = (
    "hazard: of a change of rules, per period. level: the highest that enforces itself, 0 to 1. "
    "tipping: the trust below which it unravels. collapse: the hazard above which nothing does."
)


SIGNS_EXPLAINED = (
    "level: over the whole domain; constr.: where the incentive binds; tipping: the tipping point; "
    "collapse, return: the hazards above which co-operation collapses and below which it returns."
)


def _relation_table(rows: Iterable[RelationUnderRules]) -> Table:
    heads = [
        Column("relation"),
        Column("rules"),
        Column("hazard", "hazard of a change of rules", "probability per period"),
        Column("level", "equilibrium level of co-operation", "0 to 1"),
        Column("tipping", "trust below which the relation unravels", "0 to 1"),
        Column("collapse", "hazard above which nothing is sustained", "probability per period"),
        Column("why"),
    ]
    cells: list[tuple[Cell, ...]] = [
        (
            row.relation.name,
            row.rules.info.name,
            row.hazard,
            number(row.level),
            None if row.tipping_point is None else number(row.tipping_point),
            collapse_cell(row.collapse),
            row.branch,
        )
        for row in rows
    ]
    return Table(tuple(heads), cells)


def _sign_table(found: Study) -> Table:
    """One row a parameter, with its meaning: how each outcome moves in it."""
    shown = [
        ("level", ALL, "level"),
        ("level", "constrained", "constr."),
        ("tipping_point", ALL, "tipping"),
        ("collapse", f"critical {HAZARD}", "collapse"),
        ("return", f"critical {HAZARD}", "return"),
    ]
    marks = {(r.outcome, r.branch, r.parameter): mark(r) for r in found.signs.rows}
    rows: list[tuple[Cell, ...]] = [
        (p.name, p.meaning, *(marks.get((*key[:2], p.name), "") for key in shown))
        for p in found.game.header.domain.parameters
    ]
    return Table(columns("parameter", "meaning", *(key[2] for key in shown)), rows)


def collapse_cell(collapse: sympy.Expr | None) -> Cell:
    """The hazard of collapse as a cell: a number, or words where it is no probability."""
    if collapse is None or not collapse.is_number:
        return None
    value = sympy.N(collapse, 30)
    if not value.is_real:
        return "at no hazard"
    if value <= 0:
        return "at any hazard"
    return "at no hazard" if value >= 1 else collapse


def _study_record(found: Study) -> dict[str, Any]:
    return {
        "case": found.case.info.name,
        "rules": [rules.describe() for rules in _rules_in(found).values()],
        "relations": [
            {
                "phase": row.phase.name,
                "relation": row.relation.name,
                "rules": row.rules.info.name,
                "hazard": exact(row.hazard),
                "branch": row.branch,
                "level": exact(row.level),
                "tipping_point": exact(row.tipping_point),
                "collapse": plain(collapse_cell(row.collapse)),
            }
            for row in found.relations
        ],
        "phases": classification_record(found.classification)["phases"],
    }
