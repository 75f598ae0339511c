"""Which of several equilibria a table keeps: a condition on each branch, decided point by point."""

from __future__ import annotations

from collections.abc import Callable

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.selection.dominance import risk_dominant
from coopgame.solution import Branch, Solution

CRITERIA = ("all", "most-cooperative", "least-cooperative", "risk-dominant")
DEFAULT = "cooperation"


def chosen(game: Game, solution: Solution, select: str) -> dict[str, Boolean]:
    """Where each branch is selected, given that it exists there.

    `select` is "all", "risk-dominant" (the two strict equilibria of a coordination game compared;
    nothing elsewhere), or "most-cooperative" or "least-cooperative", with the outcome to compare
    after a colon where that is not `cooperation`. At a tie each of the equal ones is selected.
    Raises InputError for an unknown criterion, or one that does not fit the game.
    """
    criterion, _, outcome = select.partition(":")
    if criterion == "all" and not outcome:
        return dict.fromkeys((branch.name for branch in solution.branches), sympy.true)
    if criterion == "risk-dominant" and not outcome:
        return _risk_dominant(game, solution)
    if criterion == "most-cooperative":
        return _extreme(solution, outcome or DEFAULT, sympy.Ge)
    if criterion == "least-cooperative":
        return _extreme(solution, outcome or DEFAULT, sympy.Le)
    raise InputError(f"unknown selection {select!r}", f"use {', '.join(CRITERIA)}")


def _risk_dominant(game: Game, solution: Solution) -> dict[str, Boolean]:
    found = risk_dominant(game)
    where = {each.equilibrium: sympy.And(*each.conditions) for each in found}
    return {branch.name: where.get(branch.name, sympy.false) for branch in solution.branches}


def _extreme(
    solution: Solution, outcome: str, relation: Callable[[sympy.Expr, sympy.Expr], Boolean]
) -> dict[str, Boolean]:
    """A branch is selected where no other that exists has more (or less) of the outcome."""
    for branch in solution.branches:
        if outcome not in branch.outcomes:
            known = ", ".join(sorted(branch.outcomes)) or "none"
            raise InputError(
                f"{branch.name!r} has no outcome {outcome!r}",
                f"name one after a colon, as in most-cooperative:NAME; outcomes: {known}",
            )

    def unrivalled(one: Branch, other: Branch) -> Boolean:
        better = relation(one.outcomes[outcome], other.outcomes[outcome])
        return sympy.Or(sympy.Not(sympy.And(*other.conditions)), better)

    return {
        one.name: sympy.And(*(unrivalled(one, b) for b in solution.branches if b is not one))
        for one in solution.branches
    }
