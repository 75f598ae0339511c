"""A cluster as one system of expressions: relations, channels, shares.

Small firms differ in capability z, uniform on [0, 1]. A channel is open to a firm whose capability
reaches the channel's need; among the open ones a firm takes the one worth most. A relation is a
level game whose parameters are bound to the cluster's; history selects its level: the one it
sustains where trust has reached the tipping point, none where it has not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import sympy

from coopgame.forms.base import check_defined
from coopgame.gamefile import Info, Section
from coopgame.parameters import Domain
from coopgame.printing import symbol
from coopgame.solution import Solution, decide

CHANNELS = ("local", "external", "lead", "direct")
RELATIONS = ("horizontal", "collective")


@dataclass(frozen=True)
class Channel:
    """A way to sell: its worth to a firm, the capability it needs, the output of a seller."""

    name: str
    worth: sympy.Expr
    need: sympy.Expr
    output: sympy.Expr


@dataclass(frozen=True)
class Selected:
    """A relation at a point: the level history selects, the sustainable one, and its tipping point.

    `tipping_point` is None where nothing can be sustained.
    """

    level: sympy.Expr
    sustainable: sympy.Expr
    tipping_point: sympy.Expr | None
    branch: str


@dataclass(frozen=True)
class Relation:
    """A level game inside the cluster: `bound` gives its parameters in the cluster's."""

    name: str
    meaning: str
    solution: Solution
    bound: Mapping[sympy.Symbol, sympy.Expr]
    trust: sympy.Expr

    @cached_property
    def level(self) -> sympy.Expr:
        """The level that history selects, in the cluster's parameters."""
        pieces = []
        for branch in self.solution.branches:
            tipping_point = branch.outcomes.get("tipping_point")
            if tipping_point is not None:
                begun = sympy.And(*branch.conditions, self.trust >= tipping_point)
                pieces.append((branch.outcomes["level"], begun))
        return sympy.Piecewise(*pieces, (0, True), evaluate=False).xreplace(dict(self.bound))

    def selected(self, values: Mapping[str, sympy.Rational]) -> Selected:
        """The level that history selects at a point, exact and certified."""
        branch, *_ = self.at(values).branches
        tipping_point = branch.outcomes.get("tipping_point")
        trust = self.trust.xreplace({symbol(name): value for name, value in values.items()})
        begun = tipping_point is not None and decide(sympy.Ge(trust, tipping_point))
        level = branch.outcomes["level"]
        return Selected(level if begun else sympy.S.Zero, level, tipping_point, branch.name)

    def at(self, values: Mapping[str, sympy.Rational]) -> Solution:
        """The relation's equilibria at a point of the cluster's parameters, certified."""
        here = {symbol(name): value for name, value in values.items()}
        own = {name.name: value.xreplace(here) for name, value in self.bound.items()}
        return self.solution.at(**own)

    def critical(
        self, name: str, parameter: str, values: Mapping[str, sympy.Rational]
    ) -> sympy.Expr | None:
        """A critical value of the relation's game with all other parameters at a point."""
        here = {symbol(key): value for key, value in values.items()}
        own = {s: value.xreplace(here) for s, value in self.bound.items() if s.name != parameter}
        for critical in self.solution.criticals:
            if (critical.name, critical.parameter) == (name, parameter):
                return critical.expression.subs(own)
        return None


@dataclass(frozen=True)
class Cluster:
    """The cluster model of a file: parameters, channels and relations."""

    info: Info
    domain: Domain
    channels: tuple[Channel, ...]
    relations: tuple[Relation, ...]

    @cached_property
    def levels(self) -> dict[sympy.Symbol, sympy.Expr]:
        """The selected level of each relation, under the relation's name as a symbol."""
        return {symbol(relation.name): relation.level for relation in self.relations}

    @cached_property
    def shares(self) -> dict[str, sympy.Expr]:
        """The share of firms in each channel, in the parameters and the levels (by name).

        A channel holds the firms that reach its need but no need of a channel worth more.
        """
        return {channel.name: _share(channel, self.channels) for channel in self.channels}

    @cached_property
    def outputs(self) -> dict[str, sympy.Expr]:
        """The share of output sold through each channel."""
        sold = {c.name: self.shares[c.name] * c.output for c in self.channels}
        total = sympy.Add(*sold.values())
        return {name: amount / total for name, amount in sold.items()}


def _share(channel: Channel, channels: Sequence[Channel]) -> sympy.Expr:
    better = [
        sympy.Piecewise((other.need, other.worth > channel.worth), (1, True))
        for other in channels
        if other is not channel
    ]
    ceiling = sympy.Min(1, *better)
    return sympy.Max(0, ceiling - sympy.Max(0, channel.need))


def read_cluster(
    section: Section, info: Info, domain: Domain, solve: Callable[[str], Solution]
) -> Cluster:
    """The cluster model that a file states; `solve` gives the solution of the
    games its relations name."""
    names = {*domain.names, *RELATIONS}
    table = section.table("channels")
    for name in table:
        if name not in CHANNELS:
            table.fault(name, "is not a channel", f"channels: {', '.join(CHANNELS)}")
            table.used.add(name)
    channels = tuple(_read_channel(table.table(name), name, names, domain) for name in CHANNELS)
    table = section.table("relations")
    for name in table:
        if name not in RELATIONS:
            table.fault(name, "is not a relation", f"relations: {', '.join(RELATIONS)}")
            table.used.add(name)
    relations = tuple(_read_relation(table.table(name), name, domain, solve) for name in RELATIONS)
    return Cluster(info, domain, channels, relations)


def _read_channel(entry: Section, name: str, names: set[str], domain: Domain) -> Channel:
    channel = Channel(
        name,
        worth=entry.expression("worth", names),
        need=entry.expression("need", names),
        output=entry.expression("output", names, default="1"),
    )
    for key in ("worth", "need", "output"):
        check_defined(entry, key, getattr(channel, key), domain)
    entry.finish()
    return channel


def _read_relation(
    entry: Section, name: str, domain: Domain, solve: Callable[[str], Solution]
) -> Relation:
    solution = solve(entry.text("game", default="relation"))
    meaning = entry.text("meaning")
    trust = entry.expression("trust", set(domain.names))
    bind = entry.table("bind")
    known = set(solution.domain.names)
    bound = {p.symbol: sympy.Rational(p.default) for p in solution.domain.parameters}
    for key in bind:
        bound[symbol(key)] = bind.expression(key, set(domain.names))
        if key not in known:
            bind.fault(
                key, "is no parameter of the game", f"parameters: {', '.join(sorted(known))}"
            )
    entry.finish()
    return Relation(name, meaning, solution, bound, trust)
