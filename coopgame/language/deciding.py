"""Numbers compared exactly, and expressions worked out where all their symbols are known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import sympy
from sympy.core.relational import Relational

from coopgame.language.comparisons import gap
from coopgame.language.reals import sign_of

HELD, LOST = "holds", "fails"


def decide(condition: Any) -> bool:
    """Whether a condition between numbers holds, decided exactly (surds included).

    A comparison does not hold where one of its sides is not a real number.
    """
    if condition in (sympy.true, sympy.false):
        return bool(condition)
    if isinstance(condition, sympy.And):
        return all(map(decide, condition.args))
    if isinstance(condition, sympy.Or):
        return any(map(decide, condition.args))
    if isinstance(condition, sympy.Not):
        return not decide(condition.args[0])
    if isinstance(condition, sympy.ITE):
        test, then, otherwise = condition.args
        return decide(then if decide(test) else otherwise)
    difference = gap(condition)
    if difference.has(sympy.nan, sympy.zoo):
        return False
    try:
        side = sign_of(difference)
    except TypeError:  # not real: there is no root here, so nothing that asks for it holds
        return False
    if not side:
        return isinstance(condition, sympy.Ge | sympy.Le | sympy.Eq)
    if isinstance(condition, sympy.Eq | sympy.Ne):
        return isinstance(condition, sympy.Ne)
    return side > 0


def judged(condition: Any) -> str:
    """Whether a condition between numbers holds, in a word; none where a side is no real number.

    >>> judged(sympy.sqrt(2) > 1), judged(sympy.Gt(sympy.sqrt(-2), 1, evaluate=False))
    ('holds', '')
    """
    compared = [side for atom in condition.atoms(Relational) for side in atom.args]
    if any(not (side.is_number and side.is_real and side.is_finite) for side in compared):
        return ""
    return HELD if decide(condition) else LOST


def evaluate(expression: sympy.Basic, at: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Basic:
    """The exact number (or truth value) of an expression where all its symbols are known.

    Pieces, maxima and conditions are decided one by one, so that a dead piece is never evaluated;
    on the deep piecewise expressions of a cluster this is a hundred times faster than `subs`.

    >>> x = sympy.Symbol("x", real=True)
    >>> evaluate(sympy.Piecewise((1 / x, x > 0), (sympy.Max(x, 3), True)), {x: sympy.S.Zero})
    3
    """
    if isinstance(expression, sympy.Symbol):
        return at[expression]
    if isinstance(expression, sympy.Piecewise):
        return next(evaluate(e, at) for e, holds in expression.args if evaluate(holds, at))
    if isinstance(expression, sympy.And | sympy.Or):
        wanted = isinstance(expression, sympy.Or)
        found = any(bool(evaluate(part, at)) == wanted for part in expression.args)
        return sympy.true if found == wanted else sympy.false
    if not expression.args:
        return expression
    if isinstance(expression, sympy.Function):  # a root binds a variable, which stands for itself
        inside = set().union(*(part.free_symbols for part in expression.args))
        at = {**at, **{bound: bound for bound in inside - expression.free_symbols}}
    parts = [evaluate(part, at) for part in expression.args]
    if isinstance(expression, sympy.Max | sympy.Min):
        return reduce(_greater if isinstance(expression, sympy.Max) else _smaller, parts)
    if isinstance(expression, Relational):
        return sympy.sympify(decide(expression.func(*parts, evaluate=False)))
    return expression.func(*parts)


def _greater(one: sympy.Expr, other: sympy.Expr) -> sympy.Expr:
    return one if decide(sympy.Ge(one, other)) else other


def _smaller(one: sympy.Expr, other: sympy.Expr) -> sympy.Expr:
    return one if decide(sympy.Le(one, other)) else other


def number(value: Any) -> float:
    """The float nearest to an exact number."""
    return float(sympy.N(value, 30))
