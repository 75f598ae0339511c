"""The optima of a programme: its candidates, and what is proved of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.forms.contract.candidates import (
    NEAR,
    active_sets,
    at_corners,
    can_hold,
    rounded,
    stationary,
)
from coopgame.forms.contract.limits import (
    Limit,
    Optimum,
    Programme,
    StationaryTerms,
    excluded,
    is_affine,
    is_concave,
)
from coopgame.forms.contract.possible import (
    feasibility,
    levelling_off,
    may_have_pole,
    possible,
    unbounded_in_one_term,
)
from coopgame.forms.contract.readable import proved, readable
from coopgame.forms.contract.verification import is_unbounded, shortfall
from coopgame.language.deciding import decide
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import is_redundant

SECONDS = 8.0  # for one mode: what is not solved in symbols by then is named, and solved at values

__all__ = ["Limit", "Programme", "feasibility", "listed", "optimise"]


@lru_cache(maxsize=512)
def optimise(programme: Programme) -> Optimum:
    """Every candidate that can occur in the domain, none of them within another.

    With numbers for all parameters only the best are kept, and that there are none better is
    settled by Z3 over the limits themselves.

    >>> x, p = sympy.symbols("x p", real=True)
    >>> inside = (Limit("x_min", x), Limit("x_max", 1 - x))
    >>> free = Domain(assumptions=(p < 9,))
    >>> optimum = optimise(Programme("sell", (x,), p * x, inside, free))
    >>> [(c.active, c.value, c.conditions) for c in optimum.candidates]
    [(('x_min',), 0, (p <= 0,)), (('x_max',), p, (p >= 0,))]
    """
    free = programme.objective.free_symbols.union(*(g.gap.free_symbols for g in programme.limits))
    return _in_symbols(programme) if free - set(programme.terms) else _in_numbers(programme)


# --- symbols -----------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def listed(programme: Programme) -> tuple[tuple[StationaryTerms, ...], tuple[tuple[str, ...], ...]]:
    """The candidates in symbols that can occur, and the active sets without a closed form.

    Sets that were not come to in `SECONDS` count as such.
    """
    domain = programme.domain
    found: list[StationaryTerms] = []
    unsolved = []
    deadline = time.process_time() + SECONDS
    for active in active_sets(programme):
        if time.process_time() > deadline:
            unsolved.append(tuple(limit.name for limit in active))
            continue
        candidates, complete = stationary(programme, active)
        found += [_cleared(c, domain) for c in candidates if can_hold(c, domain)]
        if not complete:
            unsolved.append(tuple(limit.name for limit in active))
    if not may_have_pole(programme):  # next to which the objective may come to anything
        found += [_cleared(c, domain) for c in levelling_off(programme) if can_hold(c, domain)]
    return _without_duplicates(found, domain), tuple(unsolved)


def _in_symbols(programme: Programme) -> Optimum:
    domain = programme.domain
    kept, unsolved = listed(programme)
    attained = _is_attained(programme, kept)
    if not attained and not all(is_affine(g.gap, programme.terms) for g in programme.limits):
        kept = _with_corners(programme, kept)
        attained = _is_attained(programme, kept)
    sufficient = is_concave(programme)
    where = possible(programme)
    if where is None and attained:
        where = sympy.Or(*(sympy.And(*c.conditions) for c in kept))
    if where is not None:
        kept = tuple(c if c.reached else _if_possible(c, where, domain) for c in kept)
    unbounded = _unbounded_where(programme, kept, where, (sufficient, attained, not unsolved))
    return Optimum(programme, kept, sufficient, attained, unsolved, where, unbounded)


def _if_possible(candidate: StationaryTerms, where: Boolean, domain: Domain) -> StationaryTerms:
    """An end that is approached only where there are terms to approach it with."""
    return _cleared(replace(candidate, conditions=(*candidate.conditions, where)), domain)


def _cleared(candidate: StationaryTerms, domain: Domain) -> StationaryTerms:
    return replace(candidate, conditions=readable(candidate.conditions, domain))


def _with_corners(
    programme: Programme, kept: Sequence[StationaryTerms]
) -> tuple[StationaryTerms, ...]:
    """The candidates with the corners that are proved to be best wherever they are open."""
    result = list(kept)
    for active in active_sets(programme):
        for corner in at_corners(programme, active):
            if can_hold(corner, programme.domain) and _is_best(programme, corner):
                cleared = _cleared(corner, programme.domain)
                result = [c for c in result if not _within(c, cleared, programme.domain)]
                result.append(cleared)
    return tuple(result)


def _is_best(programme: Programme, candidate: StationaryTerms) -> bool:
    region = [*programme.domain.constraints, *candidate.conditions, *programme.constraints]
    ahead = sympy.Ge(candidate.value - programme.objective, 0)
    return proved(region, ahead, programme.domain)


def _unbounded_where(
    programme: Programme,
    candidates: Sequence[StationaryTerms],
    where: Boolean | None,
    proved: tuple[bool, bool, bool],
) -> Boolean | None:
    """Where the objective grows without bound; None if that is not known.

    A concave quadratic programme with linear limits has an optimum wherever it is feasible and
    bounded (Frank and Wolfe 1956), so that there it is unbounded where no candidate holds.
    """
    sufficient, attained, complete = proved
    if (sufficient and attained) or not programme.terms or _is_bounded(programme):
        return sympy.false
    if len(programme.terms) == 1:
        known = unbounded_in_one_term(programme)
        if known is not None:
            return known
    linear = all(is_affine(limit.gap, programme.terms) for limit in programme.limits)
    quadratic = programme.objective.is_polynomial(*programme.terms)
    if where is None or not (sufficient and complete and linear and quadratic):
        return None
    return sympy.And(where, *(sympy.Or(*excluded(candidate)) for candidate in candidates))


def _is_bounded(programme: Programme) -> bool:
    """Whether each term lies between two numbers, so that a continuous objective is bounded."""
    bounds: dict[sympy.Symbol, set[int]] = {term: set() for term in programme.terms}
    for limit in programme.limits:
        for term in programme.terms:
            slope = limit.gap.diff(term)
            if limit.gap.free_symbols == {term} and slope.is_Rational and slope != 0:
                bounds[term] |= {-1, 1} if limit.exact else {int(sympy.sign(slope))}
    return all(sides == {-1, 1} for sides in bounds.values())


def _without_duplicates(
    found: Sequence[StationaryTerms], domain: Domain
) -> tuple[StationaryTerms, ...]:
    """Drop a candidate wherever it occurs only as a special case of another one."""
    kept = list(found)
    for candidate in found:
        others = [other for other in kept if other is not candidate]
        if any(_within(candidate, other, domain) for other in others):
            kept = others
    return tuple(kept)


def _within(candidate: StationaryTerms, other: StationaryTerms, domain: Domain) -> bool:
    same = [sympy.Eq(candidate.terms[term], other.terms[term]) for term in candidate.terms]
    covered = sympy.And(*other.conditions, *same)
    if covered == sympy.false or candidate.reached != other.reached:
        return False
    premises = [*domain.constraints, *candidate.conditions]
    return proved(premises, covered, domain)


def _is_attained(programme: Programme, candidates: Sequence[StationaryTerms]) -> bool:
    """Whether some candidate is proved to hold wherever any terms are feasible at all."""
    premises = [*programme.domain.constraints, *programme.constraints]
    some = sympy.Or(*(sympy.And(*candidate.conditions) for candidate in candidates))
    return is_redundant(some, premises, programme.domain.integers) is True


# --- numbers -----------------------------------------------------------------------------------


def _in_numbers(programme: Programme) -> Optimum:
    numbers = replace(programme, domain=Domain())
    where = possible(numbers)
    if where == sympy.false:
        return Optimum(programme, (), True, True, (), where, sympy.false)
    found, unsolved = [], []
    for active in active_sets(numbers):
        candidates, complete = stationary(numbers, active)
        found += [*candidates, *at_corners(numbers, active)]
        if not complete:
            unsolved.append(tuple(limit.name for limit in active))
    found += levelling_off(numbers)
    if unsolved:
        found += (c for c in rounded(numbers) if not any(_close(c, other) for other in found))
    best = tuple(_best_of(found))
    if best and shortfall(numbers, best[0].value) == 0:
        return Optimum(programme, best, True, True, (), sympy.true, sympy.false)
    if is_unbounded(numbers):
        return Optimum(programme, (), True, False, (), sympy.true, sympy.true)
    return Optimum(programme, (), False, False, tuple(unsolved) or ((),), where, None)


def _best_of(found: Sequence[StationaryTerms]) -> Iterator[StationaryTerms]:
    """The candidates with the highest value; those approached only if none has it."""
    top: list[StationaryTerms] = []
    for candidate in found:
        if top and _nearly(candidate, top[0]):
            top.append(candidate)
        elif not top or decide(sympy.Gt(candidate.value, top[0].value, evaluate=False)):
            top = [candidate]
        elif decide(sympy.Eq(candidate.value, top[0].value, evaluate=False)):
            top.append(candidate)
    reached = [candidate for candidate in top if candidate.reached]
    yield from reached or top


def _close(one: StationaryTerms, other: StationaryTerms) -> bool:
    return all(abs(sympy.N(v - other.terms[t], 50)) < NEAR for t, v in one.terms.items())


def _nearly(one: StationaryTerms, other: StationaryTerms) -> bool:
    """Whether values of which one is rounded are as near as the rounding."""
    apart = abs(sympy.N(one.value - other.value, 50))
    return bool(not (one.exact and other.exact) and apart < NEAR)
