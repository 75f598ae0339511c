"""Trees that nobody tuned the solver for, against every plan tried by the one-shot deviation
principle: ties on purpose, nature with probability zero, nodes with one action."""

from __future__ import annotations

import random
import tomllib
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from coopgame.errors import InputError
from coopgame.forms.gamefile import read_game
from coopgame.forms.sequential.game import MIXTURES, SequentialGame
from coopgame.reading.section import Section

Move = tuple[str, Any]  # an action, and the next node or the payoffs
Nodes = dict[str, tuple[str | None, list[Move], list[str]]]
PAYOFFS = {"0": 0, "1": 1, "2": 2, "-1": -1, "a": "a", "1 - a": "1-a", "b": "b", "a + b": "a+b"}
CHANCES = {1: [["1"]], 2: [["a", "1 - a"], ["1/2", "1/2"], ["0", "1"]],
           3: [["a/2", "a/2", "1 - a"], ["0", "1/3", "2/3"]]}  # fmt: skip


def game(text: str) -> SequentialGame:
    section = Section(tomllib.loads(text))
    found = read_game(section, "test", "")
    section.settle()
    assert isinstance(found, SequentialGame)
    return found


def text_of(tree: str, players: str = '"p"', parameters: str = "a") -> str:
    domains = {"a": ("[0, 1]", "1/2"), "b": ("[-1, 2]", "1")}
    lines = [
        f'{n} = {{ meaning = "m", unit = "u", domain = "{domains[n][0]}", '
        f'default = "{domains[n][1]}", source = "s" }}'
        for n in parameters
    ]
    head = f'format = 1\nform = "sequential"\nplayers = [{players}]\n[parameters]\n'
    return head + "\n".join(lines) + "\n[tree]\n" + tree


def drawn(source: random.Random, players: list[str]) -> Nodes:
    """A tree of seven nodes at most, three deep."""
    nodes: Nodes = {}
    names = iter(["start", *(f"n{i}" for i in range(1, 7))])

    def node(depth: int) -> str:
        name = next(names)
        moves: list[Move] = []
        nodes[name] = (None, moves, [])
        for i in range(source.choice([1, 2, 2, 3])):
            deeper = depth < 3 and len(nodes) < 7 and source.random() < 0.45
            pays = [source.choice(list(PAYOFFS)) for _ in players]
            moves.append((f"m{i}", node(depth + 1) if deeper else pays))
        player = None if source.random() < 0.25 else source.choice(players)
        nodes[name] = (player, moves, source.choice(CHANCES[len(moves)]))
        return name

    node(0)
    return nodes


def written(nodes: Nodes) -> str:
    lines = []
    for name, (player, moves, chances) in nodes.items():
        shown = [
            f"{action} = {str(to) if isinstance(to, list) else repr(to)}" for action, to in moves
        ]
        odds = ", ".join(f"{m[0]} = '{c}'" for m, c in zip(moves, chances, strict=True))
        mover = f"player = '{player}'" if player else f"chance = {{ {odds} }}"
        lines.append(f"{name} = {{ {mover}, actions = {{ {', '.join(shown)} }} }}")
    return "\n".join(lines)


def value(text: str, at: dict[str, Fraction]) -> Fraction:
    """The value of one of the few expressions above."""
    known = {"0": Fraction(0), "1": Fraction(1), "2": Fraction(2), "-1": Fraction(-1),
             "1/2": Fraction(1, 2), "1/3": Fraction(1, 3), "2/3": Fraction(2, 3)}  # fmt: skip
    a, b = at["a"], at["b"]
    known |= {"a": a, "1 - a": 1 - a, "b": b, "a + b": a + b, "a/2": a / 2}
    return known[text]


