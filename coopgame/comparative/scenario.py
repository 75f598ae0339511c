"""A game solved with some or all of its parameters fixed, by hand or by macro rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from coopgame.errors import InputError
from coopgame.forms.abilities import ability
from coopgame.forms.base import Game
from coopgame.forms.chained import chained
from coopgame.proofs.questions import feasible
from coopgame.rules.macro import MacroRules, bind
from coopgame.solution import Solution, solve_at


@dataclass(frozen=True)
class Scenario:
    """A solution, with the macro rules (if any) and the values it was obtained under."""

    solution: Solution
    rules: MacroRules | None = None

    @property
    def label(self) -> str:
        return self.rules.info.name if self.rules else self.solution.name

    def at_defaults(self) -> Solution | None:
        """The equilibria where defaults fill what is free; None where they break an assumption."""
        if self.solution.is_point:
            return self.solution
        try:
            return self.solution.at()
        except InputError:
            return None


def fixed(game: Game, values: Mapping[str, Any]) -> Game:
    """The game with some parameters fixed.

    Raises InputError for unknown names, values outside their interval, or values that leave no
    point of the domain.
    """
    point = game.header.domain.read(values)
    if not point:
        return game
    narrowed = game.substitute(point)
    left = narrowed.header.domain
    if feasible(left.constraints, left.integers).exists is False:
        raise InputError("no point of the domain is left", "set other values")
    return narrowed


def under(game: Game, rules: MacroRules | None) -> Game:
    """The game as it is under macro rules: a chain of regimes changes the game itself.

    Raises InputError where the rules have a chain and the game's form cannot take one.
    """
    if rules is None or not rules.chain:
        return game
    with_regimes = ability(game, "with_regimes")
    found: Game = with_regimes(rules) if with_regimes else chained(game, rules)
    return found


def bound(game: Game, values: Mapping[str, Any], rules: MacroRules | None) -> dict[str, Any]:
    """The exact values fixed by hand and by macro rules together; a conflict is an InputError.

    A chain of regimes fixes no hazard: see `under`.
    """
    domain = game.header.domain
    given = domain.read(values)
    if rules is None:
        return given
    return {**given, **bind(domain, rules, given)}


def solve(
    game: Game,
    values: Mapping[str, Any] | None = None,
    rules: Iterable[MacroRules] = (),
    at_defaults: bool = False,
    boundaries: bool = False,
) -> tuple[Scenario, ...]:
    """The game's equilibria with `values` fixed, under each of the macro rules (or none).

    With every parameter fixed, or `at_defaults`, the equilibria at a point, each certified;
    otherwise the correspondence in the parameters that are left, and with `boundaries` the continua
    of equilibria of a game in normal form too. Raises InputError for values that do not fit the
    game or conflict with the rules.
    """
    return tuple(
        _scenario(game, values or {}, each, at_defaults, boundaries)
        for each in tuple(rules) or [None]
    )


def _scenario(
    game: Game,
    values: Mapping[str, Any],
    rules: MacroRules | None,
    at_defaults: bool,
    boundaries: bool,
) -> Scenario:
    facing = under(game, rules)
    at = bound(facing, values, rules)
    if at_defaults or set(at) >= set(facing.header.domain.names):
        found = solve_at(facing, facing.header.domain.point(at))
        return Scenario(told(found, game, rules), rules)
    solution = told(_solved(fixed(facing, at), boundaries), game, rules)
    return Scenario(replace(solution, point={**solution.point, **at}), rules)


def told(solution: Solution, game: Game, rules: MacroRules | None) -> Solution:
    """A solution that says what inflation does to a game, and what of it was not applied."""
    if rules is None or rules.inflation is None:
        return solution
    notes = rules.inflation.told(game.header.domain, rules.years_per_period)
    provenance = solution.provenance
    more = replace(provenance, notes=(*provenance.notes, *notes))
    return replace(solution, provenance=more)


def _solved(game: Game, boundaries: bool) -> Solution:
    if not boundaries:
        return game.solve()
    if ability(game, "boundaries") is None:
        raise InputError("continua are looked for in games in normal form", "leave boundaries out")
    facing: Any = game
    found: Solution = facing.solve(boundaries=True)
    return found
