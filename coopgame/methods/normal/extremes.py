"""Extreme equilibria of a two-player game of numbers, in exact arithmetic.

A best-response polytope has finitely many vertices; a pair of vertices, each supported on best
replies to the other, is an extreme equilibrium. The equilibria are the union of the maximal Nash
subsets: sets U and V of vertices all of whose pairs are equilibria, with everything between them
(Millham 1974; Avis, Rosenberg, Savani and von Stengel 2010).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TypeVar

Numbers = Sequence[Sequence[Fraction]]
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)
Subset = tuple[frozenset[Row], frozenset[Column]]


@dataclass(frozen=True)
class Corner:
    """A vertex: a mixed strategy, and the opponent's replies that are best against it."""

    strategy: tuple[Fraction, ...]
    best: frozenset[int]

    @property
    def support(self) -> frozenset[int]:
        return frozenset(i for i, share in enumerate(self.strategy) if share)


def corners(replies: Numbers) -> list[Corner]:
    """Every vertex of a player's best-response polytope.

    `replies[j][i]` is the opponent's payoff from reply j against action i.

    >>> replies = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(2)]]
    >>> [" ".join(map(str, corner.strategy)) for corner in corners(replies)]
    ['1 0', '0 1', '2/3 1/3']
    """
    found: dict[tuple[Fraction, ...], Corner] = {}
    width = len(replies[0])
    for size in range(1, min(width, len(replies)) + 1):
        for support in combinations(range(width), size):
            for tied in combinations(range(len(replies)), size):
                corner = _corner(replies, support, tied)
                if corner is not None:
                    found.setdefault(corner.strategy, corner)
    return list(found.values())


def _corner(replies: Numbers, support: Sequence[int], tied: Sequence[int]) -> Corner | None:
    """The strategy on `support` that ties the replies `tied` for the best, if there is one."""
    system = [[*(replies[j][i] for i in support), Fraction(-1), Fraction(0)] for j in tied]
    solved = _solve([*system, [*(Fraction(1) for _ in support), Fraction(0), Fraction(1)]])
    if solved is None or any(share <= 0 for share in solved[:-1]):
        return None
    *shares, value = solved
    worth = [sum(row[i] * s for i, s in zip(support, shares, strict=True)) for row in replies]
    if max(worth) > value:
        return None
    strategy = [Fraction(0)] * len(replies[0])
    for i, share in zip(support, shares, strict=True):
        strategy[i] = share
    return Corner(tuple(strategy), frozenset(j for j, w in enumerate(worth) if w == value))


def _solve(rows: list[list[Fraction]]) -> list[Fraction] | None:
    """The solution of a square system (right-hand sides last) by elimination; None if singular."""
    size = len(rows)
    for step in range(size):
        pivot = next((r for r in range(step, size) if rows[r][step]), None)
        if pivot is None:
            return None
        rows[step], rows[pivot] = rows[pivot], rows[step]
        lead = rows[step][step]
        rows[step] = [entry / lead for entry in rows[step]]
        for other in range(size):
            factor = rows[other][step]
            if other != step and factor:
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[step], strict=True)]
    return [row[-1] for row in rows]


def extreme_equilibria(
    row_payoffs: Numbers, column_payoffs: Numbers
) -> tuple[list[tuple[Corner, Corner]], bool]:
    """All extreme equilibria, and whether the game is degenerate.

    Both matrices have a row for each action of the row player. Degenerate means that some vertex
    has more best replies than actions in its support.
    """
    rows = corners(list(zip(*column_payoffs, strict=True)))
    columns = corners(row_payoffs)
    degenerate = any(len(corner.best) > len(corner.support) for corner in (*rows, *columns))
    pairs = [
        (row, column)
        for row in rows
        for column in columns
        if column.support <= row.best and row.support <= column.best
    ]
    return pairs, degenerate


def connected(pairs: Iterable[tuple[Row, Column]]) -> list[list[tuple[Row, Column]]]:
    """The pairs in connected groups: two pairs that share a vertex are connected.

    >>> connected([(1, "a"), (2, "b"), (1, "c")])
    [[(1, 'a'), (1, 'c')], [(2, 'b')]]
    """
    left = list(dict.fromkeys(pairs))
    groups = []
    while left:
        group = [left.pop(0)]
        for row, column in group:  # grows while it is walked through
            near = [pair for pair in left if pair[0] == row or pair[1] == column]
            group += near
            left = [pair for pair in left if pair not in near]
        groups.append(group)
    return groups


def nash_subsets(pairs: Sequence[tuple[Row, Column]]) -> Iterator[Subset[Row, Column]]:
    """The maximal sets U of rows and V of columns all of whose pairs are among `pairs`.

    >>> [(sorted(u), sorted(v)) for u, v in nash_subsets([(1, "a"), (1, "b"), (2, "b")])]
    [([1], ['a', 'b']), ([1, 2], ['b'])]
    """
    partners = {column: frozenset(r for r, c in pairs if c == column) for _, column in pairs}
    closed = list(dict.fromkeys(partners.values()))
    for one in closed:  # grows while it is walked through, until closed under intersection
        met = dict.fromkeys(one & other for other in partners.values())
        closed += [rows for rows in met if rows and rows not in closed]
    for rows in sorted(closed, key=len):
        yield rows, frozenset(column for column, known in partners.items() if known >= rows)
