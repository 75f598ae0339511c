"""Stationary policies against the other's automaton: every way to behave from a start of play."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy

from coopgame.algebra.linear import cancelled
from coopgame.errors import LimitReached
from coopgame.forms.repeated.automata import Automaton, shadow
from coopgame.forms.repeated.play import Node, Pair, RepeatedSetting, Spot, reachable, values

MAX_POLICIES = 1024  # they grow exponentially with the states of the other automaton


def replies(setting: RepeatedSetting, pair: Pair, player: int, start: Node) -> Iterator[Pair]:
    """The pairs in which a player follows a stationary policy against the other's automaton.

    One for each way of behaving from `start`. The other automaton and the regime are the state
    of the player's decision problem, in which some stationary policy is optimal. Raises
    LimitReached where the policies are too many.
    """
    opponent = pair[1 - player]
    spot = (start[1 - player], start[2])
    for count, chosen in enumerate(_policies(setting, opponent, player, {}, (spot,)), start=1):
        if count > MAX_POLICIES:
            problem = f"more than {MAX_POLICIES} policies against {opponent.name}"
            raise LimitReached(f"{problem}, at most {MAX_POLICIES} are compared")
        idle = setting.actions[player][0]
        policy = shadow(opponent, [chosen.get(spot, idle) for spot in opponent.actions])
        yield (policy, opponent) if player == 0 else (opponent, policy)


def _policies(
    setting: RepeatedSetting,
    opponent: Automaton,
    player: int,
    chosen: Mapping[Spot, str],
    ahead: tuple[Spot, ...],
) -> Iterator[Mapping[Spot, str]]:
    """Every choice of an action at the spots `ahead` and wherever it leads, beside `chosen`."""
    if not ahead:
        yield chosen
        return
    spot, *rest = ahead
    for action in setting.actions[player]:
        taken = {**chosen, spot: action}
        new = [s for s in _spots(setting, opponent, player, spot, action) if s not in taken]
        yield from _policies(setting, opponent, player, taken, tuple(dict.fromkeys([*rest, *new])))


def _spots(
    setting: RepeatedSetting, opponent: Automaton, player: int, spot: Spot, action: str
) -> Iterator[Spot]:
    """The states of the other automaton, and the regimes, that can follow an action."""
    theirs = opponent.actions[spot]
    profile = (action, theirs) if player == 0 else (theirs, action)
    seen = [y for y, chance in setting.chances[profile].items() if chance != 0]
    for to, weight in zip(setting.regimes, setting.regime[spot[1]].next, strict=True):
        if weight != 0:
            yield from ((opponent.moves[(*spot, signal)], to.name) for signal in seen)
            if setting.restarts:
                yield opponent.start, to.name


def reply_gaps(
    setting: RepeatedSetting, pair: Pair, player: int, start: Node
) -> Iterator[sympy.Expr]:
    """What a player loses, from a start, by each stationary policy against the other automaton.

    The losses are all >= 0 exactly where the player's own automaton is a best reply. Raises
    LimitReached where the policies are too many.
    """
    followed = from_start(setting, pair, player, start)
    for against in replies(setting, pair, player, start):
        gap = cancelled(followed - from_start(setting, against, player, start))
        if gap != 0:
            yield gap


def from_start(setting: RepeatedSetting, pair: Pair, player: int, start: Node) -> sympy.Expr:
    """A player's value from a start, both automata followed.

    A policy follows the states of the automaton that it replies to, so that its own first state
    is that automaton's.
    """
    begins = (pair[0].start, pair[1].start, start[2])
    nodes = reachable(setting, pair, deviations=False, start=begins)
    return values(setting, pair, player, nodes)[begins]
