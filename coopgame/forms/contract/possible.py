"""Where a programme has feasible terms at all, and where its objective grows without bound.

Linear limits are eliminated term by term (Fourier and Motzkin). With one term the limits change at
their roots only, so that a point beside or between these meets them all if any does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.elimination import Root, univariate
from coopgame.algebra.simplify import prune, simplified
from coopgame.forms.contract.candidates import compared
from coopgame.forms.contract.limits import Limit, Programme, StationaryTerms, is_affine
from coopgame.language.comparisons import atoms
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import QUICK, feasible, implies

Bound = tuple[sympy.Expr, bool]


def possible(programme: Programme) -> Boolean | None:
    """Where some terms meet every limit, as a condition on the parameters; None if not known."""
    domain = programme.domain
    if not domain.parameters:
        found = feasible(programme.constraints)
        return None if found.exists is None else sympy.sympify(found.exists)
    conditions = feasibility(programme)
    if conditions is not None:
        return sympy.And(*conditions)
    return _of_one_term(programme) if len(programme.terms) == 1 else None


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
    found = [compared(sympy.Gt if strict else sympy.Ge, gap) for gap, strict in limits]
    return simplified((c for c in found if c != sympy.true), programme.domain)


def _without_term(
    limits: Sequence[Bound], term: sympy.Symbol, domain: Domain
) -> list[Bound] | None:
    free = [pair for pair in limits if not pair[0].has(term)]
    below: list[Bound] = []
    above: list[Bound] = []
    for gap, strict in (pair for pair in limits if pair[0].has(term)):
        if not is_affine(gap, (term,)):
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
    return implies(domain.constraints, condition, domain.integers, QUICK).proved


# --- one term ----------------------------------------------------------------------------------


def _of_one_term(programme: Programme) -> Boolean | None:
    """Whether one of finitely many points meets all limits: the roots, and with open limits more.

    A closed set that is not empty holds a root of some limit, or is the whole line. An open limit
    may leave only what lies between two roots or beyond them all.
    """
    (term,) = programme.terms
    domain = programme.domain
    roots: list[Root] = []
    for limit in programme.limits:
        if limit.gap.has(term):
            found = univariate(sympy.fraction(sympy.together(limit.gap))[0], term)
            if found is None:
                return None
            roots += [replace(root, values={term: root.values[term]}) for root in found]
    points = [Root({term: sympy.S.Zero}), *roots]
    if any(limit.strict for limit in programme.limits):
        points += _between(roots, term)
    places = [_all_met(programme.limits, point) for point in points]
    if any(not _always(c, domain) for root in roots for c in root.conditions if _is_ne(c)):
        return None  # where a leading coefficient vanishes there are other roots than these
    ways = [way for way in places if way != sympy.false]
    return prune(ways, (), domain)


def _is_ne(condition: Boolean) -> bool:
    return isinstance(condition, sympy.Ne)


def _between(roots: Sequence[Root], term: sympy.Symbol) -> Iterator[Root]:
    for root in roots:
        for step in (-1, 1):
            yield Root({term: root.values[term] + step}, root.conditions)
    for one, other in combinations(roots, 2):
        middle = (one.values[term] + other.values[term]) / 2
        yield Root({term: middle}, (*one.conditions, *other.conditions))


def _all_met(limits: Sequence[Limit], point: Root) -> Boolean:
    met = []
    for limit in limits:
        relation = sympy.Eq if limit.exact else sympy.Gt if limit.strict else sympy.Ge
        gap = sympy.expand(limit.gap.subs(point.values))
        met.append(compared(relation, sympy.S.Zero if gap.equals(0) else gap))
    return sympy.And(*point.conditions, *met)


@dataclass(frozen=True)
class FarOut:
    """An objective for a term that grows without bound, in one of the two directions.

    `powers` are the coefficients of what the objective comes to there, a polynomial, the constant
    last, and `rest` those of the numerator of what vanishes; `met` says where all limits are met
    from some value of the term on.
    """

    direction: int
    powers: Sequence[sympy.Expr]
    rest: Sequence[sympy.Expr]
    met: Boolean

    @property
    def grows(self) -> Boolean:
        """Where the objective grows without bound: the first power that counts decides."""
        return sympy.And(_positive_first(self.powers[:-1]), self.met)

    @property
    def levels_off(self) -> Boolean:
        """Where the objective comes to its constant, and is not the same everywhere."""
        differs = sympy.Or(*(compared(sympy.Ne, c) for c in self.rest))
        return sympy.And(*(compared(sympy.Eq, c) for c in self.powers[:-1]), differs, self.met)


def far_out(programme: Programme) -> tuple[FarOut, ...] | None:
    """Both directions of a single term; None where objective or limits are not rational in it."""
    (term,) = programme.terms
    found = []
    for direction in (1, -1):
        at = {term: direction * term}
        parts = _divided(programme.objective.subs(at), term, programme.domain)
        gaps = [limit.gap.subs(at) for limit in programme.limits]
        if parts is None or not all(gap.is_polynomial(term) for gap in gaps):
            return None
        met = map(_met_far_out, programme.limits, (sympy.Poly(g, term).all_coeffs() for g in gaps))
        found.append(FarOut(direction, *parts, sympy.And(*met)))
    return tuple(found)


def _divided(
    function: sympy.Expr, term: sympy.Symbol, domain: Domain
) -> tuple[Sequence[sympy.Expr], Sequence[sympy.Expr]] | None:
    """A quotient of polynomials as a polynomial, and the numerator of what vanishes far out."""
    top, bottom = sympy.fraction(sympy.together(function))
    if not (top.is_polynomial(term) and bottom.is_polynomial(term)):
        return None
    if not _always(sympy.Ne(sympy.Poly(bottom, term).LC(), 0), domain):
        return None
    whole, rest = (sympy.Poly(part, term).all_coeffs() for part in sympy.div(top, bottom, term))
    return whole, rest


def _met_far_out(limit: Limit, gaps: Sequence[sympy.Expr]) -> Boolean:
    vanish = sympy.And(*(compared(sympy.Eq, gap) for gap in gaps))
    if limit.exact:
        return vanish
    ahead = _positive_first(gaps)
    return ahead if limit.strict else sympy.Or(ahead, vanish)


def unbounded_in_one_term(programme: Programme) -> Boolean | None:
    """Where the objective grows without bound; None where that is not known of such a function."""
    ends = far_out(programme)
    if ends is None or may_have_pole(programme):
        return None
    ways = [end.grows for end in ends]
    return prune([way for way in ways if way != sympy.false], (), programme.domain)


def may_have_pole(programme: Programme) -> bool:
    """Whether the objective may divide by zero within the limits or at an open end of theirs."""
    domain, bottom = programme.domain, sympy.fraction(sympy.together(programme.objective))[1]
    closed = (replace(limit, strict=False).condition for limit in programme.limits)
    pole = [*domain.constraints, *closed, sympy.Eq(bottom, 0)]
    return feasible(pole, domain.integers, QUICK).exists is not False


def levelling_off(programme: Programme) -> Iterator[StationaryTerms]:
    """The value that a quotient of polynomials in one term comes to without reaching it."""
    if len(programme.terms) != 1 or programme.objective.is_polynomial(*programme.terms):
        return
    (term,) = programme.terms
    for end in far_out(programme) or ():
        if end.levels_off != sympy.false:
            infinite, name = end.direction * sympy.oo, f"large {'-' * (end.direction < 0)}{term}"
            yield StationaryTerms(
                programme.name, (name,), {term: infinite}, end.powers[-1], {},
                atoms(end.levels_off), reached=False,
            )  # fmt: skip


def _positive_first(coefficients: Sequence[sympy.Expr]) -> Boolean:
    """That the first of the coefficients that is not zero is positive."""
    result: Boolean = sympy.false
    for coefficient in reversed(coefficients):
        later = sympy.And(compared(sympy.Eq, coefficient), result)
        result = sympy.Or(compared(sympy.Gt, coefficient), later)
    return result
