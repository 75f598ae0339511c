"""Reading a case file: its cluster, and its phases with their years, rules and departures.

Every fault is noted, whatever else is faulty: the years of all phases that state one are compared,
and values are held against the cluster's parameters even where the rest of the cluster is faulty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import sympy

from coopgame.clusters.case import TURN, Case, Departure, Phase
from coopgame.clusters.model import Cluster
from coopgame.clusters.reading import relinked
from coopgame.clusters.typology import TYPES
from coopgame.errors import InputError
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.reading.info import Info
from coopgame.reading.section import Section
from coopgame.rules.macro import MacroRules, bind

LATER_YEARS = 5
MAX_YEARS = 60
RULED = ("hazard", "discount")

Found = TypeVar("Found")


def read_case(
    section: Section,
    info: Info,
    load_cluster: Callable[[str], Cluster],
    load_domain: Callable[[str], Domain | None],
    load_rules: Callable[[str], MacroRules],
) -> Case:
    """The case that a file states; every fault is noted in the section.

    Where the cluster itself is faulty, its faults are raised with those of the case; what can be
    said of the case's values by the parameters alone, which `load_domain` gives, is among them.
    """
    named = section.text("cluster", default="baseline")
    cluster = _adopting(section, "cluster", partial(load_cluster, named))
    domain = load_domain(named) if cluster is None else cluster.domain
    cluster = relinked(section, cluster)
    entries = section.tables("phases")
    if not section.value("phases"):
        section.fault("phases", "is missing", "add at least one [[phases]]")
    told = [_read_phase(entry, load_rules) for entry in entries]
    _check_order(entries, told)
    until = _read_until(section, [each.year for each in told if each.year is not None])
    phases = [] if domain is None else [*_phases(section, entries, told, domain)]
    if cluster is None:
        section.finish()
        raise InputError(dict.fromkeys(section.faults))
    return Case(info, cluster, tuple(phases), until)


# --- a phase by itself --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Told:
    """What a phase says by itself. What is faulty, also a departure's value, is None."""

    name: str
    place: str
    year: int | None
    rules: MacroRules | None
    departures: Mapping[str, Departure | None]
    expected: str | None
    turn: Mapping[str, str]


def _read_phase(entry: Section, load_rules: Callable[[str], MacroRules]) -> _Told:
    name, place = entry.text("name"), entry.text("source")
    expected = entry.choice("expected", TYPES) if "expected" in entry else None
    year = entry.value("year")
    if not _is_year(year):
        entry.fault("year", f"{year!r} is not a year", "year = 1990")
    departures = _read_departures(entry.table("values", required=False))
    turn = _read_turn(entry.table("turn", required=False))
    found = entry.text("rules")
    entry.finish()
    rules = _adopting(entry, "rules", partial(load_rules, found)) if found else None
    stated = year if _is_year(year) else None
    return _Told(name, place, stated, rules, departures, expected, turn)


def _read_departures(table: Section) -> dict[str, Departure | None]:
    found: dict[str, Departure | None] = {}
    for key in table:
        entry = table.table(key)
        noted = len(table.faults)
        value = entry.number("value")
        is_sound = len(table.faults) == noted
        source = entry.text("source")
        found[key] = Departure(value, source) if is_sound else None
        entry.finish()
    return found


def _read_turn(table: Section) -> dict[str, str]:
    for key in table:
        if key not in TURN:
            table.fault(key, "is nothing a turn needs", f"use {', '.join(TURN)}")
    return {key: table.text(key) for key in table}


def _adopting(entry: Section, key: str, find: Callable[[], Found]) -> Found | None:
    """What `find` returns, or None with its faults noted under `key`."""
    try:
        return find()
    except InputError as error:
        entry.adopt(key, error)
        return None


# --- years --------------------------------------------------------------------------------------


def _is_year(stated: Any) -> bool:
    return isinstance(stated, int) and not isinstance(stated, bool)


