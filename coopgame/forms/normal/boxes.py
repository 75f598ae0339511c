"""Where several mixtures leave everybody indifferent: every solution isolated in a box of its own.

What an action is worth is affine in each other player's mixture. Over a box of probabilities its
extremes are therefore taken at corners, so that a box in which some indifference cannot hold is
known from them. On the others Krawczyk's operator tells that a box holds exactly one solution, or
none (Neumaier 1990, Interval methods for systems of equations, chapter 5); what it cannot tell is
halved. All in floats, with a margin above their rounding: what is excluded is excluded.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MARGIN = 1e-11  # above the roundings of 500 terms, each at most 1 (tables are scaled to that)
WIDENED = 0.1  # a solution on the edge of a box lies inside the box made wider by this share
CUT = 0.4871  # not in the middle, where the solutions of games made by hand lie
LEAST = 1e-6  # a box that small is given up: its solutions lie together, or are infinitely many
MOST = 6000  # boxes of one system
ROOM = 1 << 21  # corners of boxes held at once


@dataclass(frozen=True)
class Worths:
    """What one player's rows of payoff differences are, by the actions that the others mix.

    `rows` has the row first, then an axis for each mixing player; that of the player herself has
    length 1. Scaled so that the largest entry of a row is 1.
    """

    owner: int | None
    rows: Floats


@dataclass(frozen=True)
class Search:
    """Rough solutions, each the only one in its box; `is_whole` if no box was given up."""

    solutions: tuple[Floats, ...]
    is_whole: bool


def solutions(
    sizes: Sequence[int], equal: Sequence[Worths], weak: Sequence[Worths], seconds: float
) -> Search:
    """Every mixture at which the rows of `equal` are zero and those of `weak` not negative.

    `sizes` are the numbers of actions mixed; a solution has the probabilities of all but the last
    of each player. Solutions a little outside the simplex, or with a row of `weak` a little below
    zero, may be among them: they are told apart in more digits. The search is given up after some
    seconds of processor time.
    """
    space = _Space(tuple(sizes))
    low, high = np.zeros((1, space.free)), np.ones((1, space.free))
    found: list[Floats] = []
    seen, end = 0, time.process_time() + seconds
    while len(low):
        seen += len(low)
        too_many = seen > MOST or len(low) << space.free > ROOM or time.process_time() > end
        if too_many or (high - low).max(axis=1).min() < LEAST:
            return Search(_apart(found), False)
        kept = space.may_hold(low, high, equal, weak)
        low, high = low[kept], high[kept]
        if not len(low):
            break
        low, high, single = _narrowed(space, low, high, equal)
        found += single
        low, high = _halved(low, high)
    return Search(_apart(found), True)


def _apart(found: Sequence[Floats]) -> tuple[Floats, ...]:
    """The solutions, each once: neighbouring boxes may both hold one on their common edge."""
    kept: list[Floats] = []
    for one in found:
        if all(np.abs(one - other).max() > LEAST / 100 for other in kept):
            kept.append(one)
    return tuple(kept)


def _halved(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Each box cut in two across its longest side."""
    boxes = np.arange(len(low))
    side = (high - low).argmax(axis=1)
    cut = low[boxes, side] + CUT * (high - low)[boxes, side]
    left, right = high.copy(), low.copy()
    left[boxes, side] = cut
    right[boxes, side] = cut
    return np.concatenate([low, right]), np.concatenate([left, high])


def _narrowed(
    space: _Space, low: Floats, high: Floats, equal: Sequence[Worths]
) -> tuple[Floats, Floats, list[Floats]]:
    """Boxes shrunk around what solutions they may hold, and the solutions that are alone in one."""
    wide = WIDENED * (high - low)
    outer, rim = low - wide, high + wide
    middle, radius = (outer + rim) / 2, (rim - outer) / 2
    least, most = space.slopes(outer, rim, equal)
    slope, doubt = (least + most) / 2, (most - least) / 2 + MARGIN
    usable = np.abs(np.linalg.det(slope)) > MARGIN
    inverse = np.zeros_like(slope)
    inverse[usable] = np.linalg.inv(slope[usable])
    value = space.values(middle, equal)
    centre = middle - np.einsum("bij,bj->bi", inverse, value)
    rest = np.abs(np.eye(space.free) - inverse @ slope) + np.abs(inverse) @ doubt
    spread = np.einsum("bij,bj->bi", rest, radius) + MARGIN * np.abs(inverse).sum(axis=2) + MARGIN
    single = usable & (centre - spread > outer).all(axis=1) & (centre + spread < rim).all(axis=1)
    roots = [_newton(space, root, equal) for root in centre[single]]
    shrunk_low = np.where(usable[:, None], np.maximum(low, centre - spread), low)
    shrunk_high = np.where(usable[:, None], np.minimum(high, centre + spread), high)
    left = ~single & (shrunk_low <= shrunk_high).all(axis=1)
    return shrunk_low[left], shrunk_high[left], roots


