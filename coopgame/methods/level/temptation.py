"""The temptation to renege on a level of co-operation, which every form with a level shares.

At level a, each period pays pi(a); reneging gains G(a) at once, is found out with probability q,
and then ends the relation, which leaves the outside option u. With D the weight of the next
period, level a enforces itself iff F(a) = (1-D)*G(a) - q*D*(pi(a) - u) <= 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.solution import decide


@dataclass(frozen=True)
class Incentive:
    """One side's primitives of a relation with a level; `variable` stands for the level."""

    variable: sympy.Symbol
    payoff: sympy.Expr
    gain: sympy.Expr
    outside: sympy.Expr
    discount: sympy.Expr
    detection: sympy.Expr

    @property
    def excess(self) -> sympy.Expr:
        """F: the gain from reneging beyond what being found out costs."""
        punishment = self.detection * self.discount * (self.payoff - self.outside)
        return (1 - self.discount) * self.gain - punishment

    @property
    def members(self) -> tuple[Boolean, ...]:
        """The conditions on a level of interest: within the joint optimum, enforcing itself."""
        a = self.variable
        return (a > 0, a <= 1, sympy.diff(self.payoff, a) >= 0, self.excess <= 0)

    def substitute(self, at: Mapping[sympy.Symbol, sympy.Expr]) -> Incentive:
        """The incentive with expressions substituted for symbols."""
        parts = (self.payoff, self.gain, self.outside, self.discount, self.detection)
        return Incentive(self.variable, *(part.subs(at) for part in parts))


@dataclass(frozen=True)
class Range:
    """A closed interval of levels; `low` is 0 where every small positive level belongs to it."""

    low: sympy.Expr
    high: sympy.Expr


def self_enforcing(
    excesses: Sequence[sympy.Expr], variable: sympy.Symbol, cap: sympy.Expr
) -> tuple[Range, ...]:
    """The levels in (0, cap] at which no F among `excesses` (in numbers) is positive.

    [0, cap] is cut at the real roots of each F (isolated exactly, whatever its degree), and the
    signs read off between them. Lowest first; an empty tuple says that no level enforces itself.

    >>> x = sympy.Symbol("x", real=True)
    >>> self_enforcing([x**2 - x / 2], x, sympy.S.One)
    (Range(low=0, high=1/2),)
    """
    tops = [sympy.fraction(sympy.cancel(excess))[0] for excess in excesses]
    cuts = _cuts(tops, variable, cap)

    def holds(level: sympy.Expr) -> bool:
        return all(decide(excess.subs(variable, level) <= 0) for excess in excesses)

    found: list[Range] = []
    for start, end in pairwise(cuts):
        if holds(_between(start, end)):
            joined = bool(found) and found[-1].high == start
            found[len(found) - joined :] = [Range(found[-1].low if joined else start, end)]
        elif holds(end):
            found.append(Range(end, end))
    return tuple(found)


def highest_peak(payoff: sympy.Expr, variable: sympy.Symbol) -> sympy.Expr:
    """The level in [0, 1] at which a payoff in numbers is greatest; the highest of several.

    >>> x = sympy.Symbol("x", real=True)
    >>> highest_peak(x - x**2, x)
    1/2
    """
    slope, _ = sympy.fraction(sympy.cancel(sympy.diff(payoff, variable)))
    best, *others = _cuts([slope], variable, sympy.S.One)
    for level in others:
        if decide(payoff.subs(variable, level) >= payoff.subs(variable, best)):
            best = level
    return best


def _cuts(
    polynomials: Sequence[sympy.Expr], variable: sympy.Symbol, cap: sympy.Expr
) -> list[sympy.Expr]:
    """0, the real roots strictly between 0 and the cap in ascending order, and the cap."""
    if not decide(cap > 0):
        return [sympy.S.Zero]
    inside: set[sympy.Expr] = set()
    for polynomial in polynomials:
        if polynomial.has(variable):
            roots = sympy.Poly(polynomial, variable).real_roots(multiple=False)
            inside |= {root for root, _ in roots if decide(root > 0) and decide(root < cap)}
    return [sympy.S.Zero, *sorted(inside, key=lambda root: sympy.N(root, 60)), cap]


def _between(start: sympy.Expr, end: sympy.Expr) -> sympy.Rational:
    """A rational strictly between two numbers."""
    return sympy.Rational(str(sympy.N((start + end) / 2, 50)))
