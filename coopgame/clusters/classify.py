"""Which type a cluster is in each phase, how far from the next type, and how robustly so.

The type at a point is decided exactly. The margin and the robustness evaluate the same
expressions, compiled once, over columns of points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coopgame.clusters.borders import Border, Point, borders
from coopgame.clusters.case import Case, Phase
from coopgame.clusters.columns import CompiledCluster
from coopgame.clusters.joint import SELECTIONS
from coopgame.clusters.place import Place, place
from coopgame.clusters.typology import TYPES
from coopgame.language.deciding import number
from coopgame.language.parameters import Parameter
from coopgame.language.showing import as_html, as_latex, as_text


@dataclass(frozen=True)
class RobustnessDraws:
    """How robustness is drawn: how many points, how far each value moves, from which seed."""

    count: int = 2000
    width: float = 0.2
    seed: int = 1998


DEFAULT = RobustnessDraws()


@dataclass(frozen=True)
class PhaseType:
    """A phase classified: what the cluster is there, its nearest border, its robustness.

    `place` is the joint equilibrium that history selects; `greatest` and `least` are the others at
    the ends. `borders` are the nearest to each other type that one parameter alone can reach.
    """

    phase: Phase
    place: Place
    greatest: Place
    least: Place
    borders: tuple[Border, ...]
    robustness: float

    @property
    def type(self) -> str:
        return self.place.type

    @property
    def border(self) -> Border | None:
        """The nearest border; None where no single parameter over its range changes the type."""
        return self.borders[0] if self.borders else None

    @property
    def margin(self) -> float | None:
        return None if self.border is None else self.border.distance

    @property
    def as_stated(self) -> bool | None:
        """Whether the type is the one the paper states; None where it states none."""
        return None if self.phase.expected is None else self.type == self.phase.expected


@dataclass(frozen=True)
class Classification:
    """A case's type, phase by phase, with the draws that robustness is the share of."""

    case: Case
    phases: tuple[PhaseType, ...]
    draws: RobustnessDraws

    _repr_html_, _repr_latex_, __str__ = as_html, as_latex, as_text

    def __repr__(self) -> str:
        return (
            f"<Classification of {self.case.info.name}: {', '.join(p.type for p in self.phases)}>"
        )


def classify(
    case: Case,
    draws: RobustnessDraws = DEFAULT,
    compiled: CompiledCluster | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Classification:
    """The type of a case's cluster in every phase, with margin and robustness.

    Seeded points each move every value of the phase by up to the width of the draws (of a
    probability or a discount factor the odds, that is, on the logit scale), within its range;
    robustness is the share of them that keep the type. `compiled` is the case's cluster, where it
    is at hand.
    """
    compiled = compiled or CompiledCluster(case.cluster)
    found = []
    for phase in case.phases:
        progress(phase.name)
        here, most, least = (place(case.cluster, phase.point, s) for s in SELECTIONS)
        columns = drawn(case.cluster.domain.parameters, phase.point, draws)
        keep = compiled.types(columns) == TYPES.index(here.type)
        near = borders(compiled, phase.point)
        found.append(PhaseType(phase, here, most, least, near, float(np.mean(keep))))
    return Classification(case, tuple(found), draws)


def classify_all(
    cases: Sequence[Case], progress: Callable[[str], None] = lambda step: None
) -> tuple[Classification, ...]:
    """Several cases classified; a cluster model that they share is compiled once."""
    compiled: dict[int, CompiledCluster] = {}
    found = []
    for case in cases:
        progress(case.info.name)
        key = id(case.cluster)
        compiled[key] = compiled.get(key) or CompiledCluster(case.cluster)
        found.append(classify(case, compiled=compiled[key]))
    return tuple(found)


def drawn(
    parameters: tuple[Parameter, ...], point: Point, draws: RobustnessDraws
) -> dict[str, NDArray[np.float64]]:
    """Seeded columns around a point; each parameter has a stream of its own, by its name.

    So a draw depends on the seed alone, not on which other parameters a cluster has.
    """
    found = {}
    for parameter in parameters:
        own = int.from_bytes(parameter.name.encode(), "little")
        moved = np.random.default_rng([draws.seed, own]).uniform(
            -draws.width, draws.width, draws.count
        )
        found[parameter.name] = _moved(number(point[parameter.name]), parameter, moved)
    return found


def _moved(value: float, parameter: Parameter, by: NDArray[np.float64]) -> NDArray[np.float64]:
    """The value moved by a relative amount; of a probability or a discount factor, its odds."""
    lower, upper = number(parameter.interval.lower), number(parameter.interval.upper)
    moved = value * (1 + by)
    if parameter.moves_in_odds and 0 < value < 1:
        odds = value / (1 - value) * (1 + by)
        moved = odds / (1 + odds)
    return np.clip(moved, lower, upper)
