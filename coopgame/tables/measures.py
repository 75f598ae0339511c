"""What can be tabulated of a branch: payoffs, outcomes, probabilities, and their elasticities."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import sympy

from coopgame.errors import unknown
from coopgame.language.printing import symbol
from coopgame.solution import Branch, Solution

ELASTICITY = re.compile(r"elasticity:(\w+):(\w+)\Z")


def measures(branch: Branch) -> dict[str, sympy.Expr]:
    """The numbers that a branch names: its outcomes, each player's payoff as `payoff_PLAYER`, and
    in mixed strategies the probability of each action as `PLAYER_ACTION`."""
    payoffs = {f"payoff_{player}": value for player, value in branch.payoffs.items()}
    mixed = branch.strategies.items() if branch.kind == "mixed" else ()
    chances = {
        f"{player}_{action}": chance
        for player, mixture in mixed
        for action, chance in mixture.items()
        if isinstance(chance, sympy.Expr)
    }
    return {**payoffs, **chances, **branch.outcomes}


def column_names(solutions: Iterable[Solution], wanted: Collection[str] | None) -> tuple[str, ...]:
    """The columns to tabulate: what is wanted, else all outcomes, else the payoffs.

    Raises InputError for an unknown one; `elasticity:OUTCOME:PARAMETER` is known where both are.
    """
    solutions = tuple(solutions)
    branches = [branch for solution in solutions for branch in solution.branches]
    # A point may have equilibria where the symbols have none: those name what the file names.
    stated = [n for s in solutions for n in getattr(s.game, "outcomes", ()) if not s.branches]
    paid = [f"payoff_{n}" for s in solutions for n in _players(s) if not s.branches]
    known = [*dict.fromkeys([*(name for b in branches for name in measures(b)), *stated, *paid])]
    usual = [*(name for b in branches for name in b.outcomes), *stated]
    usual = usual or [name for name in known if name.startswith("payoff_")]
    parameters = {name for solution in solutions for name in solution.domain.names}
    return tuple(dict.fromkeys(_known(name, known, parameters) for name in wanted or usual))


def _players(solution: Solution) -> tuple[str, ...]:
    """The players that the game names; of identical ones there is only a number."""
    players = getattr(solution.game, "players", ())
    return tuple(players) if isinstance(players, Mapping | tuple | list) else ()


def _known(name: str, known: Collection[str], parameters: Collection[str]) -> str:
    match = ELASTICITY.match(name)
    outcome = match[1] if match else name
    if outcome not in known:
        raise unknown("outcome", outcome, known)
    if match and match[2] not in parameters:
        raise unknown("parameter", match[2], sorted(parameters))
    return name


def column(branch: Branch, name: str) -> sympy.Expr | None:
    """The expression of a column on a branch; None where the branch has no such thing."""
    match = ELASTICITY.match(name)
    if not match:
        return measures(branch).get(name)
    found = measures(branch).get(match[1])
    return None if found is None else elasticity(found, symbol(match[2]))


def elasticity(outcome: sympy.Expr, parameter: sympy.Symbol) -> sympy.Expr | None:
    """By how many per cent an outcome moves per per cent of a parameter: x/f * df/dx.

    None where the outcome is nought. At a kink, where minimum or maximum switch, there is none.

    >>> x = symbol("x")
    >>> elasticity(3 * x**2, x)
    2
    """
    if outcome == 0:
        return None
    slope = outcome.diff(parameter)
    steps = {step: _step(step.args[0]) for step in slope.atoms(sympy.Heaviside)}
    return sympy.factor_terms(slope.xreplace(steps) * parameter / outcome)


def _step(argument: sympy.Expr) -> sympy.Expr:
    return sympy.Piecewise((1, argument > 0), (0, argument < 0))
