"""Best replies to an automaton at numbers: policy iteration in exact rational arithmetic.

Written apart from the symbolic algebra, so that it can certify what that finds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import QQ, Rational
from sympy.polys.matrices import DomainMatrix

from coopgame.forms.repeated.automata import Automaton
from coopgame.forms.repeated.play import (
    Pair,
    RepeatedSetting,
    Spot,
    prescribed,
    reachable,
    starts,
)

DIGITS = 60


def regret(setting: RepeatedSetting, pair: Pair, everywhere: bool) -> Rational:
    """The most that a player gains over following the automata, by any strategy of their own.

    From the starts (Nash), or after every history (subgame perfection). The setting holds
    numbers only.
    """
    worst = Rational(0)
    nodes = reachable(setting, pair, deviations=everywhere)
    judged = nodes if everywhere else starts(setting, pair)
    for player in (0, 1):
        best = _best_reply(setting, pair[1 - player], player)
        followed = _followed(setting, pair, player, nodes)
        for node in judged:
            gain = best[node[1 - player], node[2]] - followed[node]
            worst = max(worst, Rational(gain.numerator, gain.denominator))
    return worst


def _solve(rows: list[dict[int, Any]], rewards: list[Any]) -> list[Any]:
    """The values v with v = reward + (discounted chances) v."""
    size = len(rows)
    matrix = [[QQ(int(i == j)) - rows[i].get(j, QQ(0)) for j in range(size)] for i in range(size)]
    left = DomainMatrix(matrix, (size, size), QQ)
    right = DomainMatrix([[reward] for reward in rewards], (size, 1), QQ)
    return [row[0] for row in left.lu_solve(right).to_list()]


def is_rational(setting: RepeatedSetting) -> bool:
    """Whether all numbers of a setting are rational, so that a regret is exact."""
    numbers = [setting.discount]
    numbers += [payoff for both in setting.payoffs.values() for payoff in both]
    numbers += [chance for regime in setting.regimes for chance in (regime.hazard, *regime.next)]
    numbers += [chance for row in setting.chances.values() for chance in row.values()]
    return all(number.is_Rational for number in numbers)


def _number(value: Any) -> Any:
    # An irrational number is taken to 60 digits: a regret of 0 is then one below 1e-50, far under
    # what certification asks for, and far above what the rounding adds.
    exact = value if value.is_Rational else Rational(str(sympy.N(value, DIGITS)))
    return QQ(int(exact.p), int(exact.q))


class _Numbers:
    """The setting in plain rationals, each looked up once."""

    def __init__(self, setting: RepeatedSetting) -> None:
        self.discount = _number(setting.discount)
        self.hazard = {r.name: _number(r.hazard) for r in setting.regimes}
        self.names = [r.name for r in setting.regimes]
        self.next = {r.name: [_number(p) for p in r.next] for r in setting.regimes}
        self.signals = {
            profile: {y: _number(q) for y, q in row.items()}
            for profile, row in setting.chances.items()
        }
        self.stage = {
            (profile, r, player): _number(payoff)
            for (r, profile), both in setting.payoffs.items()
            for player, payoff in enumerate(both)
        }


def _followed(
    setting: RepeatedSetting, pair: Pair, player: int, nodes: list[Any]
) -> Mapping[Any, Any]:
    """A player's value at each node when both follow their automata."""
    numbers = _Numbers(setting)
    index = {node: i for i, node in enumerate(nodes)}
    rows: list[dict[int, Any]] = []
    rewards = []
    for x, y, r in nodes:
        profile = prescribed(pair, (x, y, r))
        row: dict[int, Any] = {}
        for s, weight in zip(numbers.names, numbers.next[r], strict=True):
            ahead = [((pair[0].start, pair[1].start, s), numbers.hazard[r])]
            for signal, chance in numbers.signals[profile].items():
                to = (pair[0].moves[x, r, signal], pair[1].moves[y, r, signal], s)
                ahead.append((to, (1 - numbers.hazard[r]) * chance))
            for to, chance in ahead:
                if to in index and weight * chance:
                    j = index[to]
                    row[j] = row.get(j, QQ(0)) + numbers.discount * weight * chance
        rows.append(row)
        rewards.append(numbers.stage[profile, r, player])
    return dict(zip(nodes, _solve(rows, rewards), strict=True))


def _best_reply(setting: RepeatedSetting, opponent: Automaton, player: int) -> Mapping[Spot, Any]:
    """The best value against an automaton from each of its states in each regime."""
    numbers = _Numbers(setting)
    spots = list(opponent.actions)
    index = {spot: i for i, spot in enumerate(spots)}
    options = {
        (spot, action): _option(numbers, opponent, player, (spot, action))
        for spot in spots
        for action in setting.actions[player]
    }
    policy = dict.fromkeys(spots, setting.actions[player][0])
    while True:
        chosen = [options[spot, policy[spot]] for spot in spots]
        value = _solve([row for row, _ in chosen], [reward for _, reward in chosen])

        worth = {
            key: reward + sum(chance * value[j] for j, chance in row.items())
            for key, (row, reward) in options.items()
        }
        better = {}
        for spot in spots:
            best = max(worth[spot, action] for action in setting.actions[player])
            if best > value[index[spot]]:
                better[spot] = next(
                    action for action in setting.actions[player] if worth[spot, action] == best
                )
        if not better:
            return dict(zip(spots, value, strict=True))
        policy |= better


def _option(
    numbers: _Numbers, opponent: Automaton, player: int, choice: tuple[Spot, str]
) -> tuple[dict[int, Any], Any]:
    """The discounted chances of the spots that follow an action, and its stage payoff."""
    (state, r), action = choice
    index = {spot: i for i, spot in enumerate(opponent.actions)}
    theirs = opponent.actions[state, r]
    profile = (action, theirs) if player == 0 else (theirs, action)
    row: dict[int, Any] = {}
    for s, weight in zip(numbers.names, numbers.next[r], strict=True):
        kept = (1 - numbers.hazard[r]) * weight * numbers.discount
        for signal, chance in numbers.signals[profile].items():
            j = index[opponent.moves[state, r, signal], s]
            row[j] = row.get(j, QQ(0)) + kept * chance
        j = index[opponent.start, s]
        row[j] = row.get(j, QQ(0)) + numbers.hazard[r] * weight * numbers.discount
    return row, numbers.stage[profile, r, player]
