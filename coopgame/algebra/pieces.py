"""Conditions that hide cases in piecewise expressions, written as the cases that can occur."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.algebra.linear import cancelled
from coopgame.algebra.simplify import EXTREMA, split_extrema, united
from coopgame.language.comparisons import atoms, gap
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import QUICK, feasible, is_redundant

# Every case costs a few questions of proof; beyond this the condition stays as it was.
MOST_CASES = 12


def unfolded(condition: Boolean, domain: Domain) -> Boolean:
    """The condition as a disjunction of its cases, those dropped that cannot occur.

    >>> a, c = sympy.symbols("a c", real=True)
    >>> step = sympy.Piecewise((1, a <= 1), (0, True))
    >>> unfolded(step - c <= 0, Domain(assumptions=(c > 0, c < 1)))
    a > 1
    """
    if not isinstance(condition, Relational) or not condition.has(sympy.Piecewise):
        return condition
    cases = list(_cases(condition, sympy.true, domain))
    if len(cases) > MOST_CASES or any(case.has(sympy.Piecewise) for case in cases):
        return condition
    kept = [_in_integers(case, domain.integers) for case in cases if case != sympy.false]
    return united([_beyond(case, domain) for case in kept], domain)


def opened(conditions: Iterable[Boolean], domain: Domain) -> tuple[Boolean, ...]:
    """Conditions with max, min and piecewise expressions taken apart, where there are any.

    >>> a, b = sympy.symbols("a b", real=True)
    >>> opened([sympy.Max(a, b) <= 1], Domain())
    (1 - a >= 0, 1 - b >= 0)
    """
    return tuple(
        unfolded(part, domain)
        for condition in conditions
        for part in (split_extrema(condition, domain) if condition.has(*EXTREMA) else (condition,))
    )


def narrowed(expression: sympy.Expr, where: Sequence[Boolean], domain: Domain) -> sympy.Expr:
    """The expression with what is left of its piecewise functions where conditions hold.

    A piece within another one is looked at where that one is used.

    >>> a = sympy.Symbol("a", real=True)
    >>> narrowed(sympy.Piecewise((1, a < 1), (2, a < 2), (3, True)), [a > 1], Domain())
    Piecewise((2, a < 2), (3, True))
    """
    left = _left(expression, where, domain)
    return expression if left == expression else cancelled(left)


def without_dead_pieces(conditions: Sequence[Boolean], domain: Domain) -> tuple[Boolean, ...]:
    """The conditions, each with what the others leave of its piecewise functions.

    >>> a, b = sympy.symbols("a b", real=True)
    >>> without_dead_pieces([a > 1, sympy.Piecewise((0, a < 1), (a, True)) > b], Domain())
    (a > 1, a > b)
    """
    told = list(conditions)
    for i, condition in enumerate(told):
        pieces = condition.atoms(sympy.Piecewise)
        few = sum(len(piece.args) for piece in pieces) <= MOST_CASES
        if pieces and few and isinstance(condition, Relational):
            others = [*told[:i], *told[i + 1 :]]
            told[i] = condition.func(*(narrowed(side, others, domain) for side in condition.args))
    return tuple(condition for condition in told if condition != sympy.true)


def _left(expression: sympy.Expr, where: Sequence[Boolean], domain: Domain) -> sympy.Expr:
    if not expression.has(sympy.Piecewise):
        return expression
    if not isinstance(expression, sympy.Piecewise):
        return expression.func(*(_left(part, where, domain) for part in expression.args))
    kept, before = [], sympy.true
    for value, holds in expression.args:
        here = [*where, *atoms(sympy.And(before, holds))]
        if feasible([*domain.constraints, *here], domain.integers, QUICK).exists is not False:
            kept.append((_left(value, here, domain), holds))
        before = sympy.And(before, sympy.Not(holds))
    if not kept:
        return expression
    # Where the conditions hold nothing but the last is left beside those before it.
    last = sympy.true if len(kept) < len(expression.args) else kept[-1][1]
    return sympy.Piecewise(*kept[:-1], (kept[-1][0], last))


def _cases(condition: Boolean, where: Boolean, domain: Domain) -> Iterator[Boolean]:
    pieces = sorted(condition.atoms(sympy.Piecewise), key=sympy.default_sort_key)
    if not pieces:
        yield sympy.And(where, condition)
        return
    before = where
    for value, holds in pieces[0].args:
        here = sympy.And(before, holds)
        goals = [*domain.constraints, *atoms(here)]
        possible = here != sympy.false and feasible(goals, domain.integers, QUICK).exists
        if possible is not False:
            yield from _cases(condition.xreplace({pieces[0]: value}), here, domain)
        before = sympy.And(before, sympy.Not(holds))


def _beyond(case: Boolean, domain: Domain) -> Boolean:
    """What a case asks for beyond what holds on the whole domain."""
    known = domain.constraints
    parts = sympy.And.make_args(case)
    return sympy.And(*(p for p in parts if not is_redundant(p, known, domain.integers, QUICK)))


def _in_integers(case: Boolean, integers: Collection[sympy.Symbol]) -> Boolean:
    """Strict comparisons of integers made weak, and two that leave one value an equation."""
    parts: dict[sympy.Expr, Boolean] = {}
    for part in atoms(case):
        if not isinstance(part, sympy.Ge | sympy.Gt | sympy.Le | sympy.Lt):
            return case
        above = sympy.expand(gap(part))
        strict = isinstance(part, sympy.Gt | sympy.Lt)
        if _is_whole(above, integers) and strict:
            above, part = above - 1, sympy.Ge(above - 1, 0)
        if -above in parts and (_is_whole(above, integers) or not strict):
            del parts[-above]
            parts[above] = sympy.Eq(above, 0)
        else:
            parts[above] = part
    return sympy.And(*parts.values())


def _is_whole(expression: sympy.Expr, integers: Collection[sympy.Symbol]) -> bool:
    """Whether a polynomial has integer variables and integer coefficients only."""
    free = sorted(expression.free_symbols, key=str)
    if not free or not set(free) <= set(integers) or not expression.is_polynomial(*free):
        return False
    return all(c.is_Integer for c in sympy.Poly(expression, *free).coeffs())
