"""The whole answer for a case, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sympy

from coopgame.clusters.model import RELATIONS
from coopgame.clusters.study import RelationUnderRules, SignsOfGame, Study
from coopgame.comparative.rows import ALL
from coopgame.language.deciding import number
from coopgame.report.cases import NOT_COVERED
from coopgame.report.portraits import portrait_record, portrait_sections, portrait_table
from coopgame.report.scenarios import rules_facts
from coopgame.report.signs import LEGEND, mark
from coopgame.report.tables import Cell, Column, Report, ReportPart, Table, columns, exact, origin
from coopgame.rules.macro import MacroRules

ALWAYS, NEVER = "at any hazard", "at no hazard"


def study_report(found: Study) -> Report:
    """The whole answer for a case."""
    return Report(
        title=found.case.info.title,
        sections=(
            _rules_section(found),
            _relations_section(found),
            *map(_signs_section, found.signs),
            *portrait_sections(found.portrait),
        ),
        table=portrait_table(found.portrait),
        record=_study_record(found),
        origin=origin(found.case.info),
        notes=(NOT_COVERED,),
    )


def _signs_section(signs: SignsOfGame) -> ReportPart:
    of = signs.told if len(signs.relations) < len(RELATIONS) else signs.game.header.info.name
    heading = f"Which way co-operation moves: signs of {of}, proved"
    return ReportPart(heading, (_sign_table(signs), SIGNS_EXPLAINED, LEGEND))


def _rules_in(found: Study) -> dict[str, MacroRules]:
    """The macro rules the study speaks of: those compared, and those of the phases."""
    compared = {row.rules.info.name: row.rules for row in found.relations}
    return compared | {phase.rules.info.name: phase.rules for phase in found.case.phases}


def _rules_section(found: Study) -> ReportPart:
    return ReportPart("Macro rules", (rules_facts(list(_rules_in(found).values())),))


def _relations_section(found: Study) -> ReportPart:
    legend = [f"{relation.name}: {relation.meaning}" for relation in found.case.cluster.relations]
    tables: list[Table] = [
        replace(
            _relation_table(row for row in found.relations if row.phase is phase),
            title=f"{phase.name} ({phase.year})",
        )
        for phase in found.case.phases
    ]
    return ReportPart(
        "Equilibrium co-operation by macro rules", (*legend, *tables, LEVELS_EXPLAINED)
    )


LEVELS_EXPLAINED = (
    "hazard: of a change of rules, per period. level: the highest that enforces itself, 0 to 1. "
    "tipping: the trust below which it unravels. collapse: the hazard above which nothing does; "
    "return: the hazard below which it comes back from the floor of trust (where that is told)."
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
        Column("return", "hazard below which it returns from the floor", "probability per period"),
        Column("why"),
    ]
    cells: list[tuple[Cell, ...]] = [
        (
            row.relation.name,
            row.rules.info.name,
            row.hazard,
            number(row.level),
            None if row.tipping_point is None else number(row.tipping_point),
            hazard_cell(row.collapse),
            hazard_cell(row.comeback, above=False),
            row.branch,
        )
        for row in rows
    ]
    return Table(tuple(heads), cells)


def _sign_table(signs: SignsOfGame) -> Table:
    """One row a parameter, with its meaning: how each outcome moves in it."""
    domain = signs.game.header.domain
    hazard = next((p.name for p in domain.by_role("hazard")), "")
    shown = [
        ("level", ALL, "level"),
        ("level", "constrained", "constr."),
        ("tipping_point", ALL, "tipping"),
        ("collapse", f"critical {hazard}", "collapse"),
        ("return", f"critical {hazard}", "return"),
    ]
    marks = {(r.outcome, r.branch, r.parameter): mark(r) for r in signs.statics.rows}
    rows: list[tuple[Cell, ...]] = [
        (p.name, p.meaning, *(marks.get((*key[:2], p.name), "") for key in shown))
        for p in domain.parameters
    ]
    return Table(columns("parameter", "meaning", *(key[2] for key in shown)), rows)


def hazard_cell(critical: sympy.Expr | None, above: bool = True) -> Cell:
    """A critical hazard as a cell: a number, or words where it is no probability.

    `above` says that what it speaks of happens at the hazards above it, not below.
    """
    if critical is None or not critical.is_number:
        return None
    value = sympy.N(critical, 30)
    if not value.is_real:
        return NEVER
    if value <= 0:
        return ALWAYS if above else NEVER
    if value >= 1:
        return NEVER if above else ALWAYS
    return number(critical)


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
                "collapse": hazard_cell(row.collapse),
                "return": hazard_cell(row.comeback, above=False),
            }
            for row in found.relations
        ],
        "phases": portrait_record(found.portrait)["phases"],
    }