def brute(nodes: Nodes, players: list[str], at: dict[str, Fraction]) -> set[str]:
    """The names of all plans from which no single deviation pays, at numbers."""
    movers: list[str] = []

    def walk(name: str) -> None:
        player, moves, _ = nodes[name]
        movers.extend([name] if player else [])
        for _, to in moves:
            if isinstance(to, str):
                walk(to)

    walk("start")
    found = set()
    for choice in product(*([action for action, _ in nodes[name][1]] for name in movers)):
        plan = dict(zip(movers, choice, strict=True))

        def worth(to: Any, plan: dict[str, str] = plan) -> list[Fraction]:
            if isinstance(to, list):
                return [value(pay, at) for pay in to]
            player, moves, chances = nodes[to]
            if player:
                return worth(dict(moves)[plan[to]])
            after = [worth(next_) for _, next_ in moves]
            odds = [value(chance, at) for chance in chances]
            return [sum((p * w[i] for p, w in zip(odds, after, strict=True)), Fraction(0))
                    for i in range(len(players))]  # fmt: skip

        if all(
            worth(name)[i] >= worth(to)[i]
            for name in movers
            for i in [players.index(str(nodes[name][0]))]
            for _, to in nodes[name][1]
        ):
            found.add(",".join(choice) or "chance")
    return found


@pytest.mark.parametrize("seed", range(15))
def test_every_plan_that_no_deviation_beats_and_no_other(seed: int) -> None:
    source = random.Random(seed)
    players = ["p", "q", "r"][: source.choice([1, 2, 3])]
    nodes = drawn(source, players)
    body = written(nodes)
    used = [n for n in "ab" if any(n in t for t in body.replace("player", "").split("'")[1::2])]
    tree = game(text_of(body, ", ".join(f'"{p}"' for p in players), "".join(used)))
    solution = tree.solve()
    for a, b in [("0", "0"), ("1", "1"), ("1/2", "-1"), ("1/3", "2"), ("1/2", "1/2")]:
        point = {n: v for n, v in (("a", a), ("b", b)) if n in tree.header.domain.names}
        right = brute(nodes, players, {"a": Fraction(a), "b": Fraction(b)})
        values = tree.header.domain.point(point)
        assert {x.name for x in tree.substitute(values).solve().branches} == right
        assert {x.name for x in solution._put(values).branches} == right


def test_that_mixtures_are_left_out_is_said_where_somebody_can_be_indifferent() -> None:
    tie = game(text_of('start = { player = "p", actions = { u = ["a"], d = ["1 - a"] } }'))
    never = game(text_of('start = { player = "p", actions = { u = ["a"], d = ["a + 1"] } }'))
    assert tie.solve().provenance.notes == (MIXTURES,)
    assert never.solve().provenance.notes == ()
    assert {b.name for b in tie.solve().at(a="1/2").branches} == {"u", "d"}


def test_a_tree_in_which_nobody_moves_has_one_plan() -> None:
    """E = a*1 + (1 - a)*a, at a = 1/2: 3/4."""
    odds = 'start = { chance = { u = "a", d = "1 - a" }, actions = { u = ["1"], d = ["a"] } }'
    solution = game(text_of(odds)).solve()
    assert [b.name for b in solution.branches] == ["chance"]
    assert str(solution.at().branches[0].payoffs["p"]) == "3/4"


@pytest.mark.parametrize(
    ("odds", "fault"),
    [
        (("2*a", "1 - 2*a"), "can be negative"),
        (("a", "a"), "add up to 1"),
        (("log(1 + a)", "1 - log(1 + a)"), "not proved to be at least 0"),
    ],
)
def test_probabilities_must_be_proved_to_be_some(odds: tuple[str, str], fault: str) -> None:
    chance = f'chance = {{ u = "{odds[0]}", d = "{odds[1]}" }}'
    with pytest.raises(InputError, match=fault):
        game(text_of(f'start = {{ {chance}, actions = {{ u = ["1"], d = ["0"] }} }}'))


def test_probabilities_with_roots_and_minima_are_welcome() -> None:
    for chance in ("sqrt(a)", "min(2*a, 1)", "a/(a + 1)"):
        odds = f'chance = {{ u = "{chance}", d = "1 - {chance}" }}'
        tree = game(text_of(f'start = {{ {odds}, actions = {{ u = ["1"], d = ["0"] }} }}'))
        assert len(tree.solve().branches) == 1
