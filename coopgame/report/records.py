"""What JSON says of a case: its facts, types by phase and year, other answers, levers."""

from __future__ import annotations

from typing import Any

from coopgame.clusters.answers import Lever, OtherAnswer
from coopgame.clusters.case import Case, Phase
from coopgame.clusters.classify import Classification, PhaseType
from coopgame.clusters.history import assumed
from coopgame.clusters.study import Portrait
from coopgame.report.tables import fields_of


def portrait_record(found: Portrait) -> dict[str, Any]:
    """What JSON prints of a portrait."""
    record = case_record(found.case)
    if found.types is not None:
        record |= classification_record(found.types)
    for phase, margins in zip(record["phases"], found.margins, strict=False):
        phase["answers_that_matter"] = [_alternative(a) for a in margins.alternatives]
        phase["levers"] = [_lever(lever) for lever in margins.levers]
        phase["draws_of_other_answers"] = margins.draws.count
    return record


def case_record(case: Case) -> dict[str, Any]:
    """The facts of a case for a program."""
    return {
        "case": case.info.name,
        "title": case.info.title,
        "digest": case.info.digest,
        "group": case.group,
        "in_place_of_answers": list(case.marks),
        "phases": [phase_facts(phase) for phase in case.phases],
    }


def phase_facts(phase: Phase) -> dict[str, Any]:
    return {
        "phase": phase.name,
        "year": phase.year,
        "stated": phase.stated,
        "soft": phase.is_soft,
        "answers": {
            name: {"letters": list(a.letters), "source": a.source}
            for name, a in phase.answers.items()
        },
    }


def classification_record(found: Classification) -> dict[str, Any]:
    """The types by phase and by year for a program."""
    return {
        "draws": found.draws.count,
        "seed": found.draws.seed,
        "years_assume": list(assumed(found.case)),
        "phases": [_phase_record(p) for p in found.phases],
        "years": [
            {
                "year": y.year,
                "phase": y.phase.name,
                **fields_of(y, "distribution", "levels", "wiped"),
            }
            for y in found.years
        ],
    }


def _phase_record(p: PhaseType) -> dict[str, Any]:
    return {
        **phase_facts(p.phase),
        **fields_of(p, "type", "distribution", "error", "middle", "as_stated"),
        **fields_of(p, "levels", "sustained", "shares", "features"),
        "equilibria": {
            **fields_of(p.equilibria, "count", "closed"),
            "several_types": p.equilibria.types,
            "least_and_greatest_differ": p.equilibria.differ,
            **fields_of(p.equilibria, "least", "greatest"),
        },
    }


def _alternative(each: OtherAnswer) -> dict[str, Any]:
    return {
        "question": each.question.name,
        **fields_of(each, "letter", "shift", "error", "type", "distribution", "warning"),
    }


def _lever(each: Lever) -> dict[str, Any]:
    return _alternative(each.alternative) | {"government": each.place}
