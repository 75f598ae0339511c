"""Conditions and expressions in x and y that the tests of the engine share."""

from __future__ import annotations

import sympy
from hypothesis import strategies as st
from sympy import Rational, S, sqrt

from coopgame.language.printing import symbol

x, y = symbol("x"), symbol("y")

# On a grid in steps of 1/10 and 1/20 every border passes through points of the grid.
CONDITIONS = [
    "x + y > 3/10",
    "x*y <= 1/4 or x > y",
    "not (x < y and y < 1)",
    "max(x, y) >= 1/2",
    "x**2 + y**2 < 1",
    "x == y",
    "x != 2*y or y > 0",
    "sqrt(x**2 + 1/10) > y",
    "piecewise(x, x > 1/2, 1 - x) <= y",
    "floor(4*x) >= y",
    "x/(y + 3) > 1/20",
]

Expressions = st.SearchStrategy[sympy.Expr]
LEAVES = st.sampled_from([x, y, Rational(1, 3), Rational(-7, 10), S(2)])


def rounded_alike(children: Expressions) -> Expressions:
    """Combined by operations that every machine rounds alike."""
    pairs = st.tuples(children, children)
    return (
        pairs.map(lambda p: p[0] + p[1])
        | pairs.map(lambda p: p[0] * p[1])
        | pairs.map(lambda p: p[0] - p[1])
        | pairs.map(lambda p: p[0] / (p[1] ** 2 + 1))
        | pairs.map(lambda p: sympy.Max(p[0], p[1]))
        | pairs.map(lambda p: sympy.Min(p[0], p[1]))
        | children.map(lambda e: sympy.Abs(e))
        | children.map(lambda e: sqrt(e**2 + Rational(1, 10)))
        | children.map(lambda e: e**3)
    )
