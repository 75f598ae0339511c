"""Automata as the reference states them, and whether a pair of them is an equilibrium."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from ..files import Point, numbers
from ..values import Number, evaluate, minus, plus, real, sign, times, total
from .normal import solved

Profile = tuple[str, str]
State = tuple[str, str, str]
MOST = 1500


@dataclass(frozen=True)
class Machine:
    """What a player does in a state and regime, and which state follows a signal."""

    start: str
    states: tuple[str, ...]
    play: Callable[[str, str], str]
    move: Callable[[str, str, str], str]


@dataclass(frozen=True)
class World:
    """A repeated game in numbers: payoffs by regime and profile, chances of signals, a chain."""

    actions: tuple[tuple[str, ...], tuple[str, ...]]
    payoffs: Mapping[tuple[str, Profile], tuple[Number, Number]]
    signals: Mapping[Profile, Mapping[str, Number]]
    discount: Number
    hazards: Mapping[str, Number]
    chain: Mapping[str, Mapping[str, Number]]

    @property
    def first(self) -> str:
        """The regime in which play starts."""
        return next(iter(self.chain))


def world(data: Mapping[str, Any], point: Point) -> World:
    """The game of a file at a point."""
    at = numbers(point)
    stage = data["stage"]
    roles = {p.get("role"): n for n, p in data["parameters"].items()}
    actions = tuple(tuple(own) for own in stage["players"].values())
    regimes = data.get("regimes") or [
        {"name": "", "hazard": data.get("hazard", roles.get("hazard", "0")), "next": {"": "1"}}
    ]
    payoffs, hazards, chain = {}, {}, {}
    for regime in regimes:
        name = regime["name"]
        changed = {k: evaluate(str(v), at) for k, v in regime.get("changes", {}).items()}
        for key, row in stage["payoffs"].items():
            first, second = key.split(",")
            one, two = (evaluate(str(u), {**at, **changed}) for u in row)
            payoffs[name, (first, second)] = (one, two)
        hazards[name] = evaluate(str(regime["hazard"]), at)
        chain[name] = {to: evaluate(str(p), at) for to, p in regime["next"].items()}
    profiles = list(product(*actions))
    if "monitoring" in data:
        stated = data["monitoring"]["chances"]
        signals = {p: {y: evaluate(str(c), at) for y, c in stated[",".join(p)].items()}
                   for p in profiles}  # fmt: skip
    else:
        signals = {p: {",".join(p): Fraction(1)} for p in profiles}
    discount = evaluate(str(data.get("discount", roles.get("discount"))), at)
    return World((actions[0], actions[1]), payoffs, signals, discount, hazards, chain)


# --- automata ----------------------------------------------------------------------------------


def machines(data: Mapping[str, Any], here: World, name: str) -> tuple[Machine, Machine] | None:
    """The two automata of a profile; None for one that is not known here."""
    first, _, second = (part.strip() for part in name.partition("/"))
    pair = (machine(data, here, first, 0), machine(data, here, second or first, 1))
    return None if None in pair else pair  # type: ignore[return-value]


def machine(data: Mapping[str, Any], here: World, name: str, player: int) -> Machine | None:
    good, bad = agreed(data, here)
    seen = set(data["monitoring"]["agreed"]) if "monitoring" in data else {",".join(good)}
    keep, punish = good[player], bad[player]
    if name in data.get("automata", {}):
        return written(data["automata"][name], "monitoring" not in data, player)
    if name == "always_defect":
        return Machine("d", ("d",), lambda s, r: punish, lambda s, r, y: "d")
    if name.startswith("grim"):
        where = set(name[5:-1].split(",")) if "{" in name else set(here.chain)
        return Machine(
            "on", ("on", "off"),
            lambda s, r: keep if s == "on" and r in where else punish,
            lambda s, r, y: "off" if r in where and y not in seen else s,
        )  # fmt: skip
    if name.startswith("punish("):
        return counted(int(name[7:-1]), keep, punish, lambda s, y: y in seen, restart=False)
    if name in ("tit_for_tat", "win_stay_lose_shift"):

        def kind(signal: str) -> bool:
            profile = tuple(signal.split(","))
            if name == "tit_for_tat":
                return profile[1 - player] == good[1 - player]
            return profile in (good, bad)

        return Machine(
            "c", ("c", "d"), lambda s, r: keep if s == "c" else punish,
            lambda s, r, y: "c" if kind(y) else "d",
        )  # fmt: skip
    return None


def agreed(data: Mapping[str, Any], here: World) -> tuple[Profile, Profile]:
    """The profile agreed on, and that of punishment."""
    first, second = here.actions
    good = data.get("cooperation", f"{first[0]},{second[0]}").split(",")
    bad = data.get("punishment", f"{first[-1]},{second[-1]}").split(",")
    return (good[0], good[1]), (bad[0], bad[1])


def counted(
    length: int, keep: str, punish: str, kept: Callable[[str, str], bool], restart: bool
) -> Machine:
    """Punishment of some periods, then co-operation again."""
    states = tuple(map(str, range(length + 1)))

    def move(state: str, regime: str, signal: str) -> str:
        if state == "0":
            return "0" if kept(state, signal) else "1"
        return str((int(state) + 1) % (length + 1))

    return Machine("0", states, lambda s, r: keep if s == "0" else punish, move)


def written(told: Mapping[str, Any], perfect: bool, player: int) -> Machine:
    """An automaton of the file, whose signals are "own,other" where all is seen."""
    states = told["states"]

    def play(state: str, regime: str) -> str:
        action = states[state]["action"]
        return str(
            action if isinstance(action, str) else action.get(regime, action.get("otherwise"))
        )

    def move(state: str, regime: str, signal: str) -> str:
        own = ",".join(reversed(signal.split(","))) if perfect and player else signal
        following = states[state]["next"]
        if isinstance(following, str):
            return following
        return str(following.get(own, following.get("otherwise")))

    return Machine(told.get("start", next(iter(states))), tuple(states), play, move)


# --- verdicts ----------------------------------------------------------------------------------


def verdicts(data: Mapping[str, Any], point: Point) -> dict[str, str]:
    """Of each profile that can be decided here: none, Nash only, or subgame-perfect."""
    here = world(data, point)
    found = {}
    for spelled in data["profiles"]:
        for name in expanded(spelled, list(here.chain)):
            pair = machines(data, here, name)
            if pair is not None and all(policies(here, pair, i) <= MOST for i in (0, 1)):
                found[name] = verdict(here, pair)
    return found


def expanded(spelled: str, regimes: Sequence[str]) -> list[str]:
    """Under a chain, grim stands for grim on each set of regimes."""
    if spelled != "grim" or len(regimes) == 1:
        return [spelled]
    sets = (c for size in range(1, len(regimes) + 1) for c in combinations(regimes, size))
    return [f"grim{{{','.join(chosen)}}}" for chosen in sets]


def policies(here: World, pair: tuple[Machine, Machine], player: int) -> int:
    return len(here.actions[player]) ** (len(pair[1 - player].states) * len(here.chain))


def verdict(here: World, pair: tuple[Machine, Machine]) -> str:
    """What the pair is: at every joint state that histories lead to, against the best replies."""
    begin: State = (pair[0].start, pair[1].start, here.first)
    nodes = reached(here, pair, begin)
    gains = {}
    for player in (0, 1):
        own = values(here, pair, nodes, player)
        best = best_values(here, pair, player)
        for node in nodes:
            other = node[1 - player], node[2]
            gains[player, node] = sign_of(minus(best[other], own[node]))
    if all(gain <= 0 for gain in gains.values()):
        return "subgame-perfect"
    return "Nash only" if all(gains[i, begin] <= 0 for i in (0, 1)) else "none"


def sign_of(value: Number) -> int:
    """The sign of a difference of values, which come out of linear equations in 60 digits."""
    if isinstance(value, Fraction):
        return sign(value)
    return 0 if abs(value) < 1e-30 else (1 if value > 0 else -1)


def chosen(pair: tuple[Machine, Machine], node: State) -> Profile:
    return pair[0].play(node[0], node[2]), pair[1].play(node[1], node[2])


def ahead(
    here: World, pair: tuple[Machine, Machine], node: State, profile: Profile
) -> Iterator[tuple[State, Number]]:
    """Where the play goes from a node, and how likely: on, or to the start after a reset."""
    regime = node[2]
    hazard = here.hazards[regime]
    for to, weight in here.chain[regime].items():
        yield (pair[0].start, pair[1].start, to), times(weight, hazard)
        for signal, chance in here.signals[profile].items():
            one, two = (m.move(s, regime, signal) for m, s in zip(pair, node[:2], strict=True))
            going = times(times(weight, minus(Fraction(1), hazard)), chance)
            yield (one, two, to), going


def reached(here: World, pair: tuple[Machine, Machine], begin: State) -> list[State]:
    """Every joint state that some history, deviations and all, leads to with a positive chance."""
    found = [begin]
    for node in found:
        for profile in here.signals:
            for to, chance in ahead(here, pair, node, profile):
                if sign(chance) > 0 and to not in found:
                    found.append(to)
    return found


def values(
    here: World, pair: tuple[Machine, Machine], nodes: Sequence[State], player: int
) -> dict[State, Number]:
    """A player's value at each node where both follow their automata."""
    place = {node: i for i, node in enumerate(nodes)}
    rows: list[list[Number]] = [[Fraction(int(i == j)) for j in place.values()]
                                for i in place.values()]  # fmt: skip
    for node, i in place.items():
        for to, chance in ahead(here, pair, node, chosen(pair, node)):
            if sign(chance):
                rows[i][place[to]] = minus(rows[i][place[to]], times(here.discount, chance))
    now = [here.payoffs[node[2], chosen(pair, node)][player] for node in nodes]
    found = solved(rows, now)
    assert found is not None
    return dict(zip(nodes, found, strict=True))


