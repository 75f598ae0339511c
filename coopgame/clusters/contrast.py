"""Why co-operation is sustained in one place and not in another: which answers make it.

Two phases differ in some answers. Each is given to the other place, alone, at the same draws; the
change of the share of draws in which a relationship is sustained says what it makes. Then answers
are handed over one after another, each time the one that comes closest, until the share is that of
the other place. The shares of both places are those of their classification; what a difference
makes is found at a few of its draws, with the error of that change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coopgame.clusters.answers import standard_error
from coopgame.clusters.case import Case, ClusterAnswer, Phase, draws_of, told_letters
from coopgame.clusters.classify import classify
from coopgame.clusters.codebook import Codebook, Drawing, Question
from coopgame.clusters.equilibria import followed
from coopgame.clusters.history import begun
from coopgame.clusters.relationships import RELATIONSHIPS, Truth
from coopgame.clusters.walk import START, Pattern
from coopgame.errors import InputError, meant

FEW = 300  # draws at which each difference is looked at
SURE = 2  # standard errors beyond which two shares are told apart
MOST = 4
CLOSE = 0.05
RULES = "rules"  # the question that given macro rules answer in both places


@dataclass(frozen=True)
class Difference:
    """A question answered differently: shares once one has the other's answer, both ways.

    `error` is the larger standard error of the two changes.
    """

    question: Question
    one: str
    other: str
    in_one: float
    in_other: float
    error: float


@dataclass(frozen=True)
class HandedOver:
    """A question handed over after those before it: the share then, and the error of the change."""

    question: str
    share: float
    error: float


@dataclass(frozen=True)
class Contrast:
    """Two phases: how often a relationship is sustained in each, and what every difference makes.

    `one` and `other` are shares of all `draws`; differences, and the `steps` that lead from the
    first to the second, were looked at in `few` of them. `error` is the standard error of the
    difference between both places.
    """

    relation: str
    draws: Drawing
    few: Drawing
    one: float
    other: float
    error: float
    differences: tuple[Difference, ...]
    steps: tuple[HandedOver, ...]

    @property
    def is_sure(self) -> bool:
        """Whether the two places differ by more than the sampling error."""
        return abs(self.one - self.other) > SURE * self.error


Letters = Mapping[str, tuple[str, ...]]
Place = tuple[Case, Phase, Pattern]  # with what history left to the phase


def contrast(
    one: tuple[Case, Phase],
    other: tuple[Case, Phase],
    relation: str = "association",
    draws: Drawing | None = None,
) -> Contrast:
    """What each difference between two phases makes for a relationship.

    `draws` are those of both classifications, of which differences take a few.
    """
    if relation not in RELATIONSHIPS:
        told = meant(relation, RELATIONSHIPS) + f"relationships: {', '.join(RELATIONSHIPS)}"
        raise InputError(f"{relation!r} is no relationship", told)
    draws = draws or Drawing()
    few = Drawing(min(FEW, draws.count), draws.seed)
    first, second = answers_of(*one), answers_of(*other)
    given = {RULES} if one[0].rules is not None and other[0].rules is not None else set()
    names = [name for name in first if first[name] != second[name] and name not in given]
    tried = [first, second]
    tried += [{**first, name: second[name]} for name in names]
    tried += [{**second, name: first[name]} for name in names]
    here, there = ((*place, begun(*place, few)) for place in (one, other))
    places = [here, there, *(here for _ in names), *(there for _ in names)]
    in_one, in_other, *moved = _sustained(places, tried, relation, few)
    shares = [_told(*place, relation, draws) for place in (one, other)]
    begin, end = (
        _Known(share, held) for share, held in zip(shares, (in_one, in_other), strict=True)
    )
    book = one[0].codebook
    found = _differences(book, names, (first, second), (begin, end), moved)
    order = sorted(found, key=lambda d: -abs(d.in_one - begin.share))
    steps = _steps(
        here, (first, second), begin, end, [d.question.name for d in order], relation, few
    )
    error = float(np.hypot(*(np.sqrt(share * (1 - share) / draws.count) for share in shares)))
    return Contrast(relation, draws, few, shares[0], shares[1], error, tuple(order), steps)


@dataclass(frozen=True)
class _Known:
    """The share of a place in its classification, and where a few draws hold without a change."""

    share: float
    held: Truth

    def after(self, held: Truth) -> float:
        """The share after a change, which adds what it changes at the few draws."""
        return float(np.clip(self.share + (held.mean() - self.held.mean()), 0, 1))

    def error(self, held: Truth) -> float:
        """The standard error of that change."""
        return standard_error(held.astype(float) - self.held)


def _differences(
    codebook: Codebook,
    names: Sequence[str],
    answers: tuple[Letters, Letters],
    places: tuple[_Known, _Known],
    moved: Sequence[Truth],
) -> list[Difference]:
    """What each question makes, handed to the one place and to the other."""
    (first, second), (begin, end) = answers, places
    found = []
    half = len(names)
    for name, in_one, in_other in zip(names, moved[:half], moved[half:], strict=True):
        question = codebook.question(name)
        one, other = (told_letters(letters[name], question) for letters in (first, second))
        error = max(begin.error(in_one), end.error(in_other))
        shares = begin.after(in_one), end.after(in_other)
        found.append(Difference(question, one, other, *shares, error))
    return found


def _told(case: Case, phase: Phase, relation: str, draws: Drawing) -> float:
    """How often the classification says that a relationship is sustained."""
    (found,) = (p for p in classify(case, draws).phases if p.phase.year == phase.year)
    return found.sustained[relation]


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
    tried: Sequence[Letters],
    relation: str,
    draws: Drawing,
) -> list[Truth]:
    """At which draws a relationship is sustained in each place with the answers tried there."""
    columns = [
        draws_of(case, phase, draws, answers) | {START: left}
        for (case, phase, left), answers in zip(places, tried, strict=True)
    ]
    names = set(columns[0]).intersection(*columns)
    stacked = {name: np.concatenate([at[name] for at in columns]) for name in names}
    table = followed(stacked)
    held = table.outcomes(table.selected())[relation] > 0
    return list(held.reshape(len(tried), draws.count))


def _steps(
    place: Place,
    answers: tuple[Letters, Letters],
    begin: _Known,
    end: _Known,
    names: list[str],
    relation: str,
    draws: Drawing,
) -> tuple[HandedOver, ...]:
    """Answers handed over one by one, the one that comes closest to the goal first."""
    found: list[HandedOver] = []
    (first, second), left = answers, list(names)
    now = dict(first)
    while left and len(found) < MOST and not is_close(found, begin.share, end.share):
        tried = [{**now, name: second[name]} for name in left]
        held = _sustained([place] * len(tried), tried, relation, draws)
        best = int(np.argmin([abs(begin.after(each) - end.share) for each in held]))
        name = left.pop(best)
        now[name] = second[name]
        found.append(HandedOver(name, begin.after(held[best]), begin.error(held[best])))
    return tuple(found)


def is_close(steps: Sequence[HandedOver], begin: float, end: float) -> bool:
    """Whether what was handed over, if anything, led as far as the other place."""
    return abs((steps[-1].share if steps else begin) - end) <= CLOSE and bool(steps)
