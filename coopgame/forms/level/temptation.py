"""The temptation to renege on a level of co-operation, which every form with a level shares.

At level a, each period pays pi(a); reneging gains G(a) at once, is found out with probability q,
and then ends the relation, which leaves the outside option u. With D the weight of the next
period, level a enforces itself iff F(a) = (1-D)*G(a) - q*D*(pi(a) - u) <= 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import mpmath
import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.language.deciding import decide
from coopgame.language.printing import symbol
from coopgame.language.roots import ImplicitRoot

ROOT_DIGITS = 80
SEPARATE = 12  # decimals: roots nearer to each other than that are taken for one


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


@dataclass(frozen=True)
class LevelRange:
    """A closed interval of levels; `low` is 0 where every small positive level belongs to it."""

    low: sympy.Expr
    high: sympy.Expr


def self_enforcing(
    excesses: Sequence[sympy.Expr], variable: sympy.Symbol, cap: sympy.Expr
) -> tuple[LevelRange, ...]:
    """The levels in (0, cap] at which no F among `excesses` (in numbers) is positive.

    [0, cap] is cut at the real roots of each F (isolated exactly, whatever its degree), and the
    signs read off between them. Lowest first; an empty tuple says that no level enforces itself.

    >>> x = sympy.Symbol("x", real=True)
    >>> self_enforcing([x**2 - x / 2], x, sympy.S.One)
    (LevelRange(low=0, high=1/2),)
    """
    tops = [sympy.fraction(sympy.cancel(excess))[0] for excess in excesses]
    cuts = _cuts(tops, variable, cap)

    def holds(level: sympy.Expr) -> bool:
        return all(_stands(sympy.Le, e.subs(variable, level), sympy.S.Zero) for e in excesses)

    found: list[LevelRange] = []
    for start, end in pairwise(cuts):
        if holds(_between(start, end)):
            joined = bool(found) and found[-1].high == start
            found[len(found) - joined :] = [LevelRange(found[-1].low if joined else start, end)]
        elif holds(end):
            found.append(LevelRange(end, end))
    return tuple(found)


def _stands(kind: type[Relational], one: sympy.Expr, other: sympy.Expr) -> bool:
    """Whether a comparison of two numbers holds. It is decided as it stands: SymPy would first take
    longer to evaluate it in its own way, and then leave some open."""
    return decide(kind(one, other, evaluate=False))


def highest_peak(payoff: sympy.Expr, variable: sympy.Symbol) -> sympy.Expr:
    """The level in [0, 1] at which a payoff in numbers is greatest; the highest of several.

    >>> x = sympy.Symbol("x", real=True)
    >>> highest_peak(x - x**2, x)
    1/2
    """
    slope, _ = sympy.fraction(sympy.cancel(sympy.diff(payoff, variable)))
    best, *others = _cuts([slope], variable, sympy.S.One)
    for level in others:
        if _stands(sympy.Ge, payoff.subs(variable, level), payoff.subs(variable, best)):
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
            roots = _real_roots(sympy.Poly(polynomial, variable))
            above = [root for root in roots if _stands(sympy.Gt, root, sympy.S.Zero)]
            inside |= {root for root in above if _stands(sympy.Lt, root, cap)}
    return [sympy.S.Zero, *sorted(inside, key=lambda root: sympy.N(root, 60)), cap]


def _real_roots(polynomial: sympy.Poly) -> list[sympy.Expr]:
    """The distinct real roots: exact numbers, or isolated where coefficients are irrational."""
    leading, *rest = polynomial.all_coeffs()
    coefficients = [sympy.S.One, *(sympy.radsimp(c / leading) for c in rest)]
    if all(c.is_Rational for c in coefficients):
        exact = sympy.Poly(coefficients, polynomial.gen)
        try:
            return [root for root, _ in exact.real_roots(multiple=False)]
        except OverflowError:  # SymPy simplifies no square root of more than 308 digits
            return [root for root, _ in exact.real_roots(multiple=False, radicals=False)]
    if len(coefficients) == 2:
        return [-coefficients[1]]
    if len(coefficients) == 3:
        half, constant = -coefficients[1] / 2, coefficients[2]
        radicand = sympy.expand(half**2 - constant)
        if not decide(radicand >= 0):
            return []
        return [half - sympy.sqrt(radicand), half + sympy.sqrt(radicand)]
    return list(_isolated(sympy.Poly(coefficients, polynomial.gen)))


def _isolated(polynomial: sympy.Poly) -> Iterator[sympy.Expr]:
    """The real roots of a polynomial with irrational coefficients, each between two decimals.

    Its roots are those of its square-free part, which are simple, so that a sign on either side
    tells a real root from a pair of complex ones that nearly meet.
    """
    x = symbol("x")
    plain = sympy.Poly(polynomial.as_expr(polynomial.gen).xreplace({polynomial.gen: x}), x,
                       extension=True)  # fmt: skip
    plain = sympy.Poly(sympy.quo(plain, sympy.gcd(plain, plain.diff(x))).as_expr(), x)
    with mpmath.workdps(ROOT_DIGITS):
        numbers = [c._to_mpmath(4 * ROOT_DIGITS) for c in plain.all_coeffs()]
        near = mpmath.polyroots(numbers, maxsteps=500, extraprec=8 * ROOT_DIGITS)
        unit = mpmath.mpf(10) ** -SEPARATE
        for real in (root.real for root in near if abs(root.imag) < unit):
            ends = [mpmath.polyval(numbers, real + side * unit) for side in (-1, 1)]
            if ends[0] * ends[1] < 0:
                low = sympy.Rational(int(mpmath.floor(real / unit)) - 1, 10**SEPARATE)
                rising = plain.as_expr() if ends[1] > 0 else -plain.as_expr()
                yield ImplicitRoot(rising, x, low, low + sympy.Rational(3, 10**SEPARATE))


def _between(start: sympy.Expr, end: sympy.Expr) -> sympy.Rational:
    """A rational strictly between two numbers."""
    return sympy.Rational(str(sympy.N((start + end) / 2, 50)))
