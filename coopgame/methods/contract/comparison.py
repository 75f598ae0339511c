"""Which of several programmes is best where: their candidates compared by value, by proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.simplify import prune, simplified
from coopgame.methods.contract.programme import Candidate, Optimum, Programme, excluded, feasibility
from coopgame.parameters import Domain
from coopgame.proofs import Verdict, implies


def best_where(
    candidate: Candidate, own: Optimum, optima: Sequence[Optimum], domain: Domain
) -> tuple[Boolean, ...]:
    """The conditions under which a candidate exists and no programme has anything better.

    Every rival candidate either does not hold or is worth no more; a programme that may have no
    optimum must have one, or be infeasible.
    """
    conditions = list(candidate.conditions)
    for clause in _rival_clauses(candidate, own, optima):
        conditions.append(prune(clause, conditions, domain))
        if conditions[-1] == sympy.false:
            break
    return simplified((c for c in conditions if c != sympy.true), domain)


def _rival_clauses(
    candidate: Candidate, own: Optimum, optima: Sequence[Optimum]
) -> Iterator[list[Boolean]]:
    for optimum in optima:
        if optimum is own and own.sufficient:
            continue
        for rival in optimum.candidates:
            if rival is not candidate:
                ahead = sympy.Ge(sympy.factor_terms(candidate.value - rival.value), 0)
                yield [*excluded(rival), ahead]
        if not optimum.attained and optimum is not own:
            possible = feasibility(optimum.programme) or ()
            infeasible = [sympy.Not(c) for c in possible]
            yield [*(sympy.And(*rival.conditions) for rival in optimum.candidates), *infeasible]


def infeasible_where(optima: Sequence[Optimum], domain: Domain) -> tuple[Boolean, ...] | None:
    """The conditions under which no programme has feasible terms; None if they are not known."""
    conditions: list[Boolean] = []
    for optimum in optima:
        possible = feasibility(optimum.programme)
        if optimum.attained:
            clauses = [list(excluded(candidate)) for candidate in optimum.candidates]
        elif possible is None:
            return None
        else:
            clauses = [[sympy.Not(condition) for condition in possible]]
        for clause in clauses:
            conditions.append(prune(clause, conditions, domain))
    return simplified((c for c in conditions if c != sympy.true), domain)


def unbounded_where(optimum: Optimum, domain: Domain) -> tuple[Boolean, ...] | None:
    """Where a programme is feasible and none of its candidates holds; None if that is not known.

    A concave quadratic programme with linear limits has an optimum wherever it is feasible and
    bounded (Frank and Wolfe 1956), so that there this is where it is unbounded.
    """
    possible = feasibility(optimum.programme)
    if optimum.attained or possible is None or not optimum.sufficient or optimum.unsolved:
        return None
    conditions = list(possible)
    for candidate in optimum.candidates:
        conditions.append(prune(excluded(candidate), conditions, domain))
    return simplified((c for c in conditions if c != sympy.true), domain)


def is_best(programme: Programme, value: sympy.Expr, conditions: Sequence[Boolean]) -> Verdict:
    """Whether no feasible terms bring more than `value` wherever the conditions hold."""
    region = [*programme.domain.constraints, *conditions, *programme.constraints]
    ahead = sympy.Ge(value - programme.objective, 0)
    return implies(region, ahead, programme.domain.integers).verdict
