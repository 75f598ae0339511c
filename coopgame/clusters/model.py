"""A cluster as one system of expressions: relations, channels and large firms.

Small firms differ in capability z, uniform on [0, 1]. A channel is open to a firm whose capability
reaches the channel's need; among the open ones a firm takes the one worth most: its margin at arm's
length plus what the relation behind it brings. A relation is a level game whose parameters are
bound to the cluster's, to the levels of other relations and to whether these are sustained. Large
local firms make everything themselves, have small firms make it, or leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.clusters import market
from coopgame.language.deciding import decide, evaluate
from coopgame.language.parameters import Domain, Parameter
from coopgame.language.printing import symbol
from coopgame.language.showing import as_html, as_latex, as_text
from coopgame.reading.info import Info
from coopgame.solution import Solution

RELATIONS = ("horizontal", "collective", "vertical", "chain")


@dataclass(frozen=True)
class Channel:
    """A way to sell: margin at arm's length, gain from relations, capability needed, output."""

    name: str
    margin: sympy.Expr
    gain: sympy.Expr
    need: sympy.Expr
    output: sympy.Expr

    @property
    def worth(self) -> sympy.Expr:
        return self.margin + self.gain


@dataclass(frozen=True)
class LargeFirms:
    """Large local firms: their output, the part put out if they subcontract, each mode's profit."""

    size: sympy.Expr
    put_out: sympy.Expr
    values: Mapping[str, sympy.Expr]


@dataclass(frozen=True)
class Lever:
    """A parameter that policy can move, with the instrument that moves it and where it is named.

    `rises` says which way the instrument moves it, `reach` how far at most (None: to the end of the
    parameter's range).
    """

    parameter: str
    rises: bool
    instrument: str
    place: str
    reach: sympy.Rational | None = None

    def end(self, here: sympy.Expr, parameter: Parameter) -> sympy.Expr:
        """How far the lever can move its parameter from a value."""
        last = parameter.interval.upper if self.rises else parameter.interval.lower
        if self.reach is None:
            return last
        if self.rises:
            return sympy.Min(last, here + self.reach)
        return sympy.Max(last, here - self.reach)


@dataclass(frozen=True)
class Selected:
    """A relation at a point: the level selected, the sustainable one, and its tipping point.

    `tipping_point` is None where nothing can be sustained.
    """

    level: sympy.Expr
    sustainable: sympy.Expr
    tipping_point: sympy.Expr | None
    branch: str

    @property
    def is_sustained(self) -> bool:
        return decide(sympy.Gt(self.level, 0))


def begins(trust: sympy.Expr, tipping_point: sympy.Expr) -> Boolean:
    """Whether trust starts co-operation: there is some, and it reaches the tipping point.

    Who expects nothing finds nothing credible (phi(0) = 0), so without any trust nothing begins,
    also where the tipping point is 0.
    """
    return sympy.And(sympy.Gt(trust, 0), sympy.Ge(trust, tipping_point))


