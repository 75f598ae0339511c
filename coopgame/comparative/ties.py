"""How an outcome moves that is tied to the parameters by an equation, and between branches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import permutations

import sympy
from sympy.logic.boolalg import Boolean
from sympy.polys.rings import PolyRing

from coopgame.comparative.composition import is_continuous, is_smooth
from coopgame.comparative.monotone import in_small_numbers, moves, settled, signed, stays
from coopgame.language.parameters import Domain, Parameter
from coopgame.proofs.questions import (
    QUICK,
    Existence,
    Sign,
    Verdict,
    feasible,
    holds,
    sign,
    standing,
    undecided,
)
from coopgame.solution import Branch, Implicit

OFF = "what it is where its equation has no root within bounds is not known to go the same way"


def equations(tie: Implicit | None) -> list[Boolean]:
    """What is known of a tied outcome: its equation and its conditions."""
    return [] if tie is None else [sympy.Eq(tie.equation, 0), *tie.conditions]


def step(tie: Implicit | None, parameter: Parameter) -> dict[sympy.Symbol, sympy.Expr]:
    """An integer parameter's next value, and a new variable for what is tied to it there."""
    moved = {parameter.symbol: parameter.symbol + 1}
    if tie is not None:
        moved[tie.variable] = sympy.Symbol(f"{tie.variable.name}'", real=True)
    return moved


def slope_of(
    expression: sympy.Expr, tie: Implicit | None, parameter: Parameter
) -> sympy.Expr | None:
    """An expression with the sign of the outcome's change; None where there is no derivative."""
    if parameter.interval.integer:
        tied = expression if tie is None else tie.variable
        return tied.xreplace(step(tie, parameter)) - tied
    if tie is not None:
        slope = sympy.diff(tie.equation, tie.variable)
        return -sympy.diff(tie.equation, parameter.symbol) / slope
    if not is_smooth(expression, parameter.symbol):
        return None
    return sympy.diff(expression, parameter.symbol)


def is_vacant(tie: Implicit, branch: Branch, domain: Domain) -> bool:
    """Whether the equation of a tie has no root at all on the branch: it then says nothing."""
    known = [*domain.constraints, *branch.conditions, sympy.Eq(tie.equation, 0), *tie.conditions]
    return standing(known, domain.integers, QUICK) is Verdict.EMPTY


def tied_sign(
    tie: Implicit,
    branch: Branch,
    expression: sympy.Expr,
    domain: Domain,
    parameter: Parameter,
) -> Sign:
    """How a tied outcome moves: by its equation, and by its expression where that has no root."""
    few = [*domain.constraints, sympy.Eq(tie.equation, 0), *tie.conditions]
    known = [*few, *branch.conditions]
    change = slope_of(expression, tie, parameter)
    if parameter.interval.integer:
        at = step(tie, parameter)
        known += [c.xreplace(at) for c in known]
        found = sign(change, known, domain.integers)
    else:
        found = signed(change, few, known, domain.integers)
    if found.verdict is Verdict.REFUTED:
        found = in_small_numbers(found, change, known, domain)
    found = settled(found, parameter, domain, branch.conditions)
    if found.verdict is not Verdict.PROVED:
        return found
    return _with_rest(found, tie, branch, expression, domain, parameter)


def _with_rest(
    found: Sign,
    tie: Implicit,
    branch: Branch,
    expression: sympy.Expr,
    domain: Domain,
    parameter: Parameter,
) -> Sign:
    """The sign once it is known to be that of the part of the branch without such a root, too."""
    premises = (*domain.constraints, *branch.conditions)
    strict = found.strict
    for condition in tie.conditions:
        # In this order since the last question, with the root written out, can take seconds.
        if not _any_root(tie, condition, expression, premises, domain.integers):
            continue
        if _is_crossed(tie, condition, premises, expression, domain, parameter):
            continue
        beyond = [*branch.conditions, sympy.Not(condition.xreplace({tie.variable: expression}))]
        if _is_zero_beyond(tie, condition, expression, premises, domain.integers):
            rest = stays(parameter, domain, beyond)
            if rest.verdict is Verdict.UNDECIDED:  # if there is such a point; flat in any case
                rest = Sign("0", False, Verdict.PROVED)
        elif _excluded((*domain.constraints, *beyond), domain.integers):
            continue
        else:
            rest = moves(expression, parameter, domain, beyond)
        if rest.verdict is Verdict.EMPTY:  # no stretch of values: it interrupts none of the others
            continue
        alike = rest.verdict is Verdict.PROVED and rest.sign in (found.sign, "0")
        if not alike or not is_continuous(expression, parameter.symbol):
            return undecided(OFF, found.witnesses)
        strict = strict and rest.strict
    return replace(found, strict=strict)


