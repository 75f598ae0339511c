"""How a phase moves with macro rules: along the hazard, under given rules, and in a crisis.

The two-by-two of stabilisation and crisis gives the questions `rules` and `threat` their first and
last answers, all else as it is (ceteris paribus), after the case's own history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from coopgame.clusters.along import FEW, Course, along_hazard
from coopgame.clusters.case import Case, Phase, draws_of, letters_of, revised
from coopgame.clusters.classify import Distribution, distribution
from coopgame.clusters.codebook import Drawing
from coopgame.clusters.equilibria import followed
from coopgame.clusters.ground import At
from coopgame.clusters.history import begun, history_of
from coopgame.clusters.relationships import RELATIONSHIPS
from coopgame.clusters.typology import kinds
from coopgame.clusters.walk import START
from coopgame.errors import InputError
from coopgame.rules.macro import MacroRules

# The period of every relationship: its own, or a month, or a year for all alike.
PERIODS_TRIED = (None, 12, 1)
RULES, THREAT = "rules", "threat"
USUAL = ("stable", "unstable", "switching")


@dataclass(frozen=True)
class Outlook:
    """How likely each type is, and mean levels, under one set of conditions."""

    distribution: Distribution
    levels: Mapping[str, float]

    @property
    def type(self) -> str:
        """The most likely type."""
        return max(self.distribution, key=lambda kind: self.distribution[kind])


@dataclass(frozen=True)
class Macro:
    """A phase under macro rules.

    `course` runs along the hazard from 0 to nearly 1; `under` is by the name of rules and the
    period that every relationship has (None: its own); `corners` by whether the rules are
    stabilised, and whether there is a crisis.
    """

    case: Case
    phase: Phase
    draws: Drawing
    rules: tuple[MacroRules, ...]
    course: Course
    under: Mapping[tuple[str, int | None], Outlook]
    corners: Mapping[tuple[bool, bool], Outlook]


def macro(
    case: Case,
    phase: Phase,
    rules: Sequence[MacroRules],
    draws: Drawing = FEW,
    progress: Callable[[str], None] = lambda step: None,
) -> Macro:
    """A phase along the hazard, under each of the rules, and in the two-by-two."""
    progress("along the hazard")
    corners = two_by_two(case, phase, draws)  # first, since it may be refused
    along = along_hazard(case, phase, draws)
    progress("under macro rules")
    under = by_rules(case, phase, rules, draws)
    return Macro(case, phase, draws, tuple(rules), along, under, corners)


def by_rules(
    case: Case, phase: Phase, rules: Sequence[MacroRules], draws: Drawing = FEW
) -> dict[tuple[str, int | None], Outlook]:
    """The phase after a history under each of the rules, with relationships of each period."""
    found = {}
    for each, period in product(rules, PERIODS_TRIED):
        changed = replace(revised(case, {}, each), period=period)
        found[each.info.name, period] = _outlook(case, history_of(changed, phase, draws))
    return found


def fixed_throughout(case: Case) -> str:
    """What keeps a case from being stabilised or in a crisis, or nothing."""
    fixed = [name for name in ("h", "phi") if name in case.overrides]
    fixed += [f"the rules of {case.rules.info.name}"] if case.rules is not None else []
    return f"{' and '.join(fixed)} would hold in all four" if fixed else ""


def two_by_two(case: Case, phase: Phase, draws: Drawing = FEW) -> dict[tuple[bool, bool], Outlook]:
    """The phase with and without stabilisation, with and without a crisis, all else the same."""
    fixed = fixed_throughout(case)
    if fixed:
        raise InputError(fixed, "leave free what the two-by-two varies")
    start = begun(case, phase, draws).astype(float)
    ends = {name: tuple(case.codebook.question(name).answers) for name in (RULES, THREAT)}
    found = {}
    for stabilised, crisis in product((True, False), repeat=2):
        letters = {
            **letters_of(phase),
            RULES: (ends[RULES][0 if stabilised else -1],),
            THREAT: (ends[THREAT][-1 if crisis else 0],),
        }
        at = draws_of(case, phase, draws, letters) | {START: start}
        found[stabilised, crisis] = _outlook(case, at)
    return found


def _outlook(case: Case, at: At) -> Outlook:
    points = followed(at)
    out = points.outcomes(points.selected())
    levels = {name: float(np.mean(out[name])) for name in RELATIONSHIPS}
    return Outlook(distribution(case.profiles, kinds(case.profiles, out)), levels)
