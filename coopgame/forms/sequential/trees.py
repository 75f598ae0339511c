"""Finite game trees of perfect information: how a file states one, and what a plan is worth.

A node belongs to a player or to chance; each of its actions leads to a further node (by name) or
ends the game with a list of payoffs, one for each player in the order of `players`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy

from coopgame.forms.checking import check_defined
from coopgame.language.grammar import NAME
from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.section import Section

MAX_NODES = 60
MAX_ACTIONS = 12
MAX_PLANS = 1024
ROOT = "start"

Payoffs = tuple[sympy.Expr, ...]
Plan = Mapping[str, str]


@dataclass(frozen=True)
class TreeMove:
    """One way on from a node: where it leads and, at a chance node, with what probability."""

    action: str
    to: str | Payoffs
    probability: sympy.Expr | None = None


@dataclass(frozen=True)
class Node:
    """A point of the game at which a player, or chance where `player` is None, moves."""

    name: str
    player: str | None
    moves: tuple[TreeMove, ...]

    def choice(self, action: str) -> TreeMove:
        return next(move for move in self.moves if move.action == action)


@dataclass(frozen=True)
class Tree:
    """A game tree: every node but the root is reached by exactly one move."""

    players: tuple[str, ...]
    root: str
    nodes: Mapping[str, Node]

    def walk(self, name: str | None = None) -> Iterator[Node]:
        """The nodes from `name` (default: the root) on, each before those it leads to."""
        node = self.nodes[name or self.root]
        yield node
        for move in node.moves:
            if isinstance(move.to, str):
                yield from self.walk(move.to)

    @property
    def decisions(self) -> tuple[Node, ...]:
        """The nodes at which a player moves, in the order of `walk`."""
        return tuple(node for node in self.walk() if node.player is not None)


def worth(tree: Tree, to: str | Payoffs, plan: Plan) -> Payoffs:
    """The expected payoffs from a node on, or at an end, when everybody follows `plan`."""
    if not isinstance(to, str):
        return to
    node = tree.nodes[to]
    if node.player is not None:
        return worth(tree, node.choice(plan[to]).to, plan)
    return mean(node, [worth(tree, move.to, plan) for move in node.moves])


def mean(chance: Node, payoffs: list[Payoffs]) -> Payoffs:
    """The payoffs expected at a chance node, given those after each of its moves."""
    weights = [move.probability for move in chance.moves]
    return tuple(
        sympy.Add(*(weight * value for weight, value in zip(weights, column, strict=True)))
        for column in zip(*payoffs, strict=True)
    )


def reach(tree: Tree, plan: Plan) -> dict[str, sympy.Expr]:
    """The probability that the play reaches each node, and that it takes each move there.

    Keys: `node`, and `node_action` for the moves.
    """
    found: dict[str, sympy.Expr] = {tree.root: sympy.S.One}
    for node in tree.walk():
        for move in node.moves:
            taken = move.probability if node.player is None else _taken(node, move, plan)
            found[f"{node.name}_{move.action}"] = found[node.name] * taken
            if isinstance(move.to, str):
                found[move.to] = found[node.name] * taken
    return found


def _taken(node: Node, move: TreeMove, plan: Plan) -> sympy.Expr:
    return sympy.S.One if plan[node.name] == move.action else sympy.S.Zero


def describe(tree: Tree) -> list[tuple[str, str]]:
    """Each node with who moves and where each action leads, as text."""

    def shown(move: TreeMove) -> str:
        to = move.to if isinstance(move.to, str) else f"({', '.join(map(to_text, move.to))})"
        chance = (
            "" if move.probability is None else f" with probability {to_text(move.probability)}"
        )
        return f"{move.action}{chance} -> {to}"

    return [
        (f"{node.name} ({node.player or 'chance'})", "; ".join(map(shown, node.moves)))
        for node in tree.walk()
    ]


# --- reading -------------------------------------------------------------------------------------


def read_tree(section: Section, players: tuple[str, ...], domain: Domain) -> Tree:
    """The `[tree]` of a file; its faults are noted, and a faulty tree must not be walked."""
    before = len(section.faults)
    table = section.table("tree")
    root = section.text("root", default=ROOT)
    if len(table.keys()) > MAX_NODES:
        table.fault("", f"more than {MAX_NODES} nodes", "leave out what changes nothing")
    nodes = {name: _read_node(table, name, players, domain) for name in table.keys()[:MAX_NODES]}
    tree = Tree(players, root, nodes)
    if "tree" in section:
        _check_shape(section, table, tree)
    if len(section.faults) == before:
        _check_chance(table, tree, domain)
    return tree


def _read_node(table: Section, name: str, players: tuple[str, ...], domain: Domain) -> Node:
    entry = table.table(name)
    _check_label(table, name)
    is_chance = "chance" in entry
    if is_chance == ("player" in entry):
        entry.fault("", "must have either a player or chance", 'add player = "..."')
    player = None if is_chance or "player" not in entry else entry.choice("player", players or [""])
    chance = entry.table("chance", required=False)
    moves = _read_moves(entry.table("actions"), len(players), domain)
    entry.finish()
    if is_chance:
        moves = _with_chances(entry, chance, moves, domain)
    return Node(name, player, moves)


def _check_label(table: Section, label: str) -> None:
    """Labels become the tails of names; words such as `continue` are welcome."""
    if not NAME.match(label):
        table.fault(label, "is not a name", "a letter, then letters, digits or _ (40 at most)")


def _read_moves(actions: Section, players: int, domain: Domain) -> tuple[TreeMove, ...]:
    if not 0 < len(actions.keys()) <= MAX_ACTIONS:
        actions.fault("", f"must hold 1 to {MAX_ACTIONS} actions", 'as in { trust = "next" }')
    moves = []
    for action in actions.keys()[:MAX_ACTIONS]:
        _check_label(actions, action)
        moves.append(TreeMove(action, _read_end(actions, action, players, domain)))
    return tuple(moves)


def _read_end(actions: Section, action: str, players: int, domain: Domain) -> str | Payoffs:
    found: Any = actions.value(action)
    if isinstance(found, str):
        return found
    if not isinstance(found, list):
        mend = 'write a node, "next", or payoffs, ["b - p", "p - c"]'
        actions.fault(action, f"{found!r} is neither a node nor a list of payoffs", mend)
        return ()
    if len(found) != players:
        mend = f"give one payoff for each of the {players} players, in their order"
        actions.fault(action, f"has {len(found)} payoffs for {players} players", mend)
    payoffs = tuple(
        actions.parsed(f"{action}[{i}]", text, domain.names) for i, text in enumerate(found)
    )
    for payoff in payoffs:
        check_defined(actions, action, payoff, domain)
    return payoffs


def _with_chances(
    entry: Section, chance: Section, moves: tuple[TreeMove, ...], domain: Domain
) -> tuple[TreeMove, ...]:
    """The moves of a chance node with their probabilities, one for each action."""
    actions = [move.action for move in moves]
    if set(chance.keys()) != set(actions):
        mend = "name the same actions in chance and in actions"
        entry.fault("chance", f"must give a probability to each of {', '.join(actions)}", mend)
    return tuple(
        replace(move, probability=chance.expression(move.action, domain.names, default="0"))
        for move in moves
    )


def _check_chance(table: Section, tree: Tree, domain: Domain) -> None:
    """Probabilities must be proved to add up to one and to be nowhere negative."""
    for node in (node for node in tree.walk() if node.player is None):
        chances = [move.probability for move in node.moves]
        place = f"{node.name}.chance"
        if not _is_one(sympy.Add(*chances), domain):
            table.fault(place, "the probabilities do not add up to 1", 'as in "q" and "1 - q"')
        for move, chance in zip(node.moves, chances, strict=True):
            found = implies(domain.constraints, sympy.Ge(chance, 0), domain.integers)
            if not found.proved:
                refuted = found.verdict is Verdict.REFUTED
                problem = (
                    "can be negative in the domain" if refuted else "is not proved to be at least 0"
                )
                mend = "restrict the domain of its parameters"
                table.fault(f"{place}.{move.action}", problem, mend)


def _is_one(total: sympy.Expr, domain: Domain) -> bool:
    """Whether a sum is one wherever the domain allows: as an identity, or by proof."""
    rest = sympy.expand(total - 1)
    if rest == 0 or sympy.simplify(rest) == 0:
        return True
    return implies(domain.constraints, sympy.Eq(total, 1), domain.integers).proved


def _check_shape(section: Section, table: Section, tree: Tree) -> None:
    """Every move leads to a node or an end, and every node but the root is led to once."""
    origins: dict[str, list[str]] = {name: [] for name in tree.nodes}
    for node in tree.nodes.values():
        for move in node.moves:
            if isinstance(move.to, str) and move.to not in origins:
                mend = f"nodes: {', '.join(tree.nodes)}"
                table.fault(f"{node.name}.actions.{move.action}", f"no node {move.to!r}", mend)
            elif isinstance(move.to, str):
                origins[move.to].append(f"{node.name}.{move.action}")
    if tree.root not in tree.nodes:
        section.fault("root", f"no node {tree.root!r}", f"nodes: {', '.join(tree.nodes)}")
    for name, places in origins.items():
        if len(places) > 1:
            mend = "write the node once for each, under names of their own"
            table.fault(name, f"is reached from {' and '.join(places)}", mend)
        if name != tree.root and not places:
            table.fault(name, f"cannot be reached from {tree.root!r}", "let an action lead to it")
        elif _on_cycle(name, origins):
            table.fault(name, "leads back to itself", "let the game end")
    plans = math.prod(len(node.moves) for node in tree.nodes.values() if node.player is not None)
    if plans > MAX_PLANS:
        table.fault("", f"has {plans} plans, more than {MAX_PLANS}", "drop nodes or actions")


def _on_cycle(name: str, origins: Mapping[str, list[str]]) -> bool:
    """Whether going back along the first move that leads to each node returns to `name`."""
    seen: list[str] = []
    at = name
    while origins[at] and at not in seen:
        seen.append(at)
        at = origins[at][0].split(".")[0]
    return at == name and bool(seen)