def _check_order(entries: Sequence[Section], told: Sequence[_Told]) -> None:
    """Note every phase that does not come after all those before it that state a year."""
    latest: int | None = None
    for entry, each in zip(entries, told, strict=True):
        if each.year is None:
            continue
        if latest is not None and each.year <= latest:
            entry.fault("year", f"{each.year} does not come after {latest}", "order the phases")
        latest = each.year if latest is None else max(latest, each.year)


def _read_until(section: Section, years: Sequence[int]) -> int:
    """The year in which the trajectory ends: stated, or some years after the last phase."""
    stated = section.value("until")
    if not years:
        if stated is not None and not _is_year(stated):
            section.fault("until", f"{stated!r} is not a year", "until = 1999")
        return 0
    first, last = min(years), max(years)
    if last > first + MAX_YEARS:
        told = f"run from {first} to {last}, over more than {MAX_YEARS} years"
        section.fault("phases", told, "tell of fewer years")
        return last
    if stated is None:
        return min(last + LATER_YEARS, first + MAX_YEARS)
    if not _is_year(stated) or not last <= stated <= first + MAX_YEARS:
        mend = f"give a year from {last} to {first + MAX_YEARS}"
        section.fault("until", f"{stated!r} is no year to end in", mend)
        return last
    return int(stated)


# --- the points that phases make ----------------------------------------------------------------


def _phases(
    section: Section, entries: Sequence[Section], told: Sequence[_Told], domain: Domain
) -> Iterator[Phase]:
    """The phases, each with its full point: what went before, its departures, its rules.

    Nothing is asked of a point where the parameters are faulty themselves, and no assumption that
    speaks of a value which is not known.
    """
    faulty = ("cluster.parameters", "cluster.assumptions")
    is_known = not any(fault.place.startswith(faulty) for fault in section.faults)
    point: Mapping[str, sympy.Rational] = domain.defaults
    for entry, each in zip(entries, told, strict=True):
        values = _sound(entry, each, domain)
        if not is_known:
            continue
        bound = _bound(entry, each, domain, values)
        domain = _without(domain, _unknown(each, domain, values, bound))
        found = _adopting(entry, "values", partial(domain.point, {**point, **values, **bound}))
        point = found or point
        if found and each.year is not None and each.rules is not None:
            yield _phase(each, each.year, each.rules, found)


def _phase(told: _Told, year: int, rules: MacroRules, point: Mapping[str, sympy.Rational]) -> Phase:
    departures = {name: each for name, each in told.departures.items() if each is not None}
    return Phase(told.name, year, rules, departures, point, told.expected, told.place, told.turn)


def _sound(entry: Section, told: _Told, domain: Domain) -> dict[str, sympy.Rational]:
    """The departures that are parameters in their ranges; the others are noted."""
    found: dict[str, sympy.Rational] = {}
    for name, departure in told.departures.items():
        if departure is None and name in domain.names:
            continue
        value = sympy.S.One if departure is None else departure.value
        found |= _adopting(entry, "values", partial(domain.read, {name: value})) or {}
    return found


def _bound(
    entry: Section, told: _Told, domain: Domain, values: Mapping[str, sympy.Rational]
) -> dict[str, sympy.Rational]:
    """What a phase's rules give to the parameters; nothing where that is not known."""
    if told.rules is None:
        return {}
    return _adopting(entry, "values", partial(bind, domain, told.rules, values)) or {}


def _unknown(
    told: _Told, domain: Domain, values: Mapping[str, Any], bound: Mapping[str, Any]
) -> set[str]:
    """The parameters whose value in a phase is not known."""
    found = set(told.departures) - set(values)
    if told.rules is None or not bound:
        found |= {p.name for role in RULED for p in domain.by_role(role)}
    return found


def _without(domain: Domain, unknown: set[str]) -> Domain:
    """The domain without the assumptions that speak of what is unknown."""
    symbols = {symbol(name) for name in unknown}
    kept = tuple(a for a in domain.assumptions if not a.free_symbols & symbols)
    return replace(domain, assumptions=kept)
