"""What can be tabulated of a branch: payoffs, outcomes, probabilities, and their elasticities."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.errors import InputError, unknown
from coopgame.forms.abilities import ability
from coopgame.forms.level.isolated import HighestLevel, LowestLevel, PeakLevel, slope_in
from coopgame.language.functions import stepped_parts, steps_of
from coopgame.language.printing import symbol, to_text
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
    empty = [s.game for s in solutions if not s.branches and s.partial != sympy.false and s.game]
    stated = [name for game in empty for name in ability(game, "named_outcomes") or ()]
    paid = [f"payoff_{name}" for game in empty for name in game.players]
    known = [*dict.fromkeys([*(name for b in branches for name in measures(b)), *stated, *paid])]
    usual = [*(name for b in branches for name in b.outcomes), *stated]
    usual = usual or [name for name in known if name.startswith("payoff_")]
    parameters = {name for solution in solutions for name in solution.domain.names}
    return tuple(dict.fromkeys(_known(name, known, parameters) for name in wanted or usual))


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

    None where the outcome is nought. At a kink, where minimum or maximum switch, there is none, nor
    at a jump of floor or ceiling. Raises InputError where the derivative has no formula.

    >>> x = symbol("x")
    >>> elasticity(3 * x**2, x)
    2
    """
    if outcome == 0:
        return None
    # Between its jumps a floor is a constant: it stands as one while the rest is differentiated.
    jumps = stepped_parts(outcome)
    constants = {jump: sympy.Dummy(real=True) for jump in jumps}
    slope = outcome.xreplace(constants).diff(parameter)
    slope = _in_formulas(slope.xreplace({d: jump for jump, d in constants.items()}), parameter)
    smooth = sympy.And(*(_is_between(jump) for jump in jumps if jump.has(parameter)))
    found = sympy.factor_terms(slope * parameter / outcome)
    return found if smooth == sympy.true else sympy.Piecewise((found, smooth))


def _is_between(jump: sympy.Expr) -> Boolean:
    steps = steps_of(jump)
    return sympy.true if steps is None else steps.between(jump.args[0], jump)


def _in_formulas(slope: sympy.Expr, parameter: sympy.Symbol) -> sympy.Expr:
    """The slope with pieces for the steps of minima, and that of a level by its equation."""
    levels = {
        part: slope_in(part.expr, parameter)
        for part in slope.atoms(sympy.Derivative)
        if isinstance(part.expr, HighestLevel | LowestLevel | PeakLevel)
    }
    slope = slope.xreplace(levels)
    left = sorted(slope.atoms(sympy.Derivative, sympy.Subs), key=sympy.default_sort_key)
    if left:
        name, told = parameter.name, to_text(left[0].expr)
        raise InputError(
            f"no elasticity in {name}: {told} has no formula for its derivative",
            "leave it out, or name another parameter",
        )
    steps = {step: _step(step.args[0], 0) for step in slope.atoms(sympy.Heaviside)}
    steps |= {step: _step(step.args[0], -1) for step in slope.atoms(sympy.sign)}
    return slope.xreplace(steps)


def _step(argument: sympy.Expr, below: int) -> sympy.Expr:
    return sympy.Piecewise((1, argument > 0), (below, argument < 0))
