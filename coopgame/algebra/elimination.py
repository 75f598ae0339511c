"""Small systems of equations solved in symbols, by triangular elimination.

Every step is one of three: split a product, eliminate an unknown that stands linearly, or solve
an equation in one unknown (linear, quadratic, or a pure power). What divides and what stands under
a root is recorded, so that a solution comes with the conditions under which it is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import sympy
from sympy.logic.boolalg import Boolean

MAX_DEPTH = 40
MAX_OPERATIONS = 400  # of one equation: beyond it a closed form fills pages and takes minutes


@dataclass(frozen=True)
class Root:
    """Values of the unknowns, and what must hold for them to be real and defined."""

    values: Mapping[sympy.Symbol, sympy.Expr] = field(default_factory=dict)
    conditions: tuple[Boolean, ...] = ()


@dataclass(frozen=True)
class Roots:
    """The generic solutions of a system; `complete` is False where some had no closed form.

    `free` says that there is a set of solutions in which some unknown may be anything; it is not
    among those found.
    """

    found: tuple[Root, ...] = ()
    complete: bool = True
    free: bool = False

    def __add__(self, other: Roots) -> Roots:
        complete, free = self.complete and other.complete, self.free or other.free
        return Roots((*self.found, *other.found), complete, free)


def solve(
    equations: Iterable[sympy.Expr], unknowns: Sequence[sympy.Symbol], depth: int = 0
) -> Roots:
    """The solutions of `equations == 0` that exist for generic values of the other symbols.

    Solutions that exist only where parameters happen to satisfy an equation are left out, and so
    are sets of solutions in which an unknown is free.

    >>> x, y, a = sympy.symbols("x y a", real=True)
    >>> [dict(root.values) for root in solve([x + y - a, x - y], [x, y]).found]
    [{x: a/2, y: a/2}]
    """
    whole = list(equations)
    if depth and any(e.count_ops() > 4 * MAX_OPERATIONS for e in whole):
        return Roots(complete=False)
    left = [e for e in map(_numerator, whole) if not _vanishes(e)]
    if any(not _unknown_in(e, unknowns) for e in left):
        return Roots()
    if not left:
        return Roots((Root(),)) if not unknowns else Roots(free=True)
    if depth > MAX_DEPTH:
        return Roots(complete=False)
    if depth and any(e.count_ops() > MAX_OPERATIONS for e in left):
        return Roots(complete=False)
    return (
        _split_products(left, unknowns, depth)
        or _linear(left, unknowns, depth)
        or _in_one_unknown(left, unknowns, depth)
        or _linear_with_unknown_slope(left, unknowns, depth)
        or Roots(complete=False)
    )


def _numerator(equation: sympy.Expr) -> sympy.Expr:
    return sympy.fraction(sympy.together(equation))[0]


def _vanishes(expression: sympy.Expr) -> bool:
    """Whether an expression is zero for all values; with roots in it, tried at one odd point."""
    if expression.is_rational_function():
        return bool(sympy.expand(expression) == 0)
    ordered = sorted(expression.free_symbols, key=str)
    odd = {s: sympy.Rational(sympy.prime(i + 9), sympy.prime(i + 5)) for i, s in enumerate(ordered)}
    return bool(abs(sympy.N(expression.subs(odd), 40)) < sympy.Rational(1, 10**30))


def _unknown_in(expression: sympy.Expr, unknowns: Sequence[sympy.Symbol]) -> list[sympy.Symbol]:
    return [unknown for unknown in unknowns if expression.has(unknown)]


def _split_products(
    equations: Sequence[sympy.Expr], unknowns: Sequence[sympy.Symbol], depth: int
) -> Roots | None:
    for i, equation in enumerate(equations):
        factors = [f for f, _ in sympy.factor_list(equation)[1] if _unknown_in(f, unknowns)]
        if len(factors) > 1:
            others = [e for j, e in enumerate(equations) if j != i]
            parts = [solve([factor, *others], unknowns, depth + 1) for factor in factors]
            return sum(parts, Roots())
    return None


def _linear(
    equations: Sequence[sympy.Expr], unknowns: Sequence[sympy.Symbol], depth: int
) -> Roots | None:
    for equation in equations:
        for unknown in _unknown_in(equation, unknowns):
            slope, rest = _slope_and_rest(equation, unknown)
            if slope is not None and not _unknown_in(slope, unknowns):
                value = Root({unknown: -rest / slope}, _nonzero(slope))
                return _back_substitute(value, equations, unknowns, depth)
    return None


def _in_one_unknown(
    equations: Sequence[sympy.Expr], unknowns: Sequence[sympy.Symbol], depth: int
) -> Roots | None:
    for equation in equations:
        involved = _unknown_in(equation, unknowns)
        values = univariate(equation, involved[0]) if len(involved) == 1 else None
        if values is not None:
            parts = [_back_substitute(v, equations, unknowns, depth) for v in values]
            return sum(parts, Roots())
    return None


def _linear_with_unknown_slope(
    equations: Sequence[sympy.Expr], unknowns: Sequence[sympy.Symbol], depth: int
) -> Roots | None:
    """Split `slope*x + rest == 0` into slope != 0 and slope == rest == 0."""
    for i, equation in enumerate(equations):
        for unknown in _unknown_in(equation, unknowns):
            slope, rest = _slope_and_rest(equation, unknown)
            if slope is not None:
                others = [e for j, e in enumerate(equations) if j != i]
                value = Root({unknown: -rest / slope}, _nonzero(slope))
                regular = _back_substitute(value, equations, unknowns, depth)
                return regular + solve([slope, rest, *others], unknowns, depth + 1)
    return None


def _slope_and_rest(
    equation: sympy.Expr, unknown: sympy.Symbol
) -> tuple[sympy.Expr | None, sympy.Expr]:
    if not equation.is_polynomial(unknown):
        return None, equation
    coefficients = sympy.Poly(equation, unknown).all_coeffs()
    if len(coefficients) != 2:
        return None, equation
    return sympy.factor(coefficients[0]), equation.subs(unknown, 0)


def _nonzero(expression: sympy.Expr) -> tuple[Boolean, ...]:
    condition = sympy.Ne(expression, 0)
    return () if condition == sympy.true else (condition,)


def _back_substitute(
    root: Root, equations: Sequence[sympy.Expr], unknowns: Sequence[sympy.Symbol], depth: int
) -> Roots:
    """Solve for the remaining unknowns and put their values into what `root` holds."""
    ((solved, value),) = root.values.items()
    rest = solve(
        [e.subs(solved, value) for e in equations], [u for u in unknowns if u != solved], depth + 1
    )
    return replace(rest, found=tuple(_joined(root, solved, later) for later in rest.found))


def _joined(root: Root, solved: sympy.Symbol, later: Root) -> Root:
    value = root.values[solved].subs(later.values)
    conditions = tuple(c.subs(later.values) for c in root.conditions)
    return Root({solved: _neat(value), **later.values}, (*conditions, *later.conditions))


def _neat(value: sympy.Expr) -> sympy.Expr:
    if not value.is_rational_function():
        return sympy.factor_terms(value)
    return min(value, sympy.factor(value), key=lambda way: int(way.count_ops()))


def univariate(equation: sympy.Expr, unknown: sympy.Symbol) -> list[Root] | None:
    """The real roots of one equation in closed form, or None where it has none of this kind.

    Factors are solved one by one; each may be linear, quadratic, a pure power, or a composition
    of these.

    >>> x, c = sympy.symbols("x c", real=True)
    >>> [root.values[x] for root in univariate(x**2 - c, x)]
    [sqrt(c), -sqrt(c)]
    """
    if not equation.is_polynomial(unknown):
        return None
    found: list[Root] = []
    for factor, _ in sympy.factor_list(_numerator(equation))[1]:
        if factor.has(unknown):
            roots = _irreducible(sympy.Poly(factor, unknown), unknown)
            if roots is None:
                return None
            found += roots
    # With numbers a root may be known not to be real: it must not be put into anything further.
    return [root for root in found if sympy.false not in root.conditions]


def _irreducible(polynomial: sympy.Poly, unknown: sympy.Symbol) -> list[Root] | None:
    coefficients = polynomial.all_coeffs()
    lead, last, degree = coefficients[0], coefficients[-1], polynomial.degree()
    if degree == 1:
        return [Root({unknown: sympy.factor(-last / lead)}, _nonzero(lead))]
    if not any(coefficients[1:-1]):
        return _pure_power(sympy.factor(-last / lead), degree, unknown, _nonzero(lead))
    if degree == 2:
        return _quadratic(coefficients, unknown)
    parts = sympy.decompose(polynomial.as_expr(), unknown)
    return _composed(parts, unknown) if len(parts) > 1 else None


def _pure_power(
    value: sympy.Expr, degree: int, unknown: sympy.Symbol, nonzero: tuple[Boolean, ...]
) -> list[Root]:
    root = sympy.root(value, degree)
    if degree % 2 == 0:
        real = _at_least_zero(value)
        return [Root({unknown: sign * root}, (*nonzero, *real)) for sign in (1, -1)]
    positive = Root({unknown: root}, (*nonzero, *_at_least_zero(value)))
    negative = Root({unknown: -sympy.root(-value, degree)}, (*nonzero, sympy.Lt(value, 0)))
    return [positive, negative]


def _quadratic(coefficients: Sequence[sympy.Expr], unknown: sympy.Symbol) -> list[Root]:
    a, b, c = coefficients
    under = sympy.factor(b**2 - 4 * a * c)
    conditions = (*_nonzero(a), *_at_least_zero(under))
    return [Root({unknown: (-b + s * sympy.sqrt(under)) / (2 * a)}, conditions) for s in (1, -1)]


def _composed(parts: Sequence[sympy.Expr], unknown: sympy.Symbol) -> list[Root] | None:
    """Roots of f1(f2(...(x))): solve the outermost for its value, then the next for that."""
    found = [Root({unknown: sympy.S.Zero})]
    for part in parts:
        deeper: list[Root] = []
        for root in found:
            inner = univariate(part - root.values[unknown], unknown)
            if inner is None:
                return None
            deeper += [replace(i, conditions=(*root.conditions, *i.conditions)) for i in inner]
        found = deeper
    return found


def _at_least_zero(expression: sympy.Expr) -> tuple[Boolean, ...]:
    condition = sympy.Ge(expression, 0)
    return () if condition == sympy.true else (condition,)
