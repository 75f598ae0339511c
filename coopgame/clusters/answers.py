"""What if a question had another answer: which matter, and which of them policy can reach.

Each alternative is looked at alone, at the same seeded draws, after the case's history: what
follows from conditions as they are, without a history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from coopgame.cache import remembered
from coopgame.clusters.case import Case, Phase, draws_of, letters_of
from coopgame.clusters.classify import Distribution, distribution, types_at
from coopgame.clusters.codebook import Drawing, Question
from coopgame.clusters.history import history_of
from coopgame.clusters.walk import START

FEW = 100  # draws of each alternative: enough to tell which matter
# The order in which the paper speaks of them: which type is an improvement on which.
RANK = {
    "no cluster": 0, "survival cluster": 1, "stagnating agglomeration": 2, "satellite": 2,
    "hub-and-spoke": 3, "Italianate": 4,
}  # fmt: skip
UNREALISTIC = (
    "it is unrealistic to lift the firms of a survival cluster so far: "
    "policy there is relief of poverty"
)


@dataclass(frozen=True)
class OtherAnswer:
    """Another answer to a question: the types that would follow, and how far that is from now.

    `shift` is the total variation between both distributions: the share of draws that would have
    to change their type, at least.
    """

    question: Question
    letter: str
    distribution: Distribution
    shift: float

    @property
    def type(self) -> str:
        return max(self.distribution, key=lambda kind: self.distribution[kind])


@dataclass(frozen=True)
class Lever:
    """An alternative that policy can reach: at which level of government, and with what warning."""

    alternative: OtherAnswer
    place: str
    warning: str


@dataclass(frozen=True)
class Margins:
    """A phase's distribution at the few draws, and every alternative, the strongest first."""

    phase: Phase
    base: Distribution
    alternatives: tuple[OtherAnswer, ...]
    levers: tuple[Lever, ...]


@remembered()
def margins(case: Case, phase: Phase, draws: Drawing | None = None) -> Margins:
    """Every other answer to every question of a phase, and the levers among them."""
    draws, profiles = draws or Drawing(FEW), case.profiles
    tried = list(_others(case, phase))
    columns = [history_of(case, phase, draws)]
    start = {START: columns[0][START]}
    for question, letter in tried:
        moved = {**letters_of(phase), question.name: (letter,)}
        columns.append(draws_of(case, phase, draws, moved) | start)
    stacked = {name: np.concatenate([at[name] for at in columns]) for name in columns[0]}
    found = types_at(profiles, stacked).reshape(len(columns), draws.count)
    base, *others = (distribution(profiles, row) for row in found)
    alternatives = [
        OtherAnswer(question, letter, other, _apart(base, other))
        for (question, letter), other in zip(tried, others, strict=True)
    ]
    alternatives.sort(key=lambda each: -each.shift)
    levers = tuple(_lever(each, base) for each in alternatives if _reachable(each, phase))
    return Margins(phase, base, tuple(alternatives), levers)


def _others(case: Case, phase: Phase) -> Iterator[tuple[Question, str]]:
    """Each question with each letter that is not its only answer now."""
    for question in case.codebook.questions:
        answer = phase.answers.get(question.name)
        for letter in question.answers:
            if answer is None or answer.letters != (letter,):
                yield question, letter


def _apart(one: Distribution, other: Distribution) -> float:
    return sum(abs(one[kind] - other[kind]) for kind in one) / 2


def _reachable(each: OtherAnswer, phase: Phase) -> bool:
    """Whether policy can move an answer there: a question with a place, one step from an answer."""
    if not each.question.place:
        return False
    order = list(each.question.answers)
    answer = phase.answers.get(each.question.name)
    now = order if answer is None else answer.letters
    here = order.index(each.letter)
    return each.letter in now or any(abs(order.index(letter) - here) == 1 for letter in now)


def _lever(each: OtherAnswer, base: Distribution) -> Lever:
    now = max(base, key=lambda kind: base[kind])
    warning = ""
    if now == "survival cluster" and each.type != now:
        warning = UNREALISTIC
    elif each.type != now and RANK.get(each.type, 0) <= RANK.get(now, 0):
        warning = f"{each.type} is no improvement on {now}"
    elif each.type == now:
        gain = _worth(each.distribution) - _worth(base)
        warning = "" if gain > 0 else "what it shifts is no improvement"
    return Lever(each, each.question.place, warning)


def _worth(of: Distribution) -> float:
    return sum(RANK.get(kind, 0) * share for kind, share in of.items())
