"""Identical players at a point: payoffs for every number of others, and what a deviation gains.

A profile is a list of groups: how many, and with what chance each of them takes the first action,
0 and 1 included. What a player faces is the sum of binomial numbers, one for each group without
her. Means are sums over them: exact for rational chances of few digits, with 60 digits otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb
from typing import Any

import mpmath
import sympy

from coopgame.algebra.binomial import K
from coopgame.algebra.chances import wide
from coopgame.errors import LimitReached
from coopgame.language.putting import put

MAX_PLAYERS = 1000
DIGITS = 60
FEW = 10**6

Groups = Sequence[tuple[int, sympy.Expr]]


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
        first, second = (put(payoff, {K: sympy.sympify(k)}) for payoff in self.payoffs)
        return first, second

    @cached_property
    def gains(self) -> tuple[sympy.Expr, ...]:
        """d(0), ..., d(n - 1), exactly."""
        return tuple(sympy.expand(first - second) for first, second in self.rows)

    def regret(self, groups: Groups) -> sympy.Expr:
        """The most that one player gains by an action for sure; 1 if it is no profile."""
        sizes = [sympy.sympify(size) for size, _ in groups]
        possible = all(size.is_Integer and size >= 0 for size in sizes)
        if not possible or sum(sizes) != self.players:
            return sympy.S.One
        if not all(0 <= sympy.N(chance, DIGITS) <= 1 for _, chance in groups):
            return sympy.S.One
        profile = [(int(size), chance) for (_, chance), size in zip(groups, sizes, strict=True)]
        with mpmath.workdps(DIGITS):
            found = [self._gained(profile, i) for i, (size, _) in enumerate(profile) if size]
        return _greatest([sympy.S.Zero, *found])

    def _gained(self, profile: Sequence[tuple[int, sympy.Expr]], group: int) -> sympy.Expr:
        """What a member of the group gains by the better action."""
        chance = profile[group][1]
        weights = {0: sympy.S.One}
        for i, (size, share) in enumerate(profile):
            weights = _convolved(weights, _binomial(size - (i == group), share))
        first, second = (
            sympy.sympify(sum(w * _like(self.rows[k][i], w) for k, w in weights.items()))
            for i in (0, 1)
        )
        kept = chance * first + (1 - chance) * second
        return _greatest([first - kept, second - kept])

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


def _greatest(numbers: Sequence[sympy.Expr]) -> sympy.Expr:
    """The greatest by its digits: asking SymPy which of two numbers is more takes far longer."""
    return max(numbers, key=lambda value: sympy.N(value, DIGITS))


def _binomial(count: int, share: sympy.Expr) -> dict[int, Any]:
    """The chances of each number among so many; only those that are not zero."""
    if share in (0, 1):
        return {count * int(share): sympy.S.One}
    x = share if share.is_Rational and share.q <= FEW else _wide(share)
    return {k: comb(count, k) * x**k * (1 - x) ** (count - k) for k in range(count + 1)}


def _convolved(one: dict[int, Any], other: dict[int, Any]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for i, a in one.items():
        for k, b in other.items():
            found[i + k] = found.get(i + k, 0) + _like(a, b) * _like(b, a)
    return found


def _like(value: Any, weight: Any) -> Any:
    """The value exactly beside an exact weight, else with 60 digits."""
    return _wide(value) if isinstance(weight, mpmath.mpf) else value


def _wide(value: Any) -> Any:
    return value if isinstance(value, mpmath.mpf) else wide(sympy.sympify(value))
