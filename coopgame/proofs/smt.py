"""Conditions put to the nonlinear real arithmetic of Z3, within a budget.

Only here and in `encoding`, which translates them, is Z3 known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
import z3
from sympy.logic.boolalg import Boolean

from coopgame.proofs.encoding import encoded, real_variable

MOST_PIECEWISE = 2  # more cases than those of two piecewise terms would take too long


@dataclass(frozen=True)
class Budget:
    """How much effort one question may cost: Z3 resource units (they repeat exactly), and a clock.

    The clock (milliseconds) is the backstop for a question on which the units run too slowly.
    """

    resources: int = 4_000_000
    milliseconds: int = 4000


@dataclass(frozen=True)
class SolverAnswer:
    """What Z3 said: satisfiable, not, or None; and a point near the one it found.

    `relaxed` says that functions Z3 does not know (exp, log, ceil, floor) stood as values bounded
    but not fixed, so that only "not satisfiable" can be trusted without checking the point.
    """

    satisfiable: bool | None
    near: Mapping[sympy.Symbol, Fraction] | None = None
    relaxed: bool = False


def ask(
    goals: Sequence[Boolean], variables: Sequence[sympy.Symbol], budget: Budget
) -> SolverAnswer:
    """Whether real values of `variables` satisfy all goals, within the budget.

    Where Z3 does not settle a few pieces at once, each is put to it by itself: what is stated
    outright costs it far less than what holds on a piece only.
    """
    found = _ask(goals, variables, budget)
    pieces = set().union(*(goal.atoms(sympy.Piecewise) for goal in goals))
    if found.satisfiable is not None or not 0 < len(pieces) <= MOST_PIECEWISE:
        return found
    outermost = min(pieces, key=lambda piece: -piece.count_ops())
    answers: list[SolverAnswer] = []
    before: list[Boolean] = []
    for value, condition in outermost.args:
        own = [*before, *([] if condition == sympy.true else [condition])]
        before.append(sympy.Not(condition))
        case = [*(goal.xreplace({outermost: value}) for goal in goals), *own]
        if sympy.false not in case:
            answers.append(ask([goal for goal in case if goal != sympy.true], variables, budget))
        if answers and answers[-1].satisfiable:
            return answers[-1]
    settled = all(answer.satisfiable is False for answer in answers)
    return SolverAnswer(False if settled else None)


def _ask(
    goals: Sequence[Boolean], variables: Sequence[sympy.Symbol], budget: Budget
) -> SolverAnswer:
    posed = [encoded(part) for goal in goals for part in _conjuncts(goal)]
    solver = z3.Tactic("qfnra-nlsat").solver()
    solver.set("rlimit", budget.resources)
    solver.set("timeout", budget.milliseconds)
    for goal in posed:
        solver.add(goal.stated, *goal.ties)
    try:
        result = solver.check()
    except z3.Z3Exception:
        return SolverAnswer(None)
    if result != z3.sat:
        return SolverAnswer(False if result == z3.unsat else None)
    model = solver.model()
    near = {v: _fraction(model.eval(real_variable(v), True)) for v in variables}
    return SolverAnswer(True, near, any(goal.relaxed for goal in posed))


def _conjuncts(goal: Boolean) -> Iterator[Boolean]:
    """The parts of a goal that must hold each: what is stated outright costs Z3 far less."""
    if isinstance(goal, sympy.And):
        for part in goal.args:
            yield from _conjuncts(part)
    else:
        yield goal


def _fraction(value: Any) -> Fraction:
    if z3.is_rational_value(value):
        return Fraction(value.numerator_as_long(), value.denominator_as_long())
    if z3.is_algebraic_value(value):
        return _fraction(value.approx(20))
    return Fraction(0)
