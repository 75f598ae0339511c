"""A case in all its parts, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coopgame.clusters.case import TURN, Case, Phase
from coopgame.clusters.study import Portrait
from coopgame.clusters.typology import Profile
from coopgame.language.printing import to_text
from coopgame.report.cases import (
    NOT_COVERED,
    classification_record,
    departure_sizes,
    phase_table,
    types_section,
)
from coopgame.report.policies import policies_record, policies_section, policies_table
from coopgame.report.tables import Report, ReportPart, Table, columns, facts, origin
from coopgame.report.trajectories import trajectory_record, trajectory_section, trajectory_table


def portrait_report(found: Portrait, profiles: Mapping[str, Profile]) -> Report:
    """The parts of a case that were asked for, and the paper's words on the type it ends as."""
    sections = portrait_sections(found)
    if found.types and found.policies:
        sections.append(_profile_section(profiles[found.types.phases[-1].type]))
    causes = _causes(found.case) if found.causes else ()
    return Report(
        title=found.case.info.title,
        sections=(*sections, *causes),
        table=portrait_table(found),
        record=portrait_record(found),
        origin=origin(found.case.info),
        notes=(NOT_COVERED,) if found.types else (),
    )


def portrait_sections(found: Portrait) -> list[ReportPart]:
    """Types, years and levers, as far as they were asked for."""
    sections = []
    if found.types:
        sections.append(types_section(found.types))
    if found.years:
        sections.append(trajectory_section(found.years))
    if found.policies:
        sections.append(policies_section(found.case, found.policies))
    return sections


def portrait_table(found: Portrait) -> Table:
    """The first part that was asked for, as one table for a spreadsheet."""
    if found.types:
        return phase_table(found.types)
    if found.years:
        return trajectory_table(found.years)
    if found.policies:
        return policies_table(found.case, found.policies)
    return _departures_table(found.case)


def portrait_record(found: Portrait) -> dict[str, Any]:
    """The record that `classify --format json` prints."""
    record: dict[str, Any] = {"case": found.case.info.name}
    if found.types:
        record = classification_record(found.types)
    told = [{"phase": p.name, "year": p.year} for p in found.case.phases]
    phases = record.setdefault("phases", told)
    for phase, moves in zip(phases, found.policies, strict=False):
        phase["levers"] = policies_record(moves)
    for phase, of in zip(phases, found.case.phases if found.causes else (), strict=False):
        phase["causes"] = _causes_record(of)
    if found.years:
        record["trajectory"] = trajectory_record(found.years)
    return record


def _profile_section(profile: Profile) -> ReportPart:
    """The row of Table 1 for a type."""
    entries = facts(
        [
            ("features", [profile.features]),
            ("strength", [profile.strength]),
            ("weakness", [profile.weakness]),
            ("trajectories", profile.trajectories),
            ("policies", profile.policies),
        ]
    )
    return ReportPart(f"What the paper says of such a cluster: {profile.type}", (entries,))


def _causes(case: Case) -> Iterator[ReportPart]:
    """What each phase changes, and where that comes from."""
    for phase in case.phases:
        rows = [
            (name, departure.value, case.cluster.domain[name].meaning, departure.source)
            for name, departure in phase.departures.items()
        ]
        lines = [f"{phase.place}; macro rules: {phase.rules.info.name}", _size_text(case, phase)]
        lines += [f"{TURN[key]}: {what}" for key, what in phase.turn.items()]
        table = Table(columns("parameter", "value", "meaning", "source"), rows)
        yield ReportPart(
            f"What sets {phase.name!r} apart ({phase.year})", (*lines, *([table] if rows else []))
        )


def _size_text(case: Case, phase: Phase) -> str:
    sizes = departure_sizes(case, phase)
    if not sizes:
        return "No value departs here."
    mean = sum(sizes.values()) / len(sizes)
    total = len(case.cluster.domain.parameters)
    return (
        f"{len(sizes)} of {total} values depart here; from the baseline by {mean:.0%} of their "
        f"range on average, at most by {max(sizes.values()):.0%}."
    )


def _causes_record(phase: Phase) -> dict[str, Any]:
    values = {
        name: {"value": to_text(departure.value), "source": departure.source}
        for name, departure in phase.departures.items()
    }
    return {"place": phase.place, "turn": dict(phase.turn), "values": values}


def _departures_table(case: Case) -> Table:
    rows = [
        (p.name, p.year, name, departure.value, case.cluster.domain[name].unit, departure.source)
        for p in case.phases
        for name, departure in p.departures.items()
    ]
    return Table(columns("phase", "year", "parameter", "value", "unit", "source"), rows)
