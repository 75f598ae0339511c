"""Conditions taken apart: conjuncts, and what a comparison compares with zero."""

from __future__ import annotations

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean


def atoms(condition: Boolean) -> tuple[Boolean, ...]:
    """The conjuncts of a condition, in a stable order."""
    if condition == sympy.true:
        return ()
    if isinstance(condition, sympy.And):
        return tuple(sorted(condition.args, key=sympy.default_sort_key))
    return (condition,)


def gap(relation: Relational) -> sympy.Expr:
    """What a comparison compares with zero: turned so that it reads `gap >= 0`, `> 0`, `== 0`."""
    difference = relation.lhs - relation.rhs
    return -difference if isinstance(relation, sympy.Lt | sympy.Le) else difference
