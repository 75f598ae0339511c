"""Borders between types: where they lie along a parameter, and as surfaces in closed form.

Every comparison that decides a type (a channel worth more than another, half of the output, trust
against a tipping point) is an expression in the parameters; on one side of all of them the type is
constant. A border is found by scanning the compiled types ever more finely; the comparison that
switches there is its surface.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy.core.relational import Relational

from coopgame.clusters.columns import Columns, CompiledCluster
from coopgame.clusters.joint import Known, surroundings
from coopgame.clusters.model import Cluster, Relation
from coopgame.clusters.place import place
from coopgame.clusters.typology import TYPES, rules
from coopgame.language.comparisons import gap
from coopgame.language.deciding import decide, evaluate, number
from coopgame.language.parameters import Parameter
from coopgame.language.printing import symbol, to_text
from coopgame.solution import Branch

SCAN = 2000
REFINEMENTS, STEPS = 6, 128
DIGITS = 9
LABEL_LENGTH = 60

Point = Mapping[str, sympy.Expr]


@dataclass(frozen=True)
class Surface:
    """A comparison that decides a type: `expression`, in the parameters, changes sign there."""

    label: str
    expression: sympy.Expr


@dataclass(frozen=True)
class Border:
    """Where the type changes as one parameter moves: at which value, into which type.

    `distance` is relative to the parameter's range. `surface` is the comparison that switches
    there, if it was looked for.
    """

    parameter: str
    at: float
    becomes: str
    distance: float
    surface: Surface | None = None


def borders(compiled: CompiledCluster, point: Point) -> tuple[Border, ...]:
    """The nearest border to each other type that one parameter alone can reach, nearest first.

    The surface is found for the nearest of all.
    """
    closest: dict[str, Border] = {}
    telling = (p for p in compiled.cluster.domain.parameters if p.name in compiled.telling)
    for parameter in telling:
        for border in around(compiled, point, parameter):
            known = closest.get(border.becomes)
            if known is None or border.distance < known.distance:
                closest[border.becomes] = border
    found = sorted(closest.values(), key=lambda border: border.distance)
    traced = [replace(b, surface=surface_of(compiled.cluster, point, b)) for b in found[:1]]
    return (*traced, *found[1:])


def around(compiled: CompiledCluster, point: Point, parameter: Parameter) -> Iterator[Border]:
    """The first border below and the first above the point, along one parameter."""
    here = floats(point)
    kind = compiled.types(here)
    for end in (parameter.interval.lower, parameter.interval.upper):
        outside = switch(lambda columns: compiled.types(columns) != kind, here, parameter, end)
        if outside is not None:
            beyond = compiled.types({**here, parameter.name: outside})
            distance = distance_between(parameter, point[parameter.name], outside)
            yield Border(parameter.name, outside, TYPES[int(beyond)], distance)


def switch(
    holds: Callable[[Columns], NDArray[np.bool_]],
    here: Mapping[str, float],
    parameter: Parameter,
    end: sympy.Expr,
) -> float | None:
    """The first value of a parameter from `here` towards `end` at which something holds.

    None where it holds nowhere on the way (on a scan of 2000 steps).
    """
    near, far, steps = here[parameter.name], number(end), SCAN
    for _ in range(REFINEMENTS):
        values = np.linspace(near, far, steps + 1)
        found = np.flatnonzero(holds({**here, parameter.name: values}))
        if not found.size:
            return None
        near, far, steps = values[max(0, found[0] - 1)], values[found[0]], STEPS
    return float(far)


def floats(point: Point) -> dict[str, float]:
    """An exact point in floating point."""
    return {name: number(value) for name, value in point.items()}


def distance_between(parameter: Parameter, here: sympy.Expr, there: float) -> float:
    """The distance of two values, as a share of the parameter's range."""
    interval = parameter.interval
    return abs(there - number(here)) / number(interval.upper - interval.lower)


# --- surfaces ----------------------------------------------------------------------------------


def surface_of(cluster: Cluster, point: Point, border: Border) -> Surface | None:
    """The first comparison, in the order of `surfaces`, that switches at a border; None without."""
    step = sympy.Rational(1, 10**DIGITS)
    at = sympy.Rational(str(round(border.at, DIGITS + 3)))
    towards = 1 if at > point[border.parameter] else -1
    sides = [{**point, border.parameter: at + sign * towards * step} for sign in (-1, 1)]
    switched = [s for s in surfaces(cluster, sides[0]) if switches(s.expression, sides)]
    return switched[0] if switched else None


