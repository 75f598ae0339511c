"""A case lived year by year: what history leaves to each phase.

Every draw is one cluster that the answers allow. It lives from the first phase on: each year the
rules change with its hazard (or on the dates of given rules) and wipe out every relationship; what
is left of last year's that still holds goes on, and what trust starts begins. Whatever is said of
a phase begins with what history left to it, so that no two answers about it differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from coopgame.clusters.case import Case, Phase, draws_of
from coopgame.clusters.codebook import Drawing
from coopgame.clusters.equilibria import Equilibria, equilibria
from coopgame.clusters.regimes import YEARLY, matrices
from coopgame.clusters.relationships import Column, Truth
from coopgame.clusters.walk import START, Pattern

AFTER = 5  # years told after the last phase


@dataclass(frozen=True)
class Moment:
    """A year at every draw: whether the rules changed, what was active before, and what is then.

    `at` are the parameters of its phase.
    """

    year: int
    phase: Phase
    at: dict[str, Column] = field(repr=False)
    changed: Truth
    start: Pattern
    find: Callable[[], Equilibria] = field(repr=False)

    @cached_property
    def pattern(self) -> Pattern:
        """The relationships that are active once the year has taken its course."""
        return self.find().selected(self.start)


def lived(
    case: Case, draws: Drawing, progress: Callable[[str], None] = lambda step: None
) -> Iterator[Moment]:
    """Year after year, from the first phase to some years after the last."""
    random = np.random.default_rng([draws.seed, 1])
    columns: dict[int, dict[str, Column]] = {}
    tables: dict[int, Equilibria] = {}
    before: Moment | None = None
    regime = np.zeros(draws.count, dtype=np.int64)
    for year in range(case.phases[0].year, case.phases[-1].year + AFTER + 1):
        phase = [each for each in case.phases if each.year <= year][-1]
        if phase.year not in columns:
            columns[phase.year] = draws_of(case, phase, draws)
        at = columns[phase.year]

        def find(phase: Phase = phase, at: dict[str, Column] = at) -> Equilibria:
            if phase.year not in tables:
                progress(phase.name)
                tables[phase.year] = equilibria(at)
            return tables[phase.year]

        hazard, moves = _regimes(case, at["h"], regime)
        changed = _changes(case, year, hazard, random.random(draws.count))
        if moves is not None:
            drawn = random.random((draws.count, 1))
            regime = np.minimum((drawn >= np.cumsum(moves, axis=1)).sum(axis=1), moves.shape[1] - 1)
        active = np.zeros(draws.count, dtype=np.int64) if before is None else before.pattern
        before = Moment(year, phase, at, changed, np.where(changed, 0, active), find)
        yield before


def _regimes(case: Case, hazard: Column, regime: Pattern) -> tuple[Column, Column | None]:
    """The hazard of a year at every draw, and where its regime leads: under a chain, its own.

    A chain begins in its first regime; what a next period weighs is told as of that one. Where
    firms learn, `hazard` is what they believe: rules change at the rate on record all the same.
    """
    if case.rules is None or "h" in case.overrides:
        return hazard, None
    if case.rules.learning is not None:
        rate = replace(case.rules, learning=None).with_period(YEARLY).hazard
        return hazard if rate is None else np.full_like(hazard, float(rate)), None
    if not case.rules.chain:
        return hazard, None
    hazards, moves = matrices(case.rules)
    return hazards[regime], moves[regime]


def _changes(case: Case, year: int, hazard: Column, drawn: Column) -> Truth:
    """Whether the rules change in a year: on the dates of given rules, else by the hazard."""
    dates = case.rules.dates if case.rules is not None else ()
    if dates and min(dates).year <= year <= max(dates).year:
        return np.full(len(drawn), any(day.year == year for day in dates))
    return np.asarray(drawn < hazard)


def begun(case: Case, phase: Phase, draws: Drawing) -> Pattern:
    """The relationships that history left to a phase when its year begins, at every draw."""
    return next(moment.start for moment in lived(case, draws) if moment.year == phase.year)


def history_of(case: Case, phase: Phase, draws: Drawing) -> dict[str, Column]:
    """The parameters of a phase at seeded draws, with what history left to it."""
    return draws_of(case, phase, draws) | {START: begun(case, phase, draws).astype(float)}