def _is_crossed(
    tie: Implicit,
    condition: Boolean,
    premises: Sequence[Boolean],
    expression: sympy.Expr,
    domain: Domain,
    parameter: Parameter,
) -> bool:
    """Whether a condition fails only at single values of the parameter, at which two roots meet.

    On a stretch of double roots the equation's derivative along it, F_x + F_a*a', would be zero
    with F_a zero; so that F_x is not zero there shows that there is no such stretch.
    """
    slope = sympy.diff(tie.equation, tie.variable)
    fails = sympy.Not(condition.xreplace({tie.variable: expression}))
    others = [c for c in tie.conditions if c is not condition]
    flat = [sympy.Eq(tie.equation, 0), sympy.Eq(slope, 0)]
    still = sympy.Eq(sympy.diff(tie.equation, parameter.symbol), 0)
    apart = sympy.Ne(slope.xreplace({tie.variable: expression}), 0)
    asked = ((*premises, *others, *flat, still), (*premises, fails, apart))
    return all(_excluded(each, domain.integers) for each in asked)


@lru_cache(maxsize=1024)
def _excluded(conditions: tuple[Boolean, ...], integers: frozenset[sympy.Symbol]) -> bool:
    """Whether it is proved that no point meets the conditions: asked again for every parameter."""
    return feasible(conditions, integers, QUICK).exists is False


def _any_root(
    tie: Implicit,
    condition: Boolean,
    expression: sympy.Expr,
    premises: tuple[Boolean, ...],
    integers: frozenset[sympy.Symbol],
) -> bool:
    """Whether some root of the equation may break a condition of the tie."""
    if not _solves(expression, tie):
        return True
    equation = sympy.Eq(tie.equation, 0)
    return not _excluded((*premises, equation, sympy.Not(condition)), integers)


def _is_zero_beyond(
    tie: Implicit,
    condition: Boolean,
    expression: sympy.Expr,
    premises: tuple[Boolean, ...],
    integers: frozenset[sympy.Symbol],
) -> bool:
    """Whether the outcome is zero where a condition fails, as mostly it is.

    If the outcome solves its equation, any root will do: that question has no square root in it.
    """
    asked = (*premises, sympy.Not(condition), sympy.Ne(tie.variable, 0))
    if _solves(expression, tie) and _excluded((*asked, sympy.Eq(tie.equation, 0)), integers):
        return True
    at = {tie.variable: expression}
    return _excluded(tuple(c.xreplace(at) for c in asked), integers)


@lru_cache(maxsize=1024)
def _solves(expression: sympy.Expr, tie: Implicit) -> bool:
    """Whether a closed form with one square root is shown to be a root of its equation.

    The left side, cleared of denominators, is a polynomial in the square root r = sqrt(D); it
    vanishes where its remainder by r**2 - D does. Sparse polynomials take a hundredth of the time
    of expanding the expression.
    """
    roots = {
        p for p in expression.atoms(sympy.Pow) if p.exp == sympy.S.Half and p.base.free_symbols
    }
    if len(roots) != 1 or not tie.equation.is_polynomial(tie.variable):
        return False
    (root,) = roots
    r = sympy.Dummy("r", real=True)
    top, bottom = sympy.fraction(sympy.together(expression.xreplace({root: r})))
    names = sorted(tie.equation.free_symbols | expression.free_symbols, key=str)
    try:
        polynomials = PolyRing([r, *names], sympy.QQ, sympy.lex)
        above, below, square = map(polynomials.from_expr, (top, bottom, r**2 - root.base))
        left, scale = polynomials.zero, polynomials.one
        for coefficient in sympy.Poly(
            tie.equation, tie.variable
        ).all_coeffs():  # Horner's rule on the fraction's numerator
            left = (left * above + polynomials.from_expr(coefficient) * scale).rem([square])
            scale *= below
    except (ValueError, sympy.PolynomialError):
        return False
    return not left


def moves_between(
    branches: Sequence[Branch], outcome: str, parameter: Parameter, domain: Domain
) -> bool | None:
    """Whether an outcome differs between two branches that a move of the parameter leads to."""
    other = sympy.Symbol(f"{parameter.name}'", real=True)
    move = {parameter.symbol: other}
    integers = frozenset(domain.integers | ({other} if parameter.interval.integer else set()))
    there = [c.xreplace(move) for c in domain.constraints if c.has(parameter.symbol)]
    known = [*domain.constraints, *there, sympy.Ne(other, parameter.symbol)]
    settled_all = True
    for one, two in permutations(branches, 2):
        gap = two.outcomes[outcome].xreplace(move) - one.outcomes[outcome]
        if gap.is_zero:
            continue
        region = (*known, *one.conditions, *(c.xreplace(move) for c in two.conditions))
        differ, met = sympy.Ne(gap, 0), _met(region, integers)
        if met.exists is False:
            continue
        if met.witness is not None and holds(differ, met.witness):
            return True
        found = feasible([*region, differ], integers, QUICK).exists
        if found:
            return True
        settled_all = settled_all and found is False
    return False if settled_all else None


@lru_cache(maxsize=1024)
def _met(region: tuple[Boolean, ...], integers: frozenset[sympy.Symbol]) -> Existence:
    """Whether a move from one branch to another can be; remembered, as each outcome asks."""
    return feasible(region, integers, QUICK)
