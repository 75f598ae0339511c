"""What happens when two automata meet: values, one-shot deviations and best replies, in symbols.

The state of play is a node: the states of both automata and the regime. In regime r with hazard
h_r and transition row Pi_r, with u the stage payoff and p(y|a) the chance of signal y,

    V(x, r) = u(a, r) + delta * sum_s Pi_rs * [(1 - h_r) * sum_y p(y|a) * V(next(x, y), s)
                                               + h_r * V(start, s)]

so a wiped-out relationship starts again and does not end. The hazard enters the incentive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.linear import cancelled, solve_with_denominator
from coopgame.errors import LimitReached
from coopgame.forms.repeated.automata import Automaton
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.proofs.questions import implies
from coopgame.rules.macro import Regime

MAX_NODES = 60

Node = tuple[str, str, str]
Spot = tuple[str, str]
Profile = tuple[str, str]
Pair = tuple[Automaton, Automaton]


@dataclass(frozen=True)
class RepeatedSetting:
    """A two-player stage game, how it is repeated, and what the players see.

    `payoffs` maps a regime and a profile to both players' payoffs; `chances` maps a profile to
    the signals that can follow, with their probabilities. A constant hazard is a chain of one
    regime, named "". Play starts in the first regime. After a reset it starts again; without
    `restarts` it ends, and `anew` are the further regimes in which it would have started again.
    """

    players: tuple[str, str]
    actions: tuple[tuple[str, ...], tuple[str, ...]]
    payoffs: Mapping[tuple[str, Profile], tuple[sympy.Expr, sympy.Expr]]
    discount: sympy.Expr
    regimes: tuple[Regime, ...]
    chances: Mapping[Profile, Mapping[str, sympy.Expr]]
    restarts: bool = True
    anew: tuple[str, ...] = ()

    @cached_property
    def regime(self) -> Mapping[str, Regime]:
        """The regimes by name."""
        return {regime.name: regime for regime in self.regimes}


@dataclass(frozen=True)
class Plain:
    """A setting without restarts, whose survival symbols stand for the given expressions."""

    setting: RepeatedSetting
    domain: Domain
    stands_for: Mapping[sympy.Symbol, sympy.Expr]


def without_restarts(setting: RepeatedSetting, domain: Domain) -> Plain:
    """The setting in which a reset ends the game, with one symbol D for each delta*(1 - h_r).

    What follows a reset in regime r is the same whatever was played, so it adds the same amount
    to the value of every action there: all incentives are those of the setting without restarts.
    The order of the survival factors, where it is proved, is kept.
    """
    factors = [setting.discount * (1 - r.hazard) for r in setting.regimes]
    named = {factor: symbol(f"survival {i}") for i, factor in enumerate(dict.fromkeys(factors))}
    survival = {D: factor for factor, D in named.items()}

    def proved(condition: Boolean) -> bool:
        return implies(domain.constraints, condition, domain.integers).proved

    known = [D > 0 for D, stands_for in survival.items() if proved(stands_for > 0)]
    known += [D < 1 for D, stands_for in survival.items() if proved(stands_for < 1)]
    known += [D >= E for D, E in permutations(survival, 2) if proved(survival[D] >= survival[E])]
    regimes = tuple(
        replace(r, hazard=1 - named[f]) for r, f in zip(setting.regimes, factors, strict=True)
    )
    plain = replace(
        setting,
        discount=sympy.S.One,
        regimes=regimes,
        restarts=False,
        anew=_anew(setting),
    )
    return Plain(plain, domain.extend(assumptions=known), survival)


def _anew(setting: RepeatedSetting) -> tuple[str, ...]:
    """The regimes other than the first in which a reset can make play start again."""
    met = [setting.regimes[0].name]
    for name in met:
        for to, chance in zip(setting.regimes, setting.regime[name].next, strict=True):
            if chance != 0 and to.name not in met:
                met.append(to.name)
    resets = [setting.regime[name] for name in met if setting.regime[name].hazard != 0]
    return tuple(
        to.name
        for i, to in enumerate(setting.regimes)
        if i > 0 and any(regime.next[i] != 0 for regime in resets)
    )


def prescribed(pair: Pair, node: Node) -> Profile:
    """The profile that the two automata play at a node."""
    return pair[0].actions[node[0], node[2]], pair[1].actions[node[1], node[2]]


@dataclass(frozen=True)
class Deviation:
    """One player's other action at a node."""

    node: Node
    player: int
    action: str

    def profile(self, pair: Pair) -> Profile:
        """What is played when the other follows their automaton."""
        first, second = prescribed(pair, self.node)
        return (self.action, second) if self.player == 0 else (first, self.action)


