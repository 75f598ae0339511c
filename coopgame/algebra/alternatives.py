"""Disjunctions in as few comparisons as the conditions beside them allow, by proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.simplify import united
from coopgame.language.comparisons import atoms
from coopgame.language.parameters import Domain
from coopgame.proofs.conditions import reduce, tidy
from coopgame.proofs.opposites import fails

WAYS = 12  # alternatives that are compared with each other: each asks the solver some questions
LETTERS = 4  # symbols: of more, these questions take seconds


def plainer(
    conditions: tuple[Boolean, ...], domain: Domain, leaders: Sequence[sympy.Symbol]
) -> tuple[Boolean, ...]:
    """The conditions with each disjunction among them in as few comparisons as the rest allow.

    >>> a, b = sympy.symbols("a b", real=True)
    >>> plainer((a > 0, sympy.Or((a > 0) & (b > 1), (a <= 0) & (b < 0))), Domain(), [])
    (a > 0, b > 1)
    """
    told = conditions
    for condition in conditions:
        others = [other for other in told if other is not condition]
        instead = fewest(condition, others, domain, leaders)
        if instead != (condition,) and condition in told:
            at = told.index(condition)
            told = (*told[:at], *instead, *told[at + 1 :])
            if all(map(is_plain, told)):  # of roots, what says that they are real must stay
                told = reduce(told, domain.constraints, domain.integers).conditions
    return told


def is_plain(condition: Boolean) -> bool:
    """Whether it compares rational expressions only, which are real wherever they are defined."""
    whole = all(power.exp.is_Integer for power in condition.atoms(sympy.Pow))
    return whole and not condition.atoms(sympy.Function)


def fewest(
    condition: Boolean, others: Iterable[Boolean], domain: Domain, leaders: Sequence[sympy.Symbol]
) -> tuple[Boolean, ...]:
    """What a disjunction of comparisons says beside the other conditions, in as few as can be.

    Anything else stands as it is, as does what has more than WAYS alternatives, more than LETTERS
    symbols, or a function in it.

    >>> a, b = sympy.symbols("a b", real=True)
    >>> either = (a > 0) & (b >= 1) | (a <= 0) & (b >= 1) & (b + a**2 > 0) | (b > 1) & (a > 0)
    >>> fewest(either, [], Domain(), [])
    (b >= 1,)
    """
    if not isinstance(condition, sympy.Or) or not is_plain(condition):
        return (condition,)
    if len(condition.free_symbols) > LETTERS:
        return (condition,)
    ways = sympy.Or.make_args(sympy.to_dnf(condition))
    if len(ways) > WAYS:
        return (condition,)
    here = replace(domain, assumptions=(*domain.assumptions, *others))
    plain = _tidied(ways, here, leaders)
    found = tuple(atoms(united(plain, here)))
    once = _tidied(sympy.Or.make_args(sympy.And(*found)), here, leaders)
    return tuple(atoms(sympy.Or(*once))) if len(once) > 1 else found


def _tidied(
    ways: Iterable[Boolean], domain: Domain, leaders: Sequence[sympy.Symbol]
) -> list[Boolean]:
    """Each alternative with its comparisons cleared, given that none of the shorter ones holds.

    `a or b` is `a or (b and not a)`: so D <= 0 lets the others be divided by D.
    """
    found: list[Boolean] = []
    known = list(domain.constraints)
    for way in sorted(ways, key=lambda way: (way.count_ops(), sympy.default_sort_key(way))):
        cleared = (tidy(atom, known, leaders, domain.integers) for atom in atoms(way))
        plain = sympy.And(*cleared)
        if plain != sympy.false:
            found.append(plain)
        if not isinstance(way, sympy.And):
            known += fails(way)
    return found
