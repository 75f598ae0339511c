"""Two actions against two: what each player loses by leaving an outcome, given the others.

The criteria of equilibrium selection need no more of a game than these losses. They are kept for
two players (`TwoByTwo`) and for any number of identical players (`Binary`). Each criterion returns
what it selects as `Selection` values, with the exact conditions under which it does; `as_solution`
puts them back into a solution, so that thresholds and signs speak of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import comb
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.errors import InputError
from coopgame.forms.abilities import ability
from coopgame.forms.base import leaders
from coopgame.language.comparisons import atoms
from coopgame.language.deciding import decide
from coopgame.language.parameters import Domain
from coopgame.proofs.conditions import reduce, tidy
from coopgame.proofs.questions import QUICK, feasible, is_redundant
from coopgame.solution import Solution

Table = tuple[tuple[sympy.Expr, sympy.Expr], tuple[sympy.Expr, sympy.Expr]]


@dataclass(frozen=True)
class Selection:
    """An equilibrium that a criterion selects, and the conditions under which it does.

    `measure` is what the criterion compares (a product of losses, a basin, a number of mistakes),
    where it has an expression. At a tie of the measure both equilibria are selected.
    """

    equilibrium: str
    criterion: str
    conditions: tuple[Boolean, ...]
    measure: sympy.Expr | None = None


@dataclass(frozen=True)
class TwoByTwo:
    """Two players with two actions each; `first` and `second` hold their payoffs by row, column."""

    actions: tuple[tuple[str, ...], tuple[str, ...]]
    first: Table
    second: Table
    domain: Domain

    def name(self, i: int, j: int) -> str:
        return f"{self.actions[0][i]},{self.actions[1][j]}"

    def losses(self, i: int, j: int) -> tuple[sympy.Expr, sympy.Expr]:
        """What the first and the second player lose by leaving the outcome (i, j) alone."""
        row = self.first[i][j] - self.first[1 - i][j]
        column = self.second[i][j] - self.second[i][1 - j]
        return sympy.expand(row), sympy.expand(column)

    @property
    def outcomes(self) -> tuple[tuple[int, int], ...]:
        return ((0, 0), (0, 1), (1, 0), (1, 1))


@dataclass(frozen=True)
class Binary:
    """Identical players with two actions; payoffs of each action given k others who take the first.

    `first` and `second` list them for k = 0, ..., n - 1; `names` are those of the outcomes in
    which all take the first, or all the second, action.
    """

    names: tuple[str, str]
    first: tuple[sympy.Expr, ...]
    second: tuple[sympy.Expr, ...]
    domain: Domain

    @property
    def players(self) -> int:
        return len(self.first)

    @property
    def advantages(self) -> tuple[sympy.Expr, ...]:
        """What the first action pays more than the second, for k = 0, ..., n - 1 others."""
        pairs = zip(self.first, self.second, strict=True)
        return tuple(sympy.expand(one - other) for one, other in pairs)


def bernstein(values: tuple[Any, ...], share: Any) -> Any:
    """The mean of values[k], k of n - 1 others each taking the first action with chance `share`."""
    others = len(values) - 1
    return sum(
        comb(others, k) * share**k * (1 - share) ** (others - k) * value
        for k, value in enumerate(values)
    )


def two_by_two(game: Any) -> TwoByTwo:
    """The view of a normal-form game; raises InputError unless it is of two by two actions."""
    if isinstance(game, TwoByTwo):
        return game
    if ability(game, "payoff_table") is not None:
        raise InputError(
            f"{game.header.info.name} is a game of identical players",
            "this criterion is defined for two players with two actions each, in normal form",
        )
    if ability(game, "matrix") is None or list(map(len, game.players.values())) != [2, 2]:
        raise InputError(
            f"{game.header.info.name} is not a game of two players with two actions each",
            "this criterion is defined for such games, and for identical players with two actions",
        )
    (name1, rows), (name2, columns) = game.players.items()
    first, second = (_table(game.matrix(name)) for name in (name1, name2))
    return TwoByTwo((rows, columns), first, second, game.header.domain)


def _table(matrix: list[list[sympy.Expr]]) -> Table:
    (a, b), (c, d) = matrix
    return (a, b), (c, d)


def binary(game: Any) -> Binary:
    """Identical players: the view of a symmetric game, or of a symmetric 2x2 game in normal form.

    Raises InputError unless the players' payoffs are each other's transpose, identically, or
    where the number of players is not a number.
    """
    if isinstance(game, Binary):
        return game
    table = ability(game, "payoff_table")
    if table is not None:
        first, second = table
        one, other = game.actions
        return Binary((f"all_{one}", f"all_{other}"), first, second, game.header.domain)
    view = two_by_two(game)
    mirrored = [view.first[i][j] - view.second[j][i] for i, j in view.outcomes]
    if any(sympy.cancel(difference) != 0 for difference in mirrored):
        raise InputError(
            f"{game.header.info.name} is not symmetric: its players differ",
            "use the criterion for two populations, or state equal payoffs",
        )
    (a, b), (c, d) = view.first
    return Binary((view.name(0, 0), view.name(1, 1)), (b, a), (d, c), view.domain)


def viewed(game: Any) -> TwoByTwo | Binary:
    """A game as the criteria see it: identical players as a number of them, or two by two.

    Raises InputError for any other game.
    """
    identical = isinstance(game, Binary) or ability(game, "payoff_table") is not None
    return binary(game) if identical else two_by_two(game)


def settled(candidates: Iterable[Selection], domain: Domain) -> tuple[Selection, ...]:
    """The selections that can hold somewhere in the domain, their conditions made irredundant."""
    found = []
    for candidate in candidates:
        conditions = [_known(c) for c in candidate.conditions]
        region = [*domain.constraints, *conditions]
        if feasible(region, domain.integers).exists is False:
            continue
        conditions = [_shorter(c, region, domain) for c in conditions]
        reduced = reduce(conditions, domain.constraints, domain.integers).conditions
        tidied = (_tidied(c, list(domain.constraints), domain) for c in reduced)
        found.append(replace(candidate, conditions=tuple(tidied)))
    return tuple(found)


def _known(condition: Boolean) -> Boolean:
    """A condition between numbers, decided."""
    return condition if condition.free_symbols else sympy.true if decide(condition) else sympy.false


def _shorter(condition: Boolean, region: list[Boolean], domain: Domain) -> Boolean:
    """An alternative without what the rest of the region excludes, or makes certain anyway."""
    if not isinstance(condition, sympy.Or):
        return condition
    others = [c for c in region if c is not condition]
    parts = []
    for part in condition.args:
        if feasible([*others, *atoms(part)], domain.integers, QUICK).exists is not False:
            needed = reduce(atoms(part), others, domain.integers).conditions
            parts.append(sympy.And(*(_tidied(c, others, domain) for c in needed)))
    for part in parts[:]:
        rest = sympy.Or(*(other for other in parts if other is not part))
        if is_redundant(rest, [*others, part], domain.integers, QUICK):
            parts.remove(part)
    return sympy.Or(*parts)


def _tidied(condition: Boolean, premises: list[Boolean], domain: Domain) -> Boolean:
    return tidy(condition, premises, leaders(domain), domain.integers)


def as_solution(solution: Solution, selections: Iterable[Selection]) -> Solution:
    """The solution with each selected equilibrium only where it is selected.

    Thresholds and signs of the result speak of the selection: `threshold` gives the border of,
    say, risk dominance. Selections of what is no branch of the solution are left out.
    """
    branches = {branch.name: branch for branch in solution.branches}
    chosen = tuple(
        replace(branches[s.equilibrium], conditions=s.conditions)
        for s in selections
        if s.equilibrium in branches
    )
    return replace(solution, branches=chosen, criticals=(), extrema={})
