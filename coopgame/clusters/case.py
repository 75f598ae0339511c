"""A case: a cluster living through dated changes, and the types that the paper states for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy

from coopgame.clusters.model import Cluster
from coopgame.errors import InputError
from coopgame.language.showing import as_html, as_latex, as_text
from coopgame.reading.info import Info
from coopgame.rules.macro import MacroRules, bind

TURN = {
    "crisis": "a crisis that threatens existence",
    "agents": "agents of change",
    "organisations": "organisations",
    "role_model": "a role model",
}
SET = "set by hand"


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
