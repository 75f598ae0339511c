"""Players who have one action only: left out of a game of three or more, and put back.

Such a player decides nothing, so the game of the others has the same equilibria; left to two
players, it has the continua that are found for two.
"""

from __future__ import annotations

from dataclasses import replace

import sympy

from coopgame.forms.normal.mixtures import PayoffTable, expected, make_branch, shortest, ties_told
from coopgame.forms.normal.tables import Payoffs, Players
from coopgame.solution import Branch, Component

LEAST = 2  # players that the methods for two need, idle ones among them if there are no others


def deciding(players: Players) -> Players:
    """The players with a choice, in their order; joined by idle ones where they are fewer than two.

    >>> deciding({"a": ("l", "r"), "b": ("only",), "c": ("l", "r")})
    {'a': ('l', 'r'), 'c': ('l', 'r')}
    """
    kept = {player for player, actions in players.items() if len(actions) > 1}
    idle = [player for player in players if player not in kept]
    kept.update(idle[: max(0, LEAST - len(kept))])
    return {player: actions for player, actions in players.items() if player in kept}


def among(table: PayoffTable, kept: Players) -> Payoffs:
    """The payoffs of the players `kept`, in a table whose other players have one action each."""
    places = [i for i, player in enumerate(table.players) if player in kept]
    return {
        tuple(profile[i] for i in places): tuple(payoffs[i] for i in places)
        for profile, payoffs in table.payoffs.items()
    }


def restored(table: PayoffTable, branch: Branch) -> Branch:
    """A branch of the game without its idle players as one of the whole game."""
    strategies = {
        player: {a: p for a, p in branch.strategies[player].items() if p != 0}
        if player in branch.strategies
        else {actions[0]: sympy.S.One}
        for player, actions in table.players.items()
    }
    payoffs = {
        player: branch.payoffs[player]
        if player in branch.payoffs
        else shortest(expected(table, player, strategies))
        for player in table.players
    }
    ties = ties_told(branch.name, branch.strategies)
    whole = make_branch(table, strategies, payoffs, branch.conditions, ties)
    return replace(whole, name=_renamed(whole.name, branch.name), note=branch.note)


def _renamed(name: str, numbered: str) -> str:
    """A name with the number that tells it apart from others of its name, if there is one."""
    plain, space, number = numbered.rpartition(" ")
    return f"{name} {number}" if space and plain and number.isdecimal() else name


def restored_component(table: PayoffTable, component: Component) -> Component:
    """A continuum of the game without its idle players as one of the whole game."""
    extremes = tuple(restored(table, branch) for branch in component.extremes)
    names = {old.name: new.name for old, new in zip(component.extremes, extremes, strict=True)}
    subsets = tuple(tuple(names[name] for name in subset) for subset in component.subsets)
    return replace(component, extremes=extremes, subsets=subsets)
