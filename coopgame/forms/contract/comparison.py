"""Which of several programmes is best where: their candidates compared by value, by proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.simplify import prune, simplified
from coopgame.forms.contract.candidates import compared
from coopgame.forms.contract.limits import Optimum, Programme, StationaryTerms, excluded
from coopgame.forms.contract.readable import readable
from coopgame.language.comparisons import atoms
from coopgame.language.parameters import Domain
from coopgame.proofs.opposites import fails
from coopgame.proofs.questions import QUICK, Existence, Verdict, feasible, implies


def best_where(
    candidate: StationaryTerms, own: Optimum, optima: Sequence[Optimum], domain: Domain
) -> tuple[Boolean, ...]:
    """The conditions under which a candidate exists and no programme has anything better.

    Every rival candidate either does not hold or is worth no more, and no objective grows without
    bound. An end that is only approached says that there is no best contract: it counts where it
    is ahead of all that can be had.
    """
    conditions = list(candidate.conditions)
    for clause in _rival_clauses(candidate, own, optima):
        conditions.append(prune(clause, conditions, domain))
        if conditions[-1] == sympy.false:
            break
    return _cleared(conditions, domain)


def _rival_clauses(
    candidate: StationaryTerms, own: Optimum, optima: Sequence[Optimum]
) -> Iterator[list[Boolean]]:
    for optimum in optima:
        if optimum.unbounded not in (None, sympy.false):
            yield list(fails(optimum.unbounded))
        if optimum is own and own.sufficient and all(c.reached for c in own.candidates):
            continue
        for rival in optimum.candidates:
            if rival is not candidate and (candidate.reached or rival.reached):
                relation = sympy.Ge if candidate.reached else sympy.Gt
                ahead = compared(relation, sympy.factor_terms(candidate.value - rival.value))
                yield [*excluded(rival), ahead]


def infeasible_where(optima: Sequence[Optimum], domain: Domain) -> tuple[Boolean, ...] | None:
    """The conditions under which no programme has feasible terms; None if they are not known."""
    conditions: list[Boolean] = []
    for optimum in optima:
        if optimum.possible is None:
            return None
        clause = prune(list(fails(optimum.possible)), conditions, domain)
        if clause == sympy.false:
            return (sympy.false,)
        conditions.append(clause)
    return _cleared(conditions, domain)


def unbounded_where(optimum: Optimum, domain: Domain) -> tuple[Boolean, ...] | None:
    """The conditions under which an objective grows without bound; None where there are none."""
    if optimum.unbounded is None or optimum.unbounded == sympy.false:
        return None
    conditions: list[Boolean] = []
    for part in atoms(optimum.unbounded):
        ways = part.args if isinstance(part, sympy.Or) else [part]
        conditions.append(prune(list(ways), conditions, domain))
    return _cleared(conditions, domain)


def _cleared(conditions: Sequence[Boolean], domain: Domain) -> tuple[Boolean, ...]:
    if sympy.false in conditions:
        return (sympy.false,)
    return readable(simplified((c for c in conditions if c != sympy.true), domain), domain)


def is_best(programme: Programme, value: sympy.Expr, conditions: Sequence[Boolean]) -> Verdict:
    """Whether no feasible terms bring more than `value` wherever the conditions hold."""
    region = [*programme.domain.constraints, *conditions, *programme.constraints]
    ahead = sympy.Ge(value - programme.objective, 0)
    return implies(region, ahead, programme.domain.integers).verdict


def others_as_good(optimum: Optimum, value: sympy.Expr, conditions: Sequence[Boolean]) -> Existence:
    """Whether terms of the mode that no candidate lists are worth as much where it is best."""
    programme = optimum.programme
    if not programme.terms:
        return Existence(False)
    region = [*programme.domain.constraints, *conditions, *programme.constraints]
    elsewhere = [
        sympy.Or(
            *(sympy.Ne(term, at) for term, at in candidate.terms.items()), *excluded(candidate)
        )
        for candidate in optimum.candidates
    ]
    level = sympy.Ge(programme.objective - value, 0)
    return feasible([*region, *elsewhere, level], programme.domain.integers, QUICK)
