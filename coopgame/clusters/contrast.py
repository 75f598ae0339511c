"""Why co-operation is sustained in one place and not in another: which answers make it.

Two phases differ in some answers. Each is given to the other place, alone, at the same draws; the
change of the share of draws in which a relationship is sustained says what it makes. Then answers
are handed over one after another, each time the one that moves most, until the share is that of
the other place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coopgame.clusters.case import Case, ClusterAnswer, Phase, draws_of
from coopgame.clusters.codebook import Drawing, Question
from coopgame.clusters.equilibria import followed
from coopgame.clusters.history import begun
from coopgame.clusters.relationships import RELATIONSHIPS
from coopgame.clusters.walk import START, Pattern
from coopgame.errors import InputError, meant

FEW = 300
MOST = 4
CLOSE = 0.05
RULES = "rules"  # the question that given macro rules answer in both places


@dataclass(frozen=True)
class Difference:
    """A question answered differently: shares once one has the other's answer, both ways."""

    question: Question
    one: str
    other: str
    in_one: float
    in_other: float


@dataclass(frozen=True)
class Contrast:
    """Two phases: how often a relationship is sustained in each, and what every difference makes.

    `steps` leads from the first to the second: questions handed over, with the share after each.
    """

    relation: str
    one: float
    other: float
    differences: tuple[Difference, ...]
    steps: tuple[tuple[str, float], ...]


Place = tuple[Case, Phase, Pattern]  # with what history left to the phase


def contrast(
    one: tuple[Case, Phase],
    other: tuple[Case, Phase],
    relation: str = "association",
    draws: Drawing | None = None,
) -> Contrast:
    """What each difference between two phases makes for a relationship."""
    if relation not in RELATIONSHIPS:
        told = meant(relation, RELATIONSHIPS) + f"relationships: {', '.join(RELATIONSHIPS)}"
        raise InputError(f"{relation!r} is no relationship", told)
    draws = draws or Drawing(FEW)
    first, second = answers_of(*one), answers_of(*other)
    given = {RULES} if one[0].rules is not None and other[0].rules is not None else set()
    names = [name for name in first if first[name] != second[name] and name not in given]
    tried = [first, second]
    tried += [{**first, name: second[name]} for name in names]
    tried += [{**second, name: first[name]} for name in names]
    here, there = ((*place, begun(*place, draws)) for place in (one, other))
    places = [here, there, *(here for _ in names), *(there for _ in names)]
    share = _sustained(places, tried, relation, draws)
    questions = {question.name: question for question in one[0].codebook.questions}
    found = tuple(
        Difference(
            questions[name],
            " or ".join(first[name]),
            " or ".join(second[name]),
            share[2 + i],
            share[2 + len(names) + i],
        )
        for i, name in enumerate(names)
    )
    order = sorted(found, key=lambda d: -abs(d.in_one - share[0]))
    steps = _steps(here, first, second, share[1], [d.question.name for d in order], relation, draws)
    return Contrast(relation, share[0], share[1], tuple(order), steps)


def answers_of(case: Case, phase: Phase) -> dict[str, tuple[str, ...]]:
    """The letters of every question in a phase; all of them where it is unknown."""
    given: dict[str, ClusterAnswer] = dict(phase.answers)
    return {
        question.name: given[question.name].letters
        if question.name in given
        else tuple(question.answers)
        for question in case.codebook.questions
    }


def _sustained(
    places: Sequence[Place],
    tried: Sequence[dict[str, tuple[str, ...]]],
    relation: str,
    draws: Drawing,
) -> list[float]:
    columns = [
        draws_of(case, phase, draws, answers) | {START: left}
        for (case, phase, left), answers in zip(places, tried, strict=True)
    ]
    names = set(columns[0]).intersection(*columns)
    stacked = {name: np.concatenate([at[name] for at in columns]) for name in names}
    table = followed(stacked)
    held = table.outcomes(table.selected())[relation] > 0
    return [float(x) for x in held.reshape(len(tried), draws.count).mean(axis=1)]


def _steps(
    place: Place,
    first: dict[str, tuple[str, ...]],
    second: dict[str, tuple[str, ...]],
    goal: float,
    names: list[str],
    relation: str,
    draws: Drawing,
) -> tuple[tuple[str, float], ...]:
    """Answers handed over one by one, the one that comes closest to the goal first."""
    found: list[tuple[str, float]] = []
    now, left = dict(first), list(names)
    while left and len(found) < MOST:
        tried = [{**now, name: second[name]} for name in left]
        shares = _sustained([place] * len(tried), tried, relation, draws)
        best = int(np.argmin([abs(share - goal) for share in shares]))
        name = left.pop(best)
        now[name] = second[name]
        found.append((name, shares[best]))
        if abs(shares[best] - goal) <= CLOSE:
            break
    return tuple(found)
