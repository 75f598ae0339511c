"""The most likely type of a phase over two parameters, all others drawn from its answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coopgame.clusters.case import LIMITS, Case, Phase
from coopgame.clusters.classify import types_at
from coopgame.clusters.codebook import Codebook, Drawing
from coopgame.clusters.history import history_of
from coopgame.clusters.relationships import Column
from coopgame.errors import InputError, meant

EACH = 24  # draws at every point of the plane
AT_ONCE = 6000


@dataclass(frozen=True)
class TypeMap:
    """The number of the most likely type and its share, by y (rows) and x (columns)."""

    x: str
    y: str
    xs: Column
    ys: Column
    kinds: NDArray[np.int64]
    shares: Column


Ends = tuple[float, float] | None


def span(codebook: Codebook, name: str, ends: Ends = None) -> tuple[float, float]:
    """The range of a parameter: what its answers allow in all, or what is asked for."""
    known = codebook.parameters
    if name not in known:
        told = meant(name, known) + f"parameters: {', '.join(known)}"
        raise InputError(f"{name!r} is no parameter of the cluster's games", told)
    intervals = known[name].by_answer.values()
    if ends is None:
        ends = min(i.low for i in intervals), max(i.high for i in intervals)
    low, high = LIMITS.get(name, (-10.0, 10.0))
    if not low <= ends[0] < ends[1] <= high:
        raise InputError(f"{name} cannot run from {ends[0]:g} to {ends[1]:g}",
                         f"give a lower end first, within [{low:g}, {high:g}]")  # fmt: skip
    return ends


def type_map(
    case: Case,
    phase: Phase,
    x: str,
    y: str,
    steps: int = 24,
    ends: tuple[Ends, Ends] = (None, None),
) -> TypeMap:
    """The most likely type over a plane, at the same draws of all else and the case's history."""
    if x == y:
        raise InputError(f"{x} is named twice", "name two parameters")
    (x_low, x_high), (y_low, y_high) = (
        span(case.codebook, name, given) for name, given in zip((x, y), ends, strict=True)
    )
    xs, ys = np.linspace(x_low, x_high, steps + 1), np.linspace(y_low, y_high, steps + 1)
    base = history_of(case, phase, Drawing(EACH))
    wide, high = (grid.ravel() for grid in np.meshgrid(xs, ys))
    found = np.empty((len(wide), EACH), dtype=np.int64)
    part = max(1, AT_ONCE // EACH)
    for first in range(0, len(wide), part):
        here = slice(first, first + part)
        count = len(wide[here])
        at = {name: np.tile(column, count) for name, column in base.items()}
        if "h" in (x, y):  # a hazard that varies takes the place of a chain of regimes
            at = {name: column for name, column in at.items() if not name.startswith("weight_")}
        at |= {x: np.repeat(wide[here], EACH), y: np.repeat(high[here], EACH)}
        found[here] = types_at(case.profiles, at).reshape(count, EACH)
    counts = np.stack([(found == k).mean(axis=1) for k in range(len(case.profiles))])
    shape = (steps + 1, steps + 1)
    kinds = counts.argmax(axis=0).reshape(shape)
    return TypeMap(x, y, xs, ys, kinds, counts.max(axis=0).reshape(shape))
