"""Conditions in floating point: where they surely hold, where they surely fail, and where neither.

How far the evaluation of an expression may stray is an expression itself; a comparison whose two
sides lie closer than that must be decided in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.expressions import gap
from coopgame.printing import to_numpy

UNIT = 2.0**-53
SAFETY = 4

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Known = tuple[Flags, Flags]
Indicator = Callable[[Sequence[Floats]], Known]


def indicator(conditions: Iterable[Boolean], names: Sequence[str]) -> Indicator:
    """A function of the columns `names`: where all conditions surely hold, where one surely fails.

    Points in neither set lie within rounding of a border.
    """
    condition = sympy.And(*conditions)
    atoms = sorted(condition.atoms(Relational), key=sympy.default_sort_key)
    gaps = [gap(atom) for atom in atoms]
    compiled = to_numpy([*gaps, *map(rounding, gaps)], names)

    def known(columns: Sequence[Floats]) -> Known:
        size = len(columns[0])
        with np.errstate(all="ignore"):
            found = [np.broadcast_to(value, size) for value in compiled(*columns)]
            halves = zip(atoms, found[: len(atoms)], found[len(atoms) :], strict=True)
            table = {atom: _atom(atom, value, error) for atom, value, error in halves}
        return _combined(condition, table, size)

    return known


def _atom(atom: Boolean, value: Floats, error: Floats) -> Known:
    """Where a comparison surely holds and surely fails, given its gap and the gap's error."""
    reach = SAFETY * UNIT * error
    above, below = value > reach, value < -reach
    if isinstance(atom, sympy.Eq):
        return np.zeros_like(above), above | below
    if isinstance(atom, sympy.Ne):
        return above | below, np.zeros_like(above)
    return above, below


def _combined(condition: Boolean, table: Mapping[Boolean, Known], size: int) -> Known:
    if condition in table:
        return table[condition]
    if isinstance(condition, sympy.Not):
        holds, fails = _combined(condition.args[0], table, size)
        return fails, holds
    if isinstance(condition, sympy.And | sympy.Or):
        parts = [_combined(part, table, size) for part in condition.args]
        every, some = (0, 1) if isinstance(condition, sympy.And) else (1, 0)
        all_of = reduce(np.logical_and, (part[every] for part in parts))
        any_of = reduce(np.logical_or, (part[some] for part in parts))
        return (all_of, any_of) if every == 0 else (any_of, all_of)
    certain = np.full(size, condition == sympy.true)
    return certain, ~certain


def rounding(expression: sympy.Expr) -> sympy.Expr:
    """A first-order bound on the rounding error of `expression`, in units of the last place.

    Symbols are taken to be rounded once. With `e(x)` the bound of x, errors propagate as
    `e(x1 + ... + xn) = e(x1) + ... + e(xn) + (n-1)*(|x1| + ... + |xn|)` (any order of summation),
    `e(x*y) = |x|*e(y) + |y|*e(x) + |x*y|` and `e(f(x)) = |f'(x)|*e(x) + |f(x)|`; see Higham,
    Accuracy and Stability of Numerical Algorithms (2002), chapters 3 and 4. What is neither
    smooth nor a minimum or maximum gets the bound oo: always decide exactly.

    >>> x = sympy.Symbol("x", real=True)
    >>> rounding(x - 1)
    2*Abs(x) + 1
    """
    if expression.is_Integer and abs(expression) < 2**53:
        return sympy.S.Zero
    if expression.is_Symbol or expression.is_number:
        return sympy.Abs(expression)
    if expression.is_Add:
        terms = expression.args
        size = sympy.Add(*map(sympy.Abs, terms))
        return sympy.Add((len(terms) - 1) * size, *map(rounding, terms))
    if expression.is_Mul:
        return reduce(_product, ((factor, rounding(factor)) for factor in expression.args))[1]
    if isinstance(expression, sympy.Max | sympy.Min):
        return sympy.Max(*map(rounding, expression.args))
    if expression.is_Pow or isinstance(expression, sympy.exp | sympy.log | sympy.Abs):
        return _smooth(expression)
    return sympy.oo


def _product(
    left: tuple[sympy.Expr, sympy.Expr], right: tuple[sympy.Expr, sympy.Expr]
) -> tuple[sympy.Expr, sympy.Expr]:
    (x, of_x), (y, of_y) = left, right
    return x * y, sympy.Abs(x) * of_y + sympy.Abs(y) * of_x + sympy.Abs(x * y)


def _smooth(expression: sympy.Expr) -> sympy.Expr:
    total = sympy.Abs(expression)
    if expression.is_Pow and not expression.exp.is_number:
        return sympy.oo
    inner = expression.args[0]
    slope = 1 if isinstance(expression, sympy.Abs) else _slope(expression, inner)
    return total + sympy.Abs(slope) * rounding(inner)


def _slope(expression: sympy.Expr, inner: sympy.Expr) -> sympy.Expr:
    stand_in = sympy.Dummy(real=True)
    return expression.func(stand_in, *expression.args[1:]).diff(stand_in).subs(stand_in, inner)