def best_values(
    here: World, pair: tuple[Machine, Machine], player: int
) -> dict[tuple[str, str], Number]:
    """The most a player can get against the other's automaton, by its state and regime.

    Policy iteration (Howard 1960) over stationary policies; it ends since each step is strictly
    better and there are finitely many. A reset puts the other's automaton back to its start.
    """
    other = pair[1 - player]
    nodes = list(product(other.states, here.chain))
    own = here.actions[player]
    policy = dict.fromkeys(nodes, own[0])
    while True:
        value = followed(here, other, nodes, policy, player)
        better = dict(policy)
        for node in nodes:
            worth = {a: once(here, other, node, a, value, player) for a in own}
            most = max(worth, key=lambda a: real(worth[a]))
            if sign_of(minus(worth[most], worth[policy[node]])) > 0:
                better[node] = most
        if better == policy:
            return value
        policy = better


def onward(
    here: World, other: Machine, node: tuple[str, str], action: str, player: int
) -> Iterator[tuple[tuple[str, str], Number]]:
    state, regime = node
    theirs = other.play(state, regime)
    profile = (action, theirs) if player == 0 else (theirs, action)
    hazard = here.hazards[regime]
    for to, weight in here.chain[regime].items():
        yield (other.start, to), times(weight, hazard)
        for signal, chance in here.signals[profile].items():
            going = times(times(weight, minus(Fraction(1), hazard)), chance)
            yield (other.move(state, regime, signal), to), going


