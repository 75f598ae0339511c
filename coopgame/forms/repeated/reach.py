"""Which nodes of play can be met at all, where chances may be 0 or 1 at a border of the domain.

A deviation at a node that is never met costs and gains nothing. Where a chance can vanish, as
that of leaving a regime which lasts with probability a <= 1, the node behind it is met only where
it does not. Its weight is an expression that is positive where the node is met and 0 elsewhere, so
that `weight*gap >= 0` says exactly what is asked of the parameters, borders included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import sympy

from coopgame.forms.repeated.play import Node, Pair, RepeatedSetting, prescribed, starts
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import implies

Doubts = frozenset[sympy.Expr]


def weights(
    setting: RepeatedSetting, pair: Pair, domain: Domain, deviations: bool
) -> Mapping[Node, sympy.Expr]:
    """The weight of each node met on the path of play; with `deviations`, after some history.

    On the path, what follows a period that counts for nothing (a discount factor of 0) is of no
    weight; after a history it is what that history is worth which counts.
    """
    sure: dict[sympy.Expr, bool] = {}

    def doubts(factors: Iterable[sympy.Expr]) -> Doubts:
        for factor in factors:
            if factor not in sure:
                found = implies(domain.constraints, factor > 0, domain.integers)
                sure[factor] = found.proved
        return frozenset(factor for factor in factors if not sure[factor])

    start = starts(setting, pair)[0]
    ways: dict[Node, set[Doubts]] = {start: {frozenset()}}
    todo = [start]
    while todo:
        node = todo.pop(0)
        for to, factors in _steps(setting, pair, node, deviations):
            further = {way | doubts(factors) for way in ways[node]}
            known = ways.get(to, set())
            least = _least(known | further)
            if least != known:
                ways[to] = least
                todo.append(to)
    return {node: _weight(found) for node, found in ways.items()}


def _steps(
    setting: RepeatedSetting, pair: Pair, node: Node, deviations: bool
) -> Iterator[tuple[Node, tuple[sympy.Expr, ...]]]:
    """The nodes that can follow, each with the chances whose product leads there."""
    regime = setting.regime[node[2]]
    worth = () if deviations else (setting.discount,)
    profiles = setting.chances if deviations else [prescribed(pair, node)]
    for to, weight in zip(setting.regimes, regime.next, strict=True):
        if weight == 0:
            continue
        if setting.restarts and regime.hazard != 0:
            yield (pair[0].start, pair[1].start, to.name), (*worth, weight, regime.hazard)
        if regime.hazard == 1:
            continue
        for profile in profiles:
            for signal, chance in setting.chances[profile].items():
                if chance != 0:
                    first, second = (
                        a.moves[s, node[2], signal] for a, s in zip(pair, node[:2], strict=True)
                    )
                    yield (first, second, to.name), (*worth, weight, 1 - regime.hazard, chance)


def _least(ways: set[Doubts]) -> set[Doubts]:
    """The ways that ask for least: none that another one is contained in."""
    return {way for way in ways if not any(other < way for other in ways)}


def _weight(ways: set[Doubts]) -> sympy.Expr:
    """Positive where all the chances of one of the ways are, as none is negative anywhere."""
    products = (sympy.Mul(*way) for way in ways)
    return sympy.Add(*sorted(products, key=sympy.default_sort_key))
