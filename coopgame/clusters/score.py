"""How well the stated types are told: log score and hits, beside predictors that know no game.

Every predictor gives each type a probability at each phase with a stated type. Baselines are fitted
without the cluster that they are asked about: the frequency of the stated types, and a multinomial
logistic regression on the raw answers with a ridge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from coopgame.clusters.case import GROUPS, Case, Phase
from coopgame.clusters.classify import classify, distribution, types_at
from coopgame.clusters.codebook import Codebook, Drawing, drawn
from coopgame.clusters.contrast import answers_of

RIDGE = 1.0
HALF = 0.5  # added to each type's count of draws, so that no share is nil


@dataclass(frozen=True)
class Row:
    """A phase with a stated type, and what is predicted for it."""

    case: Case
    phase: Phase
    predicted: Mapping[str, float]

    @property
    def stated(self) -> str:
        return str(self.phase.stated)

    @property
    def chance(self) -> float:
        """The probability given to the type that is stated."""
        return self.predicted[self.stated]

    @property
    def type(self) -> str:
        return max(self.predicted, key=lambda kind: self.predicted[kind])

    @property
    def is_hit(self) -> bool:
        return self.type == self.stated


@dataclass(frozen=True)
class Total:
    """A predictor over some phases: mean log score, mean probability of the stated type, hits."""

    name: str
    group: str
    log: float
    chance: float
    hits: int
    count: int


@dataclass(frozen=True)
class Score:
    """Every phase with a stated type, the totals of the model and of baselines by group of cases.

    `prior` is the share of the whole prior that has each type.
    """

    rows: tuple[Row, ...]
    totals: tuple[Total, ...]
    baselines: tuple[Total, ...]
    prior: Mapping[str, float]
    draws: Drawing

    def total(self, group: str) -> Total:
        return next(total for total in self.totals if total.group == group)


def score(
    cases: Sequence[Case],
    draws: Drawing | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Score:
    """The score on all phases with a stated type."""
    draws, profiles = draws or Drawing(), cases[0].profiles
    rows = []
    for case in cases:
        if all(phase.stated is None for phase in case.phases):
            continue
        progress(case.info.name)
        found = classify(case, draws)
        rows += [
            Row(case, p.phase, _smoothed(p.distribution, draws.count))
            for p in found.phases
            if p.phase.stated is not None
        ]
    at = drawn(cases[0].codebook, {}, draws)
    prior = distribution(profiles, types_at(profiles, at))
    kinds = [profile.type for profile in profiles]
    totals = tuple(_totals("model", rows, rows))
    progress("baselines")
    others = [
        *_totals("frequency", rows, frequencies(rows, kinds)),
        *_totals("regression", rows, regressions(rows, kinds, cases[0].codebook)),
    ]
    return Score(tuple(rows), totals, tuple(others), prior, draws)


def _smoothed(of: Mapping[str, float], count: int) -> dict[str, float]:
    return {kind: (share * count + HALF) / (count + HALF * len(of)) for kind, share in of.items()}


def _totals(name: str, rows: Sequence[Row], predicted: Sequence[Row]) -> list[Total]:
    groups = [group for group in GROUPS if any(row.case.group == group for row in rows)]
    return [
        _total(name, group, [p for p in predicted if group in ("all", p.case.group)])
        for group in (*groups, "all")
    ]


def _total(name: str, group: str, rows: Sequence[Row]) -> Total:
    chances = np.array([row.chance for row in rows])
    hits = sum(row.is_hit for row in rows)
    return Total(name, group, float(np.log(chances).mean()), float(chances.mean()), hits, len(rows))


def frequencies(rows: Sequence[Row], kinds: Sequence[str]) -> list[Row]:
    """Each phase by the frequency of types in the other clusters of its group."""
    found = []
    for row in rows:
        others = [r.stated for r in rows if _is_other(r, row)]
        count = {kind: others.count(kind) + HALF for kind in kinds}
        whole = sum(count.values())
        found.append(Row(row.case, row.phase, {kind: n / whole for kind, n in count.items()}))
    return found


def _is_other(each: Row, row: Row) -> bool:
    return each.case.info.name != row.case.info.name and each.case.group == row.case.group


def regressions(rows: Sequence[Row], kinds: Sequence[str], codebook: Codebook) -> list[Row]:
    """Each phase by a ridge regression on letters, fitted to the other clusters of its group."""
    found = []
    for row in rows:
        others = [r for r in rows if _is_other(r, row)]
        features = np.array([letters_of(r, codebook) for r in others])
        wanted = np.array([kinds.index(r.stated) for r in others])
        chances = _fitted(features, wanted, len(kinds))(letters_of(row, codebook))
        found.append(Row(row.case, row.phase, dict(zip(kinds, map(float, chances), strict=True))))
    return found


def letters_of(row: Row, codebook: Codebook) -> NDArray[np.float64]:
    """The answers of a phase as numbers: each letter its share among the possible ones."""
    answers = answers_of(row.case, row.phase)
    return np.array(
        [
            (letter in answers[question.name]) / len(answers[question.name])
            for question in codebook.questions
            for letter in question.answers
        ]
    )


def _fitted(
    features: NDArray[np.float64], wanted: NDArray[np.int64], count: int
) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """A multinomial logistic regression with a ridge on all but the constants."""
    rows, width = features.shape
    truth = np.eye(count)[wanted]

    def split(flat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return flat[:count], flat[count:].reshape(width, count)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        constant, slope = split(flat)
        chances = _softmax(features @ slope + constant)
        value = -np.log(np.maximum(chances[np.arange(rows), wanted], 1e-300)).sum()
        gap = chances - truth
        # A slight ridge on the constants as well: a type never seen would drift off for ever.
        gradient = np.concatenate(
            [gap.sum(axis=0) + 0.1 * constant, (features.T @ gap + RIDGE * slope).ravel()]
        )
        ridge = RIDGE * (slope**2).sum() / 2 + 0.1 * (constant**2).sum() / 2
        return float(value + ridge), gradient

    start = np.zeros(count + width * count)
    best = minimize(loss, start, jac=True, method="L-BFGS-B")
    constant, slope = split(best.x)
    return lambda x: _softmax(x @ slope + constant)


def _softmax(of: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = np.exp(of - of.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))
