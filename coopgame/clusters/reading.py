"""Reading a cluster file: channels, relations with their links, large firms, levers, learning."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import sympy

from coopgame.clusters import links, ranges
from coopgame.clusters.market import CHANNELS, MODES
from coopgame.clusters.model import (
    RELATIONS,
    Channel,
    Cluster,
    LargeFirms,
    Lever,
    Relation,
    outside_option,
)
from coopgame.errors import Fault, InputError
from coopgame.forms.base import check_defined
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol, to_text
from coopgame.reading.info import Info
from coopgame.reading.section import Section
from coopgame.solution import Solution

LEARNING = {
    "failure": "chance that an honest partner fails",
    "luck": "chance that an opportunist's venture succeeds",
    "attention": "how fast perceived rules follow the true ones, a year",
    "example": "level of co-operation seen elsewhere",
    "imitation": "how far a year of looking lifts trust to it",
    "teaching": "capability learnt in a year by a cluster that only produces for demanding buyers",
}


def read_cluster(
    section: Section, info: Info, domain: Domain, solve: Callable[[str], Solution]
) -> Cluster:
    """The cluster model that a file states; `solve` gives the solution of the games it names.

    Every fault is noted in the section, also a number that leaves its range somewhere and a link
    between relations that is not increasing.
    """
    channels = _read_channels(section.table("channels"), domain)
    large = _read_large(section.table("large"), domain)
    outside = _outside_options(channels, large)
    relations = _read_relations(section.table("relations"), domain, outside, solve)
    levers = _read_levers(section.table("levers", required=False), domain)
    table = section.table("learning")
    learnt = table.choice("capability", domain.names)
    learning = _read_learning(table, domain)
    cluster = Cluster(info, domain, channels, relations, large, levers, learning, learnt)
    return _checked(section, cluster)


def _checked(section: Section, cluster: Cluster) -> Cluster:
    """The cluster, its relations in order; ranges that break and links that do not help are noted.

    Nothing is asked of what speaks of a parameter without a sound domain, and nothing at all where
    an assumption is faulty.
    """
    told, domain = tuple(section.faults), cluster.domain
    if any(fault.place.startswith("assumptions") for fault in told):
        return cluster
    vague = _vague(domain, told)
    found = [*ranges.of_channels(cluster.channels, cluster.large)]
    found += [*ranges.of_relations(cluster.relations), *ranges.of_learning(cluster.learning)]
    asked = [each for each in found if not each.condition.free_symbols & vague]
    section.faults.extend([*ranges.faults(asked, domain, told)])
    section.faults.extend([*ranges.domain_faults(domain, told)])
    return replace(cluster, relations=_linked(section, cluster.relations, domain, vague))


def _vague(domain: Domain, told: Collection[Fault]) -> set[sympy.Symbol]:
    """The parameters of whose range nothing is known."""
    places = {fault.place for fault in told}
    return {p.symbol for p in domain.parameters if f"parameters.{p.name}.domain" in places}


def _known(table: Section, names: Collection[str], what: str) -> None:
    for name in table:
        if name not in names:
            table.fault(name, f"is not {what}", f"use one of {', '.join(names)}")
            table.used.add(name)


def _expressions(
    table: Section, keys: tuple[str, ...], names: set[str], domain: Domain
) -> dict[str, sympy.Expr]:
    found = {key: table.expression(key, names) for key in keys}
    for key, value in found.items():
        check_defined(table, key, value, domain)
    return found


# --- channels and large firms ------------------------------------------------------------------


def _read_channels(table: Section, domain: Domain) -> tuple[Channel, ...]:
    _known(table, CHANNELS, "a channel")
    return tuple(_read_channel(table.table(name), name, domain) for name in CHANNELS)


def _read_channel(entry: Section, name: str, domain: Domain) -> Channel:
    names = {*domain.names, *RELATIONS}
    channel = Channel(
        name,
        margin=entry.expression("margin", domain.names),
        gain=entry.expression("gain", names, default="0"),
        need=entry.expression("need", names),
        output=entry.expression("output", domain.names, default="1"),
    )
    for key in ("margin", "gain", "need", "output"):
        check_defined(entry, key, getattr(channel, key), domain)
    entry.finish()
    return channel


def _read_large(table: Section, domain: Domain) -> LargeFirms:
    values = _expressions(table, MODES, {*domain.names, *RELATIONS}, domain)
    found = _expressions(table, ("size", "put_out"), set(domain.names), domain)
    table.finish()
    return LargeFirms(found["size"], found["put_out"], values)


def _outside_options(channels: tuple[Channel, ...], large: LargeFirms) -> dict[str, sympy.Expr]:
    """The next best channel to each, under the name by which bindings speak of it."""
    return {f"outside_{c.name}": outside_option(c, channels, large) for c in channels}


# --- relations ---------------------------------------------------------------------------------


def _read_relations(
    table: Section,
    domain: Domain,
    outside: Mapping[str, sympy.Expr],
    solve: Callable[[str], Solution],
) -> tuple[Relation, ...]:
    _known(table, RELATIONS, "a relation")
    found = [_read_relation(table.table(name), name, domain, outside, solve) for name in RELATIONS]
    return tuple(relation for relation in found if relation is not None)


def _read_relation(
    entry: Section,
    name: str,
    domain: Domain,
    outside: Mapping[str, sympy.Expr],
    solve: Callable[[str], Solution],
) -> Relation | None:
    """One relation; None, with its faults noted, where its game has no level to speak of."""
    state, meaning = entry.choice("state", domain.names), entry.text("meaning")
    stated = {
        "trust": entry.expression("trust", domain.names),
        "floor": entry.expression("floor", domain.names, default="0"),
    }
    links_too = {*domain.names, *RELATIONS, *(f"sustained_{other}" for other in RELATIONS)}
    for key in ("gain", "alone"):
        stated[key] = entry.expression(key, links_too, default="0")
    for key, value in stated.items():
        check_defined(entry, key, value, domain)
    among = entry.choice("among", CHANNELS) if "among" in entry else None
    table, solution = entry.table("bind"), _solution(entry, solve)
    entry.finish()
    if solution is None:
        return None
    bound = _read_bindings(table, name, domain, outside, solution)
    return Relation(name, meaning, solution, bound, **stated, state=state, among=among)


def _solution(entry: Section, solve: Callable[[str], Solution]) -> Solution | None:
    """The solution of the game that an entry names, if that is a game of levels."""
    name = entry.text("game", default="relation")
    try:
        solution = solve(name)
    except InputError as error:
        entry.adopt("game", error)
        return None
    if links.LEVEL in solution.extrema:
        return solution
    entry.fault("game", f"{name} has no level of co-operation", "use one such as relation or tie")
    return None


def _read_bindings(
    table: Section,
    name: str,
    domain: Domain,
    outside: Mapping[str, sympy.Expr],
    solution: Solution,
) -> dict[sympy.Symbol, sympy.Expr]:
    """Each parameter of the game in terms of the cluster; by default as the game has it."""
    others = [other for other in RELATIONS if other != name]
    names = {*domain.names, *outside, *others, *(f"sustained_{other}" for other in others)}
    at = {symbol(key): value for key, value in outside.items()}
    bound = {p.symbol: sympy.Rational(p.default) for p in solution.domain.parameters}
    known = ", ".join(sorted(solution.domain.names))
    for key in table:
        if key not in solution.domain.names:
            table.fault(key, "is no parameter of the game", f"parameters: {known}")
        bound[symbol(key)] = table.expression(key, names).subs(at)
        check_defined(table, key, bound[symbol(key)], domain)
    return bound


def relinked(section: Section, cluster: Cluster | None) -> Cluster | None:
    """The cluster with the links that a case states in `[links.RELATION]`, proved to help.

    Each key is a parameter of the relation's game, in terms of the cluster, of other relations'
    levels and of whether they are sustained; it takes the place of what the cluster file binds.
    Where there is no cluster only the relations' names are looked at.
    """
    table = section.table("links", required=False)
    sound = len(section.faults)
    _known(table, RELATIONS, "a relation")
    if cluster is None or not table.data:
        return cluster
    outside = _outside_options(cluster.channels, cluster.large)
    relations = tuple(
        _relinked(table, relation, cluster.domain, outside) for relation in cluster.relations
    )
    told = [replace(f, place=_bound_place(f.place)) for f in section.faults[sound:]]
    noted = Section({}, faults=[*told])
    found = ranges.of_relations(relations)
    noted.faults.extend([*ranges.faults(found, cluster.domain, told)])
    relations = _linked(noted, relations, cluster.domain, set())
    for fault in noted.faults[len(told) :]:
        place = fault.place.replace("relations", "links").replace(".bind", "")
        section.faults.append(replace(fault, place=place))
    return replace(cluster, relations=relations)


def _bound_place(place: str) -> str:
    """Where a cluster file states what a case states under `links`."""
    return re.sub(r"links\.(\w+)", r"relations.\1.bind", place)


def _relinked(
    table: Section, relation: Relation, domain: Domain, outside: Mapping[str, sympy.Expr]
) -> Relation:
    if relation.name not in table:
        return relation
    own = table.table(relation.name)
    stated = _read_bindings(own, relation.name, domain, outside, relation.solution)
    return replace(
        relation, bound={**relation.bound, **{symbol(k): stated[symbol(k)] for k in own}}
    )


def _linked(
    section: Section,
    relations: tuple[Relation, ...],
    domain: Domain,
    vague: Collection[sympy.Symbol],
) -> tuple[Relation, ...]:
    """The relations in order; what is wrong with their links is noted.

    Nothing is asked of the links of a relation whose own bindings are faulty, as a stand-in may be
    in their place, or speak of `vague` parameters.
    """
    places = [fault.place for fault in section.faults]
    asked = [r for r in relations if not _is_in_doubt(r, places) and not r.needs & set(vague)]
    try:
        relations = links.ordered(relations)
    except ValueError as error:
        mend = "bind one of them to sustained_NAME instead of the level"
        section.fault("relations", f"levels lean on each other in a circle: {error}", mend)
    section.faults.extend(links.faults(asked, domain))
    return relations


def _is_in_doubt(relation: Relation, faulty: Collection[str]) -> bool:
    """Whether a fault is noted at the bindings or the game of a relation, or at all of it."""
    own = f"relations.{relation.name}"
    if own in faulty or "relations" in faulty:
        return True
    return any(f"{place}.".startswith((f"{own}.bind.", f"{own}.game.")) for place in faulty)


# --- levers and learning -----------------------------------------------------------------------


def _read_levers(table: Section, domain: Domain) -> tuple[Lever, ...]:
    _known(table, domain.names, "a parameter")
    found = []
    for name in table:
        if name in domain.names:
            entry = table.table(name)
            reach = entry.number("reach") if "reach" in entry else None
            if reach is not None and reach <= 0:
                entry.fault("reach", f"{to_text(reach)} is no distance", "give a positive one")
            rises = entry.choice("direction", ("up", "down")) == "up"
            named = entry.text("instrument"), entry.text("source")
            found.append(Lever(name, rises, *named, reach))
            entry.finish()
    return tuple(found)


def _read_learning(table: Section, domain: Domain) -> dict[str, sympy.Expr]:
    _known(table, ("capability", *LEARNING), "something that a year does")
    found = {key: table.expression(key, domain.names, default="0") for key in LEARNING}
    for key, value in found.items():
        check_defined(table, key, value, domain)
    return found
