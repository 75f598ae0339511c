"""A case: a cluster living through dated changes, and the types that the paper states for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import sympy

from coopgame.clusters.model import Cluster
from coopgame.clusters.reading import relinked
from coopgame.clusters.typology import TYPES
from coopgame.errors import InputError
from coopgame.gamefile import Section
from coopgame.info import Info
from coopgame.rules import MacroRules, bind
from coopgame.showing import as_html, as_latex, as_text

TURN = {
    "crisis": "a crisis that threatens existence",
    "agents": "agents of change",
    "organisations": "organisations",
    "role_model": "a role model",
}
SET = "set by hand"
LATER_YEARS = 5
MAX_YEARS = 60


@dataclass(frozen=True)
class Departure:
    """One value in which a phase departs from what went before, and where it comes from."""

    value: sympy.Rational
    source: str


@dataclass(frozen=True)
class Phase:
    """A stretch of a case: its rules, its departures, and the full parameter point they make.

    `expected` is the type that the paper states (at `place`), or None where it states none. `turn`
    says which of the four things that a turn to co-operation needed were there (keys of `TURN`),
    each with what it was.
    """

    name: str
    year: int
    rules: MacroRules
    departures: Mapping[str, Departure]
    point: Mapping[str, sympy.Rational]
    expected: str | None
    place: str
    turn: Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """A cluster's story: one baseline, and phases that state only their departures from it.

    `until` is the last year of its trajectory.
    """

    info: Info
    cluster: Cluster
    phases: tuple[Phase, ...]
    until: int

    _repr_html_, _repr_latex_, __str__ = as_html, as_latex, as_text

    def __repr__(self) -> str:
        return f"<Case {self.info.name}: {len(self.phases)} phases>"


def read_case(
    section: Section,
    info: Info,
    load_cluster: Callable[[str], Cluster],
    load_rules: Callable[[str], MacroRules],
) -> Case:
    """The case that a file states; every fault is noted in the section.

    Where the cluster itself is faulty, its faults are raised with those of the case.
    """
    named = section.text("cluster", default="baseline")
    cluster = _adopting(section, "cluster", lambda: load_cluster(named))
    if cluster is not None:
        cluster = relinked(section, cluster)
    phases: list[Phase] = []
    point: Mapping[str, sympy.Rational] = cluster.domain.defaults if cluster else {}
    for entry in section.tables("phases"):
        phase = _read_phase(entry, cluster, point, load_rules)
        if phase is None:
            continue
        if phases and phase.year <= phases[-1].year:
            entry.fault(
                "year", f"{phase.year} does not come after {phases[-1].year}", "order the phases"
            )
        phases.append(phase)
        point = phase.point
    if not phases and not section.faults:
        section.fault("phases", "is missing", "add at least one [[phases]]")
    until = _read_until(section, phases)
    if cluster is None:
        section.finish()
        raise InputError(section.faults)
    return Case(info, cluster, tuple(phases), until)


def revised(case: Case, values: Mapping[str, Any], rules: MacroRules | None = None) -> Case:
    """The case with values set in every phase, and perhaps under other macro rules throughout.

    Raises InputError for a value outside the cluster's domain, or rules that do not fit.
    """
    domain = case.cluster.domain
    given = domain.read(values)
    phases = []
    for phase in case.phases:
        facing = rules or phase.rules
        bound = bind(domain, facing) if rules else {}
        point = domain.point({**phase.point, **bound, **given})
        departures = {**phase.departures, **{n: Departure(v, SET) for n, v in given.items()}}
        phases.append(replace(phase, rules=facing, point=point, departures=departures))
    return replace(case, phases=tuple(phases))


def phase_at(case: Case, year: int | None = None) -> tuple[Case, Phase]:
    """The case and its phase in force in a year, by default the last one."""
    if year is None:
        return case, case.phases[-1]
    earlier = [phase for phase in case.phases if phase.year <= year]
    if not earlier:
        years = ", ".join(str(phase.year) for phase in case.phases)
        raise InputError(f"{case.info.name} has no phase in {year}", f"its phases begin in {years}")
    return case, earlier[-1]


def _read_until(section: Section, phases: Sequence[Phase]) -> int:
    """The year in which the trajectory ends: stated, or some years after the last phase."""
    stated = section.value("until")
    years = [phase.year for phase in phases] or [0]
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


def _is_year(stated: Any) -> bool:
    return isinstance(stated, int) and not isinstance(stated, bool)


def _read_phase(
    entry: Section,
    cluster: Cluster | None,
    before: Mapping[str, sympy.Rational],
    load_rules: Callable[[str], MacroRules],
) -> Phase | None:
    name, place = entry.text("name"), entry.text("source")
    expected = entry.choice("expected", TYPES) if "expected" in entry else None
    year = entry.value("year")
    if not _is_year(year):
        entry.fault("year", f"{year!r} is not a year", "year = 1990")
    departures = _read_departures(entry.table("values", required=False))
    turn = _read_turn(entry.table("turn", required=False))
    found = entry.text("rules")
    entry.finish()
    rules = _adopting(entry, "rules", lambda: load_rules(found))
    if cluster is None or rules is None or not _is_year(year):
        return None
    point = _adopting(entry, "values", lambda: _point(cluster, rules, before, departures))
    if point is None:
        return None
    return Phase(name, year, rules, departures, point, expected, place, turn)


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


def _read_turn(table: Section) -> dict[str, str]:
    for key in table:
        if key not in TURN:
            table.fault(key, "is nothing a turn needs", f"use {', '.join(TURN)}")
    return {key: table.text(key) for key in table}
