"""Statements and claims with their verdicts, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coopgame.findings.claims import Judged
from coopgame.findings.statements import Decision, Ruling
from coopgame.language.printing import to_text
from coopgame.reading.info import Info
from coopgame.report.examples import both_sides, point
from coopgame.report.games import paragraphs
from coopgame.report.tables import Report, ReportPart, Table, columns, facts, fields_of, origin


def decision_report(decision: Decision) -> Report:
    """One statement with its verdict."""
    info = decision.info or Info(decision.game, decision.game, "", "")
    entries = facts(
        [
            ("statement", [decision.statement]),
            ("verdict", [decision.ruling.value]),
            (_called(decision), [point(witness) for witness in decision.witnesses]),
            ("there", _tested(decision)),
        ]
    )
    record = _decision_record(decision)
    row = (decision.game, decision.statement, decision.ruling.value)
    return Report(
        title=f"{info.title}: {decision.ruling.value}",
        sections=(ReportPart("", (entries,)),),
        table=Table(columns("game", "statement", "verdict"), [row]),
        record=record,
        origin=origin(info),
    )


def claims_report(judged: Sequence[Judged], info: Info) -> Report:
    """Every claim with the verdicts on its statement and on the rival's."""
    stated = sum(each.holds_as_stated for each in judged)
    needing = sum(each.decision.holds for each in judged) - stated
    further = f", {needing} under a condition that its text leaves unsaid" if needing else ""
    return Report(
        title=f"{info.title}: {stated} of {len(judged)} claims hold as stated{further}",
        sections=(_overview(judged, info), *map(_claim_section, judged)),
        table=_claim_table(judged),
        record={"claims": [_claim_record(each) for each in judged]},
        origin=origin(info),
    )


def _overview(judged: Sequence[Judged], info: Info) -> ReportPart:
    """What the file says of itself, and the verdicts at a glance."""
    rows = [(e.claim.id, e.verdict, e.rival.ruling.value) for e in judged]
    glance = Table(columns("claim", "verdict", "verdict on the rival"), rows)
    return ReportPart("", (*paragraphs(info.description), glance))


def _claim_section(judged: Judged) -> ReportPart:
    claim, rival = judged.claim, judged.rival
    shown = rival.witnesses[:2] if rival.ruling in (Ruling.HOLDS, Ruling.REFUTED) else ()
    entries = facts(
        [
            ("place", [claim.place]),
            ("statement", [f"{judged.decision.game}: {judged.decision.statement}"]),
            ("its condition", [claim.condition] if claim.condition else []),
            ("verdict", [judged.verdict]),
            (_called(judged.decision), [point(w) for w in judged.decision.witnesses[:2]]),
            ("a rival assumes", [claim.rival]),
            ("its statement", [f"{rival.game}: {rival.statement}"]),
            ("its verdict", [rival.ruling.value]),
            (f"its {_called(rival)}", [point(witness) for witness in shown]),
            ("which teaches", [claim.teaches] if claim.teaches else []),
        ]
    )
    return ReportPart(f"{claim.id}: {claim.sentence}", (entries,))


def _claim_table(judged: Sequence[Judged]) -> Table:
    """One row a claim, for a spreadsheet."""
    heads = (
        "id",
        "place",
        "sentence",
        "game",
        "statement",
        "condition",
        "verdict",
        "rival",
        "rival_verdict",
        "teaches",
    )
    rows = [
        (
            each.claim.id,
            each.claim.place,
            each.claim.sentence,
            each.decision.game,
            each.decision.statement,
            each.claim.condition,
            each.decision.ruling.value,
            each.rival.statement,
            each.rival.ruling.value,
            each.claim.teaches,
        )
        for each in judged
    ]
    return Table(columns(*heads), rows)


def _claim_record(judged: Judged) -> dict[str, Any]:
    claim = judged.claim
    return {
        **fields_of(claim, "id", "place", "sentence"),
        **_decision_record(judged.decision),
        "condition": claim.condition,
        "holds_as_stated": judged.holds_as_stated,
        "rival": {
            "assumes": claim.rival,
            **_decision_record(judged.rival),
            "teaches": claim.teaches,
        },
    }


def _decision_record(decision: Decision) -> dict[str, Any]:
    return {
        "game": decision.game,
        "statement": decision.statement,
        "verdict": decision.ruling.value,
        "witnesses": [{n: to_text(v) for n, v in w.items()} for w in decision.witnesses],
    }


def _called(decision: Decision) -> str:
    """What the points of a decision are called."""
    return "counter-example" if decision.ruling is Ruling.REFUTED else "example"


def _tested(decision: Decision) -> list[str]:
    """Both sides of what a statement compares, at the first point that bears it out or not."""
    return [line for w in decision.witnesses[:1] for line in both_sides(decision.tested, w)]
