"""Identical players at a point: payoffs for every number of others, and what a deviation gains.

Means over K ~ Binomial(n-1, x) are sums of n terms: exact for rational chances of few digits,
with 60 digits otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import comb
from typing import Any

import mpmath
import sympy

from coopgame.algebra.binomial import K
from coopgame.errors import LimitReached

MAX_PLAYERS = 1000
DIGITS = 60
FEW = 10**6


@dataclass(frozen=True)
class Tally:
    """The payoffs of both actions of n players; their only symbol is k, the others co-operating."""

    players: int
    payoffs: tuple[sympy.Expr, sympy.Expr]

    @cached_property
    def rows(self) -> tuple[tuple[sympy.Expr, sympy.Expr], ...]:
        """Both payoffs for k = 0, ..., n - 1. Raises LimitReached above 1000 players."""
        if self.players > MAX_PLAYERS:
            raise LimitReached(f"{self.players} players: mixtures are sought up to {MAX_PLAYERS}")
        return tuple(self.row(k) for k in range(self.players))

    def row(self, k: Any) -> tuple[sympy.Expr, sympy.Expr]:
        first, second = (payoff.subs(K, k) for payoff in self.payoffs)
        return first, second

    @cached_property
    def gains(self) -> tuple[sympy.Rational, ...]:
        """d(0), ..., d(n - 1); numbers that are not rational to 60 digits."""
        return tuple(_rational(first - second) for first, second in self.rows)

    def means(self, chance: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
        """What each action pays on average when the others co-operate with this chance."""
        others = self.players - 1
        with mpmath.workdps(DIGITS):
            exact = chance.is_Rational and chance.q <= FEW
            x = chance if exact else _wide(chance)
            weights = [comb(others, k) * x**k * (1 - x) ** (others - k) for k in range(others + 1)]
            pairs = self.rows if exact else [(_wide(a), _wide(b)) for a, b in self.rows]
            weighted = list(zip(weights, pairs, strict=True))
            first, second = (sum(w * pair[i] for w, pair in weighted) for i in (0, 1))
            return sympy.sympify(first), sympy.sympify(second)

    def stable_counts(self) -> Iterator[int]:
        """The numbers of co-operators from whom nobody leaves and whom nobody joins."""
        for m in range(self.players + 1):
            leaves = m > 0 and self.gains[m - 1] < 0
            joins = m < self.players and self.gains[m] > 0
            if not leaves and not joins:
                yield m

    def pure_regret(self, co_operators: sympy.Expr) -> sympy.Expr:
        """The most that one player gains by changing sides; 1 if there is no such number."""
        m = sympy.nsimplify(co_operators)
        if not (m.is_Integer and 0 <= m <= self.players):
            return sympy.S.One
        gains = [sympy.S.Zero]
        if m > 0:
            inside, outside = self.row(m - 1)
            gains.append(outside - inside)
        if m < self.players:
            inside, outside = self.row(m)
            gains.append(inside - outside)
        return sympy.Max(*gains)

    def mixed_regret(self, chance: sympy.Expr) -> sympy.Expr:
        """The most that a player gains by playing one action for sure instead of mixing."""
        if not 0 <= sympy.N(chance, DIGITS) <= 1:
            return sympy.S.One
        first, second = self.means(chance)
        mixture = chance * first + (1 - chance) * second
        return sympy.Max(0, first - mixture, second - mixture)

    def repeated_regret(self, patience: sympy.Expr) -> sympy.Expr:
        """The most that a one-shot deviation gains where all co-operate for ever.

        Under grim trigger, on the path and off it: per period keeping to it pays a(n-1), defecting
        (1-D)*b(n-1) + D*b(0). If all co-operate in the game played once, no threat is needed.
        """
        rewarded, tempted = self.row(self.players - 1)
        alone, punished = self.row(0)
        deviating = (1 - patience) * tempted + patience * punished
        grim = sympy.Max(0, deviating - rewarded, alone - punished)
        return sympy.Min(grim, sympy.Max(0, tempted - rewarded))


def _wide(value: sympy.Expr) -> Any:
    return mpmath.mpf(str(sympy.N(value, DIGITS)))


def _rational(value: sympy.Expr) -> sympy.Rational:
    return value if value.is_Rational else sympy.Rational(str(sympy.N(value, DIGITS)))
