"""The distribution over types of a case, phase by phase and year by year.

The answer for a phase is that of its year, so that the table of phases and that of years cannot
differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coopgame.cache import remembered
from coopgame.clusters.case import Case, Phase, middle_of
from coopgame.clusters.codebook import Drawing
from coopgame.clusters.equilibria import Equilibria, followed
from coopgame.clusters.features import features, means
from coopgame.clusters.history import Moment, lived
from coopgame.clusters.relationships import RELATIONSHIPS, Column
from coopgame.clusters.typology import Profile, kinds
from coopgame.language.showing import as_html, as_latex, as_text

CHANNELS = ("informal", "orders", "spokes", "made", "direct")
Distribution = Mapping[str, float]
Kinds = NDArray[np.int64]  # types by number, in the order of the profiles


@dataclass(frozen=True)
class Several:
    """How many equilibria there are: means over draws, and what the two extremes would give.

    `least` starts from no relationship, `greatest` from all that hold; `differ` is the share of
    draws in which these two have different types, `types` the share in which some two equilibria
    have.
    """

    count: float
    closed: float
    types: float
    differ: float
    least: Distribution
    greatest: Distribution


@dataclass(frozen=True)
class PhaseType:
    """A phase: how likely each type is, and what sustains it, in the equilibrium of history.

    `error` is the standard error of the most likely type's share. `levels` are mean levels of each
    kind of co-operation, `sustained` shares of draws in which it is, `shares` of capacity by
    channel; `features` are the rows of Table 1. `middle` is the type at the middle of every
    interval.
    """

    phase: Phase
    distribution: Distribution
    error: float
    middle: str
    levels: Mapping[str, float]
    sustained: Mapping[str, float]
    shares: Mapping[str, float]
    features: Mapping[str, float]
    equilibria: Several

    @property
    def type(self) -> str:
        """The most likely type."""
        return max(self.distribution, key=lambda kind: self.distribution[kind])

    @property
    def stated_share(self) -> float | None:
        """The share of the type that the source states; None where it states none."""
        return None if self.phase.stated is None else self.distribution[self.phase.stated]

    @property
    def as_stated(self) -> bool | None:
        """Whether the most likely type is the one stated; None where none is."""
        return None if self.phase.stated is None else self.type == self.phase.stated


@dataclass(frozen=True)
class Year:
    """A year: the phase in force, types and levels, and the share of draws whose rules changed."""

    year: int
    phase: Phase
    distribution: Distribution
    levels: Mapping[str, float]
    wiped: float


@dataclass(frozen=True)
class Classification:
    """A case's types by phase and by year, at its draws."""

    case: Case
    phases: tuple[PhaseType, ...]
    years: tuple[Year, ...]
    draws: Drawing

    _repr_html_, _repr_latex_, __str__ = as_html, as_latex, as_text

    def __repr__(self) -> str:
        return (
            f"<Classification of {self.case.info.name}: {', '.join(p.type for p in self.phases)}>"
        )


@remembered("progress")
def classify(
    case: Case,
    draws: Drawing | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Classification:
    """The distribution over types of a case's cluster, in every phase and year."""
    draws, profiles = draws or Drawing(), case.profiles
    years, found = [], []
    for moment in lived(case, draws, progress):
        table = moment.find()
        out = table.outcomes(moment.pattern)
        share = distribution(profiles, kinds(profiles, out))
        levels = {name: float(out[name].mean()) for name in RELATIONSHIPS}
        wiped = float(moment.changed.mean())
        years.append(Year(moment.year, moment.phase, share, levels, wiped))
        if moment.year == moment.phase.year:
            found.append(_phase(case, moment, out, share))
    return Classification(case, tuple(found), tuple(years), draws)


def _phase(case: Case, moment: Moment, out: Mapping[str, Column], share: Distribution) -> PhaseType:
    phase, table = moment.phase, moment.find()
    assert isinstance(table, Equilibria)  # of a phase's own year
    top = max(share.values())
    return PhaseType(
        phase=phase,
        distribution=share,
        error=float(np.sqrt(top * (1 - top) / len(table.holds))),
        middle=_middle(case, phase),
        levels={name: float(out[name].mean()) for name in RELATIONSHIPS},
        sustained={name: float((out[name] > 0).mean()) for name in RELATIONSHIPS},
        shares={name: float(out[name].mean()) for name in CHANNELS},
        features=means(features(case.codebook, moment.at, moment.pattern, out)),
        equilibria=several(table, case.profiles),
    )


def several(table: Equilibria, profiles: Sequence[Profile]) -> Several:
    """How many equilibria there are, and the types of the least and the greatest."""
    kind = kinds(profiles, table.columns)
    held = table.is_equilibrium
    low = np.where(held, kind, len(profiles)).min(axis=1)
    high = np.where(held, kind, -1).max(axis=1)
    rows = np.arange(len(held))
    least, greatest = kind[rows, table.selected(0)], kind[rows, table.selected(-1)]
    return Several(
        count=float(held.sum(axis=1).mean()),
        closed=float(table.is_closed.sum(axis=1).mean()),
        types=float((low != high).mean()),
        differ=float((least != greatest).mean()),
        least=distribution(profiles, least),
        greatest=distribution(profiles, greatest),
    )


def distribution(profiles: Sequence[Profile], found: Kinds) -> dict[str, float]:
    """The share of draws with each type."""
    counts = np.bincount(found, minlength=len(profiles)) / max(len(found), 1)
    return {profile.type: float(n) for profile, n in zip(profiles, counts, strict=True)}


def types_at(profiles: Sequence[Profile], at: Mapping[str, Column]) -> Kinds:
    """The type at each point of the columns, from what was active before."""
    table = followed(at)
    return kinds(profiles, table.outcomes(table.selected()))


def _middle(case: Case, phase: Phase) -> str:
    return case.profiles[int(types_at(case.profiles, middle_of(case, phase))[0])].type
