"""Choices checked at a point of the parameters, from the primitives and by Z3 alone."""

from __future__ import annotations

import random
from dataclasses import replace

import sympy

from coopgame.methods.contract.programme import Programme
from coopgame.proofs import feasible, holds

TRIALS = 400
SEED = 20260101


def shortfall(programme: Programme, value: sympy.Expr) -> sympy.Expr:
    """How much more than `value` some feasible terms bring; zero where Z3 proves that none do.

    `programme` has numbers for all parameters. If Z3 does not settle it, seeded rational terms
    are tried instead.
    """
    target = sympy.S.true if value == -sympy.oo else sympy.Gt(programme.objective, value)
    if target == sympy.false:
        return sympy.S.Zero
    found = feasible([*programme.constraints, target])
    if found.exists is False:
        return sympy.S.Zero
    if found.witness is not None:
        at = {t: found.witness.get(t, sympy.S.Zero) for t in programme.terms}
        return sympy.N(programme.objective.subs(at) - value, 50)
    return sympy.S.One if found.exists else _tried(programme, value)


def _tried(programme: Programme, value: sympy.Expr) -> sympy.Expr:
    source, best = random.Random(SEED), sympy.S.Zero
    for _ in range(TRIALS):
        scale = 10 ** source.randint(0, 3)
        at = {t: sympy.Rational(source.randint(-1000, 1000) * scale, 1000) for t in programme.terms}
        if all(holds(limit.condition, at) for limit in programme.limits):
            best = sympy.Max(best, sympy.N(programme.objective.subs(at) - value, 50))
    return best


def is_unbounded(programme: Programme) -> bool:
    """Whether some ray of feasible terms raises the objective for ever, at a point.

    Looks for a start x and a direction d such that along x + t*d every limit is a polynomial in t
    without negative coefficients, and so is the objective but for its constant, not all zero.

    >>> x = sympy.Symbol("x", real=True)
    >>> is_unbounded(Programme("sell", (x,), x, (), None))
    True
    """
    step = sympy.Dummy(real=True)
    along = {t: t + step * sympy.Symbol(f"{t.name}'", real=True) for t in programme.terms}
    goals = []
    for limit in programme.limits:
        coefficients = _coefficients(limit.gap.subs(along, simultaneous=True), step)
        if coefficients is None:
            return False
        *rising, start = coefficients
        goals.append(replace(limit, gap=start).condition)
        goals += [replace(limit, gap=c, strict=False).condition for c in rising]
    growth = _coefficients(programme.objective.subs(along, simultaneous=True), step)
    if growth is None or len(growth) == 1:
        return False
    goals += [sympy.Ge(c, 0) for c in growth[:-1]]
    goals.append(sympy.Or(*(sympy.Gt(c, 0) for c in growth[:-1])))
    return bool(feasible(goals).exists)


def _coefficients(expression: sympy.Expr, step: sympy.Symbol) -> list[sympy.Expr] | None:
    expanded = sympy.expand(expression)
    if not expanded.is_polynomial(step):
        return None
    return list(sympy.Poly(expanded, step).all_coeffs())
