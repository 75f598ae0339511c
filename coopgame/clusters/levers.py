"""Levers: the smallest change of each thing that policy can move which does what is wanted.

Three things are wanted of a phase: that co-operation becomes possible (some level of it enforces
itself), that it starts at today's trust, and that the type of cluster changes. Each lever moves one
parameter its own way, as far as it reaches, all others as in the phase.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coopgame.clusters.borders import Point, distance_between, floats, switch
from coopgame.clusters.columns import Columns, CompiledCluster
from coopgame.clusters.joint import GREATEST
from coopgame.clusters.model import Lever
from coopgame.clusters.typology import TYPES

POSSIBLE, STARTS, TYPE = GOALS = ("possible", "starts", "type")

Test = Callable[[Columns], NDArray[np.bool_]]


@dataclass(frozen=True)
class Move:
    """The smallest move of one lever that reaches a goal: to which value, and how far.

    `to` is None where nothing within the lever's reach will do. `size` is relative to the
    parameter's range. `becomes` is the type beyond, where the goal is another type.
    """

    lever: Lever
    to: float | None = None
    size: float | None = None
    becomes: str | None = None


@dataclass(frozen=True)
class Policy:
    """What each lever can do for one goal, smallest move first; `is_met`: nothing is needed."""

    goal: str
    is_met: bool
    moves: tuple[Move, ...]

    @property
    def workable(self) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.to is not None)


def levers(
    compiled: CompiledCluster, point: Point, relation: str = "collective"
) -> tuple[Policy, ...]:
    """For each goal, what every lever of the cluster can do at a point, alone.

    `relation` is the co-operation that is to become possible and to start.
    """
    kind = compiled.types(floats(point))
    tests: dict[str, Test] = {
        POSSIBLE: lambda columns: compiled.levels(columns, GREATEST)[relation] > 0,
        STARTS: lambda columns: compiled.levels(columns)[relation] > 0,
        TYPE: lambda columns: compiled.types(columns) != kind,
    }
    return tuple(_policy(compiled, point, goal, test) for goal, test in tests.items())


def _policy(compiled: CompiledCluster, point: Point, goal: str, test: Test) -> Policy:
    if test(floats(point)):
        return Policy(goal, True, ())
    moves = [_smallest(compiled, point, lever, goal, test) for lever in compiled.cluster.levers]
    moves.sort(key=lambda move: (move.size is None, move.size or 0.0))
    return Policy(goal, False, tuple(moves))


def _smallest(compiled: CompiledCluster, point: Point, lever: Lever, goal: str, test: Test) -> Move:
    parameter = compiled.cluster.domain[lever.parameter]
    here = point[parameter.name]
    to = switch(test, floats(point), parameter, lever.end(here, parameter))
    if to is None:
        return Move(lever)
    becomes = None
    if goal == TYPE:
        becomes = TYPES[int(compiled.types({**floats(point), parameter.name: to}))]
    return Move(lever, to, distance_between(parameter, here, to), becomes)
