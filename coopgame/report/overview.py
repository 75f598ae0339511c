"""All cases in one table beside what their sources state, and how well these are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coopgame.clusters.classify import Classification
from coopgame.clusters.score import Row, Score, Total
from coopgame.report.cases import FOLLOWS, NOT_COVERED, stated
from coopgame.report.records import classification_record
from coopgame.report.shares import short, top
from coopgame.report.tables import Report, ReportPart, Table, columns

EXPLAINED = (
    "log score: mean log of the probability given to the stated type. Frequency: how often the "
    "other clusters of the group are stated to have each type. Regression: a ridge multinomial "
    "logit on the raw answers. Both are fitted without the cluster they are asked about."
)


BESIDE = (
    "In brackets the share of draws. stated: the type that the case's source states, if it does "
    "(soft: the source leaves it soft); given: the share of draws that has it."
)


def overview_report(found: Sequence[Classification]) -> Report:
    """Every phase of every case in one table."""
    rows = [
        (
            each.case.info.name,
            p.phase.year,
            p.type,
            short(p.distribution[p.type]),
            stated(p),
            None if p.stated_share is None else short(p.stated_share),
        )
        for each in found
        for p in each.phases
    ]
    heads = columns("case", "year", "most likely", "share", "as its source says", "stated type")
    return Report(
        title="The cases, phase by phase",
        sections=(ReportPart("Types", (_beside(found), BESIDE, FOLLOWS)),),
        table=Table(heads, rows, keys=2),
        record={
            "cases": [
                {"case": each.case.info.name, **classification_record(each)} for each in found
            ]
        },
        notes=(NOT_COVERED,),
    )


def _beside(found: Sequence[Classification]) -> Table:
    """The most likely type of each phase beside the stated one: narrow enough for a terminal."""
    rows = [
        (
            each.case.info.name,
            p.phase.year,
            top(p.distribution),
            f"{p.phase.stated or ''}{' (soft)' * p.phase.is_soft}",
            None if p.stated_share is None else short(p.stated_share),
        )
        for each in found
        for p in each.phases
    ]
    return Table(columns("case", "year", "most likely", "stated", "given"), rows, keys=2)


def score_report(found: Score) -> Report:
    """The score on all phases with a stated type, beside the baselines."""
    table = _rows(found)
    failures = [row for row in found.rows if not row.is_hit]
    kinds = list(found.prior)
    prior = Table(columns(*kinds), [tuple(short(found.prior[k]) for k in kinds)], keys=0)
    return Report(
        title="How well the stated types are told",
        sections=(
            ReportPart("Score", (_totals([*found.totals, *found.baselines]), EXPLAINED)),
            ReportPart("Phases", (table,)),
            ReportPart("What it gets wrong", (_failures(failures),)),
            ReportPart("What share of the whole prior has each type", (prior,)),
        ),
        table=table,
        record=score_record(found),
        notes=(NOT_COVERED,),
    )


def _rows(found: Score) -> Table:
    kinds = list(found.prior)
    rows = [
        (
            row.case.info.name,
            row.phase.year,
            row.case.group,
            row.stated + (" (soft)" if row.phase.is_soft else ""),
            *(short(row.predicted[kind]) for kind in kinds),
            "yes" if row.is_hit else "no",
        )
        for row in found.rows
    ]
    return Table(columns("case", "year", "coded from", "stated", *kinds, "hit"), rows, keys=2)


def _totals(totals: Sequence[Total]) -> Table:
    rows = [
        (t.name, t.group, short(t.log), short(t.chance), f"{t.hits} of {t.count}") for t in totals
    ]
    heads = columns("predictor", "cases coded from", "log score", "mean probability", "hits")
    return Table(heads, rows, keys=2)


def _failures(rows: Sequence[Row]) -> Table:
    cells = [
        (row.case.info.name, row.phase.year, row.stated, row.type, short(row.chance))
        for row in rows
    ]
    heads = columns("case", "year", "stated", "most likely", "stated type given")
    return Table(heads, cells, keys=2)


def score_record(found: Score) -> dict[str, Any]:
    """The score for a program: `rows`, `score`, `baselines`."""
    return {
        "draws": found.draws.count,
        "seed": found.draws.seed,
        "rows": [
            {
                "case": row.case.info.name,
                "year": row.phase.year,
                "group": row.case.group,
                "stated": row.stated,
                "soft": row.phase.is_soft,
                "type": row.type,
                "hit": row.is_hit,
                "distribution": dict(row.predicted),
            }
            for row in found.rows
        ],
        "score": {total.group: _total(total) for total in found.totals},
        "baselines": _baselines(found),
        "prior": dict(found.prior),
    }


def _total(of: Total) -> dict[str, Any]:
    return {"log": of.log, "probability": of.chance, "hits": of.hits, "count": of.count}


def _baselines(found: Score) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for total in found.baselines:
        record.setdefault(total.name, {})[total.group] = _total(total)
    return record