def starts(setting: RepeatedSetting, pair: Pair) -> tuple[Node, ...]:
    """Where play starts, in the first regime, and where it can start anew: both automata fresh."""
    regimes = (setting.regimes[0].name, *setting.anew)
    return tuple((pair[0].start, pair[1].start, regime) for regime in regimes)


def following(
    setting: RepeatedSetting, pair: Pair, node: Node, profile: Profile
) -> dict[Node, sympy.Expr]:
    """The nodes that can follow when `profile` is played at a node, with their probabilities."""
    regime = setting.regime[node[2]]
    found: dict[Node, sympy.Expr] = {}

    def add(to: Node, chance: sympy.Expr) -> None:
        if chance != 0:
            found[to] = found.get(to, sympy.S.Zero) + chance

    for following_regime, weight in zip(setting.regimes, regime.next, strict=True):
        r = following_regime.name
        if setting.restarts:
            add((pair[0].start, pair[1].start, r), weight * regime.hazard)
        for signal, chance in setting.chances[profile].items():
            states = [a.moves[s, node[2], signal] for a, s in zip(pair, node[:2], strict=True)]
            add((states[0], states[1], r), weight * (1 - regime.hazard) * chance)
    return found


def reachable(
    setting: RepeatedSetting, pair: Pair, deviations: bool, start: Node | None = None
) -> list[Node]:
    """The nodes met on the path of play; with `deviations`, after every history.

    From all starts, or from the given one.
    """
    found = [start] if start else list(starts(setting, pair))
    for node in found:
        profiles = setting.chances if deviations else [prescribed(pair, node)]
        for profile in profiles:
            for to in following(setting, pair, node, profile):
                if to not in found:
                    found.append(to)
    return found


@dataclass(frozen=True)
class NodeValues:
    """Values at every node as numerators over one common denominator."""

    numerators: Mapping[Node, sympy.Expr]
    denominator: sympy.Expr

    def __getitem__(self, node: Node) -> sympy.Expr:
        return cancelled(self.numerators[node] / self.denominator)


def discounted(
    setting: RepeatedSetting, pair: Pair, nodes: Sequence[Node], reward: Mapping[Node, sympy.Expr]
) -> NodeValues:
    """The discounted sum of a reward from each node on, the automata followed.

    The system is regular: its matrix is strictly diagonally dominant for delta < 1. Raises
    LimitReached for more than `MAX_NODES` nodes.
    """
    if len(nodes) > MAX_NODES:
        raise LimitReached(f"{len(nodes)} joint states of the automata, at most {MAX_NODES}")
    index = {node: i for i, node in enumerate(nodes)}
    rows = [[sympy.S.Zero] * len(nodes) for _ in nodes]
    for node, i in index.items():
        rows[i][i] += 1
        for to, chance in following(setting, pair, node, prescribed(pair, node)).items():
            rows[i][index[to]] -= setting.discount * chance
    found = solve_with_denominator(rows, [reward[node] for node in nodes])
    assert found is not None
    return NodeValues(dict(zip(nodes, found[0], strict=True)), found[1])


def values(setting: RepeatedSetting, pair: Pair, player: int, nodes: Sequence[Node]) -> NodeValues:
    """A player's value at each node, both automata followed."""
    reward = {node: setting.payoffs[node[2], prescribed(pair, node)][player] for node in nodes}
    return discounted(setting, pair, nodes, reward)


def one_shot_gap(
    setting: RepeatedSetting, pair: Pair, value: NodeValues, deviation: Deviation
) -> sympy.Expr:
    """What a player loses by deviating once and then following the automaton."""
    node, profile = deviation.node, deviation.profile(pair)
    ahead = following(setting, pair, node, profile)
    continued = sum(
        (chance * value.numerators[to] for to, chance in ahead.items()), start=sympy.S.Zero
    )
    now = setting.payoffs[node[2], profile][deviation.player]
    numerator = value.numerators[node] - now * value.denominator - setting.discount * continued
    return cancelled(numerator / value.denominator)


def one_shot_gaps(setting: RepeatedSetting, pair: Pair) -> dict[Node, set[sympy.Expr]]:
    """At each node that some history leads to, the losses from every one-shot deviation."""
    nodes = reachable(setting, pair, deviations=True)
    found: dict[Node, set[sympy.Expr]] = {node: set() for node in nodes}
    for player in (0, 1):
        value = values(setting, pair, player, nodes)
        for node in nodes:
            for action in setting.actions[player]:
                if action != prescribed(pair, node)[player]:
                    gap = one_shot_gap(setting, pair, value, Deviation(node, player, action))
                    found[node].add(gap)
    return found
