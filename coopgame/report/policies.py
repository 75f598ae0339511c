"""What policy could do for a case, to read and for a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coopgame.clusters.case import Case
from coopgame.clusters.levers import POSSIBLE, STARTS, TYPE, Move, Policy
from coopgame.report.tables import Cell, Facts, ReportPart, Table, columns

SHOWN = 4
GOALS = {
    POSSIBLE: "make collective action possible",
    STARTS: "start it at today's trust",
    TYPE: "change the type",
}
MET = {
    POSSIBLE: "collective action can be sustained as it is",
    STARTS: "collective action is under way",
    TYPE: "",
}


def policies_section(case: Case, policies: tuple[tuple[Policy, ...], ...]) -> ReportPart:
    """For each phase and goal, the smallest single moves that reach it, with their instruments."""
    parts: list[str | Facts | Table] = []
    for phase, found in zip(case.phases, policies, strict=True):
        for policy in found:
            parts += _policy(f"{phase.name} ({phase.year})", phase.point, policy)
    parts.append(EXPLAINED)
    return ReportPart("Levers: the smallest single change that would do it", tuple(parts))


EXPLAINED = (
    f"At most {SHOWN} levers are shown, the smallest move first; size: share of the parameter's "
    "range. JSON lists all. Some levers reach less far than their range: see their cluster (show)."
)


def _policy(phase: str, point: Any, policy: Policy) -> Iterator[str | Table]:
    if policy.is_met:
        yield f"{phase}: {MET[policy.goal]}."
    elif not policy.workable:
        yield f"{phase}: nothing within the reach of any single lever will {GOALS[policy.goal]}."
    else:
        rows: list[tuple[Cell, ...]] = [
            (
                m.lever.parameter,
                point[m.lever.parameter],
                m.to,
                m.size,
                m.becomes,
                m.lever.instrument,
            )
            for m in policy.workable[:SHOWN]
        ]
        heads = ["lever", "from", "to", "size", "becomes", "instrument"]
        if policy.goal != TYPE:
            heads.remove("becomes")
            rows = [(*row[:4], row[5]) for row in rows]
        yield Table(columns(*heads), rows, f"{phase}: to {GOALS[policy.goal]}")


def policies_table(case: Case, policies: tuple[tuple[Policy, ...], ...]) -> Table:
    """Every lever for every goal and phase, for a spreadsheet; empty where it cannot do it."""
    rows = [
        (phase.name, policy.goal, *_move_record(move).values())
        for phase, found in zip(case.phases, policies, strict=True)
        for policy in found
        for move in policy.moves
    ]
    heads = ("parameter", "to", "size", "becomes", "instrument", "source")
    return Table(columns("phase", "goal", *heads), rows)


def policies_record(policies: tuple[Policy, ...]) -> dict[str, Any]:
    """The levers of a phase as JSON prints them, by goal."""
    return {
        policy.goal: {"met": policy.is_met, "moves": [_move_record(m) for m in policy.moves]}
        for policy in policies
    }


def _move_record(move: Move) -> dict[str, Any]:
    return {
        "parameter": move.lever.parameter,
        "to": move.to,
        "size": move.size,
        "becomes": move.becomes,
        "instrument": move.lever.instrument,
        "source": move.lever.place,
    }
