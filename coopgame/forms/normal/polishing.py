"""A rough solution of an indifference system in many digits, and exactly where it is a surd."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import mpmath
import sympy

from coopgame.algebra.descartes import exact_number

DIGITS = 120
TINY = sympy.Rational(1, 10**40)
LARGEST = 10**35  # coefficients of the equation that a surd is recognised by: a third of DIGITS

Values = Mapping[sympy.Symbol, sympy.Expr]


def polished(
    equations: Sequence[sympy.Expr], unknowns: Sequence[sympy.Symbol], rough: Iterable[float]
) -> dict[sympy.Symbol, sympy.Rational] | None:
    """The solution near a rough one, right to some hundred digits; None where Newton fails."""
    with mpmath.workdps(DIGITS + 10):
        try:
            formula = sympy.lambdify(unknowns, list(equations), "mpmath")
            root = mpmath.findroot(formula, list(map(float, rough)))
        except (ValueError, ZeroDivisionError):
            return None
        return {u: exact_number(value) for u, value in zip(unknowns, root, strict=True)}


def as_surds(
    equations: Sequence[sympy.Expr], near: Mapping[sympy.Symbol, sympy.Rational]
) -> dict[sympy.Symbol, sympy.Expr] | None:
    """The same solution in fractions and square roots, if it is one; put into the equations.

    `near` must be known to be near one solution only. The guess is made in floats; that it solves
    the equations is then checked exactly.
    """
    with mpmath.workdps(DIGITS):
        root = _common_root(list(near.values()))
        if root is None:
            return None
        exact = {unknown: _written(value, root) for unknown, value in near.items()}
    if any(value is None for value in exact.values()):
        return None
    found = {unknown: value for unknown, value in exact.items() if value is not None}
    solved = all(sympy.expand(e.xreplace(found)) == 0 for e in equations)
    return found if solved else None


def _common_root(values: Sequence[sympy.Rational]) -> sympy.Expr | None:
    """The square root in which the first irrational value is written; 1 where all are fractions."""
    for value in values:
        number = _float(value)
        equation = mpmath.findpoly(number, 2, maxcoeff=LARGEST, tol=_tolerance())
        if equation is None:
            return None
        if len(equation) == 3:
            a, b, c = map(int, equation)
            root = sympy.sqrt(b * b - 4 * a * c)
            if not root.is_Rational:
                return max(root.atoms(sympy.Pow), key=lambda p: p.count_ops(), default=None)
    return sympy.S.One


def _written(value: sympy.Rational, root: sympy.Expr) -> sympy.Expr | None:
    """The value as r + s*root with fractions r and s."""
    terms = [_float(value), mpmath.mpf(1)]
    if root != 1:
        terms.append(mpmath.sqrt(int(root.args[0])))
    relation = mpmath.pslq(terms, maxcoeff=LARGEST, maxsteps=10**5, tol=_tolerance())
    if relation is None or relation[0] == 0:
        return None
    lead, *others = (sympy.Integer(int(c)) for c in relation)
    return sympy.Add(*(-c / lead * t for c, t in zip(others, (sympy.S.One, root), strict=False)))


def _float(value: sympy.Rational) -> mpmath.mpf:
    return mpmath.mpf(int(value.p)) / int(value.q)


def _tolerance() -> mpmath.mpf:
    return mpmath.mpf(10) ** -(DIGITS - 5)
