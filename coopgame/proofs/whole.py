"""Whole numbers that conditions bound to few: every choice of values for them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

MAX_CHOICES = 500  # each may cost a question of its own


def choices_of(
    goals: Sequence[Boolean], whole: Sequence[sympy.Symbol]
) -> list[tuple[int, ...]] | None:
    """Every choice of values for whole-number variables, where the goals bound them to few."""
    ranges = []
    for variable in whole:
        bounds = [goal for goal in goals if isinstance(goal, Relational) and goal.lhs == variable]
        numbers = [goal for goal in bounds if goal.rhs.is_Rational]
        lower = [_least(goal) for goal in numbers if isinstance(goal, sympy.Gt | sympy.Ge)]
        upper = [-_least(goal) for goal in numbers if isinstance(goal, sympy.Lt | sympy.Le)]
        if not lower or not upper:
            return None
        ranges.append(range(max(lower), min(upper) + 1))
    return list(product(*ranges)) if math.prod(map(len, ranges)) <= MAX_CHOICES else None


def _least(goal: Relational) -> int:
    """The least whole number that meets a lower bound; of an upper bound, minus the greatest."""
    bound = goal.rhs if isinstance(goal, sympy.Gt | sympy.Ge) else -goal.rhs
    strict = isinstance(goal, sympy.Gt | sympy.Lt)
    return int(sympy.floor(bound) + 1 if strict else sympy.ceiling(bound))
