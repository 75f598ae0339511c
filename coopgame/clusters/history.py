"""A case lived year by year: what history leaves to each phase.

Every draw is one cluster that the answers allow. It lives from the first phase on: each year the
rules change with its hazard (or on the dates of given rules) and wipe out every relationship; what
is left of last year's that still holds goes on, and what trust starts begins. Whatever is said of
a phase begins with what history left to it, so that no two answers about it differ. Firms that
learn from dated events know each year what came before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np

from coopgame.clusters.case import Case, Phase, draws_of
from coopgame.clusters.codebook import Drawing
from coopgame.clusters.equilibria import Equilibria, equilibria, followed
from coopgame.clusters.ground import At
from coopgame.clusters.regimes import YEARLY, matrices
from coopgame.clusters.relationships import Column, Truth
from coopgame.clusters.walk import START, Pattern, Walk

AFTER = 5  # years told after the last phase
CHAIN_BEGINS = "A chain begins in its first regime, in the first phase's year"


@dataclass(frozen=True)
class Moment:
    """A year at every draw: whether the rules changed, what was active before, and what is then.

    `at` are the parameters of its phase, with what is known of the rules in the year.
    """

    year: int
    phase: Phase
    at: dict[str, Column] = field(repr=False)
    changed: Truth
    start: Pattern
    find: Callable[[], Equilibria | Walk] = field(repr=False)

    @cached_property
    def pattern(self) -> Pattern:
        """The relationships that are active once the year has taken its course."""
        return self.find().selected(self.start)


def lived(
    case: Case, draws: Drawing, progress: Callable[[str], None] = lambda step: None
) -> Iterator[Moment]:
    """Year after year, from the first phase to some years after the last."""
    random = np.random.default_rng([draws.seed, 1])
    tables: dict[object, tuple[dict[str, Column], Callable[[], Equilibria | Walk]]] = {}
    learns = case.rules is not None and case.rules.learning is not None
    before: Moment | None = None
    regime = np.zeros(draws.count, dtype=np.int64)
    for year in range(case.phases[0].year, case.phases[-1].year + AFTER + 1):
        phase = [each for each in case.phases if each.year <= year][-1]
        # What is told of a phase's year asks for all equilibria; other years only for history's.
        known = case.rules.known_in(year).hazard if case.rules and learns else None
        key = phase.year, known, learns and year != phase.year
        if key not in tables:
            at = draws_of(case, phase, draws, year=year)
            tables[key] = at, _once(phase.name, followed if key[-1] else equilibria, at, progress)
        at, find = tables[key]
        hazard, moves = _regimes(case, at["h"], regime)
        changed = _changes(case, year, hazard, random.random(draws.count))
        if moves is not None:
            drawn = random.random((draws.count, 1))
            regime = np.minimum((drawn >= np.cumsum(moves, axis=1)).sum(axis=1), moves.shape[1] - 1)
        active = np.zeros(draws.count, dtype=np.int64) if before is None else before.pattern
        before = Moment(year, phase, at, changed, np.where(changed, 0, active), find)
        yield before


def _once(
    name: str,
    look: Callable[[At], Equilibria | Walk],
    at: dict[str, Column],
    progress: Callable[[str], None],
) -> Callable[[], Equilibria | Walk]:
    """What is found at the columns, once it is asked for."""

    @cache
    def find() -> Equilibria | Walk:
        progress(name)
        return look(at)

    return find


def _regimes(case: Case, hazard: Column, regime: Pattern) -> tuple[Column, Column | None]:
    """The hazard of a year at every draw, and where its regime leads: under a chain, its own.

    A chain begins in its first regime; what a next period weighs is told as of that one. Where
    firms learn, `hazard` is what they believe: rules change at the rate on record all the same, if
    the record is long enough to have one.
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
    record = None if case.rules is None else case.rules.estimate
    if case.rules is not None and record and record.first.year <= year <= record.last.year:
        return np.full(len(drawn), any(day.year == year for day in case.rules.dates))
    return np.asarray(drawn < hazard)


def assumed(case: Case) -> tuple[str, ...]:
    """What the account of the years takes for granted, in sentences for its readers."""
    anew = (
        "What is wiped out starts anew within the same year where trust and incentive allow, so "
        "that levels fall only by what does not."
    )
    rules = None if "h" in case.overrides else case.rules
    if rules is None:
        return ("Rules change each year with each draw's hazard.", anew)
    if rules.chain:
        first = f"{CHAIN_BEGINS} ({case.phases[0].year})"
        return (f"{first}; what a next period weighs is always told as of that regime.", anew)
    if rules.learning is not None:
        unknown = rules.estimate is None or rules.estimate.rate is None
        return (
            "Firms learn year by year: each year they expect what the dates before it teach.",
            "Rules change on the dates on record; outside the record "
            + ("with the hazard that firms expect." if unknown else "at the rate on record."),
            anew,
        )
    if rules.dates:
        told = "Rules change on the dates on record; outside the record at the rate on record."
        return (told, "Firms know that rate from the first year on.", anew)
    return (f"Rules change each year with the hazard of {rules.info.name}.", anew)


def begun(case: Case, phase: Phase, draws: Drawing) -> Pattern:
    """The relationships that history left to a phase when its year begins, at every draw."""
    return next(moment.start for moment in lived(case, draws) if moment.year == phase.year)


def history_of(case: Case, phase: Phase, draws: Drawing) -> dict[str, Column]:
    """The parameters of a phase at seeded draws, with what history left to it."""
    return draws_of(case, phase, draws) | {START: begun(case, phase, draws).astype(float)}
