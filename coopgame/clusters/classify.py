"""Which type a cluster is in each phase, how far from the next type, and how robustly so.

The type at a point is decided exactly. The margin and the robustness evaluate the same
expressions, compiled once, over columns of points.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.model import Cluster, Selected
from coopgame.clusters.typology import rules
from coopgame.parameters import Parameter
from coopgame.printing import symbol, to_numpy
from coopgame.solution import decide

Columns = Mapping[str, NDArray[np.float64]]

SCAN = 400
REFINEMENTS = 4
DRAWS = 2000
WIDTH = 0.2
SEED = 1998


@dataclass(frozen=True)
class Margin:
    """The distance to the nearest border: along which parameter, from where to where, into what.

    `distance` is relative to the parameter's range; None where no single parameter, moved over
    its whole range, changes the type.
    """

    distance: float | None
    parameter: str | None = None
    at: float | None = None
    becomes: str | None = None


@dataclass(frozen=True)
class PhaseType:
    """A phase classified: type, margin, robustness, what each relation sustains, output shares."""

    phase: Phase
    type: str
    margin: Margin
    robustness: float
    relations: Mapping[str, Selected]
    shares: Mapping[str, sympy.Expr]

    @property
    def as_stated(self) -> bool | None:
        """Whether the type is the one the paper states; None where it states none."""
        return None if self.phase.expected is None else self.type == self.phase.expected


@dataclass(frozen=True)
class Classification:
    """A case's type, phase by phase."""

    case: Case
    phases: tuple[PhaseType, ...]


def classify(
    case: Case, draws: int = DRAWS, width: float = WIDTH, seed: int = SEED
) -> Classification:
    """The type of a case's cluster in every phase, with margin and robustness.

    `draws` seeded points each move every value of the phase by up to +-`width` (of a probability
    the odds, that is, on the logit scale); robustness is the share of them that keep the type.
    """
    typed = compiled_type(case.cluster)
    found = [
        _classify_phase(case.cluster, phase, typed, draws, width, seed) for phase in case.phases
    ]
    return Classification(case, tuple(found))


def _classify_phase(
    cluster: Cluster,
    phase: Phase,
    typed: Callable[[Columns], NDArray[np.int64]],
    draws: int,
    width: float,
    seed: int,
) -> PhaseType:
    relations = {r.name: r.selected(phase.point) for r in cluster.relations}
    known = {symbol(name): value for name, value in phase.point.items()}
    known |= {symbol(name): found.level for name, found in relations.items()}
    index = next(i for i, (_, holds) in enumerate(rules(cluster)) if decide(holds.subs(known)))
    return PhaseType(
        phase=phase,
        type=rules(cluster)[index][0],
        margin=_margin(cluster, phase, typed, index),
        robustness=_robustness(cluster, phase, typed, index, draws, width, seed),
        relations=relations,
        shares={name: share.subs(known) for name, share in cluster.outputs.items()},
    )


def compiled_type(cluster: Cluster) -> Callable[[Columns], NDArray[np.int64]]:
    """A function from columns of parameters to the index of the type at each row."""
    names = cluster.domain.names
    level_names = [name.name for name in cluster.levels]
    levels = to_numpy(cluster.levels.values(), names)
    conditions = to_numpy([holds for _, holds in rules(cluster)], [*names, *level_names])

    def typed(columns: Columns) -> NDArray[np.int64]:
        arrays: list[Any] = [columns[name] for name in names]
        with np.errstate(all="ignore"):
            found = conditions(*arrays, *levels(*arrays))
        shape = np.shape(arrays[0])
        return np.asarray(np.argmax([np.broadcast_to(holds, shape) for holds in found], axis=0))

    return typed


def _columns(phase: Phase, rows: int) -> dict[str, NDArray[np.float64]]:
    return {name: np.full(rows, float(value)) for name, value in phase.point.items()}


def _margin(
    cluster: Cluster,
    phase: Phase,
    typed: Callable[[Columns], NDArray[np.int64]],
    index: int,
) -> Margin:
    nearest = Margin(None)
    for parameter in cluster.domain.parameters:
        for side in (-1, 1):
            found = _border(phase, typed, index, parameter, side)
            if found is None:
                continue
            at, becomes = found
            here = float(phase.point[parameter.name])
            distance = abs(at - here) / _range(parameter)
            if nearest.distance is None or distance < nearest.distance:
                nearest = Margin(distance, parameter.name, at, rules(cluster)[becomes][0])
    return nearest


def _range(parameter: Parameter) -> float:
    return float(parameter.interval.upper - parameter.interval.lower)


def _border(
    phase: Phase,
    typed: Callable[[Columns], NDArray[np.int64]],
    index: int,
    parameter: Parameter,
    side: int,
) -> tuple[float, int] | None:
    """Where the type first changes as one parameter moves down (-1) or up (+1), and into which."""
    near = float(phase.point[parameter.name])
    far = float(parameter.interval.upper if side > 0 else parameter.interval.lower)
    beyond = index
    for _ in range(REFINEMENTS):
        values = np.linspace(near, far, SCAN + 1)
        kinds = typed({**_columns(phase, SCAN + 1), parameter.name: values})
        changed = np.flatnonzero(kinds[1:] != index)
        if not changed.size:
            return None
        near, far = values[changed[0]], values[changed[0] + 1]
        beyond = int(kinds[changed[0] + 1])
    return float(far), beyond


def _robustness(
    cluster: Cluster,
    phase: Phase,
    typed: Callable[[Columns], NDArray[np.int64]],
    index: int,
    draws: int,
    width: float,
    seed: int,
) -> float:
    generator = np.random.default_rng(seed)
    columns = {}
    for parameter in cluster.domain.parameters:
        moved = generator.uniform(-width, width, draws)
        columns[parameter.name] = _moved(float(phase.point[parameter.name]), parameter, moved)
    return float(np.mean(typed(columns) == index))


def _moved(value: float, parameter: Parameter, by: NDArray[np.float64]) -> NDArray[np.float64]:
    """The value moved by a relative amount; where it is a probability, its odds are moved."""
    lower, upper = float(parameter.interval.lower), float(parameter.interval.upper)
    if parameter.unit.startswith("probability") and 0 < value < 1:
        odds = value / (1 - value) * (1 + by)
        return np.asarray(odds / (1 + odds))
    return np.clip(value * (1 + by), lower, upper)
