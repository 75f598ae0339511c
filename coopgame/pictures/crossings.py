"""What the conditions of branches compare, with numbers put in, and where it changes its sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import sympy
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational

from coopgame.language.comparisons import gap
from coopgame.language.functions import is_smooth
from coopgame.language.printing import symbol, to_numpy
from coopgame.solution import Branch

Values = Mapping[str, sympy.Expr]

STEPS = 2000
HALVINGS = 60
MAX_DEGREE = 12
IN_PIECES = (sympy.Piecewise, sympy.Max, sympy.Min, sympy.Abs)


def gaps(branches: Iterable[Branch], values: Values) -> tuple[sympy.Expr, ...]:
    """Every expression that some branch's conditions compare with zero, each once.

    `values` are put in; what then is a number is left out, as it compares nothing. An expression
    and its negative are one.
    """
    at = {symbol(name): value for name, value in values.items()}
    found: dict[sympy.Expr, None] = {}
    for branch in branches:
        for condition in branch.conditions:
            for atom in sorted(condition.atoms(Relational), key=sympy.default_sort_key):
                difference = gap(atom).subs(at)
                if difference.could_extract_minus_sign():
                    difference = -difference
                if difference.free_symbols:
                    found[difference] = None
    return tuple(found)


def real_roots(
    difference: sympy.Expr, variable: sympy.Symbol, low: sympy.Expr, high: sympy.Expr
) -> list[sympy.Expr]:
    """Where an expression in one variable is zero strictly between two values.

    Exact for what is rational in the variable; otherwise found by halving to the last digit, where
    NumPy can evaluate it.
    """
    if difference.free_symbols != {variable}:
        return []
    top = sympy.fraction(sympy.together(difference))[0]
    if top.is_polynomial(variable) and sympy.degree(top, variable) <= MAX_DEGREE:
        polynomial = sympy.Poly(top, variable)
        if all(c.is_Rational for c in polynomial.all_coeffs()):
            found = sorted(set(polynomial.real_roots()), key=sympy.N)
            return [root for root in found if bool(low < root) and bool(root < high)]
    if not (
        sympy.sympify(low).is_finite and sympy.sympify(high).is_finite and compiles(difference)
    ):
        return []
    return [*_halved(difference, variable, float(low), float(high))]


def compiles(expression: sympy.Expr) -> bool:
    """Whether NumPy can evaluate an expression: it holds no root that is found by isolation."""
    return not expression.atoms(AppliedUndef) and all(
        isinstance(f, IN_PIECES) or is_smooth(f) for f in expression.atoms(sympy.Function)
    )


def _halved(
    difference: sympy.Expr, variable: sympy.Symbol, low: float, high: float
) -> Iterator[sympy.Expr]:
    """Changes of sign on a scan of 2000 steps, as floats made exact."""
    compiled = to_numpy([difference], [variable.name])
    values = np.linspace(low, high, STEPS + 1)
    with np.errstate(all="ignore"):
        signs = np.sign(np.broadcast_to(compiled(values)[0], values.shape))
        for i in np.flatnonzero(signs[1:] * signs[:-1] < 0):
            left, right = values[i], values[i + 1]
            for _ in range(HALVINGS):
                middle = (left + right) / 2
                same = np.sign(compiled(middle)[0]) == signs[i]
                left, right = (middle, right) if same else (left, middle)
            yield sympy.Rational(str(round(float(right), 12)))
