"""Sequential games of perfect information: who moves when, and what each can foresee.

A file states the players and a tree of nodes by name. The play begins at the node `start` (or at
the one that `root` names). A node has a `player` and the `actions` open to that player; an action
leads to another node, or ends the game with a list of payoffs, in the order of `players`. At a
node with `chance` instead of a player, nature takes each action with the probability given:

    form = "sequential"
    headline = "trust,honour"
    players = ["buyer", "supplier"]
    [tree]
    start = { player = "buyer", actions = { trust = "weather", walk = ["0", "0"] } }
    [tree.weather]
    chance = { calm = "q", storm = "1 - q" }
    actions = { calm = "delivery", storm = ["-l", "0"] }
    [tree.delivery]
    player = "supplier"
    actions = { honour = ["b - p", "p - c"], abuse = ["-p", "p"] }
    [outcomes]
    trade = "reached_delivery_honour"
    surplus = "buyer_payoff + supplier_payoff"

`[outcomes]` may use the parameters, `<player>_payoff`, and the probabilities `reached_<node>` and
`reached_<node>_<action>` that the play comes to a node and takes an action there.

The answer: backward induction (Zermelo 1913; Selten 1965) from the ends of the tree, in symbols.
A plan gives an action at every node, reached or not. It is subgame-perfect iff at each node the
action taken is worth at least as much to the player there as each other action, given the plan
afterwards (the one-shot deviation principle). Every plan for which these weak conditions can hold
is a branch, named by its actions in the order of the tree, so that at a tie all pure subgame-
perfect equilibria are reported and away from ties exactly one. At a tie, mixtures of the tied
actions are equilibria too; they are not listed, and the answer says so wherever ties can occur.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Self

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.cache import remembered
from coopgame.forms.base import Header, assemble, playable, substituted
from coopgame.forms.checking import check_defined, check_headline
from coopgame.forms.derivation import Derivation
from coopgame.forms.sequential.derive import argument
from coopgame.forms.sequential.trees import (
    Node,
    Payoffs,
    Plan,
    Tree,
    describe,
    mean,
    reach,
    read_tree,
    worth,
)
from coopgame.language.grammar import name_problem
from coopgame.language.printing import symbol
from coopgame.language.putting import put_in
from coopgame.proofs.questions import QUICK, feasible
from coopgame.reading.section import Section
from coopgame.solution import Branch, Point, Provenance, Solution

MAX_PLAYERS = 8
MIXTURES = (
    "where two plans are equilibria at once somebody is indifferent; mixtures of the tied actions, "
    "equilibria too, are not listed"
)
NO_CHOICE = "chance"  # the one plan of a tree in which no player moves
METHOD = "backward induction; every pure subgame-perfect equilibrium"


@playable
@dataclass(frozen=True)
class SequentialGame:
    """A finite game of perfect information with payoffs and chances in symbols."""

    header: Header
    tree: Tree
    named_outcomes: Mapping[str, sympy.Expr]

    @property
    def players(self) -> dict[str, tuple[str, ...]]:
        """The players, with the actions of all their nodes, in the order of the tree."""
        return {
            player: tuple(
                dict.fromkeys(
                    move.action
                    for node in self.tree.decisions
                    if node.player == player
                    for move in node.moves
                )
            )
            for player in self.tree.players
        }

    @remembered()
    def solve(self) -> Solution:
        """Every pure subgame-perfect equilibrium with the exact conditions under which it is one.

        Raises nothing of its own: the size of the tree is bounded when it is read.
        """
        plays = self._plays(self.tree.root)
        notes = (MIXTURES,) if self._can_tie(plays) else ()
        candidates = [self._branch(play) for play in plays]
        return assemble(self, candidates, Provenance(METHOD, notes=notes))

    def _can_tie(self, plays: Sequence[SubgamePlan]) -> bool:
        """Whether two plans can be equilibria at once, so that somebody is indifferent there."""
        return any(
            self._possible(replace(one, conditions=(*one.conditions, *other.conditions)))
            for one, other in combinations(plays, 2)
        )

    def _plays(self, to: str | Payoffs) -> list[SubgamePlan]:
        """The plans of a subgame that are subgame-perfect somewhere in the domain."""
        if not isinstance(to, str):
            return [SubgamePlan({}, to)]
        node = self.tree.nodes[to]
        after = [self._plays(move.to) for move in node.moves]
        return [
            play
            for continuations in product(*after)
            for play in _choices(self.tree, node, continuations)
            if self._possible(play)
        ]

    def _possible(self, play: SubgamePlan) -> bool:
        domain = self.header.domain
        goals = [*domain.constraints, *play.conditions]
        return feasible(goals, domain.integers, QUICK).exists is not False

    def _branch(self, play: SubgamePlan) -> Branch:
        payoffs = dict(zip(self.tree.players, map(sympy.cancel, play.payoffs), strict=True))
        known = {symbol(f"{player}_payoff"): payoff for player, payoff in payoffs.items()}
        for place, probability in reach(self.tree, play.plan).items():
            known[symbol(f"reached_{place}")] = probability
        strategies: dict[str, dict[str, str]] = {player: {} for player in self.tree.players}
        for node in self.tree.decisions:
            strategies[str(node.player)][node.name] = play.plan[node.name]
        return Branch(
            name=",".join(play.plan[node.name] for node in self.tree.decisions) or NO_CHOICE,
            kind="strategies",
            concept="subgame-perfect equilibrium",
            strategies=strategies,
            payoffs=payoffs,
            outcomes={name: value.subs(known) for name, value in self.named_outcomes.items()},
            conditions=play.conditions,
        )

    def substitute(self, values: Mapping[str, sympy.Rational]) -> Self:
        """The same game with some parameters fixed."""
        return substituted(self, values)

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """The largest gain from one deviation at one node, over all nodes, reached or not.

        The values are computed again, down the tree at the point; by the one-shot deviation
        principle a plan is subgame-perfect iff no such gain is positive.
        """
        tree = put_in(self.tree, {symbol(name): value for name, value in point.items()})
        plan = {n: a for chosen in equilibrium.strategies.values() for n, a in chosen.items()}
        gains = [
            worth(tree, move.to, plan)[mover] - worth(tree, node.name, plan)[mover]
            for node in tree.decisions
            for mover in [tree.players.index(str(node.player))]
            for move in node.moves
        ]
        return sympy.Max(0, *gains)

    def derivation(self, equilibrium: Branch) -> Derivation:
        """The argument, node by node, that a plan is subgame-perfect."""
        return argument(self.tree, self.header.domain, equilibrium)

    def describe(self) -> list[tuple[str, str]]:
        """The nodes of the tree: who moves there, and where each action leads."""
        return [("players", ", ".join(self.tree.players)), *describe(self.tree)]


@dataclass(frozen=True)
class SubgamePlan:
    """A plan of a subgame, its expected payoffs and the conditions of subgame perfection."""

    plan: Plan
    payoffs: Payoffs
    conditions: tuple[Boolean, ...] = ()


def _choices(
    tree: Tree, node: Node, continuations: tuple[SubgamePlan, ...]
) -> Iterator[SubgamePlan]:
    """The plays from a node on, given how the play continues after each of its moves."""
    plan = {name: action for play in continuations for name, action in play.plan.items()}
    conditions = tuple(c for play in continuations for c in play.conditions)
    if node.player is None:
        yield SubgamePlan(plan, mean(node, [play.payoffs for play in continuations]), conditions)
        return
    mover = tree.players.index(node.player)
    for move, taken in zip(node.moves, continuations, strict=True):
        best = [
            sympy.Ge(taken.payoffs[mover] - other.payoffs[mover], 0)
            for other in continuations
            if other is not taken
        ]
        yield SubgamePlan({**plan, node.name: move.action}, taken.payoffs, (*conditions, *best))


# --- reading -------------------------------------------------------------------------------------


def read(section: Section, header: Header) -> SequentialGame:
    """The keys `players`, `root`, `[tree]` and `[outcomes]` of a game file."""
    players = _read_players(section)
    tree = read_tree(section, players, header.domain)
    table = section.table("outcomes", required=False)
    names = _check_distinct(section, tree) | {f"{player}_payoff" for player in players}
    for name in sorted(names & set(header.domain.names)):
        section.fault(f"parameters.{name}", "is the name of an outcome of the tree", "rename it")
    known = {*names, *header.domain.names}
    outcomes = {name: table.expression(name, known) for name in table}
    for name, expression in outcomes.items():
        if problem := name_problem(name) or (f"{name!r} is taken" if name in known else None):
            table.fault(name, problem, "choose another name")
        check_defined(table, name, expression, header.domain)
    for i, name in enumerate(header.shown):
        if name not in outcomes:
            section.fault(f"shown[{i}]", f"no outcome {name!r}", f"outcomes: {', '.join(outcomes)}")
    if not section.faults:
        _check_headline(section, header, tree)
    return SequentialGame(header, tree, outcomes)


def _read_players(section: Section) -> tuple[str, ...]:
    players = section.strings("players")
    if len(set(players)) != len(players) or len(players) > MAX_PLAYERS:
        section.fault("players", f"must be at most {MAX_PLAYERS}, each named once", "rename some")
    for i, player in enumerate(players):
        if problem := name_problem(player):
            section.fault(f"players[{i}]", problem, "choose another name")
    return tuple(dict.fromkeys(players))


def _check_distinct(section: Section, tree: Tree) -> set[str]:
    """The names `reached_...`; a node and a move must not claim the same one."""
    seen = {name: name for name in tree.nodes}
    for node in tree.nodes.values():
        for move in node.moves:
            name, place = f"{node.name}_{move.action}", f"{node.name}.actions.{move.action}"
            if seen.setdefault(name, place) != place:
                mend = "rename a node or an action"
                section.fault(f"tree.{place}", f"reached_{name} would mean two things", mend)
    return {f"reached_{name}" for name in seen}


def _check_headline(section: Section, header: Header, tree: Tree) -> None:
    open_to = [[move.action for move in node.moves] for node in tree.decisions]
    plans = {",".join(plan) or NO_CHOICE for plan in product(*open_to)}
    nodes = ", ".join(node.name for node in tree.decisions)
    told = f"join one action for each of the nodes {nodes}, as in {min(plans)!r}"
    check_headline(section, header.headline, (), plans.__contains__, told)
