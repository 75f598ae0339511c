"""A case's classification and study, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy

from coopgame.clusters.case import Case
from coopgame.clusters.classify import Classification, Margin, PhaseType
from coopgame.report.scenarios import rules_facts
from coopgame.report.signs import LEGEND, sign_matrix
from coopgame.report.tables import (
    Cell,
    Column,
    Report,
    Section,
    Table,
    columns,
    exact,
    origin,
    plain,
)
from coopgame.rules import MacroRules
from coopgame.study import RelationUnderRules, Study

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
    lines = [f"{p.phase.name} ({p.phase.year}): {_margin_text(p.margin)}" for p in found.phases]
    return Section("Type of cluster, phase by phase", (_phase_table(found), *lines))


def _phase_table(found: Classification) -> Table:
    names = ["phase", "year", "type", "stated by the paper", "margin", "robustness"]
    levels = [relation.name for relation in found.case.cluster.relations]
    shares = [f"output {channel.name}" for channel in found.case.cluster.channels]
    rows: list[tuple[Cell, ...]] = [
        (
            p.phase.name,
            p.phase.year,
            p.type,
            p.phase.expected or "(none)",
            p.margin.distance,
            p.robustness,
            *(selected.level for selected in p.relations.values()),
            *p.shares.values(),
        )
        for p in found.phases
    ]
    return Table(columns(*names, *levels, *shares), rows)


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
                (sign_matrix(found.signs), LEGEND),
            ),
            _types(found.classification),
        ),
        table=_relation_table(found.relations),
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
    legend = "\n".join(
        f"{relation.name}: {relation.meaning}" for relation in found.case.cluster.relations
    )
    explained = (
        "level: the highest that enforces itself, 0 for none. tipping point: the trust below which "
        "it unravels. collapse: the hazard a period above which nothing enforces itself."
    )
    table = _relation_table(found.relations)
    return Section("Equilibrium co-operation by macro rules", (legend, table, explained))


def _relation_table(rows: Iterable[RelationUnderRules]) -> Table:
    heads = [
        Column("phase"),
        Column("relation"),
        Column("rules"),
        Column("hazard", "hazard of a change of rules", "probability per period"),
        Column("level", "equilibrium level of co-operation", "0 to 1"),
        Column("tipping point", "trust below which the relation unravels", "0 to 1"),
        Column("collapse at", "hazard above which nothing is sustained", "probability per period"),
        Column("branch"),
    ]
    cells: list[tuple[Cell, ...]] = [
        (
            row.phase.name,
            row.relation.name,
            row.rules.info.name,
            row.hazard,
            row.level,
            row.tipping_point,
            collapse_cell(row.collapse),
            row.branch,
        )
        for row in rows
    ]
    return Table(tuple(heads), cells)


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
