"""Functions of how many others co-operate, and their means when each does so with one chance.

A function u(k), k = 0, ..., N, whose inner values are polynomial in k has a mean in closed form
for K ~ Binomial(N, x), whatever the number N:

    E u(K) = E P(K) + (u(0) - P(0)) (1-x)^N + (u(N) - P(N)) x^N,
    E K(K-1)...(K-j+1) = N(N-1)...(N-j+1) x^j.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.functions.combinatorial.numbers import stirling
from sympy.logic.boolalg import Boolean

from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.proofs.questions import QUICK, implies

K = symbol("k")
MAX_POWER = 6


@dataclass(frozen=True)
class Count:
    """A function of k = 0, ..., others: its two ends, and its polynomial in k between them."""

    first: sympy.Expr
    middle: sympy.Expr
    last: sympy.Expr
    others: sympy.Expr

    def __sub__(self, other: Count) -> Count:
        return Count(
            sympy.cancel(self.first - other.first),
            sympy.expand(self.middle - other.middle),
            sympy.cancel(self.last - other.last),
            self.others,
        )

    @property
    def off_first(self) -> sympy.Expr:
        """By how much the value at k = 0 is off the polynomial."""
        return sympy.cancel(self.first - self.middle.subs(K, 0))

    @property
    def off_last(self) -> sympy.Expr:
        """By how much the value at k = others is off the polynomial."""
        return sympy.cancel(self.last - self.middle.subs(K, self.others))

    def mean(self, chance: Any) -> sympy.Expr:
        """E u(K) for K ~ Binomial(others, chance).

        >>> n, x = sympy.symbols("n x", real=True)
        >>> Count(sympy.S(0), K, n, n).mean(x)
        n*x
        """
        ends = (self.off_first * (1 - chance) ** self.others, self.off_last * chance**self.others)
        return polynomial_mean(self.middle, self.others, chance) + sum(ends, sympy.S.Zero)


def polynomial_mean(polynomial: sympy.Expr, others: Any, chance: Any) -> sympy.Expr:
    """E P(K) for K ~ Binomial(others, chance), through the factorial moments.

    >>> x = sympy.Symbol("x", real=True)
    >>> sympy.expand(polynomial_mean(K**2, 2, x))
    2*x**2 + 2*x
    """
    total = sympy.S.Zero
    for (power,), coefficient in sympy.Poly(polynomial, K).terms():
        for j in range(power + 1):
            falling = sympy.prod([others - i for i in range(j)])
            total += coefficient * stirling(power, j) * falling * chance**j
    return total


def bernstein(values: Sequence[sympy.Expr], chance: Any) -> sympy.Expr:
    """The mean of values[K] for K ~ Binomial(len(values) - 1, chance).

    >>> x = sympy.Symbol("x", real=True)
    >>> bernstein([sympy.S(1), sympy.S(0)], x)
    1 - x
    """
    others = len(values) - 1
    weights = [sympy.binomial(others, k) * chance**k for k in range(others + 1)]
    terms = [w * (1 - chance) ** (others - k) for k, w in enumerate(weights)]
    return sum((t * v for t, v in zip(terms, values, strict=True)), sympy.S.Zero)


def count(expression: sympy.Expr, others: sympy.Expr, domain: Domain) -> Count | None:
    """The expression in k as a `Count`; None where its inner values are no one polynomial."""
    inside = [*domain.constraints, sympy.Ge(K, 1), sympy.Le(K, others - 1)]
    middle = resolved(expression, inside, domain)
    if not middle.is_polynomial(K) or sympy.degree(middle, K) > MAX_POWER:
        return None
    return Count(
        resolved(expression.subs(K, 0), domain.constraints, domain),
        sympy.expand(middle),
        resolved(expression.subs(K, others), domain.constraints, domain),
        others,
    )


def resolved(expression: sympy.Expr, premises: Sequence[Boolean], domain: Domain) -> sympy.Expr:
    """The expression with each piecewise replaced by the piece that is proved to apply.

    >>> step = sympy.Piecewise((1, K >= 3), (0, True))
    >>> resolved(step, [K > 3], Domain())
    1
    """
    integers = domain.integers | {K}

    def proved(condition: Boolean) -> bool:
        if condition in (sympy.true, sympy.false):
            return bool(condition)
        return implies(premises, condition, integers, QUICK).proved

    for piecewise in sorted(expression.atoms(sympy.Piecewise), key=sympy.default_sort_key):
        for value, condition in piecewise.args:
            if proved(condition):
                return resolved(expression.subs(piecewise, value), premises, domain)
            if not proved(sympy.Not(condition)):
                return expression
    return expression
