"""Constrained maximisation in symbols: the candidates for an optimum, by active constraints.

For every set of constraints that may bind, the conditions of Karush, Kuhn and Tucker

    grad f + sum_i lambda_i grad g_i = 0,    g_i = 0 (i active),    lambda_i >= 0,    g_j >= 0

are solved for the terms and the multipliers. What is left over, multipliers and slack constraints
not below zero, are the conditions on the parameters under which the set is the active one.
Where the programme is concave (proved) these are also sufficient. `candidates` solves, `possible`
says where any terms meet the limits, `programme` puts the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.language.parameters import Domain
from coopgame.proofs.opposites import fails
from coopgame.proofs.questions import implies


@dataclass(frozen=True)
class Limit:
    """A constraint `gap >= 0`; `> 0` where strict, `== 0` where exact."""

    name: str
    gap: sympy.Expr
    strict: bool = False
    exact: bool = False

    @property
    def condition(self) -> Boolean:
        relation = sympy.Eq if self.exact else sympy.Gt if self.strict else sympy.Ge
        return relation(self.gap, 0)


@dataclass(frozen=True)
class Programme:
    """Maximise `objective` over `terms` subject to `limits`, for all parameters in `domain`."""

    name: str
    terms: tuple[sympy.Symbol, ...]
    objective: sympy.Expr
    limits: tuple[Limit, ...]
    domain: Domain

    @property
    def constraints(self) -> tuple[Boolean, ...]:
        return tuple(limit.condition for limit in self.limits)


@dataclass(frozen=True)
class StationaryTerms:
    """Terms that satisfy the first-order conditions with the `active` limits binding.

    Not `reached`: one of these is open (`x > 0`), so that its value is approached and not had.
    Not `exact`: the terms are rounded to 40 digits.
    """

    programme: str
    active: tuple[str, ...]
    terms: Mapping[sympy.Symbol, sympy.Expr]
    value: sympy.Expr
    multipliers: Mapping[str, sympy.Expr]
    conditions: tuple[Boolean, ...]
    reached: bool = True
    exact: bool = True


@dataclass(frozen=True)
class Optimum:
    """The candidates of a programme, and what was proved of them.

    `sufficient`: each is a best choice wherever its conditions hold. `attained`: wherever the
    programme is feasible, some candidate holds. `unsolved`: active sets without a closed form.
    `possible`: where some terms meet all limits. `unbounded`: where the objective grows without
    bound. Both are None where nothing is known of them.
    """

    programme: Programme
    candidates: tuple[StationaryTerms, ...]
    sufficient: bool
    attained: bool
    unsolved: tuple[tuple[str, ...], ...]
    possible: Boolean | None
    unbounded: Boolean | None


def is_concave(programme: Programme) -> bool:
    """Whether objective and constraints are proved concave in the terms, so that KKT suffices.

    Proved on the polyhedron that the linear constraints span: every leading minor of the negated
    Hessian, in every choice of rows, is at least zero there.
    """
    terms = programme.terms
    linear = [limit for limit in programme.limits if is_affine(limit.gap, terms)]
    curved = [limit for limit in programme.limits if limit not in linear]
    if any(limit.exact for limit in curved):
        return False
    region = [*programme.domain.constraints, *(limit.condition for limit in linear)]
    minors = [
        minor
        for function in (programme.objective, *(limit.gap for limit in curved))
        for minor in _principal_minors(-sympy.hessian(function, terms) if terms else None)
    ]
    return all(
        implies(region, sympy.Ge(minor, 0), programme.domain.integers).proved for minor in minors
    )


def is_affine(expression: sympy.Expr, terms: Sequence[sympy.Symbol]) -> bool:
    return bool(
        expression.is_polynomial(*terms)
        and (not terms or sympy.Poly(expression, *terms).total_degree() <= 1)
    )


def _principal_minors(matrix: sympy.Matrix | None) -> Iterator[sympy.Expr]:
    if matrix is None:
        return
    for size in range(1, matrix.rows + 1):
        for rows in combinations(range(matrix.rows), size):
            minor = sympy.factor(matrix.extract(list(rows), list(rows)).det())
            if not minor.is_zero:
                yield minor


def excluded(candidate: StationaryTerms) -> tuple[Boolean, ...]:
    """The alternatives of which one holds wherever the candidate does not."""
    return fails(sympy.And(*candidate.conditions), poles=True)
