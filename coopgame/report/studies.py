"""The whole answer for a case, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from typing import Any

from coopgame.clusters.relationships import RELATIONSHIPS
from coopgame.clusters.study import FEW, SignsOfGame, Study
from coopgame.clusters.under import GAMES, MEANINGS, ClusterCondition, UnderRules, period
from coopgame.comparative.rows import ALL
from coopgame.report.cases import NOT_COVERED, portrait_sections, types_table
from coopgame.report.macros import chained
from coopgame.report.openings import opening, reasons
from coopgame.report.records import portrait_record
from coopgame.report.scenarios import rules_facts
from coopgame.report.shares import short
from coopgame.report.signs import LEGEND, as_proved, mark
from coopgame.report.tables import Report, ReportPart, Table, columns, fields_of, origin


def study_report(found: Study) -> Report:
    """The whole answer for a case."""
    types = found.portrait.types
    assert types is not None
    return Report(
        title=found.case.info.title,
        sections=(
            opening(found),
            reasons(found),
            _why_section(found),
            ReportPart("Macro rules", (rules_facts([row.rules for row in _each_rules(found)]),)),
            _types_section(found),
            _levels_section(found),
            *map(_signs_section, found.signs),
            *portrait_sections(found.portrait),
        ),
        table=types_table(types),
        record=_study_record(found),
        origin=origin(found.case.info),
        notes=(*found.case.marks, NOT_COVERED),
    )


def _each_rules(found: Study) -> list[UnderRules]:
    first = found.case.phases[0]
    return [row for row in found.rows if row.phase is first]


def _types_section(found: Study) -> ReportPart:
    rows = [(row.phase.year, row.rules.info.name, row.type, _shares(row)) for row in found.rows]
    heads = columns("year", "rules", "most likely", "share of draws with each type")
    table = Table(heads, rows, keys=2)
    sampled = (
        f"Each phase after a history under each of the rules, all other answers as coded, at {FEW} "
        "draws (standard error of a share at most "
        f"{0.5 / FEW**0.5:.2f})."
    )
    rules = [row.rules for row in _each_rules(found)]
    return ReportPart("Types by macro rules", (table, sampled, *chained(rules)))


def _shares(row: UnderRules) -> str:
    """The types that occur, the most likely first."""
    found = sorted(row.distribution.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{kind} {share:.2f}" for kind, share in found if share >= 0.005)


def _levels_section(found: Study) -> ReportPart:
    legend = [f"{name}: {meaning}" for name, meaning in MEANINGS.items()]
    rows = [
        (row.phase.year, row.rules.info.name, *(short(row.levels[n]) for n in RELATIONSHIPS))
        for row in found.rows
    ]
    table = Table(columns("year", "rules", *RELATIONSHIPS), rows, keys=2)
    about = "Mean levels over draws, 0 to 1; of ties the share of orders or stage work under them."
    return ReportPart("How far co-operation goes by macro rules", (*legend, table, about))


WHY = (
    "At the middle of what the last phase's answers allow. Ties are the game tie, all else is the "
    "game relation. D: what the next period counts. gain: what it brings a year; bar: the least "
    "gain that keeps a promise, (1-D)*temptation/(q*D); needed: the trust that starts it, beside "
    "the trust there is. collapse: the yearly hazard above which no level enforces itself."
)


def _why_section(found: Study) -> ReportPart:
    last = found.case.phases[-1]
    rows = [
        (
            c.relation,
            period(c.relation),
            row.rules.info.name,
            short(c.weight),
            short(c.gain),
            short(c.bar),
            short(c.level),
            short(c.needed),
            short(c.trust),
            "none" if c.collapse is None else short(c.collapse),
        )
        for name in RELATIONSHIPS
        for row in found.rows
        if row.phase is last
        for c in row.conditions
        if c.relation == name
    ]
    heads = ("co-operation", "period", "rules", "D", "gain", "bar", "level", "needed", "trust",
             "collapse")  # fmt: skip
    table = Table(columns(*heads), rows, keys=3)
    return ReportPart("Each game's own condition, in numbers", (table, WHY))


SIGNS_EXPLAINED = (
    "level: over the whole domain; constr.: where the incentive binds; tipping: the tipping point; "
    "collapse, return: the hazards above which co-operation collapses and below which it returns."
)


def _signs_section(signs: SignsOfGame) -> ReportPart:
    heading = (
        f"Which way co-operation moves: signs of {signs.told}, {as_proved(signs.statics.rows)}"
    )
    return ReportPart(heading, (_sign_table(signs), SIGNS_EXPLAINED, LEGEND))


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
    rows = [
        (p.name, p.meaning, *(marks.get((*key[:2], p.name), "") for key in shown))
        for p in domain.parameters
    ]
    return Table(columns("parameter", "meaning", *(key[2] for key in shown)), rows)


def _study_record(found: Study) -> dict[str, Any]:
    return portrait_record(found.portrait) | {
        "rules": [row.rules.describe() for row in _each_rules(found)],
        "under_rules": [
            {
                "year": row.phase.year,
                "rules": row.rules.info.name,
                **fields_of(row, "type", "distribution", "levels", "sustained"),
                "conditions": list(map(_condition_record, row.conditions)),
            }
            for row in found.rows
        ],
    }


def _condition_record(c: ClusterCondition) -> dict[str, Any]:
    return {
        "relation": c.relation,
        "game": GAMES[c.relation],
        "period": period(c.relation),
        **fields_of(c, "weight", "gain", "bar", "level"),
        "trust_needed": c.needed,
        **fields_of(c, "trust", "collapse"),
    }
