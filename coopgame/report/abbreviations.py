"""Long answers made readable: repeated parts get a letter, and are told once.

Expressions for programs stay as they are; this is for people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.proofs.questions import QUICK, feasible
from coopgame.report.repeats import definitions_of, letters_for, repeated_parts, with_letters
from coopgame.solution import Solution

LETTERS = "ABEFGHKLMNQVWYZ"
# Beyond these many operations SymPy takes longer than a reader waits: to factor, to prove a sign.
MAX_OPERATIONS = 400
SHORT = 30

Definitions = Mapping[sympy.Symbol, sympy.Expr]


@dataclass(frozen=True)
class Abbreviated:
    """A solution in which letters stand for repeated parts, and what they stand for, in order."""

    solution: Solution
    definitions: Definitions
    of: Callable[[Any], Any] = lambda expression: expression


def abbreviated(solution: Solution) -> Abbreviated:
    """The solution with its effective discount factors, and then whatever repeats, abbreviated.

    `D = delta*(1 - h)` (with the other chances of survival that multiply it everywhere) is what a
    relationship discounts with; an expression in delta and h that depends on D alone is written
    in D.
    """
    if solution.is_point:
        return Abbreviated(solution, {})
    factors, shorten = discounted(solution)
    shorter = _mapped(solution, shorten)
    letters = [letter for letter in LETTERS if letter not in solution.domain.names]
    picks = repeated_parts(list(_expressions(shorter)), len(letters))
    names = letters_for(picks, letters)

    def of(expression: Any) -> Any:
        return with_letters(shorten(expression), picks).xreplace(names)

    told = {names[s]: value.xreplace(names) for s, value in definitions_of(picks).items()}
    parts = dict(sorted(told.items(), key=lambda item: letters.index(item[0].name)))
    lettered = _mapped(solution, of)
    used = set().union(*(e.free_symbols for e in chain(_expressions(lettered), told.values())))
    told_factors = {letter: value for letter, value in factors.items() if letter in used}
    return Abbreviated(lettered, told_factors | parts, of)


def discounted(solution: Solution) -> tuple[Definitions, Callable[[Any], Any]]:
    """The effective discount factors of a solution, and how to write an expression in them.

    Nothing else is given a letter.
    """
    discounts = () if solution.is_point else _discounts(solution)

    def shorten(expression: Any) -> Any:
        return _turned(_in_discounts(expression, discounts), solution.domain)

    return {d.symbol: d.value for d in discounts}, shorten


# --- effective discount factors ----------------------------------------------------------------


@dataclass(frozen=True)
class _Discount:
    """`symbol` stands for `value`, the discount factor times the chances to survive a period."""

    symbol: sympy.Symbol
    value: sympy.Expr
    hazard: sympy.Symbol

    @property
    def rest(self) -> sympy.Expr:
        return self.value / (1 - self.hazard)

    def put(self, expression: sympy.Expr) -> sympy.Expr:
        """The expression with the symbol in every product that has all factors of the value."""
        factors = set(self.value.args)
        return expression.replace(
            lambda part: part.is_Mul and factors <= set(part.args),
            lambda part: sympy.Mul(self.symbol, *(f for f in part.args if f not in factors)),
        )


def _discounts(solution: Solution) -> tuple[_Discount, ...]:
    """One effective discount factor a hazard."""
    domain = solution.domain
    factors, hazards = domain.by_role("discount"), domain.by_role("hazard")
    if len(factors) != 1:
        return ()
    names = ["D"] if len(hazards) == 1 else [f"D_{p.name.removeprefix('h_')}" for p in hazards]
    found = []
    for name, hazard in zip(names, hazards, strict=True):
        if name not in domain.names:
            others = _companions(solution, factors[0].symbol, hazard.symbol)
            value = sympy.Mul(factors[0].symbol, 1 - hazard.symbol, *others)
            found.append(_Discount(symbol(name), value, hazard.symbol))
    return tuple(found)


def _companions(
    solution: Solution, discount: sympy.Symbol, hazard: sympy.Symbol
) -> list[sympy.Expr]:
    """The other factors `1 - x` of every product that has both `delta` and `1 - h`."""
    survival = {1 - s for s in solution.domain.symbols if s not in (discount, hazard)}
    products = [
        set(product.args)
        for expression in _expressions(solution)
        for product in expression.atoms(sympy.Mul)
        if discount in product.args and 1 - hazard in product.args
    ]
    shared = survival.intersection(*products) if products else set()
    return sorted(shared, key=sympy.default_sort_key)


def _in_discounts(expression: Any, discounts: Sequence[_Discount]) -> Any:
    """The expression in effective discount factors, where that rids it of the hazards."""
    if isinstance(expression, Relational):
        sides = [_in_discounts(side, discounts) for side in expression.args]
        return expression.func(*sides, evaluate=False)
    if isinstance(expression, sympy.And | sympy.Or | sympy.Not):
        return expression.func(*(_in_discounts(part, discounts) for part in expression.args))
    for discount in discounts:
        expression = discount.put(expression)
    return _expanded_in(expression, discounts)


def _expanded_in(expression: sympy.Expr, discounts: Sequence[_Discount]) -> sympy.Expr:
    """The same for expressions that were multiplied out, by substituting for the hazards."""
    hidden = [d for d in discounts if expression.has(d.hazard)]
    if not hidden or expression.count_ops() > MAX_OPERATIONS:
        return expression
    stated = expression.subs({d.hazard: 1 - d.symbol / d.rest for d in hidden})
    leftover = {s for d in hidden for s in d.rest.free_symbols}
    if not stated.is_rational_function(*stated.free_symbols):
        return expression
    rewritten = sympy.factor(stated)
    return expression if rewritten.free_symbols & leftover else rewritten


# --- signs -------------------------------------------------------------------------------------


def _turned(expression: Any, domain: Domain) -> Any:
    """The expression with its factors turned the way they are positive, as `R - P` for R > P."""
    if isinstance(expression, Relational):
        sides = (_turned(side, domain) for side in expression.args)
        return expression.func(*sides, evaluate=False)
    if not (isinstance(expression, sympy.Expr) and expression.is_Mul):
        return expression
    turned = [
        (base, power, _is_negative(base, power, domain)) for base, power in _powers(expression)
    ]
    flips = sum(power for _, power, negative in turned if negative)
    factors = [(-base if negative else base, power) for base, power, negative in turned]
    coefficient = -1 if flips % 2 else 1
    rest = [(base, power) for base, power in factors if not base.is_number]
    coefficient *= sympy.Mul(*(base**power for base, power in factors if base.is_number))
    if coefficient.is_negative:
        coefficient, rest = _absorbed(coefficient, rest)
    return sympy.Mul(coefficient, *(base**power for base, power in rest))


def _powers(product: sympy.Expr) -> list[tuple[sympy.Expr, sympy.Expr]]:
    """The factors as base and exponent; whole numbers common to a sum stand on their own."""
    found = []
    for factor in product.args:
        base, power = factor.as_base_exp()
        content = base.primitive()[0] if base.is_Add else sympy.S.One
        common = content if content.is_Integer else sympy.S.One
        found += [(common, power), (base / common if common != 1 else base, power)]
    return found


def _is_negative(base: sympy.Expr, power: sympy.Expr, domain: Domain) -> bool:
    if not (base.is_Add and power.is_Integer and base.count_ops() < SHORT):
        return False
    return base.free_symbols <= set(domain.symbols) and _is_never_positive(
        base, domain.constraints, domain.integers
    )


@lru_cache(maxsize=1024)
def _is_never_positive(
    base: sympy.Expr, constraints: tuple[Boolean, ...], integers: frozenset[sympy.Symbol]
) -> bool:
    """Proved; the same factors come back in many expressions."""
    return feasible([*constraints, base > 0], integers, QUICK).exists is False


def _absorbed(
    coefficient: sympy.Expr, factors: list[tuple[sympy.Expr, sympy.Expr]]
) -> tuple[sympy.Expr, list[tuple[sympy.Expr, sympy.Expr]]]:
    """A minus sign taken into the first sum that has a term to take it."""
    for i, (base, power) in enumerate(factors):
        if base.is_Add and power == 1 and any(t.could_extract_minus_sign() for t in base.args):
            return -coefficient, [*factors[:i], (-base, power), *factors[i + 1 :]]
    return coefficient, factors


# --- every expression of a solution ------------------------------------------------------------


def _expressions(solution: Solution) -> Iterator[Any]:
    """Every expression, once a branch."""
    for branch in solution.branches:
        leaves = _leaves((branch.strategies, branch.payoffs, branch.outcomes, branch.conditions))
        yield from dict.fromkeys(leaf for leaf in leaves if isinstance(leaf, sympy.Basic))
    yield from (critical.expression for critical in solution.criticals)


def _leaves(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return chain.from_iterable(map(_leaves, value.values()))
    if isinstance(value, list | tuple):
        return chain.from_iterable(map(_leaves, value))
    return (value,)


def _mapped(solution: Solution, change: Callable[[Any], Any]) -> Solution:
    def put(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: put(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return tuple(map(put, value))
        return change(value) if isinstance(value, sympy.Basic) else value

    branches = tuple(
        replace(
            branch,
            strategies=put(branch.strategies),
            payoffs=put(branch.payoffs),
            outcomes=put(branch.outcomes),
            conditions=put(branch.conditions),
        )
        for branch in solution.branches
    )
    criticals = tuple(replace(c, expression=put(c.expression)) for c in solution.criticals)
    return replace(solution, branches=branches, criticals=criticals)
