"""The equilibria of all relations of a cluster together.

A relation may help another: being sustained, or its level, moves a parameter of the other so that
more enforces itself there (proved when the file is read). The joint game is then supermodular in
who is sustained (Tarski 1955; Milgrom and Roberts 1990): from below and from above, the rounds
climb and fall to its least and its greatest equilibrium, in at most one round a relation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy

from coopgame.clusters.model import Cluster, Relation, Selected
from coopgame.language.deciding import evaluate
from coopgame.language.printing import symbol

Known = dict[sympy.Symbol, sympy.Expr]
HISTORY, GREATEST, LEAST = SELECTIONS = ("history", "greatest", "least")


def equilibrium(
    cluster: Cluster, point: Mapping[str, sympy.Expr], selection: str = HISTORY
) -> dict[str, Selected]:
    """Each relation at a point of the cluster's parameters, in one joint equilibrium.

    `history` starts from nothing and lets each relation begin that its trust starts (as
    `model.begins` says); `least` does so with the floor of trust; `greatest` has everything
    sustained that can be. Exact; every level is certified by its own game.
    """
    known = {symbol(name): value for name, value in point.items()}
    trust: dict[str, Callable[[Relation], sympy.Expr]] = {
        HISTORY: lambda relation: evaluate(relation.trust, known),
        LEAST: lambda relation: evaluate(relation.floor, known),
        GREATEST: lambda relation: sympy.S.One,
    }
    begun = dict.fromkeys((r.name for r in cluster.relations), selection == GREATEST)
    for _ in range(len(cluster.relations) + 1):
        found = _round(cluster, known, trust[selection], begun)
        now = {name: selected.is_sustained for name, selected in found.items()}
        if now == begun:
            break
        begun = now
    return found


def _round(
    cluster: Cluster,
    known: Known,
    trust: Callable[[Relation], sympy.Expr],
    begun: Mapping[str, bool],
) -> dict[str, Selected]:
    """Every relation once, given which of them are sustained."""
    here = known | {r.is_sustained: sympy.Integer(begun[r.name]) for r in cluster.relations}
    found = {}
    for relation in cluster.relations:
        found[relation.name] = relation.selected(here, trust(relation))
        here[relation.symbol] = found[relation.name].level
    return found


def surroundings(
    cluster: Cluster, point: Mapping[str, sympy.Expr], relations: Mapping[str, Selected]
) -> Known:
    """All that bindings, worths and rules speak of, at a point and an equilibrium."""
    known: Known = {symbol(name): value for name, value in point.items()}
    for relation in cluster.relations:
        known[relation.symbol] = relations[relation.name].level
        known[relation.is_sustained] = sympy.Integer(relations[relation.name].is_sustained)
    return known
