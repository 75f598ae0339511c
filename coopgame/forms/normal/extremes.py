"""Extreme equilibria of a two-player game of numbers, in exact arithmetic.

A best-response polytope has finitely many vertices; a pair of vertices, each supported on best
replies to the other, is an extreme equilibrium. The equilibria are the union of the maximal Nash
subsets: sets U and V of vertices all of whose pairs are equilibria, with everything between them
(Millham 1974; Avis, Rosenberg, Savani and von Stengel 2010).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from coopgame.algebra.linear import Matrix
from coopgame.errors import LimitReached
from coopgame.forms.normal import irrational, polytopes
from coopgame.forms.normal.polytopes import Corner, Numbers, Vertices

MAX_PAIRS = 20_000
MAX_SUBSETS = 2000
BLOCK = 512  # rows of the table of pairs at a time: some tens of megabytes

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)
Subset = tuple[frozenset[Row], frozenset[Column]]


@dataclass(frozen=True)
class Extremes:
    """All extreme equilibria; `degenerate` says whether some vertex has more best replies than
    actions in its support, and `exact` whether every tie was decided.
    """

    pairs: tuple[tuple[Corner, Corner], ...]
    degenerate: bool
    exact: bool = True


def extreme_equilibria(row_payoffs: Numbers, column_payoffs: Numbers) -> Extremes:
    """All extreme equilibria of a game of fractions, by the size of the first support.

    Both matrices have a row for each action of the row player. Raises LimitReached where the
    game is too large.
    """
    rows = polytopes.vertices(list(zip(*column_payoffs, strict=True)))
    return _matched(rows, polytopes.vertices(row_payoffs), True)


def extremes_of_reals(row_payoffs: Matrix, column_payoffs: Matrix) -> Extremes:
    """The same for exact real numbers, rational or not."""
    columns, sure = _vertices(row_payoffs)
    rows, certain = _vertices(list(zip(*column_payoffs, strict=True)))
    return _matched(rows, columns, sure and certain)


def _vertices(replies: Matrix) -> tuple[Vertices, bool]:
    """The vertices of one player, and whether every tie was decided."""
    fractions = irrational.as_rational(replies)
    if fractions is not None:
        return polytopes.vertices(fractions), True
    return irrational.vertices(replies)


def _matched(rows: Vertices, columns: Vertices, exact: bool) -> Extremes:
    pairs = _pairs(rows, columns)
    if len(pairs) > MAX_PAIRS:
        raise LimitReached(f"more than {MAX_PAIRS} extreme equilibria")
    firsts = {k: rows.corner(k) for k in {k for k, _ in pairs}}
    seconds = {k: columns.corner(k) for k in {k for _, k in pairs}}
    degenerate = any(bool((v.best.sum(1) > v.support.sum(1)).any()) for v in (rows, columns))
    return Extremes(tuple((firsts[r], seconds[c]) for r, c in pairs), degenerate, exact)


def _pairs(rows: Vertices, columns: Vertices) -> list[tuple[int, int]]:
    """The places of all pairs of vertices in which every action is unplayed or a best reply.

    The played actions that are no best reply are counted for all pairs by a product of matrices;
    counts are whole numbers far below 2^24, so that single precision holds them exactly.
    """
    played, missed = columns.support.T.astype(np.float32), (~columns.best).T.astype(np.float32)
    found: list[tuple[int, int]] = []
    for start in range(0, len(rows), BLOCK):
        block = slice(start, start + BLOCK)
        faults = (~rows.best[block]).astype(np.float32) @ played
        faults += rows.support[block].astype(np.float32) @ missed
        found += [(start + int(r), int(c)) for r, c in np.argwhere(faults == 0)]
    return found


def connected(pairs: Iterable[tuple[Row, Column]]) -> list[list[tuple[Row, Column]]]:
    """The pairs in connected groups: two pairs that share a vertex are connected.

    >>> connected([(1, "a"), (2, "b"), (1, "c")])
    [[(1, 'a'), (1, 'c')], [(2, 'b')]]
    """
    whole = list(dict.fromkeys(pairs))
    by_row: dict[Row, list[tuple[Row, Column]]] = {}
    by_column: dict[Column, list[tuple[Row, Column]]] = {}
    for pair in whole:
        by_row.setdefault(pair[0], []).append(pair)
        by_column.setdefault(pair[1], []).append(pair)
    groups, seen = [], set()
    for first in whole:
        if first in seen:
            continue
        seen.add(first)
        group = [first]
        for row, column in group:  # grows while it is walked through
            # Emptied once walked, so that each list is looked at once.
            near = (*by_row.pop(row, ()), *by_column.pop(column, ()))
            fresh = [pair for pair in dict.fromkeys(near) if pair not in seen]
            seen.update(fresh)
            group += fresh
        groups.append(group)
    return groups


def nash_subsets(pairs: Sequence[tuple[Row, Column]]) -> Iterator[Subset[Row, Column]]:
    """The maximal sets U of rows and V of columns all of whose pairs are among `pairs`.

    Raises LimitReached for more than `MAX_SUBSETS`.

    >>> [(sorted(u), sorted(v)) for u, v in nash_subsets([(1, "a"), (1, "b"), (2, "b")])]
    [([1], ['a', 'b']), ([1, 2], ['b'])]
    """
    rows = list(dict.fromkeys(row for row, _ in pairs))
    bits = {row: 1 << place for place, row in enumerate(rows)}
    partners: dict[Column, int] = {}
    for row, column in pairs:
        partners[column] = partners.get(column, 0) | bits[row]
    kinds = list(dict.fromkeys(partners.values()))
    closed = dict.fromkeys(kinds)
    queue = list(kinds)
    for one in queue:  # grows while it is walked through, until closed under intersection
        fresh = {one & other: None for other in kinds if one & other not in closed and one & other}
        closed |= fresh
        queue += fresh
        if len(queue) > MAX_SUBSETS:
            raise LimitReached(f"a continuum has more than {MAX_SUBSETS} maximal Nash subsets")
    for mask in sorted(closed, key=int.bit_count):
        own = frozenset(row for row in rows if bits[row] & mask)
        yield own, frozenset(column for column, known in partners.items() if known & mask == mask)
