"""Maps and profiles of types, to read, for a spreadsheet and for a program."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.maps import TypeMap
from coopgame.clusters.typology import TYPES, Profile
from coopgame.language.printing import to_text
from coopgame.reading.info import Info
from coopgame.report.tables import (
    Cell,
    Column,
    Facts,
    Report,
    ReportPart,
    Table,
    columns,
    facts,
    origin,
)

LETTERS = {"survival cluster": "v", "satellite": "t", "hub-and-spoke": "h", "Italianate": "I"}
OTHER = "."
ROWS, ACROSS = 20, 60


def map_report(found: TypeMap, case: Case, phase: Phase) -> Report:
    """Types over two parameters: a picture in letters, and the borders as curves."""
    grid = Table(
        (*(Column(p.name, p.meaning, p.unit) for p in (found.x, found.y)), Column("type")),
        [
            (float(x), float(y), TYPES[int(found.kinds[j, i])])
            for j, y in enumerate(found.ys)
            for i, x in enumerate(found.xs)
        ],
    )
    curves = facts(
        (f"{c.between[0]} | {c.between[1]}", [c.label, f"0 = {to_text(c.expression)}", *c.solved])
        for c in found.curves
    )
    left = f"{len(found.unexplained)} border points at which no single comparison switches"
    return Report(
        title=f"{case.info.title}, {phase.name} ({phase.year}): types by {found.x.name} and "
        f"{found.y.name}",
        sections=(
            ReportPart("Types", (picture(found, phase), _legend(found))),
            ReportPart("Borders", (curves, *([left] if found.unexplained else []))),
        ),
        table=grid,
        record=_record(found, case, phase),
        origin=origin(case.info),
    )


def picture(found: TypeMap, phase: Phase) -> Facts:
    """The map in letters, the vertical parameter rising upwards; @ is where the phase stands."""
    across = np.linspace(0, len(found.xs) - 1, ACROSS + 1).round().astype(int)
    rows = np.unique(np.linspace(0, len(found.ys) - 1, ROWS + 1).round().astype(int))[::-1]
    here = [float(phase.point[p.name]) for p in (found.x, found.y)]
    i_here = across[np.argmin(abs(found.xs[across] - here[0]))]
    j_here = rows[np.argmin(abs(found.ys[rows] - here[1]))]
    lines = []
    for j in rows:
        letters = [LETTERS.get(TYPES[int(found.kinds[j, i])], OTHER) for i in across]
        if j == j_here:
            letters[list(across).index(i_here)] = "@"
        lines.append((f"{found.ys[j]:.3g}", ["".join(letters)]))
    ends = f"{found.x.name} from {found.xs[0]:.3g} to {found.xs[-1]:.3g}"
    return facts([(found.y.name, [""]), *lines, ("", [ends])])


def _legend(found: TypeMap) -> str:
    used = [TYPES[int(kind)] for kind in np.unique(found.kinds)]
    return ", ".join(f"{LETTERS.get(kind, OTHER)} {kind}" for kind in used) + ", @ the case"


def _record(found: TypeMap, case: Case, phase: Phase) -> dict[str, Cell]:
    return {
        "case": case.info.name,
        "phase": phase.name,
        "x": found.x.name,
        "y": found.y.name,
        "xs": found.xs.tolist(),
        "ys": found.ys.tolist(),
        "types": [[TYPES[int(kind)] for kind in row] for row in found.kinds],
        "borders": [
            {
                "between": list(c.between),
                "zero": to_text(c.expression),
                "solved": [to_text(s) for s in c.solved],
                "what_switches": c.label,
                "points": [list(spot) for spot in c.spots],
            }
            for c in found.curves
        ],
        "unexplained": [list(spot) for spot in found.unexplained],
    }


def types_report(info: Info, profiles: Mapping[str, Profile]) -> Report:
    """The paper's Table 1 in words of our own, one section a type."""
    fields = ("features", "strength", "weakness", "trajectories", "policies", "source")
    sections = []
    for kind, profile in profiles.items():
        entries = []
        for name in fields:
            told = getattr(profile, name)
            entries.append((name, [told] if isinstance(told, str) else told))
        sections.append(ReportPart(kind, (facts(entries),)))
    rows = [
        (kind, *("; ".join(v) if isinstance(v := getattr(p, f), tuple) else v for f in fields))
        for kind, p in profiles.items()
    ]
    record = {kind: {f: getattr(p, f) for f in fields} for kind, p in profiles.items()}
    return Report(
        title=info.title,
        sections=tuple(sections),
        table=Table(columns("type", *fields), rows),
        record={"types": record},
        origin=origin(info),
    )
