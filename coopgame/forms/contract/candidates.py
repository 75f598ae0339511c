"""The candidates for an optimum: terms at which the first-order conditions hold, limit by limit.

With one term they are the roots of a limit at which the objective does not rise into the feasible
side, and the stationary points between. With several terms the system of Karush, Kuhn and Tucker is
solved by elimination. Where that ends in no closed form, numbers are found to 40 digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.elimination import Root, Roots, solve, univariate
from coopgame.algebra.simplify import simplified
from coopgame.forms.contract.limits import Limit, Programme, StationaryTerms
from coopgame.forms.contract.readable import brief, proved
from coopgame.forms.contract.searching import sharpened
from coopgame.language.deciding import decide
from coopgame.language.parameters import Domain
from coopgame.proofs.opposites import guards
from coopgame.proofs.questions import QUICK, feasible, sign

NEAR = sympy.Rational(1, 10**30)  # what a limit may be missed by at terms rounded to 40 digits


def stationary(programme: Programme, active: Sequence[Limit]) -> tuple[list[StationaryTerms], bool]:
    """The candidates with these limits active, and whether all of them have a closed form."""
    if len(programme.terms) == 1:
        roots = _of_one_term(programme, active)
        prices: Sequence[sympy.Symbol] = ()
    else:
        prices = [sympy.Symbol(f"price!{i}", real=True) for i in range(len(active))]
        roots = _of_several(programme, active, prices)
    found = (_candidate(programme, active, prices, root) for root in roots.found)
    return [candidate for candidate in found if candidate is not None], roots.complete


def at_corners(programme: Programme, active: Sequence[Limit]) -> list[StationaryTerms]:
    """The points at which the first-order conditions need not hold though they are the best.

    There the gradients of the active limits depend on one another: where as many limits bind as
    there are terms, or one with a gradient of zero (`(x - a)**2 <= 0`). Nothing is asked of
    multipliers; that such a point is the best has to be shown of it.
    """
    terms = programme.terms
    gaps = [limit.gap for limit in active]
    if len(active) == len(terms) > 1:
        roots = _solved(gaps, terms)
    elif len(active) == 1 < len(terms):
        roots = _solved([*gaps, *(gaps[0].diff(term) for term in terms)], terms)
    else:
        return []
    found = (_candidate(programme, active, (), root) for root in roots.found)
    return [candidate for candidate in found if candidate is not None]


def rounded(programme: Programme) -> list[StationaryTerms]:
    """The candidates of a programme of numbers that local searches find, to 40 digits."""
    return [
        StationaryTerms(
            programme=programme.name,
            active=tuple(limit.name for limit in active),
            terms=terms,
            value=programme.objective.subs(terms),
            multipliers={},
            conditions=(),
            reached=not any(limit.strict for limit in active),
            exact=False,
        )
        for active, terms in sharpened(programme)
        if all(_nearly_met(limit, terms) for limit in programme.limits)
    ]


def _nearly_met(limit: Limit, terms: Mapping[sympy.Symbol, sympy.Expr]) -> bool:
    gap = sympy.N(limit.gap.subs(terms), 50)
    return bool(abs(gap) < NEAR if limit.exact else gap > -NEAR)


def active_sets(programme: Programme) -> Iterator[tuple[Limit, ...]]:
    """Every set of limits that may bind together: all that are exact, and some of the others."""
    tied = [limit for limit in programme.limits if limit.gap.free_symbols & {*programme.terms}]
    equations = {sympy.expand(limit.gap): limit for limit in reversed(tied) if limit.exact}
    always = tuple(reversed(equations.values()))
    maybe = [limit for limit in tied if not limit.exact]
    if len(always) > len(programme.terms):
        always, maybe = always[: len(programme.terms)], []
    for size in range(len(programme.terms) - len(always) + 1):
        for chosen in combinations(maybe, size):
            yield (*always, *chosen)


# --- one term ----------------------------------------------------------------------------------


def _of_one_term(programme: Programme, active: Sequence[Limit]) -> Roots:
    (term,) = programme.terms
    function = active[0].gap if active else programme.objective.diff(term)
    numerator = sympy.fraction(sympy.together(function))[0]
    if sympy.expand(numerator) == 0:
        # Every value is stationary: any one stands for them (that others are as good is said).
        return Roots((Root({term: _any_value(programme, term)}),)) if not active else Roots()
    found = univariate(numerator, term)
    if found is not None:
        return Roots(tuple(_steady(root, numerator, term, programme.domain) for root in found))
    return Roots(complete=False)


def _any_value(programme: Programme, term: sympy.Symbol) -> sympy.Rational:
    """A value of the term that its bounds in numbers allow: 0 where they do."""
    bounds = [c for c in programme.constraints if c.free_symbols == {term}]
    if sympy.And(*(bound.subs(term, 0) for bound in bounds)) == sympy.true:
        return sympy.S.Zero
    return (feasible(bounds, (), QUICK).witness or {}).get(term, sympy.S.Zero)


def _steady(root: Root, numerator: sympy.Expr, term: sympy.Symbol, domain: Domain) -> Root:
    """A root of a*x**2 + b*x + c written 2*c/(-b -+ sqrt(...)), where a may vanish and that not.

    So one expression holds for a = 0 as well, where the usual one divides zero by zero.
    """
    polynomial = sympy.Poly(numerator, term)
    if polynomial.degree() != 2 or not domain.parameters:
        return root
    a, b, c = polynomial.all_coeffs()
    leads = [condition for condition in root.conditions if isinstance(condition, sympy.Ne)]
    if not leads or proved(domain.constraints, sympy.Ne(a, 0), domain):
        return root
    conditions = tuple(condition for condition in root.conditions if condition not in leads)
    divisor = sympy.expand(sympy.cancel(-b - a * root.values[term]))
    if not proved([*domain.constraints, *conditions], sympy.Ne(divisor, 0), domain):
        return root
    return Root({term: sympy.factor_terms(c / divisor)}, conditions)


# --- several terms -----------------------------------------------------------------------------


def _of_several(
    programme: Programme, active: Sequence[Limit], prices: Sequence[sympy.Symbol]
) -> Roots:
    lagrangian = programme.objective + sum(
        (p * limit.gap for p, limit in zip(prices, active, strict=True)), sympy.S.Zero
    )
    equations = [lagrangian.diff(term) for term in programme.terms]
    equations += [limit.gap for limit in active]
    return _solved(equations, [*programme.terms, *prices])


def _solved(equations: Sequence[sympy.Expr], unknowns: Sequence[sympy.Symbol]) -> Roots:
    roots = solve(equations, unknowns)
    if roots.free:
        # A set of solutions: one of them stands for it, with an unknown at zero.
        for unknown in reversed(unknowns):
            pinned = _solved([e.subs(unknown, 0) for e in equations],
                             [u for u in unknowns if u != unknown])  # fmt: skip
            if pinned.found:
                more = (Root({unknown: sympy.S.Zero, **r.values}, r.conditions)
                        for r in pinned.found)  # fmt: skip
                return Roots((*roots.found, *more), roots.complete)
    return roots


# --- from roots to candidates ------------------------------------------------------------------


def _candidate(
    programme: Programme, active: Sequence[Limit], prices: Sequence[sympy.Symbol], root: Root
) -> StationaryTerms | None:
    """The candidate at a root; None where it cannot be one."""
    domain = programme.domain
    if sympy.false in root.conditions:
        return None
    real = [*domain.constraints, *root.conditions]
    values = {term: brief(root.values[term], real, domain) for term in programme.terms}
    if any(value.has(sympy.nan, sympy.zoo, sympy.oo, sympy.I) for value in values.values()):
        return None
    multipliers = {limit.name: root.values[p] for p, limit in zip(prices, active, strict=False)}
    conditions = list(root.conditions)
    if len(programme.terms) == 1 and active:
        multipliers, signed = _price_of_one(programme, active[0], values)
        conditions += [] if active[0].exact else [signed]
    else:
        conditions += [
            compared(sympy.Ge, multipliers[limit.name])
            for limit in active
            if not limit.exact and limit.name in multipliers
        ]
    reached = not any(limit.strict for limit in active)
    conditions += [met(limit, values, reached) for limit in programme.limits if limit not in active]
    open_yet = [condition for condition in conditions if condition.free_symbols]
    if not all(decide(c) for c in conditions if not c.free_symbols):
        return None
    return StationaryTerms(
        programme=programme.name,
        active=tuple(limit.name for limit in active),
        terms=values,
        value=brief(programme.objective.subs(values), [*real, *open_yet], domain),
        multipliers=multipliers,
        conditions=simplified(open_yet, domain),
        reached=reached,
    )


def _price_of_one(
    programme: Programme, limit: Limit, values: Mapping[sympy.Symbol, sympy.Expr]
) -> tuple[dict[str, sympy.Expr], Boolean]:
    """The multiplier -f'/g' of the one term, and that it is not negative as f'*g' <= 0.

    Without the quotient the condition also holds where g' = 0: there the limit leaves, if it is
    concave, no other terms, and there is no multiplier.
    """
    (term,) = programme.terms
    rise, slope = (
        sympy.together(f.diff(term).subs(values)) for f in (programme.objective, limit.gap)
    )
    price = {} if slope.equals(0) else {limit.name: sympy.factor_terms(-rise / slope)}
    product, domain = compared(sympy.Le, rise * slope), programme.domain
    if not domain.parameters or not guards(slope):
        return price, product
    # Where the slope is one root, its sign is certain and that of the objective says as much.
    region = [*domain.constraints, *guards(slope)]
    known = sign(slope, region, domain.integers, QUICK).sign
    if known in "+-":
        alone = compared(sympy.Le if known == "+" else sympy.Ge, rise)
        met_there = [met(g, values) for g in programme.limits if g is not limit]
        if proved([*region, product, *met_there], alone, domain):
            return price, alone
    return price, product


def met(limit: Limit, values: Mapping[sympy.Symbol, sympy.Expr], reached: bool = True) -> Boolean:
    """That a limit is met at some terms; at an end that is only approached, up to its border."""
    gap = limit.gap.subs(values)
    open_end = limit.strict and reached
    return compared(sympy.Eq if limit.exact else sympy.Gt if open_end else sympy.Ge, gap)


def compared(relation: type[sympy.Rel], gap: sympy.Expr) -> Boolean:
    """A gap compared with zero: false where it is no real number, decided where it is one."""
    if gap.has(sympy.nan, sympy.zoo):
        return sympy.false
    if not gap.free_symbols:
        return sympy.sympify(decide(relation(gap, 0, evaluate=False)))
    return relation(gap, 0)


def can_hold(candidate: StationaryTerms, domain: Domain) -> bool:
    """Whether the conditions of a candidate are not proved to contradict one another."""
    premises = [*domain.constraints, *candidate.conditions]
    return feasible(premises, domain.integers, QUICK).exists is not False