def once(
    here: World,
    other: Machine,
    node: tuple[str, str],
    action: str,
    value: Mapping[tuple[str, str], Number],
    player: int,
) -> Number:
    """An action now, then the values given."""
    theirs = other.play(*node)
    profile = (action, theirs) if player == 0 else (theirs, action)
    later = total([times(c, value[to]) for to, c in onward(here, other, node, action, player)])
    return plus(here.payoffs[node[1], profile][player], times(here.discount, later))


def followed(
    here: World,
    other: Machine,
    nodes: Sequence[tuple[str, str]],
    policy: Mapping[tuple[str, str], str],
    player: int,
) -> dict[tuple[str, str], Number]:
    """The values of a stationary policy."""
    place = {node: i for i, node in enumerate(nodes)}
    rows: list[list[Number]] = [[Fraction(int(i == j)) for j in place.values()]
                                for i in place.values()]  # fmt: skip
    now = []
    for node, i in place.items():
        theirs = other.play(*node)
        action = policy[node]
        profile = (action, theirs) if player == 0 else (theirs, action)
        now.append(here.payoffs[node[1], profile][player])
        for to, chance in onward(here, other, node, action, player):
            if sign(chance):
                rows[i][place[to]] = minus(rows[i][place[to]], times(here.discount, chance))
    found = solved(rows, now)
    assert found is not None
    return dict(zip(nodes, found, strict=True))
