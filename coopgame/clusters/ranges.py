"""What the numbers of a cluster file must keep to, proved over its whole domain.

Shares, beliefs and rates lie between 0 and 1, outputs are not negative, what is bound to a game
stays in that game's domain. What breaks a range somewhere in the domain is refused with the point
where it does; what nobody could prove is refused as well, and said to be so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.clusters.model import Channel, LargeFirms, Relation
from coopgame.errors import Fault
from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.proofs.questions import QUICK, Verdict, implies

FREE = "local"
RULED = "hazard"


@dataclass(frozen=True)
class Range:
    """A condition on what stands at a place of the file, and how it reads there."""

    place: str
    told: str
    condition: Boolean


def of_channels(channels: Sequence[Channel], large: LargeFirms) -> Iterator[Range]:
    """Outputs are not negative, a part is a share, and local sales ask for nothing.

    The last makes every firm sell somewhere, so that the shares of the channels sum to one.
    """
    for channel in channels:
        place = f"channels.{channel.name}"
        yield Range(f"{place}.output", "output >= 0", sympy.Ge(channel.output, 0))
        if channel.name == FREE:
            yield Range(f"{place}.need", "need <= 0", sympy.Le(channel.need, 0))
    yield Range("large.size", "size >= 0", sympy.Ge(large.size, 0))
    yield from _unit("large.put_out", large.put_out)


def of_relations(relations: Iterable[Relation]) -> Iterator[Range]:
    """Trust and its floor are levels, no trust lies below its floor; bindings fit their games."""
    for relation in relations:
        place = f"relations.{relation.name}"
        yield from _unit(f"{place}.trust", relation.trust)
        yield from _unit(f"{place}.floor", relation.floor)
        at_most = sympy.Le(relation.floor, relation.trust)
        yield Range(f"{place}.floor", "floor <= trust", at_most)
        for condition in relation.solution.domain.constraints:
            key = min(condition.free_symbols, key=str)
            stated = condition.subs(relation.bound, simultaneous=True)
            yield Range(f"{place}.bind.{key}", to_text(condition), stated)


def of_learning(learning: Mapping[str, sympy.Expr]) -> Iterator[Range]:
    """Chances, rates and levels of a year lie between 0 and 1."""
    for key, value in learning.items():
        yield from _unit(f"learning.{key}", value)


def _unit(place: str, value: sympy.Expr) -> Iterator[Range]:
    key = place.rsplit(".", 1)[-1]
    yield Range(place, f"{key} >= 0", sympy.Ge(value, 0))
    yield Range(place, f"{key} <= 1", sympy.Le(value, 1))


def faults(ranges: Iterable[Range], domain: Domain, known: Collection[Fault]) -> Iterator[Fault]:
    """A fault for each range that is broken somewhere, or that nobody proved.

    What stands where a fault is `known` already is not looked at: a stand-in is there.
    """
    for each in ranges:
        if any(_covers(fault.place, each.place) for fault in known):
            continue
        found = _fault(each, domain)
        if found is not None:
            yield found


def _covers(faulty: str, place: str) -> bool:
    return f"{place}.".startswith(f"{faulty}.")


def _fault(stated: Range, domain: Domain) -> Fault | None:
    if stated.condition == sympy.true:
        return None
    premises = _premises(stated.condition, domain)
    proof = implies(premises, stated.condition, domain.integers, QUICK)
    if proof.verdict in (Verdict.PROVED, Verdict.EMPTY):
        return None
    if proof.verdict is Verdict.UNDECIDED:
        return Fault(stated.place, f"no proof that {stated.told}", "state it more simply")
    at = ", ".join(f"{s} = {to_text(value)}" for s, value in (proof.witness or {}).items())
    where = f"at {at}" if at else "everywhere"
    return Fault(stated.place, f"breaks {stated.told} {where}", "narrow the domains")


def _premises(stated: sympy.Basic, domain: Domain) -> list[sympy.Basic]:
    """What is known of the symbols in use: their domains, and levels between 0 and 1."""
    used = stated.free_symbols
    own = [c for c in domain.constraints if c.free_symbols <= used]
    levels = used - set(domain.symbols)
    return [*own, *chain.from_iterable((s >= 0, s <= 1) for s in levels)]


def domain_faults(domain: Domain, known: Collection[Fault]) -> Iterator[Fault]:
    """Faults of the parameters: margins are shares of a range, and macro rules need a hazard.

    Where a domain or a role is `known` to be faulty already, nothing follows from it.
    """
    places = {fault.place for fault in known}
    for parameter in domain.parameters:
        interval, place = parameter.interval, f"parameters.{parameter.name}.domain"
        is_open = interval.lower_open or interval.upper_open
        if place not in places and (is_open or interval.lower == interval.upper):
            told = f"{interval} is no closed range, of which a margin could be a share"
            yield Fault(place, told, "write one such as [0, 2]")
    is_told = any(place == "parameters" or place.endswith(".role") for place in places)
    if len(domain.by_role(RULED)) != 1 and not is_told:
        told = f"{len(domain.by_role(RULED))} of them have the role {RULED}"
        yield Fault("parameters", told, f'give one of them role = "{RULED}"')