@dataclass(frozen=True)
class Relation:
    """A level game inside the cluster.

    `bound` gives its parameters in those of the cluster, in the levels of other relations (by
    their names) and in whether they are sustained (`sustained_NAME`, 1 or 0). `trust` is the level
    that firms expect of each other, `state` the parameter in which the past stores it, `floor` what
    is left of it whatever happened.

    `gain` is what being sustained brings a small firm a period beside what its channel's own gain
    tells, `alone` what it has a period where the relation is not sustained; both count for those
    who sell through the channel `among`, or for all where that is None.
    """

    name: str
    meaning: str
    solution: Solution
    bound: Mapping[sympy.Symbol, sympy.Expr]
    trust: sympy.Expr
    floor: sympy.Expr
    state: str
    gain: sympy.Expr = sympy.S.Zero
    alone: sympy.Expr = sympy.S.Zero
    among: str | None = None

    @property
    def symbol(self) -> sympy.Symbol:
        return symbol(self.name)

    @property
    def is_sustained(self) -> sympy.Symbol:
        return symbol(f"sustained_{self.name}")

    @property
    def hazard(self) -> str | None:
        """The name of the game's hazard, if it has one."""
        return next((p.name for p in self.solution.domain.by_role("hazard")), None)

    @cached_property
    def needs(self) -> frozenset[sympy.Symbol]:
        """The symbols that the bindings speak of."""
        return frozenset().union(*(value.free_symbols for value in self.bound.values()))

    def own(self, known: Mapping[sympy.Symbol, sympy.Expr]) -> dict[str, sympy.Expr]:
        """The game's parameters where everything that they are bound to is known."""
        return {name.name: evaluate(value, known) for name, value in self.bound.items()}

    def selected(
        self, known: Mapping[sympy.Symbol, sympy.Expr], trust: sympy.Expr | None = None
    ) -> Selected:
        """What trust (by default the relation's own) selects at a point, exact and certified."""
        branch, *_ = self.at(known).branches
        tipping_point = branch.outcomes.get("tipping_point")
        expected = evaluate(self.trust, known) if trust is None else trust
        begun = tipping_point is not None and decide(begins(expected, tipping_point))
        level = branch.outcomes["level"]
        return Selected(level if begun else sympy.S.Zero, level, tipping_point, branch.name)

    def at(self, known: Mapping[sympy.Symbol, sympy.Expr]) -> Solution:
        """The relation's equilibria where everything that it is bound to is known, certified."""
        own = self.own(known)
        key = tuple(own.values())
        if key not in self._visited:
            self._visited[key] = self.solution.at(**own)
        return self._visited[key]

    @cached_property
    def _visited(self) -> dict[tuple[sympy.Expr, ...], Solution]:
        """Points already solved and certified: a trajectory comes back to most of them."""
        return {}

    def critical(
        self, name: str, parameter: str, known: Mapping[sympy.Symbol, sympy.Expr]
    ) -> sympy.Expr | None:
        """A critical value of one of the game's parameters, all others known."""
        own = {symbol(k): v for k, v in self.own(known).items() if k != parameter}
        for critical in self.solution.criticals:
            if (critical.name, critical.parameter) == (name, parameter):
                return critical.expression.subs(own)
        return None


@dataclass(frozen=True)
class Cluster:
    """The cluster model of a file. `relations` come in an order in which no level leans on a later.

    `learning` gives what a year does to trust, perceived rules and capability, in the parameters;
    `learnt` is the parameter in which capability gained is kept.
    """

    info: Info
    domain: Domain
    channels: tuple[Channel, ...]
    relations: tuple[Relation, ...]
    large: LargeFirms
    levers: tuple[Lever, ...]
    learning: Mapping[str, sympy.Expr]
    learnt: str

    _repr_html_, _repr_latex_, __str__ = as_html, as_latex, as_text

    def __repr__(self) -> str:
        return f"<Cluster {self.info.name}: {len(self.relations)} relations>"

    def relation(self, name: str) -> Relation:
        return next(relation for relation in self.relations if relation.name == name)

    @cached_property
    def facts(self) -> dict[sympy.Symbol, sympy.Expr]:
        """What the symbols of `market` stand for, in the parameters and the levels (by name)."""
        found = {market.SIZE: self.large.size, market.PUT_OUT: self.large.put_out}
        found |= {market.value(mode): value for mode, value in self.large.values.items()}
        for channel in self.channels:
            found[market.worth(channel.name)] = channel.worth
            found[market.need(channel.name)] = channel.need
            found[market.output(channel.name)] = channel.output
        return found


def outside_option(channel: Channel, channels: Sequence[Channel], large: LargeFirms) -> sympy.Expr:
    """What the next best channel pays above this one's margin, to a firm that just reaches it.

    Whoever broke faith is in no relation, so margins, needs and the large firms' mode are taken
    with every level at 0; trade at arm's length in the same channel is left to it.
    """
    none = {symbol(name): sympy.S.Zero for name in RELATIONS}
    values = {market.value(mode): value for mode, value in large.values.items()}
    found = [channel.margin]
    for other in channels:
        if other is not channel:
            here = {**values, market.SIZE: large.size}
            is_open = market.is_open(other.name).subs(here)
            in_reach = sympy.And(sympy.Le(other.need, channel.need), is_open).subs(none)
            found.append(sympy.Piecewise((other.margin, in_reach), (channel.margin, True)))
    return sympy.Max(*found) - channel.margin
