"""A case: a cluster living through dated changes, and the types that the paper states for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import sympy

from coopgame.clusters.model import Cluster
from coopgame.clusters.typology import TYPES
from coopgame.errors import InputError
from coopgame.gamefile import Info, Section
from coopgame.rules import MacroRules, bind


@dataclass(frozen=True)
class Departure:
    """One value in which a phase departs from what went before, and where it comes from."""

    value: sympy.Rational
    source: str


@dataclass(frozen=True)
class Phase:
    """A stretch of a case: its rules, its departures, and the full parameter point they make.

    `expected` is the type that the paper states (at `place`), or None where it states none.
    """

    name: str
    year: int
    rules: MacroRules
    departures: Mapping[str, Departure]
    point: Mapping[str, sympy.Rational]
    expected: str | None
    place: str


@dataclass(frozen=True)
class Case:
    """A cluster's story: one baseline, and phases that state only their departures from it."""

    info: Info
    cluster: Cluster
    phases: tuple[Phase, ...]


def read_case(
    section: Section,
    info: Info,
    load_cluster: Callable[[str], Cluster],
    load_rules: Callable[[str], MacroRules],
) -> Case:
    """The case that a file states; every fault is noted in the section."""
    cluster = load_cluster(section.text("cluster", default="baseline"))
    phases: list[Phase] = []
    point: Mapping[str, sympy.Rational] = cluster.domain.defaults
    for entry in section.tables("phases"):
        phase = _read_phase(entry, cluster, point, load_rules)
        if phase is None:
            continue
        if phases and phase.year < phases[-1].year:
            entry.fault("year", f"{phase.year} comes before {phases[-1].year}", "order the phases")
        phases.append(phase)
        point = phase.point
    if not phases and not section.faults:
        section.fault("phases", "is missing", "add at least one [[phases]]")
    return Case(info, cluster, tuple(phases))


def _read_phase(
    entry: Section,
    cluster: Cluster,
    before: Mapping[str, sympy.Rational],
    load_rules: Callable[[str], MacroRules],
) -> Phase | None:
    name, place = entry.text("name"), entry.text("source")
    expected = entry.choice("expected", TYPES) if "expected" in entry else None
    year = entry.value("year")
    if not isinstance(year, int):
        entry.fault("year", f"{year!r} is not a year", "year = 1990")
    departures = _read_departures(entry.table("values", required=False))
    found = entry.text("rules")
    entry.finish()
    rules = _adopting(entry, "rules", lambda: load_rules(found))
    if rules is None or not isinstance(year, int):
        return None
    point = _adopting(entry, "values", lambda: _point(cluster, rules, before, departures))
    if point is None:
        return None
    return Phase(name, year, rules, departures, point, expected, place)


def _point(
    cluster: Cluster,
    rules: MacroRules,
    before: Mapping[str, sympy.Rational],
    departures: Mapping[str, Departure],
) -> Mapping[str, sympy.Rational]:
    """The full parameter point of a phase: what went before, its departures, its rules."""
    values = {key: departure.value for key, departure in departures.items()}
    bound = bind(cluster.domain, rules, values)
    return cluster.domain.point({**before, **values, **bound})


Found = TypeVar("Found")


def _adopting(entry: Section, key: str, find: Callable[[], Found]) -> Found | None:
    """What `find` returns, or None with its faults noted under `key`."""
    try:
        return find()
    except InputError as error:
        entry.adopt(key, error)
        return None


def _read_departures(table: Section) -> dict[str, Departure]:
    found = {}
    for key in table:
        entry = table.table(key)
        found[key] = Departure(entry.number("value"), entry.text("source"))
        entry.finish()
    return found
