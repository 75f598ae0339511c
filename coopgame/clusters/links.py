"""Links between relations, proved to help: no co-operation here makes less of it there.

A relation's levels that enforce themselves form a set. Where the set grows with another relation's
level (or with its being sustained), the greatest element rises and the tipping point falls, so the
link is increasing. A link that is not is refused with the point that refutes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

import sympy

from coopgame.clusters.model import RELATIONS, Relation
from coopgame.comparative.growth import region_sign
from coopgame.errors import Fault
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol, to_text
from coopgame.proofs.questions import Verdict

LEVEL = "level"
MEMBER = symbol("level'")


def ordered(relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """The relations so that none is bound to the level of a later one.

    Raises ValueError with the names of a cycle where levels lean on each other in a circle.
    """
    by_symbol = {relation.symbol: relation for relation in relations}
    graph = {
        relation.name: [by_symbol[s].name for s in relation.needs if s in by_symbol]
        for relation in relations
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ValueError(" -> ".join(error.args[1])) from None
    return tuple(sorted(relations, key=lambda relation: order.index(relation.name)))


def faults(relations: Sequence[Relation], domain: Domain) -> Iterable[Fault]:
    """A fault for each link that is not increasing, with its witness, or that nobody proved."""
    links = {symbol(name) for r in RELATIONS for name in (r, f"sustained_{r}")}
    for relation in relations:
        for link in sorted(relation.needs & links, key=str):
            found = _fault(relation, link, domain)
            if found is not None:
                yield found


def _fault(relation: Relation, link: sympy.Symbol, domain: Domain) -> Fault | None:
    extremum = relation.solution.extrema[LEVEL]
    at = {**relation.bound, extremum.variable: MEMBER}
    conditions = tuple(c.subs(at, simultaneous=True) for c in extremum.conditions)
    wide = _around(domain, set().union(*(c.free_symbols for c in conditions)) - {MEMBER}, link)
    grows = region_sign(conditions, wide, wide[link.name])
    helps = grows.verdict is Verdict.PROVED and grows.sign in "+0"
    if helps or grows.verdict is Verdict.EMPTY:
        return None
    place = f"relations.{relation.name}"
    if grows.verdict is Verdict.UNDECIDED:
        return Fault(place, f"no proof that {link} helps", "bind fewer parameters to it")
    losing = grows.witnesses[0]
    shown = ", ".join(f"{s} = {to_text(value)}" for s, value in losing.items())
    mend = "let it raise what sustains the relation, or take it out"
    return Fault(place, f"{link} makes less enforce itself as it rises to {link}' at {shown}", mend)


def _around(domain: Domain, used: set[sympy.Symbol], link: sympy.Symbol) -> Domain:
    """The parameters in use, and every other symbol (a level, a sustained relation) in [0, 1]."""
    own = tuple(p for p in domain.parameters if p.symbol in used)
    unit = Interval.parse("[0, 1]")
    free = used - set(domain.symbols) | {link}
    others = tuple(Parameter(s.name, "", "", unit, sympy.S.Zero, "") for s in sorted(free, key=str))
    kept = tuple(a for a in domain.assumptions if a.free_symbols <= used)
    return Domain((*own, *others), kept)
