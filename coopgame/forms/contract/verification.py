"""Choices checked at a point of the parameters, from the primitives and without the solver.

Z3 is asked whether any terms that meet all limits bring more. Where all numbers are rational its
answer is exact; an irrational value is rounded up, and irrational limits are widened, so far behind
the decimal point that what is certified is optimality to within 1e-24. If Z3 does not settle the
question, the best of many local searches from seeded starts is taken instead.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.forms.contract.limits import Limit, Programme
from coopgame.forms.contract.searching import local_optima
from coopgame.language.deciding import decide
from coopgame.proofs.questions import feasible, holds

TRIALS = 400
SEED = 20260101
FINE = sympy.Rational(1, 10**25)
CLOSE = sympy.Rational(1, 10**6)
FINER = sympy.Rational(1, 10**40)
DIGITS = 60


def broken(programme: Programme, terms: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    """By how much the terms miss the limits at most; zero if they meet them to within 1e-25."""
    missed = sympy.S.Zero
    for limit in programme.limits:
        gap = limit.gap.subs(terms)
        if not decide(_stated(limit, gap)):
            size = abs(sympy.N(gap, 50))
            near = size.is_comparable and size < FINE and not limit.gap.subs(terms).is_zero
            missed = missed if near else max(missed, size if size.is_comparable else sympy.S.One)
    return missed


def _stated(limit: Limit, gap: sympy.Expr) -> sympy.Rel:
    relation = sympy.Eq if limit.exact else sympy.Gt if limit.strict else sympy.Ge
    return relation(gap, 0, evaluate=False)


def shortfall(programme: Programme, value: sympy.Expr) -> sympy.Expr:
    """How much more than `value` some feasible terms bring; zero where Z3 proves that none do.

    `programme` has numbers for all parameters.
    """
    checked = _rational(programme)
    target = sympy.S.true
    if value != -sympy.oo:
        level = value if value.is_Rational else _near(value) + FINE
        level += FINE if checked is not programme and value.is_Rational else 0
        target = sympy.Gt(checked.objective, level)
    if target == sympy.false:
        return sympy.S.Zero
    found = feasible([*checked.constraints, target])
    if found.exists is False:
        return sympy.S.Zero
    if found.witness is not None:
        at = {t: found.witness.get(t, sympy.S.Zero) for t in programme.terms}
        return _more(programme, at, value)
    return sympy.S.One if found.exists else _tried(programme, value)


def is_approached(programme: Programme, value: sympy.Expr) -> bool:
    """Whether feasible terms come within a millionth of a value, and none have it."""
    checked, level = _rational(programme), _near(value)
    close = feasible([*checked.constraints, sympy.Gt(checked.objective, level - CLOSE)])
    edge = level if value.is_Rational and checked is programme else level + FINE
    had = feasible([*checked.constraints, sympy.Ge(checked.objective, edge)])
    return bool(close.exists) and had.exists is False


def _more(
    programme: Programme, at: Mapping[sympy.Symbol, sympy.Expr], value: sympy.Expr
) -> sympy.Expr:
    return sympy.oo if value == -sympy.oo else sympy.N(programme.objective.subs(at) - value, 50)


def _near(number: sympy.Expr) -> sympy.Rational:
    return sympy.Rational(str(sympy.N(number, DIGITS)))


def _rational(programme: Programme) -> Programme:
    """The programme itself, or with rational numbers near the irrational ones in it."""
    gaps = [limit.gap for limit in programme.limits]
    if all(_is_rational(e) for e in (programme.objective, *gaps)):
        return programme
    limits = []
    for limit in programme.limits:
        if _is_rational(limit.gap):
            limits.append(limit)
            continue
        gap = _rounded(limit.gap)
        limits.append(replace(limit, gap=gap + FINER, exact=False))
        if limit.exact:
            limits.append(replace(limit, gap=FINER - gap, exact=False))
    return replace(programme, objective=_rounded(programme.objective), limits=tuple(limits))


def _is_rational(expression: sympy.Expr) -> bool:
    return all(atom.is_Rational for atom in _constants(expression))


def _constants(expression: sympy.Expr) -> set[sympy.Expr]:
    """The largest parts of an expression that are numbers."""
    if not expression.free_symbols:
        return {expression}
    return (
        set().union(*(_constants(part) for part in expression.args)) if expression.args else set()
    )


def _rounded(expression: sympy.Expr) -> sympy.Expr:
    odd = [c for c in _constants(expression) if not c.is_Rational]
    return expression.xreplace({c: _near(c) for c in odd})


def _tried(programme: Programme, value: sympy.Expr) -> sympy.Expr:
    """What random terms and local searches find above a value."""
    source, best = random.Random(SEED), sympy.S.Zero
    starts = [*_random_terms(programme, source), *local_optima(programme)]
    for at in starts:
        if all(holds(limit.condition, at) for limit in programme.limits):
            best = sympy.Max(best, _more(programme, at, value))
    return best


def _random_terms(
    programme: Programme, source: random.Random
) -> list[dict[sympy.Symbol, sympy.Rational]]:
    return [
        {t: sympy.Rational(source.randint(-1000, 1000) * scale, 1000) for t in programme.terms}
        for scale in (10 ** source.randint(0, 3) for _ in range(TRIALS))
    ]


def is_unbounded(programme: Programme) -> bool:
    """Whether some ray or parabola of feasible terms raises the objective for ever, at a point.

    Looks for a start x and directions d and e such that along x + t*d + t**2*e every limit is a
    polynomial in t without negative coefficients, and the objective a quotient of polynomials that
    grows with t. (What `y >= x**2` leaves is unbounded in x, but along no ray.)

    >>> x = sympy.Symbol("x", real=True)
    >>> is_unbounded(Programme("sell", (x,), x, (), None))
    True
    """
    checked = _rational(programme)
    return any(_grows_along(checked, degree) for degree in (1, 2)[: 1 + len(programme.terms)])


def _grows_along(programme: Programme, degree: int) -> bool:
    step = sympy.Dummy(real=True)
    along = {
        t: t + sum(step**k * sympy.Symbol(f"{t.name}'{k}", real=True) for k in range(1, degree + 1))
        for t in programme.terms
    }
    goals = []
    for limit in programme.limits:
        coefficients = _coefficients(limit.gap.subs(along, simultaneous=True), step)
        if coefficients is None:
            return False
        *rising, start = coefficients
        goals.append(replace(limit, gap=start).condition)
        goals += [replace(limit, gap=c, strict=False).condition for c in rising]
    objective = sympy.together(programme.objective.subs(along, simultaneous=True))
    top, bottom = (_coefficients(part, step) for part in sympy.fraction(objective))
    if top is None or bottom is None:
        return False
    goals.append(sympy.Or(*_grown(top[::-1], bottom[::-1])))
    return bool(feasible(goals).exists)


def _grown(top: Sequence[sympy.Expr], bottom: Sequence[sympy.Expr]) -> Iterator[Boolean]:
    """The ways in which a quotient grows without bound, coefficients from the constant up.

    The highest powers that do not vanish decide: the upper is higher, and the signs are alike.
    """
    for j, below in enumerate(bottom):
        for i, above in enumerate(top[j + 1 :], j + 1):
            vanish = (sympy.Eq(c, 0) for c in (*top[i + 1 :], *bottom[j + 1 :]))
            yield sympy.And(sympy.Gt(above * below, 0), *vanish)


def _coefficients(expression: sympy.Expr, step: sympy.Symbol) -> list[sympy.Expr] | None:
    expanded = sympy.expand(expression)
    if not expanded.is_polynomial(step):
        return None
    return list(sympy.Poly(expanded, step).all_coeffs())
