"""Support enumeration in symbols: the candidate equilibria of a two-player game.

A strategy of one player is a *vertex* of her best-response polytope when its support, and as many
replies of the opponent tied for the best, determine it. An extreme equilibrium is a pair of
vertices, each supported on replies that the other one makes best (Vorobev 1958; Avis, Rosenberg,
Savani and von Stengel 2010). In a game that is not degenerate all equilibria are of this kind, on
supports of equal size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from math import comb

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.linear import Matrix, cancelled, solve_with_denominator
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import QUICK, feasible

MAX_BASES = 1000
MAX_WORK = 2000  # bases times parameters: some ten seconds


@dataclass(frozen=True)
class Vertex:
    """A mixed strategy fixed by its `support` and by as many opposing replies `tied` for the best.

    `strategy` has one probability for each action and `value` is what the opponent's best replies
    to it are worth to her; `conditions` say where it is a strategy to which the replies `best`
    (those tied for all parameter values) are best, weakly. `slacks` holds, for each other reply,
    a multiple of what it falls short of the best.
    """

    support: tuple[int, ...]
    tied: tuple[int, ...]
    best: frozenset[int]
    strategy: tuple[sympy.Expr, ...]
    value: sympy.Expr
    conditions: tuple[Boolean, ...]
    slacks: tuple[tuple[int, sympy.Expr], ...]


@dataclass(frozen=True)
class VertexPair:
    """A pair of vertices, each a best reply to the other wherever both sets of conditions hold."""

    row: Vertex
    column: Vertex

    @property
    def conditions(self) -> tuple[Boolean, ...]:
        return tuple(dict.fromkeys((*self.row.conditions, *self.column.conditions)))


def base_count(rows: int, columns: int, largest: int) -> int:
    """How many pairs of equal-size supports there are, up to the size `largest`."""
    return sum(comb(rows, k) * comb(columns, k) for k in range(1, largest + 1))


def affordable(rows: int, columns: int, parameters: int) -> bool:
    """Whether every base can be solved in symbols; each parameter makes all of them longer."""
    bases = base_count(rows, columns, min(rows, columns))
    return bases <= MAX_BASES and bases * (1 + parameters) <= MAX_WORK


def largest_support(rows: int, columns: int) -> int:
    """The largest support size for which at most `MAX_BASES` pairs need be solved."""
    sizes = range(1, min(rows, columns) + 1)
    return max(k for k in sizes if k == 1 or base_count(rows, columns, k) <= MAX_BASES)


def profiles(row_payoffs: Matrix, column_payoffs: Matrix, domain: Domain) -> list[VertexPair]:
    """Every extreme equilibrium that can occur on an open part of the domain, with conditions.

    Both matrices have a row for each action of the row player. Payoffs are expressions; pairs
    proved impossible inside `domain` are left out.
    """
    rows, columns = both_vertices(row_payoffs, column_payoffs, domain)
    return [
        VertexPair(row, column)
        for row, column in product(rows, columns)
        if row.best.issuperset(column.support) and column.best.issuperset(row.support)
    ]


def ties(row_payoffs: Matrix, column_payoffs: Matrix, domain: Domain) -> Boolean:
    """Where the game may be degenerate: where a vertex has more best replies than its support.

    Everywhere else each equilibrium is one of the `profiles`, alone in its neighbourhood; where a
    reply that is not tied for all parameter values ties, there may be others and continua.
    """
    both = both_vertices(row_payoffs, column_payoffs, domain)
    if any(len(vertex.best) > len(vertex.tied) for player in both for vertex in player):
        return sympy.true
    slacks = {
        -slack if slack.could_extract_minus_sign() else slack
        for player in both
        for vertex in player
        for _, slack in vertex.slacks
    }
    equations = [sympy.Eq(slack, 0) for slack in sorted(slacks, key=sympy.default_sort_key)]
    return sympy.Or(*(e for e in equations if _can_hold(e, domain, len(equations))))


# Deciding whether a tie can occur at all costs some milliseconds; of many ties, some surely can.
MOST_ASKED = 60


def _can_hold(equation: Boolean, domain: Domain, count: int) -> bool:
    if equation in (sympy.true, sympy.false) or count > MOST_ASKED:
        return bool(equation != sympy.false)
    return feasible([*domain.constraints, equation], domain.integers, QUICK).exists is not False


def both_vertices(
    row_payoffs: Matrix, column_payoffs: Matrix, domain: Domain
) -> tuple[tuple[Vertex, ...], tuple[Vertex, ...]]:
    """The vertices of the row player and of the column player that exist somewhere in the domain.

    Remembered, since equilibria, ties and continua all begin with them.
    """
    size = largest_support(len(row_payoffs), len(row_payoffs[0]))
    transposed = tuple(zip(*column_payoffs, strict=True))
    return (
        _remembered(transposed, domain, size),
        _remembered(tuple(map(tuple, row_payoffs)), domain, size),
    )


@lru_cache(maxsize=64)
def _remembered(
    replies: tuple[tuple[sympy.Expr, ...], ...], domain: Domain, largest: int
) -> tuple[Vertex, ...]:
    return tuple(vertices(replies, domain, largest))


def vertices(replies: Matrix, domain: Domain, largest: int) -> Iterator[Vertex]:
    """The vertices of one player that exist somewhere in the domain, smallest supports first.

    `replies[j][i]` is the opponent's payoff from reply j against action i. The same strategy
    found from several ties is given once.
    """
    seen = set()
    for size in range(1, largest + 1):
        for support in combinations(range(len(replies[0])), size):
            for tied in combinations(range(len(replies)), size):
                vertex = vertex_on(replies, support, tied, domain)
                if vertex is not None and (key := (vertex.strategy, vertex.best)) not in seen:
                    seen.add(key)
                    yield vertex


def vertex_on(
    replies: Matrix, support: Sequence[int], tied: Sequence[int], domain: Domain | None = None
) -> Vertex | None:
    """The vertex of a base; None if there is none, or it is proved impossible inside `domain`."""
    rhs = [*(sympy.S.Zero for _ in tied), sympy.S.One]
    found = solve_with_denominator(indifference(replies, support, tied), rhs)
    if found is None:
        return None
    (*weights, value), scale = found
    shortfalls = {
        j: cancelled(value - sum(replies[j][i] * w for i, w in zip(support, weights, strict=True)))
        for j in range(len(replies))
        if j not in tied
    }
    slacks = {j: shortfall for j, shortfall in shortfalls.items() if shortfall != 0}
    conditions = _conditions(weights, list(slacks.values()), scale, domain)
    if conditions is None:
        return None
    share = dict(zip(support, weights, strict=True))
    strategy = tuple(cancelled(share.get(i, 0) / scale) for i in range(len(replies[0])))
    best = frozenset(j for j in range(len(replies)) if j not in slacks)
    worth = cancelled(value / scale)
    slack = tuple(slacks.items())
    return Vertex(tuple(support), tuple(tied), best, strategy, worth, conditions, slack)


def indifference(
    replies: Matrix, support: Sequence[int], tied: Sequence[int]
) -> list[list[sympy.Expr]]:
    """The matrix of the system that a vertex solves, in its probabilities and its value."""
    system = [[*(replies[j][i] for i in support), sympy.Integer(-1)] for j in tied]
    return [*system, [*(sympy.S.One for _ in support), sympy.S.Zero]]


def _conditions(
    weights: Iterable[sympy.Expr],
    slacks: Iterable[sympy.Expr],
    scale: sympy.Expr,
    domain: Domain | None,
) -> tuple[Boolean, ...] | None:
    """Where weights / scale > 0 and slacks / scale >= 0; None where that is impossible.

    The sign of `scale` is that of the sum of the weights, so it need not be stated where only
    one sign can occur; otherwise each condition is multiplied by it.
    """
    if domain is not None:
        possible = [_signed(weights, slacks, sympy.Integer(sign)) for sign in (1, -1)]
        possible = [
            conditions
            for conditions in possible
            if feasible([*domain.constraints, *conditions], domain.integers).exists is not False
        ]
        if len(possible) < 2:
            return possible[0] if possible else None
    conditions = _signed(weights, slacks, scale)
    return None if sympy.false in conditions else conditions


def _signed(
    weights: Iterable[sympy.Expr], slacks: Iterable[sympy.Expr], scale: sympy.Expr
) -> tuple[Boolean, ...]:
    positive = [sympy.Gt(weight * scale, 0) for weight in weights]
    weak = [sympy.Ge(slack * scale, 0) for slack in slacks]
    return tuple(c for c in (*positive, *weak) if c != sympy.true)
