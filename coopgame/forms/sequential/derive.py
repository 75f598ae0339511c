"""Backward induction as an argument: the comparisons at each node, from the last ones on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy

from coopgame.forms.derivation import (
    Derivation,
    Line,
    Role,
    Step,
    at_least,
    condition_step,
    equal,
    fresh,
)
from coopgame.forms.sequential.trees import Node, Payoffs, Plan, Tree, mean
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.solution import Branch

MANY = 8
EACH = (
    "Whoever moves compares what each action is worth there, given what follows it; one deviation "
    "at a time is enough:"
)


def argument(tree: Tree, domain: Domain, branch: Branch) -> Derivation:
    """Why a plan is subgame-perfect exactly where its conditions hold."""
    plan = {node: action for told in branch.strategies.values() for node, action in told.items()}
    nodes = list(reversed(list(tree.walk())))
    steps = [_candidate(tree, plan)]
    found = _Values(tree, plan, _letters(tree, domain))
    if len(nodes) <= MANY:
        steps += [found.step(node) for node in nodes]
    else:
        steps += list(found.together(nodes))
    steps.append(condition_step(branch.conditions))
    pays = zip(tree.players, found.worth(tree.root), strict=True)
    lines = tuple(Line(equal(symbol(f"{player}_payoff"), value)) for player, value in pays)
    steps.append(Step("What each earns", "On the path of play the players expect:", lines))
    return Derivation(branch.name, branch.concept, tuple(steps))


def _candidate(tree: Tree, plan: Plan) -> Step:
    remarks = tuple(
        f"at {node.name}, {node.player} chooses {plan[node.name]}" for node in tree.decisions
    )
    text = "The candidate says what is done at every node, reached or not:"
    return Step("The candidate", text, remarks=remarks)


def _letters(tree: Tree, domain: Domain) -> dict[str, tuple[sympy.Symbol, ...]]:
    """A letter for what each player expects at each node of chance."""
    return {
        node.name: tuple(fresh(f"E_{node.name}_{player}", domain.names) for player in tree.players)
        for node in tree.walk()
        if node.player is None
    }


@dataclass(frozen=True)
class _Values:
    """What nodes are worth under a plan, with letters for what is expected at those of chance."""

    tree: Tree
    plan: Plan
    letters: Mapping[str, tuple[sympy.Symbol, ...]]

    def worth(self, to: str | Payoffs) -> Payoffs:
        """The expected payoffs from a node on, the expectations of chance in letters."""
        if not isinstance(to, str):
            return to
        if to in self.letters:
            return self.letters[to]
        return self.worth(self.tree.nodes[to].choice(self.plan[to]).to)

    def step(self, node: Node) -> Step:
        if node.player is None:
            text = "Nature moves; each player expects the mean of what may follow:"
            return Step(f"At {node.name}", text, tuple(self.expected(node)), Role.GIVEN)
        chosen = self.plan[node.name]
        text = f"The move is with {node.player}: no other action there may pay more than {chosen}:"
        return Step(f"At {node.name}", text, tuple(self.comparisons(node)), Role.INCENTIVE)

    def together(self, nodes: list[Node]) -> Iterator[Step]:
        """All nodes in two steps, where the tree is large."""
        chance = [line for node in nodes if node.player is None for line in self.expected(node)]
        if chance:
            text = "Where nature moves, each player expects the mean of what may follow:"
            yield Step("The moves of nature", text, tuple(chance), Role.GIVEN)
        lines = [line for node in nodes if node.player for line in self.comparisons(node)]
        yield Step("Backward induction", EACH, tuple(lines), Role.INCENTIVE)

    def expected(self, node: Node) -> Iterator[Line]:
        after = [self.worth(move.to) for move in node.moves]
        means = after[0] if len(set(after)) == 1 else mean(node, after)
        for player, letter, value in zip(
            self.tree.players, self.letters[node.name], means, strict=True
        ):
            yield Line(equal(letter, value), f"expected by {player} at {node.name}")

    def comparisons(self, node: Node) -> Iterator[Line]:
        mover = self.tree.players.index(str(node.player))
        chosen = self.plan[node.name]
        taken = self.worth(node.choice(chosen).to)[mover]
        for move in node.moves:
            if move.action != chosen:
                about = f"{node.player} at {node.name}: {chosen} rather than {move.action}"
                yield Line(at_least(taken, self.worth(move.to)[mover]), about)
