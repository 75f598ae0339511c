"""Trees of moves: ties on purpose, chance, players with one action, up to three in depth."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..files import Drawn
from .pieces import Parameter, constants, drawn_file, outcomes, parameter, parameters, payoffs

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@st.composite
def sequential_games(draw: DrawFn) -> Drawn:
    """A tree with two or three players."""
    known = draw(parameters(("x", "y", "t"), least=0))
    known.append(draw(parameter("q", ("unit", "open unit"))))
    players = ["one", "two", "three"][: draw(st.sampled_from([2, 2, 3, 1]))]
    tree = draw(trees(known, players))
    leaves = [f"{players[0]}_payoff", "reached_start", *(f"reached_{name}" for name in tree)]
    named = draw(outcomes(leaves))
    headline = draw(st.sampled_from([0, -1]))
    plan = ",".join(list(node["actions"])[headline] for node in walk(tree) if "player" in node)
    body = {"players": players, "tree": tree, **({"outcomes": named} if named else {})}
    ends = [u for node in tree.values() for to in node["actions"].values()
            if isinstance(to, list) for u in to]  # fmt: skip
    return draw(drawn_file("sequential", known, body, plan, ends, tuple(named)))


def walk(tree: dict[str, Any], name: str = "start") -> list[dict[str, Any]]:
    """The nodes from one on, each before those that it leads to."""
    found = [tree[name]]
    for to in tree[name]["actions"].values():
        found += walk(tree, to) if isinstance(to, str) else []
    return found


@st.composite
def trees(
    draw: DrawFn, known: Sequence[Parameter], players: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Nodes by name; the deeper, the likelier an end, and seven at most."""
    tree: dict[str, dict[str, Any]] = {}
    letters, names = iter(range(99)), count(1)
    plain = st.integers(0, 2).map(str) | constants(irrational=False)
    entry = plain | payoffs(known)

    def node(name: str, depth: int) -> None:
        is_chance = depth > 0 and draw(st.integers(0, 5)) == 5
        size = 2 if is_chance else draw(st.sampled_from([2, 2, 2, 3, 1]))
        tree[name] = {}  # holds its place in the order of the file
        actions: dict[str, Any] = {}
        for _ in range(size):
            number = next(letters)
            label = LETTERS[number % 26] + (str(number // 26) if number >= 26 else "")
            deeper = depth < 3 and len(tree) < 7 and draw(st.integers(0, depth + 1)) == 0
            if deeper:
                actions[label] = f"n{next(names)}"
                node(actions[label], depth + 1)
            else:
                actions[label] = [draw(entry) for _ in players]
        if is_chance:
            likely = draw(st.sampled_from(["q", "1/2", "1/3", "1"]))
            first, second = actions
            tree[name] = {"chance": {first: likely, second: f"1 - {likely}"}, "actions": actions}
        else:
            tree[name] = {"player": draw(st.sampled_from(list(players))), "actions": actions}

    node("start", 0)
    return tree
