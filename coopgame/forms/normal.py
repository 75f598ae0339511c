"""Games in normal form: finitely many players and actions, a payoff expression for each profile."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Self

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.forms.algebra import cancelled
from coopgame.forms.base import Header, assemble
from coopgame.forms.supports import Profile, largest_support, profiles
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
from coopgame.solution import Branch, Point, Provenance, Solution

Mixture = Mapping[str, sympy.Expr]


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
        place = list(self.players).index(player)
        rows, columns = self.players.values()
        return [[self.payoffs[row, column][place] for column in columns] for row in rows]

    def solve(self) -> Solution:
        """All equilibria of two players; the pure ones of more.

        A game that is degenerate for all parameter values has its extreme equilibria listed.
        """
        if len(self.players) != 2:
            note = "three players or more: mixed equilibria are not enumerated"
            provenance = Provenance("pure equilibria by enumeration", notes=(note,))
            return assemble(self, pure_equilibria(self), provenance)
        return assemble(self, two_player_equilibria(self), _provenance(self))

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
        strategies = equilibrium.strategies
        gains = [_flaw(strategies[player]) for player in self.players]
        for player, actions in self.players.items():
            values = {a: self.payoff(player, {**strategies, player: {a: 1}}, at) for a in actions}
            mean = sum(strategies[player].get(a, 0) * value for a, value in values.items())
            gains += [value - mean for value in values.values()]
        return sympy.Max(*gains)

    def payoff(
        self, player: str, strategies: Mapping[str, Mixture], at: Mapping[Any, Any] | None = None
    ) -> sympy.Expr:
        """The expected payoff of a player when all play their mixtures, at `at` if given."""
        place = list(self.players).index(player)
        mixtures = [strategies[name] for name in self.players]
        total = sympy.S.Zero
        for profile in product(*mixtures):
            weight = math.prod(mix[action] for mix, action in zip(mixtures, profile, strict=True))
            payoff = self.payoffs[profile][place]
            total += weight * (payoff.xreplace(dict(at)) if at else payoff) if weight != 0 else 0
        return total

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
        yield branch(game, strategies, payoffs, kept)


def two_player_equilibria(game: NormalGame) -> list[Branch]:
    """The pairs of vertices of two players' best-response polytopes, as branches."""
    first, second = game.players
    found = profiles(game.matrix(first), game.matrix(second), game.header.domain)
    return distinct([from_profile(game, profile) for profile in found])


def from_profile(
    game: NormalGame, profile: Profile, conditions: Collection[Boolean] = ()
) -> Branch:
    """The branch of a pair of vertices, with further conditions if given."""
    pairs = zip(game.players.items(), (profile.row, profile.column), strict=True)
    strategies = {
        player: {actions[i]: vertex.strategy[i] for i in vertex.support}
        for (player, actions), vertex in pairs
    }
    payoffs = dict(zip(game.players, (profile.column.value, profile.row.value), strict=True))
    return branch(game, strategies, payoffs, (*profile.conditions, *conditions))


def branch(
    game: NormalGame,
    strategies: Mapping[str, Mixture],
    payoffs: Mapping[str, sympy.Expr],
    conditions: tuple[Boolean, ...],
) -> Branch:
    """The branch of a profile of mixtures: actions of probability zero may be left out."""
    full = {
        player: {action: strategies[player].get(action, sympy.S.Zero) for action in actions}
        for player, actions in game.players.items()
    }
    values = {symbol(f"{p}_payoff"): payoff for p, payoff in payoffs.items()}
    values |= {symbol(f"{p}_{a}"): share for p in full for a, share in full[p].items()}
    return Branch(
        name=profile_name(game.players, strategies),
        kind="mixed",
        concept="Nash",
        strategies=full,
        payoffs=payoffs,
        outcomes={n: cancelled(o.subs(values)) for n, o in game.outcomes.items()},
        conditions=conditions,
    )


def profile_name(players: Mapping[str, Actions], strategies: Mapping[str, Mixture]) -> str:
    """`work,trust` for actions, `mixed` where all are used, else `mixed{work,shirk|trust}`.

    >>> profile_name({"a": ("l", "r"), "b": ("l", "r")}, {"a": {"l": 1}, "b": {"l": 1, "r": 0}})
    'l,l'
    """
    supports = [
        [action for action in actions if strategies[player].get(action, 0) != 0]
        for player, actions in players.items()
    ]
    if all(len(support) == 1 for support in supports):
        return ",".join(support[0] for support in supports)
    if supports == [list(actions) for actions in players.values()]:
        return "mixed"
    return f"mixed{{{'|'.join(map(','.join, supports))}}}"


def distinct(branches: Sequence[Branch]) -> list[Branch]:
    """The branches with equal names told apart: the second of a name gets ` 2`, and so on."""
    count: dict[str, int] = {}
    found = []
    for each in branches:
        count[each.name] = count.get(each.name, 0) + 1
        suffix = f" {count[each.name]}" if count[each.name] > 1 else ""
        found.append(replace(each, name=each.name + suffix))
    return found


def _provenance(game: NormalGame) -> Provenance:
    rows, columns = map(len, game.players.values())
    size = largest_support(rows, columns)
    note = f"supports of more than {size} actions are not examined: the game is too large"
    notes = (note,) if size < min(rows, columns) else ()
    return Provenance("support enumeration over the field of fractions", notes=notes)


def _flaw(mixture: Mixture) -> sympy.Expr:
    """0 for a probability distribution, at least 1 for anything else."""
    total = sympy.nsimplify(sympy.simplify(sum(mixture.values()) - 1))
    valid = total == 0 and all(sympy.N(share, 40) >= 0 for share in mixture.values())
    return sympy.Integer(0 if valid else 1)


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