def switches(expression: sympy.Expr, sides: Sequence[Point]) -> bool:
    """Whether an expression changes its sign between two points."""
    ends = [{symbol(name): value for name, value in side.items()} for side in sides]
    try:
        signs = [decide(sympy.Gt(evaluate(expression, end), 0)) for end in ends]
    except (TypeError, ZeroDivisionError):
        return False
    return signs[0] != signs[1]


def surfaces(cluster: Cluster, point: Point) -> tuple[Surface, ...]:
    """Every comparison that the type at a point rests on, in closed form around that point."""
    here = place(cluster, point)
    known = surroundings(cluster, point, here.relations)
    levels = {r.is_sustained: known[r.is_sustained] for r in cluster.relations}
    local = _Local(known)
    found: list[Surface] = []
    for relation in cluster.relations:
        branch = relation.solution[here.relations[relation.name].branch]
        found += _standing(relation, branch, levels, local)
        levels[relation.symbol] = sympy.S.Zero
        if here.relations[relation.name].is_sustained:
            levels[relation.symbol] = _bound(branch.outcomes["level"], relation, levels)
    found += _sorting(cluster, known, levels, local)
    distinct = {surface.expression: surface for surface in reversed(found)}
    return tuple(s for s in reversed(distinct.values()) if s.expression.free_symbols)


def _bound(stated: sympy.Basic, relation: Relation, levels: Known) -> sympy.Basic:
    """Something of a relation's game in the cluster's parameters."""
    return stated.xreplace(dict(relation.bound)).xreplace(dict(levels))


def _standing(
    relation: Relation, branch: Branch, levels: Known, local: _Local
) -> Iterator[Surface]:
    """What decides whether a relation is sustained: that something enforces itself, and trust."""
    for each in relation.solution.branches:
        for condition in each.conditions:
            for atom in sorted(condition.atoms(Relational), key=str):
                stated = local.form(_bound(gap(atom), relation, levels), None)
                yield Surface(f"what {relation.name} can sustain", stated)
    tipping_point = branch.outcomes.get("tipping_point")
    if tipping_point is not None:
        stated = local.form(relation.trust - _bound(tipping_point, relation, levels), None)
        yield Surface(f"trust against the tipping point of {relation.name}", stated)


def _sorting(cluster: Cluster, known: Known, levels: Known, local: _Local) -> Iterator[Surface]:
    """What decides who sells where, what large firms do, and by which rule that makes a type."""
    facts = {s: local.form(v.xreplace(dict(levels)), None) for s, v in cluster.facts.items()}
    facts |= {relation.symbol: levels[relation.symbol] for relation in cluster.relations}
    market = _Local({s: evaluate(value, known) for s, value in facts.items()})
    for kind, holds in rules():
        if market.holds(holds, f"rule of {kind}"):
            break
    for label, expression in market.seen:
        yield Surface(label, expression.xreplace(facts))


class _Local:
    """Expressions around a point: pieces, maxima and minima give way to the one in force there.

    Comparisons decided on the way are noted in `seen`, with what asked for them.
    """

    def __init__(self, at: Mapping[sympy.Symbol, sympy.Expr]) -> None:
        self.at = at
        self.seen: list[tuple[str, sympy.Expr]] = []

    def form(self, expression: sympy.Basic, asked: str | None) -> sympy.Basic:
        """The expression with only the pieces in force, valid around the point."""
        if isinstance(expression, sympy.Piecewise):
            chosen = next(e for e, holds in expression.args if self.holds(holds, asked))
            return self.form(chosen, asked)
        if isinstance(expression, sympy.Max | sympy.Min):
            return self._extreme(expression, asked)
        if not expression.args:
            return expression
        return expression.func(*(self.form(part, asked) for part in expression.args))

    def _extreme(self, expression: sympy.Basic, asked: str | None) -> sympy.Basic:
        chosen, *others = [self.form(part, asked) for part in expression.args]
        for other in others:
            pair = sympy.Ge if isinstance(expression, sympy.Max) else sympy.Le
            if not self.holds(pair(chosen, other, evaluate=False), asked):
                chosen = other
        return chosen

    def holds(self, condition: sympy.Basic, asked: str | None) -> bool:
        """Whether a condition holds at the point; each comparison it needs is noted."""
        if isinstance(condition, sympy.And):
            return all(self.holds(part, asked) for part in condition.args)
        if isinstance(condition, sympy.Or):
            return any(self.holds(part, asked) for part in condition.args)
        if isinstance(condition, Relational):
            difference = self.form(gap(condition), asked)
            text = to_text(condition)
            label = text if len(text) <= LABEL_LENGTH or asked is None else asked
            self.seen.append((label, difference))
        return bool(evaluate(condition, self.at))
