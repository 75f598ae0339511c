"""Payoff dominance, risk dominance, and the most co-operative equilibrium, as regions.

Everything here compares weakly: at a tie each of the equal equilibria is selected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import comb
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.errors import InputError
from coopgame.selection.coordination import Binary, Selection, TwoByTwo, settled, viewed
from coopgame.solution import Branch, Solution

PAYOFF_DOMINANCE = "payoff dominance"
MOST_COOPERATIVE = "most co-operative"
RISK_DOMINANCE = "risk dominance"


def payoff_dominant(solution: Solution) -> tuple[Selection, ...]:
    """The equilibria that give every player at least what each other equilibrium gives.

    A branch is selected where its conditions hold and, of every other branch, either the
    conditions fail or no player's payoff is higher (Harsanyi and Selten 1988). Raises InputError
    where payoffs are tied to an implicit quantity, or told by what players do and not by player.
    """
    if len({frozenset(branch.payoffs) for branch in solution.branches}) > 1:
        raise InputError(
            f"the payoffs of {solution.name} are those of actions, not of players",
            "payoff dominance compares equilibria for each player",
        )

    def better(one: Branch, other: Branch) -> Boolean:
        return sympy.And(*(sympy.Ge(one.payoffs[p], other.payoffs[p]) for p in one.payoffs))

    return _chosen(solution, PAYOFF_DOMINANCE, better, None)


def most_cooperative(solution: Solution, outcome: str = "cooperation") -> tuple[Selection, ...]:
    """The equilibria in which a named outcome is highest among all that exist.

    Raises InputError where a branch has no such outcome, or has it only implicitly.
    """
    for branch in solution.branches:
        if outcome not in branch.outcomes:
            known = ", ".join(sorted(branch.outcomes)) or "none"
            raise InputError(f"{branch.name!r} has no outcome {outcome!r}", f"outcomes: {known}")

    def better(one: Branch, other: Branch) -> Boolean:
        return sympy.Ge(one.outcomes[outcome], other.outcomes[outcome])

    return _chosen(solution, MOST_COOPERATIVE, better, outcome)


def _chosen(
    solution: Solution,
    criterion: str,
    better: Callable[[Branch, Branch], Boolean],
    outcome: str | None,
) -> tuple[Selection, ...]:
    """The branches that are `better` than each other branch wherever that one exists too."""
    if any(branch.implicit for branch in solution.branches):
        raise InputError(
            f"the equilibria of {solution.name} are tied to implicit quantities",
            "fix the parameters first, with solution.at(...)",
        )
    candidates = []
    for one in solution.branches:
        unrivalled = [
            sympy.Or(sympy.Not(sympy.And(*other.conditions)), better(one, other))
            for other in solution.branches
            if other is not one
        ]
        measure = one.outcomes[outcome] if outcome else None
        conditions = (*one.conditions, *unrivalled)
        candidates.append(Selection(one.name, criterion, conditions, measure))
    return settled(candidates, solution.domain)


def risk_dominant(game: Any) -> tuple[Selection, ...]:
    """Which of two strict equilibria risk-dominates the other (Harsanyi and Selten 1988, exact).

    For two players with two actions: the one with the larger product of deviation losses, which
    is the `measure`. For n identical players, between all taking the one and all the other action:
    with gain a = advantage(n-1) and b = -advantage(0) each player's prior on the others is
    a/(a + b), and the first is selected iff it is a best reply to that prior, iff

        sum over k of C(n-1, k) * a**k * b**(n-1-k) * advantage(k) >= 0.

    Nothing is selected where the two are not both strict equilibria.
    """
    seen = viewed(game)
    found = _bicentric(seen) if isinstance(seen, Binary) else _pairwise(seen)
    return settled(found, seen.domain)


def _pairwise(game: TwoByTwo) -> Iterator[Selection]:
    for i, j in game.outcomes:
        here, there = game.losses(i, j), game.losses(1 - i, 1 - j)
        strict = tuple(sympy.Gt(loss, 0) for loss in (*here, *there))
        product = here[0] * here[1]
        larger = sympy.Ge(product - there[0] * there[1], 0)
        yield Selection(game.name(i, j), RISK_DOMINANCE, (*strict, larger), sympy.factor(product))


def _bicentric(game: Binary) -> Iterator[Selection]:
    gains = game.advantages
    others = len(gains) - 1
    high, low = gains[-1], -gains[0]
    reply = sympy.Add(
        *(comb(others, k) * high**k * low ** (others - k) * gain for k, gain in enumerate(gains))
    )
    strict = (sympy.Gt(high, 0), sympy.Gt(low, 0))
    for name, value in zip(game.names, (reply, -reply), strict=True):
        yield Selection(name, RISK_DOMINANCE, (*strict, sympy.Ge(value, 0)))
