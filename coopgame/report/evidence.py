"""Predictions beside observations, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy

from coopgame.findings.experiments import Comparison, Correlation, Group, Prediction
from coopgame.findings.treatments import MEASURES
from coopgame.language.deciding import number
from coopgame.language.printing import to_text
from coopgame.report.tables import (
    Column,
    Report,
    ReportPart,
    Table,
    columns,
    facts,
    fields_of,
    origin,
)

SHOWN = {"coop_round1": "round 1", "coop_all_rounds": "all rounds"}
CRITERIA = {
    ("equilibrium", True): "is an equilibrium",
    ("equilibrium", False): "is no equilibrium",
    ("risk_dominant", True): "risk-dominates",
    ("risk_dominant", False): "does not risk-dominate",
}
WEIGHTS = {False: "none", True: "decisions"}


def evidence_report(comparison: Comparison) -> Report:
    """Every treatment with its prediction, the correlations, and the means on either side."""
    info = comparison.evidence.info
    about = facts(
        [("source", [info.source]), ("game", [comparison.evidence.game.header.info.name])]
    )
    return Report(
        title=f"{info.title}: {_result(comparison.correlations[0], len(comparison.predictions))}",
        sections=(
            ReportPart("", (about,)),
            ReportPart("Treatment by treatment", (_treatments(comparison),)),
            ReportPart("The basin against what was observed", (_correlations(comparison),)),
            ReportPart("Mean co-operation on either side", (_means(comparison),)),
        ),
        table=_spreadsheet(comparison),
        record=_record(comparison),
        origin=origin(info),
    )


def _result(found: Correlation, treatments: int) -> str:
    """The correlations of the basin with co-operation in the first round, in one line."""
    if found.pearson is None or found.rank is None:
        return f"no correlation can be had from the {treatments} treatments"
    values = f"{found.pearson:.2f} Pearson, {found.rank:.2f} rank"
    return f"correlation {values} on {treatments} treatments"


def standing(prediction: Prediction) -> str:
    """How far theory lets co-operation come: no equilibrium, an equilibrium, risk-dominant."""
    if prediction.risk_dominant:
        return "risk-dominant"
    return "equilibrium" if prediction.equilibrium else "no equilibrium"


def _treatments(comparison: Comparison) -> Table:
    name = comparison.headline
    rows = [
        (
            p.treatment.study,
            p.treatment.name,
            standing(p),
            number(p.basin),
            *(number(p.treatment.observed[measure]) for measure in MEASURES),
        )
        for p in comparison.predictions
    ]
    notes = (
        f"{name}: its standing beside constant defection.",
        f"basin: the belief in a partner who plays {name} from which it pays to start; 1 where "
        f"{name} is no equilibrium.",
        "round 1, all rounds: the share of co-operative choices observed.",
    )
    heads = ("study", "treatment", name, "basin", *SHOWN.values())
    return Table(columns(*heads), rows, notes=notes)


def _correlations(comparison: Comparison) -> Table:
    rows = [
        (SHOWN[c.observed], WEIGHTS[c.weighted], c.pearson, c.rank) for c in comparison.correlations
    ]
    notes = (
        "weights: each treatment counts alike, or by its decisions in first rounds.",
        "rank: of mid-ranks (Spearman), which are the same with weights and without.",
    )
    return Table(columns("observed", "weights", "Pearson", "rank"), rows, notes=notes)


def _means(comparison: Comparison) -> Table:
    rows = [
        (
            f"{comparison.headline} {CRITERIA[g.criterion, g.meets]}",
            g.treatments,
            WEIGHTS[weighted],
            *(_mean(means, measure) for measure in MEASURES),
        )
        for g in comparison.groups
        for weighted, means in ((False, g.means), (True, g.weighted))
    ]
    return Table(columns("where", "treatments", "weights", *SHOWN.values()), rows)


def _mean(means: Mapping[str, sympy.Rational], measure: str) -> float | None:
    return number(means[measure]) if measure in means else None


def _spreadsheet(comparison: Comparison) -> Table:
    """One row a treatment: its parameters with meaning and unit, prediction, observation."""
    parameters = comparison.evidence.game.header.domain.parameters
    rows = [
        (
            p.treatment.study,
            p.treatment.name,
            *(p.treatment.point[parameter.name] for parameter in parameters),
            "yes" if p.equilibrium else "no",
            "yes" if p.risk_dominant else "no",
            p.basin,
            *(p.treatment.observed[measure] for measure in MEASURES),
            p.treatment.decisions,
            p.treatment.source,
        )
        for p in comparison.predictions
    ]
    heads = (
        *columns("study", "treatment"),
        *(Column(p.name, p.meaning, p.unit) for p in parameters),
        *columns("equilibrium", "risk_dominant", "basin", *MEASURES, "decisions_round1", "source"),
    )
    return Table(heads, rows)


# --- the record --------------------------------------------------------------------------------


def _record(comparison: Comparison) -> dict[str, Any]:
    return {
        "game": comparison.evidence.game.header.info.name,
        "headline": comparison.headline,
        "treatments": [_treatment_record(p) for p in comparison.predictions],
        "correlations": [
            {
                "observed": c.observed,
                "weights": WEIGHTS[c.weighted],
                **fields_of(c, "pearson", "rank"),
            }
            for c in comparison.correlations
        ],
        "means": [_group_record(g) for g in comparison.groups],
    }


def _treatment_record(p: Prediction) -> dict[str, Any]:
    treatment = p.treatment
    return {
        "study": treatment.study,
        "treatment": treatment.name,
        "source": treatment.source,
        "exact_values": {name: to_text(value) for name, value in treatment.point.items()},
        **fields_of(p, "equilibrium", "risk_dominant", "basin"),
        "exact_basin": to_text(p.basin),
        **treatment.observed,
        "decisions_round1": treatment.decisions,
    }


def _group_record(group: Group) -> dict[str, Any]:
    return {
        "criterion": group.criterion,
        "met": group.meets,
        **fields_of(group, "treatments", "means"),
        "weighted_means": group.weighted,
    }
