"""Expressions as quotients of polynomials, with a stand-in for every part that is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy


def as_rational(expression: Any, stand_ins: dict[sympy.Expr, sympy.Symbol]) -> sympy.Expr:
    """The expression with every part that is not rational in symbols replaced by a fresh one.

    Of a root only its first power gets a stand-in, so that what differs by whole powers cancels:
    x**(3/2) is x*sqrt(x).

    >>> a, b = sympy.symbols("a b", real=True)
    >>> as_rational((a * b) ** sympy.Rational(3, 2) - a * b * sympy.sqrt(a * b), {})
    0
    """
    expression = sympy.sympify(expression)
    if expression.is_Rational or expression.is_Symbol:
        return expression
    if expression.is_Add or expression.is_Mul:
        return expression.func(*(as_rational(part, stand_ins) for part in expression.args))
    if expression.is_Pow and expression.exp.is_Integer:
        return as_rational(expression.base, stand_ins) ** expression.exp
    if expression.is_Pow and expression.exp.is_Rational and expression.exp.p != 1:
        whole, left = divmod(expression.exp.p, expression.exp.q)
        root = sympy.Pow(expression.base, sympy.Rational(1, expression.exp.q))
        base = as_rational(expression.base, stand_ins)
        return base**whole * as_rational(root, stand_ins) ** left
    return stand_ins.setdefault(expression, sympy.Dummy(f"part{len(stand_ins)}", real=True))


def put_back(expression: sympy.Expr, stand_ins: Mapping[sympy.Expr, sympy.Symbol]) -> sympy.Expr:
    """The expression with the parts that were replaced, in place of their stand-ins."""
    return expression.xreplace({fresh: part for part, fresh in stand_ins.items()})
