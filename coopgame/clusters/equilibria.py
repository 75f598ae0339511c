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
from coopgame.clusters.state import State, state

COUNT = 2 ** len(RELATIONSHIPS)
START = "start"  # the column of patterns that history left, where there is one
ALL = -1  # stands for the pattern in which every relationship is active
Pattern = NDArray[np.int64]


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
        """The pattern that history reaches from those active at the start, by default before.

        Relationships are gone through in the order of their periods: what would start and then
        hold starts, what holds no longer is dropped, and what failed is not tried again. So each
        changes at most twice, and the end is an equilibrium.
        """
        count = len(self.holds)
        rows = np.arange(count)
        begin = self.start if start is None else start
        begin = COUNT - 1 if np.isscalar(begin) and begin == ALL else begin
        now = np.array(np.broadcast_to(begin, (count,)), dtype=np.int64)
        failed = np.zeros((count, len(RELATIONSHIPS)), dtype=bool)
        moved = True
        while moved:
            moved = False
            for i in range(len(RELATIONSHIPS)):
                bit = 1 << i
                is_on = (now & bit) > 0
                begins = ~is_on & ~failed[:, i] & self.starts[rows, now | bit, i]
                ends = is_on & ~self.holds[rows, now, i]
                now = np.where(begins, now | bit, np.where(ends, now & ~bit, now))
                failed[:, i] |= ends
                moved = moved or bool(begins.any() or ends.any())
        return now

    def outcomes(self, pattern: Pattern) -> dict[str, Column]:
        """The outcomes at each point in its pattern, by the names that types are stated in."""
        rows = np.arange(len(self.holds))
        return {name: values[rows, pattern] for name, values in self.columns.items()}


def outcomes(of: State, shape: tuple[int, ...]) -> dict[str, Column]:
    """The outcomes of states by name, each in the full shape."""
    found = {name: np.broadcast_to(value, shape) for name, value in of.output.items()}
    total = sum(found.values())
    found["total"] = np.asarray(total)
    found["formal"] = found["total"] - found["informal"]
    for name in RELATIONSHIPS:
        found[name] = np.broadcast_to(of.level[name], shape)
    found["sellers"] = np.broadcast_to(of.sellers, shape)
    found["left"] = np.broadcast_to(of.has_left, shape).astype(float)
    return found


OUTCOMES = (
    "informal", "orders", "spokes", "made", "direct", "total", "formal", *RELATIONSHIPS,
    "sellers", "left",
)  # fmt: skip


def everything() -> dict[str, Truth]:
    """All relationships in all patterns of active and not: one axis of 2**6."""
    numbers = np.arange(COUNT)
    return {name: (numbers >> i & 1).astype(bool)[None, :] for i, name in enumerate(RELATIONSHIPS)}


def equilibria(at: At) -> Equilibria:
    """Every pattern at every point of the columns; without a column `start`, from none."""
    columns = {name: np.asarray(values)[:, None] for name, values in at.items() if name != START}
    count = len(next(iter(columns.values())))
    start = np.asarray(at.get(START, np.zeros(count)), dtype=np.int64)
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
