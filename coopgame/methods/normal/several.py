"""Three players and more: the equilibria in which at most two of them mix, in symbols.

Where two players mix and the others do not, both mixtures solve linear systems, as in a game of
two; the others' incentives are then rational in the parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.methods.normal.mixtures import Mixture, Table, expected, make_branch
from coopgame.methods.normal.supports import Profile, profiles
from coopgame.methods.normal.tables import Actions
from coopgame.parameters import Domain
from coopgame.solution import Branch


def few_mix(table: Table, domain: Domain) -> Iterator[Branch]:
    """Every profile in which at most two players mix, with the conditions of an equilibrium."""
    yield from pure_equilibria(table)
    names = list(table.players)
    for first, second in combinations(names, 2):
        others = [name for name in names if name not in (first, second)]
        for actions in product(*(table.players[name] for name in others)):
            fixed = dict(zip(others, actions, strict=True))
            yield from _two_mix(table, (first, second), fixed, domain)


def pure_equilibria(table: Table) -> Iterator[Branch]:
    """Each profile, with the condition that no player gains by another action."""
    for profile in product(*table.players.values()):
        strategies = {
            player: {action: sympy.S.One}
            for player, action in zip(table.players, profile, strict=True)
        }
        payoffs = dict(zip(table.players, table.payoffs[profile], strict=True))
        conditions = [
            condition
            for player in table.players
            for condition in _best_reply(table, player, strategies, payoffs[player])
        ]
        yield make_branch(table, strategies, payoffs, tuple(conditions))


def _best_reply(
    table: Table, player: str, strategies: Mapping[str, Mixture], payoff: sympy.Expr
) -> Iterator[Boolean]:
    """That no action outside her support is worth more to a player."""
    for action in table.players[player]:
        if action not in strategies[player]:
            other = expected(table, player, {**strategies, player: {action: sympy.S.One}})
            condition = sympy.Ge(sympy.cancel(payoff - other), 0)
            if condition != sympy.true:
                yield condition


def _two_mix(
    table: Table, pair: tuple[str, str], fixed: Mapping[str, str], domain: Domain
) -> Iterator[Branch]:
    """The equilibria in which just this pair mixes and the others play the actions `fixed`."""
    rows, columns = (table.players[player] for player in pair)
    places = [list(table.players).index(player) for player in pair]
    tables = [
        [
            [table.payoffs[_profile(table, fixed, pair, (r, c))][place] for c in columns]
            for r in rows
        ]
        for place in places
    ]
    for found in profiles(tables[0], tables[1], domain):
        if len(found.row.support) > 1 and len(found.column.support) > 1:
            yield _pair_branch(table, pair, fixed, found)


def _pair_branch(
    table: Table, pair: tuple[str, str], fixed: Mapping[str, str], found: Profile
) -> Branch:
    strategies = {player: {action: sympy.S.One} for player, action in fixed.items()}
    for player, vertex in zip(pair, (found.row, found.column), strict=True):
        actions = table.players[player]
        strategies[player] = {actions[i]: vertex.strategy[i] for i in vertex.support}
    payoffs = {p: sympy.cancel(expected(table, p, strategies)) for p in table.players}
    weak = [c for p in fixed for c in _best_reply(table, p, strategies, payoffs[p])]
    return make_branch(table, strategies, payoffs, (*found.conditions, *weak))


def _profile(
    table: Table, fixed: Mapping[str, str], pair: tuple[str, str], actions: tuple[str, str]
) -> Actions:
    chosen = {**fixed, **dict(zip(pair, actions, strict=True))}
    return tuple(chosen[player] for player in table.players)
