"""A cluster at one point of its parameters, exactly: levels, channels, large firms, type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy

from coopgame.clusters import market
from coopgame.clusters.joint import HISTORY, equilibrium, surroundings
from coopgame.clusters.model import Cluster, Selected
from coopgame.clusters.typology import rules
from coopgame.language.deciding import decide, evaluate


@dataclass(frozen=True)
class Place:
    """What a cluster is at a point: the joint equilibrium selected, and what follows from it.

    `shares` are of small firms, `outputs` of all output (with what large firms make inside); where
    nobody produces anything all of these are 0.
    """

    relations: Mapping[str, Selected]
    mode: str
    shares: Mapping[str, sympy.Expr]
    outputs: Mapping[str, sympy.Expr]
    type: str


def place(cluster: Cluster, point: Mapping[str, sympy.Expr], selection: str = HISTORY) -> Place:
    """The cluster at a point, in the joint equilibrium that `selection` names. Exact."""
    relations = equilibrium(cluster, point, selection)
    known = surroundings(cluster, point, relations)
    facts = {name: evaluate(value, known) for name, value in cluster.facts.items()}
    facts |= {relation.symbol: known[relation.symbol] for relation in cluster.relations}
    return Place(
        relations=relations,
        mode=next(mode for mode, holds in market.modes().items() if evaluate(holds, facts)),
        shares={name: evaluate(share, facts) for name, share in market.shares().items()},
        outputs=_outputs({name: evaluate(a, facts) for name, a in market.amounts().items()}),
        type=next(kind for kind, holds in rules() if evaluate(holds, facts)),
    )


def _outputs(amounts: Mapping[str, sympy.Expr]) -> dict[str, sympy.Expr]:
    total = sympy.Add(*amounts.values())
    if decide(sympy.Eq(total, 0)):
        return dict.fromkeys(amounts, sympy.S.Zero)
    return {name: amount / total for name, amount in amounts.items()}
