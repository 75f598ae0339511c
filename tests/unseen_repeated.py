"""Random repeated games as files, and what is an equilibrium of them, by brute force.

Nothing of the solver is used: the tables of a file are read here once more, values are sums over
the joint states solved in fractions, and a best reply is looked for among all stationary policies.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

Node = tuple[str, str, str]
ACTIONS = {2: ["C", "D"], 3: ["C", "D", "E"]}


def drawn(seed: int) -> dict[str, Any]:
    """A game file with a free discount factor, hazard and payoff, its automata drawn at random."""
    rng = random.Random(seed)
    size = rng.choice([2, 2, 3])
    actions = [ACTIONS[size], ACTIONS[rng.choice([2, size])]]
    profiles = list(product(*actions))
    payoffs = {
        ",".join(p): [rng.choice(["x", str(rng.randint(-3, 5)), "1/2 - x"]) for _ in (0, 1)]
        for p in profiles
    }
    game: dict[str, Any] = {
        "format": 1,
        "form": "repeated",
        "profiles": ["one / two", "two / one"] if actions[0] == actions[1] else ["one / two"],
        "headline": "one / two",
        "cooperation": ",".join(profiles[0]),
        "punishment": ",".join(profiles[-1]),
        "parameters": {
            "x": _parameter("(-oo, oo)", "2"),
            "delta": _parameter("(0, 1)", "1/2", "discount"),
            "h": _parameter("[0, 1]", "1/4", "hazard"),
        },
        "stage": {"players": {"A": actions[0], "B": actions[1]}, "payoffs": payoffs},
    }
    keys = list(payoffs)
    if rng.random() < 0.3:
        keys = ["good", "bad"]
        chances = {p: rng.choice(["0", "1/4", "1/2", "1", "h"]) for p in payoffs}
        game["monitoring"] = {
            "agreed": ["good"],
            "chances": {p: {"good": q, "bad": f"1 - ({q})"} for p, q in chances.items()},
        }
    regimes = ["", *"ab"][: rng.choice([1, 1, 2, 3])]
    if len(regimes) > 1:
        regimes = ["first", "second", "third"][: len(regimes)]
        game["regimes"] = [_regime(rng, name, regimes) for name in regimes]
    game["automata"] = {
        name: _automaton(rng, player, actions, keys, regimes)
        for player, name in enumerate(["one", "two"])
    }
    if actions[0] == actions[1] and "monitoring" not in game and rng.random() < 0.5:
        game["automata"]["one"]["keys"] = "profile"
    if not any(name in str({**game, "parameters": {}}) for name in ("'h'", "- (h)")):
        if "regimes" in game:
            del game["parameters"]["h"]
    return game


def _parameter(domain: str, default: str, role: str | None = None) -> dict[str, str]:
    told = {"meaning": "m", "unit": "u", "domain": domain, "default": default, "source": "s"}
    return told | ({"role": role} if role else {})


def _regime(rng: random.Random, name: str, names: list[str]) -> dict[str, Any]:
    a = rng.choice(["0", "1", "1/3", "h"])
    shares = dict(zip(rng.sample(names, 2), [a, f"1 - ({a})"], strict=True))
    changes = {"x": rng.choice(["0", "x/2", "3"])} if rng.random() < 0.5 else {}
    return {
        "name": name,
        "hazard": rng.choice(["0", "h", "1/3"]),
        "next": shares,
        "changes": changes,
    }


def _automaton(
    rng: random.Random, player: int, actions: list[list[str]], keys: list[str], regimes: list[str]
) -> dict[str, Any]:
    states = ["s", "t"][: rng.choice([1, 2, 2])]
    own = actions[player]
    signals = keys
    if "," in keys[0] and player == 1:
        signals = [",".join(reversed(key.split(","))) for key in keys]
    told = {}
    for state in states:
        named = rng.sample(signals, rng.randint(0, min(2, len(signals))))
        following = {signal: rng.choice(states) for signal in named}
        action: Any = rng.choice(own)
        if len(regimes) > 1 and rng.random() < 0.5:
            action = {rng.choice(regimes): rng.choice(own), "otherwise": rng.choice(own)}
        told[state] = {"action": action, "next": {**following, "otherwise": rng.choice(states)}}
    return {"states": told, "start": rng.choice(states)}


# --- the game in fractions ---------------------------------------------------------------------


class Numbers:
    """A drawn file at given values: payoffs, chances and automata as plain tables."""

    def __init__(self, game: Mapping[str, Any], values: Mapping[str, Fraction]) -> None:
        self.game, self.values = game, values
        self.delta = values["delta"]
        self.actions = list(game["stage"]["players"].values())
        stated = game.get("regimes") or [{"name": "", "hazard": "h", "next": {"": "1"}}]
        self.regimes = {r["name"]: r for r in stated}
        self.first = stated[0]["name"]

    def read(self, text: str, **changed: str) -> Fraction:
        known = {**self.values, **{k: self.read(v) for k, v in changed.items()}}
        told = {name: _Exact(value) for name, value in known.items()}
        found = eval(_quoted(text), {"__builtins__": {}, "F": _Exact}, told)
        return found.value

    def payoff(self, player: int, regime: str, profile: tuple[str, str]) -> Fraction:
        text = self.game["stage"]["payoffs"][",".join(profile)][player]
        return self.read(text, **self.regimes[regime].get("changes", {}))

    def signals(self, profile: tuple[str, str]) -> dict[str, Fraction]:
        label = ",".join(profile)
        if "monitoring" not in self.game:
            return {label: Fraction(1)}
        row = self.game["monitoring"]["chances"][label]
        return {y: self.read(q) for y, q in row.items()}

    def action(self, automaton: str, state: str, regime: str) -> str:
        told = self.game["automata"][automaton]["states"][state]["action"]
        return told if isinstance(told, str) else told.get(regime, told["otherwise"])

    def move(self, automaton: str, player: int, state: str, signal: str) -> str:
        machine = self.game["automata"][automaton]
        mirrored = "," in signal and player == 1 and machine.get("keys", "own") == "own"
        key = ",".join(reversed(signal.split(","))) if mirrored else signal
        told = machine["states"][state]["next"]
        return told.get(key, told["otherwise"])

    def start(self, automaton: str) -> str:
        return self.game["automata"][automaton]["start"]

    def ahead(
        self, pair: tuple[str, str], node: Node, profile: tuple[str, str]
    ) -> Iterator[tuple[Node, Fraction]]:
        regime = self.regimes[node[2]]
        hazard = self.read(regime["hazard"])
        for to, text in regime["next"].items():
            weight = self.read(text)
            yield (self.start(pair[0]), self.start(pair[1]), to), weight * hazard
            for signal, chance in self.signals(profile).items():
                first, second = (self.move(pair[i], i, node[i], signal) for i in (0, 1))
                yield (first, second, to), weight * (1 - hazard) * chance


class _Exact:
    """A fraction under the operators of a drawn expression."""

    def __init__(self, value: Any) -> None:
        self.value = Fraction(value)

    def _with(self, other: Any, by: Any) -> _Exact:
        return _Exact(by(self.value, other.value))

    def __add__(self, other: Any) -> _Exact:
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: Any) -> _Exact:
        return self._with(other, lambda a, b: a - b)

    def __truediv__(self, other: Any) -> _Exact:
        return self._with(other, lambda a, b: a / b)

    def __neg__(self) -> _Exact:
        return _Exact(-self.value)


def _quoted(text: str) -> str:
    import re

    return re.sub(r"\d+", lambda m: f"F({m.group()})", text)


# --- brute force -------------------------------------------------------------------------------


def solved(rows: list[list[Fraction]], right: list[Fraction]) -> list[Fraction]:
    """Gauss and Jordan in fractions."""
    size = len(rows)
    table = [[*row, last] for row, last in zip(rows, right, strict=True)]
    for i in range(size):
        pivot = next(k for k in range(i, size) if table[k][i] != 0)
        table[i], table[pivot] = table[pivot], table[i]
        table[i] = [entry / table[i][i] for entry in table[i]]
        for k in range(size):
            if k != i and table[k][i] != 0:
                factor = table[k][i]
                table[k] = [a - factor * b for a, b in zip(table[k], table[i], strict=True)]
    return [row[-1] for row in table]


def valued(nodes: list[Any], step: Any, reward: Any, delta: Fraction) -> dict[Any, Fraction]:
    """The discounted sum of rewards along a chain from each of its nodes."""
    index = {node: i for i, node in enumerate(nodes)}
    rows = [[Fraction(int(i == j)) for j in range(len(nodes))] for i in range(len(nodes))]
    for node, i in index.items():
        for to, chance in step(node):
            if chance:
                rows[i][index[to]] -= delta * chance
    return dict(zip(nodes, solved(rows, [reward(node) for node in nodes]), strict=True))


def concept(numbers: Numbers, pair: tuple[str, str]) -> str | None:
    """ "subgame-perfect", "Nash" or None, of two automata, over all stationary policies."""

    def played(node: Node) -> tuple[str, str]:
        first, second = (numbers.action(pair[i], node[i], node[2]) for i in (0, 1))
        return first, second

    start: Node = (numbers.start(pair[0]), numbers.start(pair[1]), numbers.first)
    nodes = [start]
    for node in nodes:
        for profile in product(*numbers.actions):
            for to, chance in numbers.ahead(pair, node, profile):
                if chance and to not in nodes:
                    nodes.append(to)
    losses = {node: Fraction(0) for node in nodes}
    for player in (0, 1):
        followed = valued(
            nodes,
            lambda node: numbers.ahead(pair, node, played(node)),
            lambda node, player=player: numbers.payoff(player, node[2], played(node)),
            numbers.delta,
        )
        best = best_reply(numbers, pair, player, nodes)
        for node in nodes:
            losses[node] = max(losses[node], best[node[1 - player], node[2]] - followed[node])
    if not any(losses.values()):
        return "subgame-perfect"
    return "Nash" if losses[start] == 0 else None


def best_reply(
    numbers: Numbers, pair: tuple[str, str], player: int, nodes: list[Node]
) -> dict[tuple[str, str], Fraction]:
    """The most that a player can get against the other's automaton, over every policy."""
    spots = list(dict.fromkeys((node[1 - player], node[2]) for node in nodes))
    opponent = pair[1 - player]

    def profile(spot: tuple[str, str], action: str) -> tuple[str, str]:
        theirs = numbers.action(opponent, *spot)
        return (action, theirs) if player == 0 else (theirs, action)

    def step(spot: tuple[str, str], action: str) -> Iterator[tuple[Any, Fraction]]:
        node = (spot[0], spot[0], spot[1])
        both = (opponent, opponent)
        for to, chance in numbers.ahead(both, node, profile(spot, action)):
            yield (to[1 - player], to[2]), chance

    best: dict[tuple[str, str], Fraction] = {}
    for choice in product(numbers.actions[player], repeat=len(spots)):
        policy = dict(zip(spots, choice, strict=True))
        found = valued(
            spots,
            lambda spot, policy=policy: step(spot, policy[spot]),
            lambda spot, policy=policy: numbers.payoff(
                player, spot[1], profile(spot, policy[spot])
            ),
            numbers.delta,
        )
        best = {spot: max(best.get(spot, value), value) for spot, value in found.items()}
    return best


def points(seed: int, count: int) -> Iterator[dict[str, Fraction]]:
    """Points at which to compare, borders drawn on purpose."""
    rng = random.Random(f"points {seed}")
    for _ in range(count):
        yield {
            "x": Fraction(rng.randint(-12, 24), 4),
            "delta": Fraction(rng.randint(1, 9), 10),
            "h": rng.choice([Fraction(0), Fraction(1), Fraction(1, 4), Fraction(2, 3)]),
        }