def _newton(space: _Space, start: Floats, equal: Sequence[Worths]) -> Floats:
    """The solution near a start that lies in a box with just one, in floats."""
    point = start
    for _ in range(8):
        slope = space.slopes(point[None], point[None], equal)[0][0]
        try:
            point = point - np.linalg.solve(slope, space.values(point[None], equal)[0])
        except np.linalg.LinAlgError:
            return start
    return point


@dataclass(frozen=True)
class _Space:
    """Boxes of probabilities of all but the last action of each player who mixes."""

    sizes: tuple[int, ...]

    @property
    def free(self) -> int:
        return sum(self.sizes) - len(self.sizes)

    def corners(self, low: Floats, high: Floats) -> list[Floats]:
        """For each player the mixtures at the corners of each box: boxes, corners, actions."""
        found, place = [], 0
        for size in self.sizes:
            ends = np.stack([low[:, place : place + size - 1], high[:, place : place + size - 1]])
            chosen = list(product((0, 1), repeat=size - 1))
            mixtures = [ends[list(picks), :, range(size - 1)].T for picks in chosen]
            stacked = np.stack(mixtures, axis=1)
            last = 1 - stacked.sum(axis=2, keepdims=True)
            found.append(np.concatenate([stacked, last], axis=2))
            place += size - 1
        return found

    def worth(self, worths: Worths, mixtures: Sequence[Floats], skip: int | None = None) -> Floats:
        """The rows at every combination of the given mixtures: boxes, rows (, actions), corners.

        The axis of the player `skip` is left as it is.
        """
        boxes = len(mixtures[0])
        current = np.broadcast_to(worths.rows, (boxes, *worths.rows.shape))
        for player, mixture in enumerate(mixtures):
            if player == skip:
                continue
            if player == worths.owner:
                mixture = np.ones((boxes, 1, 1))
            axis = player + 2
            moved = np.moveaxis(current, axis, -1)
            flat = moved.reshape(boxes, -1, moved.shape[-1]) @ mixture.transpose(0, 2, 1)
            current = np.moveaxis(flat.reshape(*moved.shape[:-1], -1), -1, axis)
        return current

    def may_hold(
        self, low: Floats, high: Floats, equal: Sequence[Worths], weak: Sequence[Worths]
    ) -> NDArray[np.bool_]:
        """Which boxes meet the simplex and may hold a solution, by the rows at their corners."""
        kept = np.ones(len(low), dtype=bool)
        place = 0
        for size in self.sizes:
            kept &= low[:, place : place + size - 1].sum(axis=1) <= 1
            place += size - 1
        corners = self.corners(low, high)
        for worths, both in [*((w, True) for w in equal), *((w, False) for w in weak)]:
            rows = self.worth(worths, corners).reshape(len(low), len(worths.rows), -1)
            kept &= (rows.max(axis=2) >= -MARGIN).all(axis=1)
            if both:
                kept &= (rows.min(axis=2) <= MARGIN).all(axis=1)
        return kept

    def values(self, points: Floats, equal: Sequence[Worths]) -> Floats:
        """The rows of `equal` at points, all in one line."""
        at = [corner[:, :1] for corner in self.corners(points, points)]
        found = [self.worth(w, at).reshape(len(points), -1) for w in equal]
        return np.concatenate(found, axis=1)

    def slopes(self, low: Floats, high: Floats, equal: Sequence[Worths]) -> tuple[Floats, Floats]:
        """The least and the greatest slope of each row in each probability, over each box."""
        corners = self.corners(low, high)
        least = [self._slopes_of(w, corners, np.min) for w in equal]
        most = [self._slopes_of(w, corners, np.max) for w in equal]
        return np.concatenate(least, axis=1), np.concatenate(most, axis=1)

    def _slopes_of(self, worths: Worths, corners: Sequence[Floats], extreme: Any) -> Floats:
        boxes, rows = len(corners[0]), len(worths.rows)
        columns = []
        for player, size in enumerate(self.sizes):
            if player == worths.owner:
                columns.append(np.zeros((boxes, rows, size - 1)))
                continue
            values = np.moveaxis(self.worth(worths, corners, skip=player), player + 2, 2)
            flat = values.reshape(boxes, rows, size, -1)
            columns.append(extreme(flat[:, :, :-1] - flat[:, :, -1:], axis=3))
        return np.concatenate(columns, axis=2)
