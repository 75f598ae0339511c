"""A cluster over columns of points: the same expressions as at a point, compiled once to NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.clusters import market
from coopgame.clusters.joint import GREATEST, HISTORY, LEAST
from coopgame.clusters.model import Cluster, Relation, begins
from coopgame.clusters.typology import TYPES, rules
from coopgame.language.printing import symbol, to_numpy
from coopgame.solution import Solution

Floats = NDArray[np.float64]
Columns = Mapping[str, Floats | float]
TRUST = symbol("trust'")


def rows_of(columns: Columns) -> tuple[int, ...]:
    """The shape of the rows that columns make together; a single number holds in every row."""
    return np.broadcast_shapes(*map(np.shape, columns.values()))


def spread(columns: Columns, rows: tuple[int, ...]) -> dict[str, Floats]:
    """The columns, single numbers repeated in every row (as views: nothing is copied)."""
    return {name: np.broadcast_to(column, rows) for name, column in columns.items()}


@dataclass(frozen=True, eq=False)
class CompiledCluster:
    """A cluster model as functions of columns: `levels`, `outputs` and `types` at every row.

    `selection` names the joint equilibrium, as in `joint.equilibrium`.
    """

    cluster: Cluster

    def levels(self, columns: Columns, selection: str = HISTORY) -> dict[str, Floats]:
        """Each relation's level in the joint equilibrium selected, at every row."""
        rows = rows_of(columns)
        known: dict[str, Any] = spread(columns, rows)
        begun = np.full(rows, float(selection == GREATEST))
        known |= {r.is_sustained.name: begun for r in self.cluster.relations}
        for _ in range(len(self.cluster.relations) + 1):
            for relation in self._compiled:
                known[relation.name] = relation.level(known, selection, rows)
            now = {r.sustained: (known[r.name] > 0).astype(float) for r in self._compiled}
            if all(np.array_equal(known[name], held) for name, held in now.items()):
                break
            known |= now
        return {relation.name: np.asarray(known[relation.name]) for relation in self._compiled}

    def facts(self, columns: Columns, levels: Columns) -> dict[str, Floats]:
        """What the symbols of `market` stand for at every row."""
        rows = rows_of(columns)
        found = self._facts(*self._arguments(spread({**columns, **levels}, rows)))
        named = zip(self.cluster.facts, found, strict=True)
        return {s.name: np.broadcast_to(v, rows) for s, v in named} | spread(levels, rows)

    def types(self, columns: Columns, selection: str = HISTORY) -> NDArray[np.int64]:
        """The index in `TYPES` of the type at every row."""
        facts = self.facts(columns, self.levels(columns, selection))
        rows = rows_of(columns)
        with np.errstate(all="ignore"):
            found = self._rules(*(facts[name] for name in self._fact_names))
        first = np.argmax([np.broadcast_to(holds, rows) for holds in found], axis=0)
        return np.asarray(self._order[first])

    def outputs(self, columns: Columns, selection: str = HISTORY) -> dict[str, Floats]:
        """The share of output sold through each channel (and made inside) at every row.

        All are 0 where nobody produces anything.
        """
        facts = self.facts(columns, self.levels(columns, selection))
        with np.errstate(all="ignore"):
            found = self._amounts(*(facts[name] for name in self._fact_names))
            total = sum(found)
            shares = [np.where(total > 0, amount / total, 0.0) for amount in found]
        return dict(zip(market.amounts(), shares, strict=True))

    @cached_property
    def _compiled(self) -> tuple[_CompiledRelation, ...]:
        level_of: dict[int, Callable[..., Any]] = {}
        for relation in self.cluster.relations:
            key = id(relation.solution)
            level_of[key] = level_of.get(key) or _compiled_level(relation.solution)
        return tuple(
            _CompiledRelation.of(r, self._names, level_of[id(r.solution)])
            for r in self.cluster.relations
        )

    @cached_property
    def telling(self) -> frozenset[str]:
        """The parameters that levels, shares and types depend on."""
        parts = [*self.cluster.facts.values()]
        for relation in self.cluster.relations:
            parts += [relation.trust, relation.floor, *relation.bound.values()]
        return frozenset(s.name for part in parts for s in part.free_symbols)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        relations = self.cluster.relations
        links = [s.name for r in relations for s in (r.symbol, r.is_sustained)]
        return (*self.cluster.domain.names, *links)

    def _arguments(self, known: Mapping[str, Any]) -> list[Any]:
        return [known.get(name, 0.0) for name in self._names]

    @cached_property
    def _facts(self) -> Callable[..., Any]:
        return to_numpy(self.cluster.facts.values(), self._names)

    @cached_property
    def _fact_names(self) -> tuple[str, ...]:
        levels = (relation.name for relation in self.cluster.relations)
        return (*(s.name for s in self.cluster.facts), *levels)

    @cached_property
    def _rules(self) -> Callable[..., Any]:
        return to_numpy([holds for _, holds in rules()], self._fact_names)

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        return np.array([TYPES.index(kind) for kind, _ in rules()])

    @cached_property
    def _amounts(self) -> Callable[..., Any]:
        return to_numpy(market.amounts().values(), self._fact_names)


@dataclass(frozen=True, eq=False)
class _CompiledRelation:
    """One relation: its bindings over the cluster's columns, and its game's level over those."""

    name: str
    sustained: str
    names: tuple[str, ...]
    bound: Callable[..., Any]
    level_of: Callable[..., Any]

    @classmethod
    def of(
        cls, relation: Relation, names: tuple[str, ...], level_of: Callable[..., Any]
    ) -> _CompiledRelation:
        own = [relation.bound[symbol(name)] for name in relation.solution.domain.names]
        bound = to_numpy([relation.trust, relation.floor, *own], names)
        return cls(relation.name, relation.is_sustained.name, names, bound, level_of)

    def level(self, known: Mapping[str, Any], selection: str, rows: tuple[int, ...]) -> Floats:
        with np.errstate(all="ignore"):
            trust, floor, *own = self.bound(*(known.get(name, 0.0) for name in self.names))
            expected = {HISTORY: trust, LEAST: floor, GREATEST: 1.0}[selection]
            found = self.level_of(*(np.broadcast_to(value, rows) for value in (*own, expected)))[0]
        return np.broadcast_to(np.asarray(found, dtype=float), rows)


def level_selected(solution: Solution) -> sympy.Expr:
    """The level that trust (`TRUST`) selects, in the parameters of a relation's game."""
    pieces = []
    for branch in solution.branches:
        tipping_point = branch.outcomes.get("tipping_point")
        if tipping_point is not None:
            begun = sympy.And(*branch.conditions, begins(TRUST, tipping_point))
            pieces.append((branch.outcomes["level"], begun))
    return sympy.Piecewise(*pieces, (0, True), evaluate=False)


def _compiled_level(solution: Solution) -> Callable[..., Any]:
    """The same as a function of the game's parameters and trust."""
    return to_numpy([level_selected(solution)], [*solution.domain.names, TRUST.name])
