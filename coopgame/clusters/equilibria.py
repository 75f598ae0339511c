"""All joint equilibria at many points, and those that history and its two extremes select.

Which relationships are active is one of 2**6 patterns. A pattern is an equilibrium if each active
relationship enforces itself and has partners, given the pattern; one that is not active is always
consistent. It is closed if no inactive one would start. No relationship has to help another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coopgame.clusters.ground import At
from coopgame.clusters.relationships import RELATIONSHIPS, Column, Truth
from coopgame.clusters.state import state
from coopgame.clusters.walk import (
    COUNT,
    START,
    Pattern,
    Walk,
    active_in,
    begun_from,
    outcomes,
    starts_of,
    walk,
    walked,
)

MANY = 1500  # points from which on it is sooner done to look at no more patterns than needed


@dataclass(frozen=True)
class Equilibria:
    """Every pattern at every point: rows are points, columns patterns (bit i: relationship i).

    `columns` holds every outcome, `gain` what each relationship that is no tie brings its members;
    `start` is what was active before.
    """

    columns: Mapping[str, Column]
    gain: Mapping[str, Column]
    holds: NDArray[np.bool_]
    starts: NDArray[np.bool_]
    start: Pattern

    @cached_property
    def is_equilibrium(self) -> Truth:
        """Whether a pattern is an equilibrium, by point and pattern."""
        active = np.stack([everything()[name] for name in RELATIONSHIPS], axis=-1)
        return np.asarray(np.all(self.holds | ~active, axis=-1))

    @cached_property
    def is_closed(self) -> Truth:
        """Whether a pattern is an equilibrium and no inactive relationship would start."""
        closed = self.is_equilibrium.copy()
        patterns = np.arange(COUNT)
        for i in range(len(RELATIONSHIPS)):
            without = patterns[(patterns >> i & 1) == 0]
            closed[:, without] &= ~self.starts[:, without | 1 << i, i]
        return closed

    def selected(self, start: Pattern | int | None = None) -> Pattern:
        """The pattern that history reaches from those active at the start, by default before."""
        return walk(
            begun_from(start, self.start),
            lambda rows, pattern, i: (self.starts[rows, pattern, i], self.holds[rows, pattern, i]),
        )

    def outcomes(self, pattern: Pattern) -> dict[str, Column]:
        """The outcomes at each point in its pattern, by the names that types are stated in."""
        rows = np.arange(len(self.holds))
        return {name: values[rows, pattern] for name, values in self.columns.items()}


def everything() -> dict[str, Truth]:
    """All relationships in all patterns of active and not: one axis of 2**6."""
    return {name: bits[None, :] for name, bits in active_in(np.arange(COUNT)).items()}


def equilibria(at: At) -> Equilibria:
    """Every pattern at every point of the columns; without a column `start`, from none."""
    columns = {name: np.asarray(values)[:, None] for name, values in at.items() if name != START}
    start = starts_of(at)
    count = len(start)
    # The association is the last bit: patterns without it and with it are two halves.
    halves = [
        _half(columns, count, part) for part in (slice(0, COUNT // 2), slice(COUNT // 2, COUNT))
    ]
    (one, gain_one, *two), (other, gain_other, *four) = halves
    holds, starts = (np.concatenate(pair, axis=1) for pair in zip(two, four, strict=True))
    return Equilibria(
        {name: np.concatenate([one[name], other[name]], axis=1) for name in one},
        {name: np.concatenate([gain_one[name], gain_other[name]], axis=1) for name in gain_one},
        holds,
        starts,
        start,
    )


def followed(at: At) -> Equilibria | Walk:
    """Points whose history is to be followed once, in whichever way is sooner done.

    An evaluation of a few points costs as much as one of some hundred, so few points are looked at
    in all patterns at once; many only in those that history passes through.
    """
    return equilibria(at) if len(starts_of(at)) < MANY else walked(at)


def _half(
    at: At, count: int, part: slice
) -> tuple[dict[str, Column], dict[str, Column], Truth, Truth]:
    active = {name: bits[:, part] for name, bits in everything().items()}
    found = state(at, active)
    shape = (count, COUNT // 2)
    holds, starts = (
        np.stack([np.broadcast_to(of[name], shape) for name in RELATIONSHIPS], axis=-1)
        for of in (found.holds, found.starts)
    )
    gain = {name: np.broadcast_to(value, shape) for name, value in found.gain.items()}
    return outcomes(found, shape), gain, holds, starts
