"""Laboratory evidence: what a repeated game predicts for each treatment, beside what was observed.

A treatment is a point of the game. There the solved game says whether co-operation (its headline)
is an equilibrium, whether it risk-dominates constant defection, and from which belief in a
co-operative partner starting it pays. That belief is the size of the basin of attraction of
constant defection (Dal Bó and Fréchette 2011), 1 where co-operation is no equilibrium.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sympy
from sympy.logic.boolalg import Boolean

from coopgame.findings.treatments import MEASURES, Evidence, Treatment, choice_to_start
from coopgame.forms.repeated.game import DEFECTION
from coopgame.forms.repeated.starting import risk_dominance
from coopgame.language.printing import symbol
from coopgame.solution import Solution, decide, number


@dataclass(frozen=True)
class Prediction:
    """What the theory says of a treatment; `basin` is the belief needed to start."""

    treatment: Treatment
    equilibrium: bool
    risk_dominant: bool
    basin: sympy.Rational


@dataclass(frozen=True)
class Correlation:
    """How the basin goes with what was observed; None where either is the same throughout.

    `rank` is the product-moment correlation of the mid-ranks (Spearman). With weights, each
    treatment counts by its first-round decisions; its ranks are those without weights.
    """

    observed: str
    weighted: bool
    pearson: float | None
    rank: float | None


@dataclass(frozen=True)
class Group:
    """The treatments that meet or fail a criterion, and the mean of each measure over them.

    `means` count treatments alike, `weighted` by their decisions; both are empty with no treatment.
    """

    criterion: str
    meets: bool
    treatments: int
    means: Mapping[str, sympy.Rational]
    weighted: Mapping[str, sympy.Rational]


@dataclass(frozen=True)
class Comparison:
    """Predictions beside observations, treatment by treatment and on the whole."""

    evidence: Evidence
    headline: str
    predictions: tuple[Prediction, ...]
    correlations: tuple[Correlation, ...]
    groups: tuple[Group, ...]


def compare(evidence: Evidence) -> Comparison:
    """Hold a game's predictions against what was observed; the game is solved once.

    >>> from coopgame.catalogue import load_evidence
    >>> found = compare(load_evidence("repeated_prisoners_dilemmas"))
    >>> found.predictions[1].basin, round(found.correlations[0].pearson, 2)
    (13/16, -0.88)
    """
    solution = evidence.game.solve()
    dominance = risk_dominance(choice_to_start(evidence.game))
    predictions = tuple(predict(t, solution, dominance) for t in evidence.treatments)
    return Comparison(
        evidence=evidence,
        headline=solution.headline,
        predictions=predictions,
        correlations=tuple(_correlations(predictions)),
        groups=tuple(_groups(predictions)),
    )


def predict(treatment: Treatment, solution: Solution, dominance: Boolean) -> Prediction:
    """What a solved game says of a treatment; every equilibrium there is certified."""
    here = solution.at(**treatment.point)
    at = {symbol(name): value for name, value in treatment.point.items()}
    equilibrium = any(branch.name == solution.headline for branch in here.branches)
    return Prediction(
        treatment=treatment,
        equilibrium=equilibrium,
        risk_dominant=equilibrium and decide(dominance.subs(at)),
        basin=here[DEFECTION].outcomes["belief"],
    )


def _correlations(predictions: Sequence[Prediction]) -> Iterator[Correlation]:
    from scipy.stats import rankdata

    basins = [p.basin for p in predictions]
    counts = [p.treatment.decisions for p in predictions]
    for measure in MEASURES:
        shares = [p.treatment.observed[measure] for p in predictions]
        vary = len(set(basins)) > 1 and len(set(shares)) > 1
        values = [[number(value) for value in row] for row in (basins, shares)]
        for weighted in (False, True):
            weights = counts if weighted else None
            found = [
                _product_moment(rows, weights) if vary else None
                for rows in (values, [rankdata(row) for row in values])
            ]
            yield Correlation(measure, weighted, *found)


def _product_moment(rows: Sequence[Sequence[float]], weights: Sequence[int] | None) -> float:
    """The correlation of two rows, each observation counted by its weight."""
    (first, joint), (_, second) = np.cov(rows, aweights=weights)
    return float(joint / np.sqrt(first * second))


def _groups(predictions: Sequence[Prediction]) -> Iterator[Group]:
    for criterion in ("equilibrium", "risk_dominant"):
        for meets in (True, False):
            kept = [p.treatment for p in predictions if getattr(p, criterion) is meets]
            alike = _means(kept, [1] * len(kept))
            weighted = _means(kept, [treatment.decisions for treatment in kept])
            yield Group(criterion, meets, len(kept), alike, weighted)


def _means(kept: Sequence[Treatment], weights: Sequence[int]) -> dict[str, sympy.Rational]:
    """The weighted mean of each measure, exactly; none over no treatments."""
    if not kept:
        return {}
    totals = {
        measure: sum(w * t.observed[measure] for w, t in zip(weights, kept, strict=True))
        for measure in MEASURES
    }
    return {measure: sympy.Rational(total) / sum(weights) for measure, total in totals.items()}
