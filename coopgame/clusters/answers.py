"""What if a question had another answer: which matter, and which of them policy can reach.

Each alternative is looked at alone, at the same seeded draws, after the case's history: what
follows from conditions as they are, without a history.

Shares are those of the phase's classification, and what an alternative changes at its first draws.
So an answer that changes nothing leaves them as they are told elsewhere, and the error is that of
the change alone (the method of control variates).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coopgame.cache import remembered
from coopgame.clusters.case import Case, Phase, draws_of, letters_of
from coopgame.clusters.classify import Distribution, Kinds, classify, distribution, types_at
from coopgame.clusters.codebook import Drawing, Question
from coopgame.clusters.history import history_of
from coopgame.clusters.relationships import Column
from coopgame.clusters.typology import Profile
from coopgame.clusters.walk import START

FEW = 200  # draws of each alternative at most: enough to tell which matter
SURE = 2  # standard errors beyond which a gain is told from none
# The order in which the paper speaks of them: which type is an improvement on which.
RANK = {
    "no cluster": 0, "survival cluster": 1, "stagnating agglomeration": 2, "satellite": 2,
    "hub-and-spoke": 3, "Italianate": 4,
}  # fmt: skip
UNREALISTIC = (
    "it is unrealistic to lift the firms of a survival cluster so far: "
    "policy there is relief of poverty"
)
NOTHING = "it changes the type in no draw"
WORSE = "what it shifts is no improvement"
UNSURE = "what it improves is within the sampling error"


@dataclass(frozen=True)
class OtherAnswer:
    """Another answer to a question: the types that would follow, and how far that is from now.

    `shift` is the total variation between both distributions: the share of draws that would have
    to change their type, at least; `error` its standard error. `improves` says whether the most
    likely type would be an improvement, `warning` why it, or what is shifted, is none.
    """

    question: Question
    letter: str
    distribution: Distribution
    shift: float
    error: float
    improves: bool
    warning: str

    @property
    def type(self) -> str:
        return max(self.distribution, key=lambda kind: self.distribution[kind])


@dataclass(frozen=True)
class Lever:
    """An alternative that policy can reach, and at which level of government."""

    alternative: OtherAnswer
    place: str

    @property
    def warning(self) -> str:
        return self.alternative.warning


@dataclass(frozen=True)
class Margins:
    """A phase's distribution, every alternative by what it shifts, and the levers by what helps.

    Levers that make another type the most likely, and a better one, come first; then those that
    shift towards better types; then those with a warning; within each by what they shift. `draws`
    are those at which alternatives were looked at.
    """

    phase: Phase
    draws: Drawing
    base: Distribution
    alternatives: tuple[OtherAnswer, ...]
    levers: tuple[Lever, ...]


@remembered()
def margins(case: Case, phase: Phase, draws: Drawing | None = None) -> Margins:
    """Every other answer to every question of a phase, and the levers among them.

    `draws` are those of the phase's classification, of which alternatives take a few.
    """
    draws, profiles = draws or Drawing(), case.profiles
    few = Drawing(min(FEW, draws.count), draws.seed)
    tried = list(_others(case, phase))
    columns = [history_of(case, phase, few)]
    start = {START: columns[0][START]}
    for question, letter in tried:
        moved = {**letters_of(phase), question.name: (letter,)}
        columns.append(draws_of(case, phase, few, moved) | start)
    stacked = {name: np.concatenate([at[name] for at in columns]) for name in columns[0]}
    before, *after = types_at(profiles, stacked).reshape(len(columns), few.count)
    (base,) = (p.distribution for p in classify(case, draws).phases if p.phase.year == phase.year)
    alternatives = [
        _alternative(profiles, question, letter, (base, before, row))
        for (question, letter), row in zip(tried, after, strict=True)
    ]
    alternatives.sort(key=lambda each: -each.shift)
    levers = [Lever(x, x.question.place) for x in alternatives if _reachable(x, phase)]
    levers.sort(key=lambda lever: (bool(lever.warning), not lever.alternative.improves))
    return Margins(phase, few, base, tuple(alternatives), tuple(levers))


def _others(case: Case, phase: Phase) -> Iterator[tuple[Question, str]]:
    """Each question with each letter that is not its only answer now.

    A question is left out if nothing of what it allows is left to its answer.
    """
    given = {*case.overrides, *(("h",) if case.rules is not None else ())}
    for question in case.codebook.questions:
        if all(allowed.name in given for allowed in question.allows):
            continue
        answer = phase.answers.get(question.name)
        for letter in question.answers:
            if answer is None or answer.letters != (letter,):
                yield question, letter


def _alternative(
    profiles: Sequence[Profile],
    question: Question,
    letter: str,
    types: tuple[Distribution, Kinds, Kinds],
) -> OtherAnswer:
    """An alternative from the phase's distribution, and the types at few draws before and after."""
    base, before, after = types
    one, other = distribution(profiles, before), distribution(profiles, after)
    moved = {kind: max(base[kind] + other[kind] - one[kind], 0.0) for kind in base}
    whole = sum(moved.values())
    found = {kind: share / whole for kind, share in moved.items()}
    ranks = np.array([RANK.get(profile.type, 0) for profile in profiles])
    # The share that moves is a mean over draws: of those that leave a type which loses for one
    # which does not, less those that go the other way.
    loses = np.array([one[kind] > other[kind] for kind in one]).astype(float)
    leaves, gains = loses[before] - loses[after], (ranks[after] - ranks[before]).astype(float)
    now, then = (max(each, key=lambda kind: each[kind]) for each in (base, found))
    improves = RANK.get(then, 0) > RANK.get(now, 0)
    warning = _warning(
        now, then, float(gains.mean()), standard_error(gains), bool((before != after).any())
    )
    return OtherAnswer(
        question, letter, found, float(leaves.mean()), standard_error(leaves), improves, warning
    )


def standard_error(of: Column) -> float:
    """The standard error of a mean over draws."""
    return float(of.std() / np.sqrt(len(of)))


def _warning(now: str, then: str, gain: float, error: float, shifts: bool) -> str:
    """Why a change of the most likely type, or of what is shifted, is no improvement; or nothing.

    `gain` is the mean over draws of how many steps of the paper's order a draw goes up.
    """
    if now == "survival cluster" and then != now:
        return UNREALISTIC
    if then != now and RANK.get(then, 0) <= RANK.get(now, 0):
        return f"{then} is no improvement on {now}"
    if not shifts:
        return NOTHING
    if gain <= 0:
        return WORSE
    return "" if gain > SURE * error else UNSURE


def _reachable(each: OtherAnswer, phase: Phase) -> bool:
    """Whether policy can move an answer there: a question with a place, one step from an answer."""
    if not each.question.place:
        return False
    order = list(each.question.answers)
    answer = phase.answers.get(each.question.name)
    now = order if answer is None else answer.letters
    here = order.index(each.letter)
    return each.letter in now or any(abs(order.index(letter) - here) == 1 for letter in now)
