"""The equilibrium that history selects, with only those patterns looked at that it passes through.

Relationships are gone through in the order of their periods: what would start and then hold starts,
what holds no longer is dropped, and what failed is not tried again. So each changes at most twice,
and the end is an equilibrium.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coopgame.clusters.ground import At
from coopgame.clusters.relationships import RELATIONSHIPS, Column, Truth
from coopgame.clusters.state import State, state

COUNT = 2 ** len(RELATIONSHIPS)
START = "start"  # the column of patterns that history left, where there is one
ALL = -1  # stands for the pattern in which every relationship is active
Pattern = NDArray[np.int64]
# Of given rows in given patterns: whether relationship i would start, and whether it holds.
Look = Callable[[NDArray[np.int64], Pattern, int], tuple[Truth, Truth]]


@dataclass(frozen=True)
class Walk:
    """Points whose history is to be followed: a column of each parameter, and where it begins.

    Of each pattern that was looked at (`known`), whether each relationship `holds` and `starts` is
    kept, by point and pattern, so that the next history to pass need not find it anew.
    """

    at: At
    start: Pattern
    known: NDArray[np.bool_]
    holds: NDArray[np.bool_]
    starts: NDArray[np.bool_]

    def selected(self, start: Pattern | int | None = None) -> Pattern:
        """The pattern that history reaches from those active at the start, by default before."""
        return walk(begun_from(start, self.start), self._look)

    def outcomes(self, pattern: Pattern) -> dict[str, Column]:
        """The outcomes at each point in its pattern, by the names that types are stated in."""
        found = outcomes(self._state(np.arange(len(pattern)), pattern), (len(pattern), 1))
        return {name: values[:, 0] for name, values in found.items()}

    def _look(self, rows: NDArray[np.int64], pattern: Pattern, i: int) -> tuple[Truth, Truth]:
        new = ~self.known[rows, pattern]
        if new.any():
            self._fill(rows[new], pattern[new])
        return self.starts[rows, pattern, i], self.holds[rows, pattern, i]

    def _fill(self, rows: NDArray[np.int64], pattern: Pattern) -> None:
        found = self._state(rows, pattern)
        self.known[rows, pattern] = True
        one = (len(rows), 1)
        for i, name in enumerate(RELATIONSHIPS):
            self.holds[rows, pattern, i] = np.broadcast_to(found.holds[name], one)[:, 0]
            self.starts[rows, pattern, i] = np.broadcast_to(found.starts[name], one)[:, 0]

    def _state(self, rows: NDArray[np.int64], pattern: Pattern) -> State:
        some = {name: column[rows, None] for name, column in self.at.items()}
        return state(some, {name: bits[:, None] for name, bits in active_in(pattern).items()})


def walked(at: At) -> Walk:
    """The points of the columns; without a column `start`, history begins with nothing active."""
    columns = {name: np.asarray(values) for name, values in at.items() if name != START}
    start = starts_of(at)
    nothing = np.zeros((len(start), COUNT, len(RELATIONSHIPS)), dtype=bool)
    return Walk(columns, start, nothing[:, :, 0].copy(), nothing, nothing.copy())


def starts_of(at: At) -> Pattern:
    """The pattern that history left to each point of the columns; none unless they say."""
    count = len(next(iter(at.values())))
    return np.asarray(at.get(START, np.zeros(count)), dtype=np.int64)


def begun_from(start: Pattern | int | None, before: Pattern) -> Pattern:
    """The patterns of a start: one for all points, ALL of them active, or what was before."""
    begin = before if start is None else start
    begin = COUNT - 1 if np.isscalar(begin) and begin == ALL else begin
    return np.array(np.broadcast_to(begin, before.shape), dtype=np.int64)


def walk(now: Pattern, look: Look) -> Pattern:
    """The pattern in which history comes to rest, from one at each point."""
    now = now.copy()
    failed = np.zeros((len(now), len(RELATIONSHIPS)), dtype=bool)
    rows = np.arange(len(now))
    while len(rows):
        moved = np.zeros(len(now), dtype=bool)
        for i in range(len(RELATIONSHIPS)):
            bit = 1 << i
            here = rows[~failed[rows, i]]
            is_on = (now[here] & bit) > 0
            starts, holds = look(here, now[here] | bit, i)
            ends = is_on & ~holds
            changes = ends | (~is_on & starts)
            now[here] ^= np.where(changes, bit, 0)
            failed[here, i] |= ends
            moved[here] |= changes
        # A point at which nothing moved in a whole round would see the same once more.
        rows = rows[moved[rows]]
    return now


def active_in(pattern: Pattern) -> dict[str, Truth]:
    """Whether each relationship is active in each of the patterns (bit i: relationship i)."""
    return {name: (pattern >> i & 1).astype(bool) for i, name in enumerate(RELATIONSHIPS)}


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
