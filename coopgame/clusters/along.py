"""Types and levels along one parameter: how they move with macro rules, say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.classify import distribution
from coopgame.clusters.codebook import Drawing
from coopgame.clusters.equilibria import followed
from coopgame.clusters.history import history_of
from coopgame.clusters.relationships import RELATIONSHIPS, Column
from coopgame.clusters.typology import kinds

AT_ONCE = 6000


@dataclass(frozen=True)
class Course:
    """Shares of types and mean levels, each a column along the values of a parameter."""

    values: Column
    types: Mapping[str, Column]
    levels: Mapping[str, Column]


def course(case: Case, base: Mapping[str, Column], name: str, values: Column) -> Course:
    """The course of a case's draws as one parameter takes value after value.

    Where the hazard runs, it takes the place of a chain of regimes.
    """
    count = len(next(iter(base.values())))
    kept = {k: v for k, v in base.items() if name != "h" or not k.startswith("weight_")}
    part = max(1, AT_ONCE // count)
    types: list[Mapping[str, float]] = []
    levels: list[Mapping[str, float]] = []
    for first in range(0, len(values), part):
        some = values[first : first + part]
        at = {k: np.tile(v, len(some)) for k, v in kept.items()}
        table = followed(at | {name: np.repeat(some, count)})
        out = table.outcomes(table.selected())
        for row in range(len(some)):
            here = slice(row * count, (row + 1) * count)
            one = {k: v[here] for k, v in out.items()}
            types.append(distribution(case.profiles, kinds(case.profiles, one)))
            levels.append({k: float(one[k].mean()) for k in RELATIONSHIPS})
    return Course(
        values,
        {p.type: np.array([t[p.type] for t in types]) for p in case.profiles},
        {n: np.array([level[n] for level in levels]) for n in RELATIONSHIPS},
    )


def along_hazard(case: Case, phase: Phase, draws: Drawing) -> Course:
    """A phase, after the case's history until then, as the hazard goes from 0 to nearly 1."""
    return course(case, history_of(case, phase, draws), "h", hazards())


def hazards(steps: int = 24) -> Column:
    """Hazards a year from 0 to nearly 1."""
    return np.linspace(0, 0.98, steps + 1)


FEW = Drawing(200)
