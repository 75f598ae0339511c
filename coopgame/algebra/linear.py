"""Linear algebra over the field of fractions of the parameters, shared by the forms.

Entries are rational expressions in real symbols. Whatever else stands in them (roots, min, max,
exp, piecewise) is carried through as a symbol of its own and put back at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sympy
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError

from coopgame.language.rational import as_rational, put_back
from coopgame.language.reals import sign_of

Matrix = Sequence[Sequence[sympy.Expr]]


def solve_with_denominator(
    matrix: Matrix, rhs: Sequence[sympy.Expr]
) -> tuple[tuple[sympy.Expr, ...], sympy.Expr] | None:
    """Polynomials N and D with `matrix * N == D * rhs`: the solution is N / D wherever D != 0.

    D is the determinant up to a factor cleared from the rows and one that all entries share.
    Returns None where the matrix is singular for all values of the symbols.

    >>> a, b = sympy.symbols("a b", real=True)
    >>> solve_with_denominator([[a, -b], [1, 1]], [0, 1])
    ((b, a), a + b)
    """
    stand_ins: dict[sympy.Expr, sympy.Symbol] = {}
    rows = [[as_rational(entry, stand_ins) for entry in (*row, last)]
            for row, last in zip(matrix, rhs, strict=True)]  # fmt: skip
    polynomials = _cleared(rows)
    size = len(rows)
    try:
        numerators, denominator = polynomials[:, :size].solve_den(polynomials[:, size:])
    except DMNonInvertibleMatrixError:
        return None
    ring = polynomials.domain
    whole = _coprime([*(row[0] for row in numerators.to_list()), denominator], ring)
    *tops, bottom = (put_back(ring.to_sympy(entry), stand_ins) for entry in whole)
    return None if stand_ins and _vanishes(bottom) else (tuple(tops), bottom)


def _vanishes(expression: sympy.Expr) -> bool:
    """Whether an expression is zero once its parts are what they stand for."""
    if not expression.free_symbols:
        return sign_of(expression) == 0
    return bool(expression.equals(0))


def determinant(matrix: Matrix) -> sympy.Expr:
    """The determinant of a square matrix as one cancelled fraction.

    >>> x = sympy.Symbol("x", real=True)
    >>> determinant([[x, 1], [1, x]])
    x**2 - 1
    """
    stand_ins: dict[sympy.Expr, sympy.Symbol] = {}
    rows = [[as_rational(entry, stand_ins) for entry in row] for row in matrix]
    field = _field(entry for row in rows for entry in row)
    entries = [[field.from_sympy(entry) for entry in row] for row in rows]
    found = DomainMatrix(entries, (len(rows), len(rows)), field).det()
    return put_back(field.to_sympy(found), stand_ins)


def cancelled(expression: Any) -> sympy.Expr:
    """The expression as one fraction without common factors.

    >>> x = sympy.Symbol("x", real=True)
    >>> cancelled(1 / (1 - x) - x / (1 - x))
    1
    """
    stand_ins: dict[sympy.Expr, sympy.Symbol] = {}
    rational = as_rational(sympy.sympify(expression), stand_ins)
    field = _field([rational])
    return put_back(field.to_sympy(field.from_sympy(rational)), stand_ins)


def factored(expression: Any) -> sympy.Expr:
    """The expression as a product of irreducible factors, as far as it has any.

    >>> r = sympy.Symbol("r", real=True)
    >>> factored(r * sympy.exp(-r) + r)
    r*(1 + exp(-r))
    """
    stand_ins: dict[sympy.Expr, sympy.Symbol] = {}
    return put_back(sympy.factor(as_rational(sympy.sympify(expression), stand_ins)), stand_ins)


def factors(expression: Any) -> tuple[sympy.Expr, list[tuple[sympy.Expr, int]]]:
    """The constant and the irreducible factors of a polynomial, with their powers.

    >>> r = sympy.Symbol("r", real=True)
    >>> factors(2 * sympy.exp(-r) - 2)
    (2, [(-1 + exp(-r), 1)])
    """
    stand_ins: dict[sympy.Expr, sympy.Symbol] = {}
    constant, found = sympy.factor_list(as_rational(sympy.sympify(expression), stand_ins))
    return put_back(constant, stand_ins), [(put_back(f, stand_ins), n) for f, n in found]


def _field(expressions: Iterable[sympy.Expr]) -> Any:
    symbols = sorted(set().union(*(e.free_symbols for e in expressions)), key=_order)
    return sympy.QQ.frac_field(*symbols) if symbols else sympy.QQ


def _order(variable: sympy.Symbol) -> tuple[str, int]:
    return variable.name, getattr(variable, "dummy_index", 0)


def _cleared(rows: Matrix) -> DomainMatrix:
    """The rows over the ring of polynomials, each multiplied by its own denominators."""
    field = _field(entry for row in rows for entry in row)
    shape = (len(rows), len(rows[0]))
    if field == sympy.QQ:
        return DomainMatrix([[field.from_sympy(e) for e in row] for row in rows], shape, field)
    ring = field.get_ring()
    entries = []
    for row in rows:
        fractions = [field.from_sympy(entry) for entry in row]
        common = ring.one
        for fraction in fractions:
            common = ring.lcm(common, fraction.denom)
        entries.append([ring.convert_from(f * field.convert(common), field) for f in fractions])
    return DomainMatrix(entries, shape, ring)


def _coprime(polynomials: Sequence[Any], ring: Any) -> list[Any]:
    """The elements of the ring without the factor that all of them share."""
    shared = ring.zero
    for polynomial in polynomials:
        shared = ring.gcd(shared, polynomial)
    return [ring.exquo(polynomial, shared) for polynomial in polynomials]
