"""Who hears of a breach: what a firm stands to lose among N partners met at random.

Each period the firm meets one of N partners. A breach is noticed with probability q; the victim
then never deals with the firm again, and each other partner hears of it in one of two ways: the
breach becomes public, all hearing together, with probability nu, or each hears on its own with
probability nu (word of mouth).

A single breach followed by good behaviour costs the share q*(nu + (1-nu)/N) of the partners, so
that G/(pi-u) <= q*(nu + (1-nu)/N)*D/(1-D) is necessary. It is not sufficient: a firm tarnished
with some partners may go on cheating the rest, which the chain of partners lost decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb
from typing import Any

import sympy

from coopgame.errors import InputError
from coopgame.language.printing import latex_call

ZERO, ONE = sympy.S.Zero, sympy.S.One
MAX_PARTNERS = 500


@dataclass(frozen=True)
class News:
    """N partners, the chance that another one hears, D, the chance that a breach is noticed."""

    partners: int
    spread: sympy.Rational
    weight: sympy.Rational
    detection: sympy.Rational = ONE
    public: bool = False

    @property
    def necessary_bound(self) -> sympy.Rational:
        """The most that G/(pi-u) may be if one breach is to cost more than it gains.

        >>> half = sympy.Rational(1, 2)
        >>> News(5, half, sympy.Rational(4, 5)).necessary_bound
        12/5
        """
        share = self.spread + (1 - self.spread) / self.partners
        return self.detection * share * self.weight / (1 - self.weight)

    @property
    def exact_bound(self) -> sympy.Rational:
        """The most that G/(pi-u) may be if no plan of breaches is to pay.

        What the best plan gains is convex, piecewise linear and rising in G. Newton's method from
        the necessary bound, where it is not negative, descends to its root in finitely many
        steps: each solves the linear piece of the plan that is best at the last value of G.

        >>> half, weight = sympy.Rational(1, 2), sympy.Rational(4, 5)
        >>> round(float(News(5, half, weight).exact_bound), 3)
        1.912
        >>> round(float(News(5, half, weight, public=True).exact_bound), 3)
        2.193
        """
        gain = self.necessary_bound
        while True:
            constant, slope = self._of_breach(gain)
            lower = -constant / slope
            if lower >= gain:
                return gain
            gain = lower

    def _of_breach(self, gain: sympy.Rational) -> tuple[sympy.Rational, sympy.Rational]:
        """What the best plan that starts with a breach gains: constant and slope in G.

        Values are in units of pi-u, above what the outside option pays.
        """
        values = [(ZERO, ZERO)]
        for left in range(1, self.partners + 1):
            met = sympy.Rational(left, self.partners)
            keep = (met / (1 - self.weight), ZERO)
            breach = self._breaching(left, values)
            values.append(max(keep, breach, key=lambda value: value[0] + value[1] * gain))
        keep = (ONE / (1 - self.weight), ZERO)
        breach = self._breaching(self.partners, values)
        return breach[0] - keep[0], breach[1]

    def _breaching(
        self, left: int, values: list[tuple[sympy.Rational, sympy.Rational]]
    ) -> tuple[sympy.Rational, sympy.Rational]:
        """The value of cheating at every meeting while `left` partners still deal with the firm."""
        met = sympy.Rational(left, self.partners)
        after = [
            sum((chance * values[kept][part] for kept, chance in self._lost(left).items()), ZERO)
            for part in (0, 1)
        ]
        stay = 1 - self.weight * (1 - met * self.detection)
        noticed = self.weight * self.detection
        return (
            met * (1 + noticed * after[0]) / stay,
            met * (1 + noticed * after[1]) / stay,
        )

    def _lost(self, left: int) -> Mapping[int, sympy.Rational]:
        """How many partners still deal with the firm after a noticed breach, with what chance."""
        others, heard = left - 1, self.spread
        if self.public:
            return {0: ONE} if others == 0 else {0: heard, others: 1 - heard}
        return {
            others - hear: comb(others, hear) * heard**hear * (1 - heard) ** (others - hear)
            for hear in range(others + 1)
        }


class NewsBound(sympy.Function):  # type: ignore[misc]
    """`News.exact_bound` as an expression in N, nu, D, q and 1 for public news (0 otherwise).

    Stays as it is while a parameter is left in it, and beyond `MAX_PARTNERS` partners.
    """

    nargs = 5
    is_real = True

    def _sympystr(self, printer: Any) -> str:
        return f"news_bound({', '.join(map(printer._print, self.args))})"

    def _latex(self, printer: Any, exp: Any = None) -> str:
        return latex_call("news\\ bound", list(map(printer._print, self.args)), exp=exp)

    @classmethod
    def read(cls, *arguments: sympy.Expr) -> sympy.Expr:
        """The bound of the five arguments of `news_bound(N, nu, D, q, public)` in a text."""
        if len(arguments) != 5:
            raise InputError("news_bound takes five values", "as in news_bound(N, nu, D, q, 0)")
        return cls(*arguments)

    @classmethod
    def eval(cls, partners: Any, *rest: Any) -> Any:
        if not (partners.is_Integer and all(part.is_Rational for part in rest)):
            return None
        if not 1 <= partners <= MAX_PARTNERS:
            return None
        spread, weight, detection, public = rest
        return News(int(partners), spread, weight, detection, bool(public)).exact_bound

    @staticmethod
    def _imp_(*_: Any) -> float:
        return float("nan")

    def _eval_derivative(self, variable: Any) -> Any:
        if variable not in self.free_symbols:
            return ZERO
        return sympy.Derivative(self, variable, evaluate=False)


@dataclass(frozen=True)
class Memory:
    """Who hears of a breach, in the parameters of a game: partners, spread, and how it spreads."""

    partners: sympy.Expr
    spread: sympy.Expr
    public: bool

    @property
    def share(self) -> sympy.Expr:
        """The share of its partners that a firm loses by one breach that is noticed."""
        return self.spread + (1 - self.spread) / self.partners

    def exact_bound(self, weight: sympy.Expr, detection: sympy.Expr) -> sympy.Expr:
        """The most that G/(pi-u) may be, found at numbers."""
        flag = ONE if self.public else ZERO
        return NewsBound(self.partners, self.spread, weight, detection, flag)
