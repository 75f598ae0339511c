"""Polynomial systems with finitely many solutions, solved exactly: Groebner bases and real roots.

A separating linear form t of the unknowns is added; in general position a lexicographic basis
then gives one polynomial in t, and each unknown as a polynomial in t (the shape lemma; Rouillier's
rational univariate representation is its refinement). Each irreducible factor and each of its real
roots is one solution, on which the sign of any polynomial is decided exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy

WEIGHTS = ((1, 2, 5, 11, 23, 47), (1, -3, 7, -13, 29, -53), (3, 10, -17, 31, -59, 83))
DIGITS = (30, 90, 270, 810)
_T = sympy.Dummy("t", real=True)


@dataclass(frozen=True)
class RealPoint:
    """A real solution: the `root` of the irreducible `minimal`, in which all unknowns are written.

    `coordinates` maps each unknown to a polynomial in the root.
    """

    minimal: sympy.Poly
    root: sympy.Expr
    coordinates: Mapping[sympy.Symbol, sympy.Poly]

    def reduced(self, polynomial: sympy.Expr) -> sympy.Poly:
        """The polynomial in the unknowns as one in the root, of lower degree than `minimal`."""
        values = {unknown: value.as_expr() for unknown, value in self.coordinates.items()}
        written = sympy.Poly(sympy.expand(polynomial).xreplace(values), _T, domain="QQ")
        return written.rem(self.minimal)

    def number(self, polynomial: sympy.Expr) -> sympy.Expr:
        """The exact value of a polynomial in the unknowns at this solution."""
        return sympy.expand(self.reduced(polynomial).as_expr().xreplace({_T: self.root}))

    def sign(self, polynomial: sympy.Expr) -> int:
        """The sign, -1, 0 or 1, of a polynomial in the unknowns at this solution."""
        reduced = self.reduced(polynomial)
        if reduced.is_zero:
            return 0
        value = reduced.as_expr().xreplace({_T: self.root})
        for digits in DIGITS:
            approximate = sympy.N(value, digits)
            if abs(approximate) > sympy.Float(10, digits) ** (5 - digits):
                return 1 if approximate > 0 else -1
        raise ArithmeticError(f"the sign of {value} needs more than {DIGITS[-1]} digits")


def real_points(
    equations: Sequence[sympy.Expr], unknowns: Sequence[sympy.Symbol]
) -> list[RealPoint] | None:
    """All real solutions of polynomial equations with rational coefficients.

    Returns None where there are infinitely many complex ones, or where no linear form was found
    that tells the solutions apart (a multiple solution).

    >>> x, y = sympy.symbols("x y", real=True)
    >>> [point.number(x * y) for point in real_points([x**2 - 2, x + y], [x, y])]
    [-2, -2]
    """
    for weights in WEIGHTS:
        form = _T - sum(w * unknown for w, unknown in zip(weights, unknowns, strict=False))
        graded = sympy.groebner([*equations, form], *unknowns, _T, order="grevlex")
        if graded.exprs == [1]:
            return []
        if not graded.is_zero_dimensional:
            return None
        shape = _shape(graded.fglm("lex").exprs, unknowns)
        if shape is not None:
            return list(_points(*shape))
    return None


def _shape(
    basis: Sequence[sympy.Expr], unknowns: Sequence[sympy.Symbol]
) -> tuple[sympy.Poly, dict[sympy.Symbol, sympy.Poly]] | None:
    """The polynomial in t, and each unknown as a polynomial in t, if the basis has that shape."""
    last = sympy.Poly(basis[-1], _T, domain="QQ")
    coordinates = {}
    for unknown in unknowns:
        for element in basis:
            if element.free_symbols <= {unknown, _T} and sympy.degree(element, unknown) == 1:
                slope = element.coeff(unknown, 1)
                if slope.is_number:
                    rest = sympy.expand(unknown - element / slope)
                    coordinates[unknown] = sympy.Poly(rest, _T, domain="QQ")
    return (last, coordinates) if len(coordinates) == len(unknowns) else None


def _points(
    polynomial: sympy.Poly, coordinates: Mapping[sympy.Symbol, sympy.Poly]
) -> Iterator[RealPoint]:
    for factor, _ in polynomial.factor_list()[1]:
        for root in dict.fromkeys(sympy.real_roots(factor)):
            reduced = {unknown: value.rem(factor) for unknown, value in coordinates.items()}
            yield RealPoint(factor, root, reduced)
