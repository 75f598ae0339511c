"""Games in normal form: finitely many players and actions, a payoff expression for each profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Self

import sympy

from coopgame.errors import InputError
from coopgame.forms.base import Header, assemble, certify, certify_somewhere
from coopgame.forms.bimatrix import at_numbers, centres, continua_of, equilibria, matrices
from coopgame.forms.mixtures import expected, flaw, gains, make_branch
from coopgame.forms.supports import largest_support
from coopgame.forms.tables import (
    Actions,
    Payoffs,
    Players,
    check_known,
    check_names,
    read_outcomes,
    read_payoffs,
    read_players,
)
from coopgame.gamefile import Section
from coopgame.printing import symbol, to_text
from coopgame.solution import Branch, Component, Point, Provenance, Solution, number


@dataclass(frozen=True)
class NormalGame:
    """Players with their actions, and for each profile of actions the payoff of each player.

    `players` keeps its order; `payoffs` maps every profile (one action a player) to one
    expression a player; `outcomes` are expressions in the parameters, in `<player>_<action>`
    (the probability) and in `<player>_payoff`.
    """

    header: Header
    players: Players
    payoffs: Payoffs
    outcomes: Mapping[str, sympy.Expr]

    @property
    def profiles(self) -> list[Actions]:
        """Every profile of actions, the last player's action changing fastest."""
        return list(product(*self.players.values()))

    def matrix(self, player: str) -> list[list[sympy.Expr]]:
        """The payoffs of one of two players: a row for each action of the first."""
        return matrices(self)[list(self.players).index(player)]

    def solve(self, boundaries: bool = False) -> Solution:
        """All equilibria of two players; the pure ones of more.

        A game that is degenerate for all parameter values has its extreme equilibria listed.
        With `boundaries`, the continua of equilibria are found too (`Solution.boundaries`).
        """
        if len(self.players) != 2:
            note = "three players or more: mixed equilibria are not enumerated"
            provenance = Provenance("pure equilibria by enumeration", notes=(note,))
            return assemble(self, pure_equilibria(self), provenance)
        solution = assemble(self, equilibria(self, self.header.domain), _provenance(self))
        solution = replace(solution, complete=lambda point: _complete(self, point))
        return _with_boundaries(self, solution) if boundaries else solution

    def boundaries(self) -> tuple[Component, ...]:
        """The continua of equilibria: on which borders of the parameter space, between what.

        Each is certified at a point of its region, with a mixture from inside it.
        """
        return self.solve(boundaries=True).boundaries

    def substitute(self, values: Mapping[str, sympy.Rational]) -> Self:
        """The same game with some parameters fixed."""
        at = {symbol(name): value for name, value in values.items()}
        return replace(
            self,
            header=replace(self.header, domain=self.header.domain.substitute(values)),
            payoffs={p: tuple(u.subs(at) for u in us) for p, us in self.payoffs.items()},
            outcomes={name: outcome.subs(at) for name, outcome in self.outcomes.items()},
        )

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """The most any player gains by another action; 1 or more if some mixture is none."""
        at = {symbol(name): value for name, value in point.items()}
        here = {p: tuple(u.xreplace(at) for u in us) for p, us in self.payoffs.items()}
        strategies = equilibrium.strategies
        flaws = [flaw(strategies[player]) for player in self.players]
        return sympy.Max(*flaws, *gains(replace(self, payoffs=here), strategies))

    def payoff(self, player: str, strategies: Mapping[str, Mapping[str, sympy.Expr]]) -> sympy.Expr:
        """The expected payoff of a player when all play their mixtures."""
        return expected(self, player, strategies)

    def at(self, **values: Any) -> Any:
        """The game at a point as a `nashpy.Game`, in floats; defaults fill what is left out.

        Raises InputError unless there are two players, or for a value outside the domain.
        """
        if len(self.players) != 2:
            problem = f"{len(self.players)} players: Nashpy knows games of two"
            raise InputError(problem, "write the game as a Gambit file instead")
        import nashpy

        fixed = self.substitute(self.header.domain.point(values))
        matrices = map(fixed.matrix, fixed.players)
        return nashpy.Game(*[[[number(u) for u in row] for row in rows] for rows in matrices])

    def describe(self) -> list[tuple[str, str]]:
        """The actions of each player, then the payoffs of each profile."""
        actions = [(player, ", ".join(actions)) for player, actions in self.players.items()]
        payoffs = [(",".join(p), ", ".join(map(to_text, self.payoffs[p]))) for p in self.profiles]
        return [*actions, *payoffs]


def pure_equilibria(game: NormalGame) -> Iterator[Branch]:
    """Each profile, with the condition that no player gains by another action."""
    for profile in game.profiles:
        conditions = []
        for place, actions in enumerate(game.players.values()):
            for action in actions:
                other = (*profile[:place], action, *profile[place + 1 :])
                gain = game.payoffs[profile][place] - game.payoffs[other][place]
                conditions.append(sympy.Ge(sympy.expand(gain), 0))
        named = dict(zip(game.players, profile, strict=True))
        strategies = {p: {named[p]: sympy.S.One} for p in game.players}
        payoffs = dict(zip(game.players, game.payoffs[profile], strict=True))
        kept = tuple(c for c in conditions if c != sympy.true)
        yield make_branch(game, strategies, payoffs, kept)


def _provenance(game: NormalGame) -> Provenance:
    rows, columns = map(len, game.players.values())
    size = largest_support(rows, columns)
    note = f"supports of more than {size} actions are not examined: the game is too large"
    notes = (note,) if size < min(rows, columns) else ()
    return Provenance("support enumeration over the field of fractions", notes=notes)


def _complete(game: NormalGame, solution: Solution) -> Solution:
    """The solution at a point with all extreme equilibria, where the game is degenerate there."""
    own = {
        name: value for name, value in solution.values.items() if name in game.header.domain.names
    }
    found = at_numbers(game.substitute(own))
    if found is None:
        return solution
    branches, components = found
    for component in components:
        for centre in centres(game, component):
            certify(game, centre, own)
    return replace(solution, branches=tuple(branches), boundaries=tuple(components))


def _with_boundaries(game: NormalGame, solution: Solution) -> Solution:
    components, notes = continua_of(game, game.header.domain)
    for component in components:
        for branch in (*component.extremes, *centres(game, component)):
            certify_somewhere(game, replace(branch, conditions=component.conditions))
    provenance = replace(solution.provenance, notes=(*solution.provenance.notes, *notes))
    return replace(solution, boundaries=tuple(components), provenance=provenance)


def read(section: Section, header: Header) -> NormalGame:
    """A normal-form game from the keys `players`, `payoffs` and `outcomes` of its file.

    Every fault is noted in `section`; what is returned after faults means nothing.
    """
    players = read_players(section.table("players"))
    check_names(section, header.domain, players)
    payoffs = read_payoffs(section.table("payoffs"), header.domain, players)
    outcomes = read_outcomes(section.table("outcomes", required=False), header.domain, players)
    check_known(section, "shown", header.shown, outcomes.keys())
    if header.headline and not header.headline.startswith("mixed") and payoffs:
        known = [",".join(profile) for profile in payoffs]
        check_known(section, "headline", [header.headline], [*known, "mixed"])
    return NormalGame(header, players, payoffs, outcomes)
