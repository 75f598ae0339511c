"""Constrained maximisation in symbols: the candidates for an optimum, by active constraints.

For every set of constraints that may bind, the conditions of Karush, Kuhn and Tucker

    grad f + sum_i lambda_i grad g_i = 0,    g_i = 0 (i active),    lambda_i >= 0,    g_j >= 0

are solved for the terms and the multipliers. What is left over, multipliers and slack constraints
not below zero, are the conditions on the parameters under which the set is the active one.
Where the programme is concave (proved) these are also sufficient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.elimination import Root, solve
from coopgame.algebra.simplify import neat, simplified
from coopgame.conditions import reduce, tidy
from coopgame.parameters import Domain
from coopgame.proofs import QUICK, Verdict, feasible, implies, is_redundant, negation


@dataclass(frozen=True)
class Limit:
    """A constraint `gap >= 0`; `> 0` where strict (then never active), `== 0` where exact."""

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
class Candidate:
    """Terms that satisfy the first-order conditions with the `active` limits binding."""

    programme: str
    active: tuple[str, ...]
    terms: Mapping[sympy.Symbol, sympy.Expr]
    value: sympy.Expr
    multipliers: Mapping[str, sympy.Expr]
    conditions: tuple[Boolean, ...]


@dataclass(frozen=True)
class Optimum:
    """The candidates of a programme, and what was proved of them.

    `sufficient`: each is a best choice wherever its conditions hold. `attained`: wherever the
    programme is feasible, some candidate holds. `unsolved`: active sets without a closed form.
    """

    programme: Programme
    candidates: tuple[Candidate, ...]
    sufficient: bool
    attained: bool
    unsolved: tuple[tuple[str, ...], ...]


def optimise(programme: Programme) -> Optimum:
    """Every candidate that can occur in the domain, none of them within another.

    >>> x, p = sympy.symbols("x p", real=True)
    >>> inside = (Limit("x_min", x), Limit("x_max", 1 - x))
    >>> optimum = optimise(Programme("sell", (x,), p * x, inside, Domain()))
    >>> [(c.active, c.value, c.conditions) for c in optimum.candidates]
    [(('x_min',), 0, (p <= 0,)), (('x_max',), p, (p >= 0,))]
    """
    found: list[Candidate] = []
    unsolved = []
    for active in _active_sets(programme):
        candidates, complete = _stationary(programme, active)
        found += [
            _readable(c, programme.domain) for c in candidates if _can_hold(c, programme.domain)
        ]
        if not complete:
            unsolved.append(tuple(limit.name for limit in active))
    kept = _without_duplicates(found, programme.domain)
    return Optimum(
        programme, kept, is_concave(programme), _is_attained(programme, kept), tuple(unsolved)
    )


def _active_sets(programme: Programme) -> Iterator[tuple[Limit, ...]]:
    always = tuple(limit for limit in programme.limits if limit.exact)
    maybe = [
        limit
        for limit in programme.limits
        if not limit.exact and not limit.strict and limit.gap.has(*programme.terms)
    ] if programme.terms else []  # fmt: skip
    always = tuple(limit for limit in always if limit.gap.has(*programme.terms))
    for size in range(len(programme.terms) - len(always) + 1):
        for chosen in combinations(maybe, size):
            yield (*always, *chosen)


def _stationary(programme: Programme, active: Sequence[Limit]) -> tuple[list[Candidate], bool]:
    """The solutions of the first-order conditions with these limits active."""
    prices = [sympy.Symbol(f"price!{i}", real=True) for i in range(len(active))]
    lagrangian = programme.objective + sum(
        (p * limit.gap for p, limit in zip(prices, active, strict=True)), sympy.S.Zero
    )
    equations = [lagrangian.diff(term) for term in programme.terms]
    roots = solve([*equations, *(limit.gap for limit in active)], [*programme.terms, *prices])
    return [_candidate(programme, active, prices, root) for root in roots.found], roots.complete


def _candidate(
    programme: Programme, active: Sequence[Limit], prices: Sequence[sympy.Symbol], root: Root
) -> Candidate:
    domain = programme.domain
    values = {term: neat(root.values[term], domain) for term in programme.terms}
    multipliers = {limit.name: root.values[p] for p, limit in zip(prices, active, strict=True)}
    slack = [limit for limit in programme.limits if limit not in active]
    conditions = [
        *root.conditions,
        *(sympy.Ge(multipliers[limit.name], 0) for limit in active if not limit.exact),
        *(limit.condition.subs(values) for limit in slack),
    ]
    return Candidate(
        programme=programme.name,
        active=tuple(limit.name for limit in active),
        terms=values,
        value=neat(programme.objective.subs(values), domain),
        multipliers=multipliers,
        conditions=simplified(conditions, domain),
    )


def _can_hold(candidate: Candidate, domain: Domain) -> bool:
    premises = [*domain.constraints, *candidate.conditions]
    return feasible(premises, domain.integers).exists is not False


def _readable(candidate: Candidate, domain: Domain) -> Candidate:
    kept = reduce(candidate.conditions, domain.constraints, domain.integers).conditions
    tidied = (tidy(c, domain.constraints, (), domain.integers) for c in kept)
    return replace(candidate, conditions=tuple(tidied))


def _without_duplicates(found: Sequence[Candidate], domain: Domain) -> tuple[Candidate, ...]:
    """Drop a candidate wherever it occurs only as a special case of another one."""
    kept = list(found)
    for candidate in found:
        others = [other for other in kept if other is not candidate]
        if any(_within(candidate, other, domain) for other in others):
            kept = others
    return tuple(kept)


def _within(candidate: Candidate, other: Candidate, domain: Domain) -> bool:
    same = [sympy.Eq(candidate.terms[term], other.terms[term]) for term in candidate.terms]
    covered = sympy.And(*other.conditions, *same)
    if covered == sympy.false:
        return False
    premises = [*domain.constraints, *candidate.conditions]
    return implies(premises, covered, domain.integers, QUICK).verdict is Verdict.PROVED


def is_concave(programme: Programme) -> bool:
    """Whether objective and constraints are proved concave in the terms, so that KKT suffices.

    Proved on the polyhedron that the linear constraints span: every leading minor of the negated
    Hessian, in every choice of rows, is at least zero there.
    """
    terms = programme.terms
    linear = [limit for limit in programme.limits if _is_affine(limit.gap, terms)]
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
        implies(region, sympy.Ge(minor, 0), programme.domain.integers).verdict is Verdict.PROVED
        for minor in minors
    )


def _is_affine(expression: sympy.Expr, terms: Sequence[sympy.Symbol]) -> bool:
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


def _is_attained(programme: Programme, candidates: Sequence[Candidate]) -> bool:
    """Whether some candidate is proved to hold wherever any terms are feasible at all."""
    premises = [*programme.domain.constraints, *programme.constraints]
    some = sympy.Or(*(sympy.And(*candidate.conditions) for candidate in candidates))
    return is_redundant(some, premises, programme.domain.integers) is True


def feasibility(programme: Programme) -> tuple[Boolean, ...] | None:
    """Conditions on the parameters under which some terms satisfy every limit, by elimination.

    Fourier and Motzkin's method; None where a limit is not linear in a term, or bounds it from a
    side that depends on the parameters.
    """
    limits = [(limit.gap, limit.strict) for limit in programme.limits]
    if any(limit.exact for limit in programme.limits):
        return None
    for term in programme.terms:
        reduced = _without_term(limits, term, programme.domain)
        if reduced is None:
            return None
        limits = reduced
    found = [sympy.Gt(g, 0) if strict else sympy.Ge(g, 0) for g, strict in limits]
    return simplified((c for c in found if c != sympy.true), programme.domain)


def _without_term(
    limits: Sequence[tuple[sympy.Expr, bool]], term: sympy.Symbol, domain: Domain
) -> list[tuple[sympy.Expr, bool]] | None:
    free = [pair for pair in limits if not pair[0].has(term)]
    below: list[tuple[sympy.Expr, bool]] = []
    above: list[tuple[sympy.Expr, bool]] = []
    for gap, strict in (pair for pair in limits if pair[0].has(term)):
        if not _is_affine(gap, (term,)):
            return None
        slope = sympy.expand(gap).coeff(term, 1)
        bound = (sympy.together(-gap.subs(term, 0) / slope), strict)
        if _always(sympy.Gt(slope, 0), domain):
            below.append(bound)
        elif _always(sympy.Lt(slope, 0), domain):
            above.append(bound)
        else:
            return None
    return free + [(u[0] - b[0], u[1] or b[1]) for u in above for b in below]


def _always(condition: Boolean, domain: Domain) -> bool:
    if condition in (sympy.true, sympy.false):
        return bool(condition)
    if condition.free_symbols - set(domain.symbols):
        return False
    return implies(domain.constraints, condition, domain.integers, QUICK).verdict is Verdict.PROVED


def excluded(candidate: Candidate) -> tuple[Boolean, ...]:
    """The alternatives of which one holds wherever the candidate does not."""
    return tuple(negation(condition) for condition in candidate.conditions)
