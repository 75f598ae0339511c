"""Maps of types over two parameters, the types themselves, and the codebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.codebook import Allowed, Codebook
from coopgame.clusters.maps import EACH, TypeMap
from coopgame.clusters.typology import Profile
from coopgame.reading.info import Info
from coopgame.report.cases import MEANT
from coopgame.report.shares import short
from coopgame.report.tables import (
    Cell,
    Column,
    Facts,
    Report,
    ReportPart,
    Table,
    columns,
    facts,
    fields_of,
    origin,
)

LETTERS = {
    "no cluster": "0", "survival cluster": "v", "satellite": "t", "hub-and-spoke": "h",
    "Italianate": "I", "stagnating agglomeration": ".",
}  # fmt: skip


def map_report(found: TypeMap, case: Case, phase: Phase) -> Report:
    """The most likely type over two parameters, in letters and as a grid."""
    kinds = [profile.type for profile in case.profiles]
    grid = Table(
        (Column(found.x), Column(found.y), Column("type"), Column("share")),
        [
            (float(x), float(y), kinds[found.kinds[j, i]], short(float(found.shares[j, i])))
            for j, y in enumerate(found.ys)
            for i, x in enumerate(found.xs)
        ],
    )
    used = ", ".join(f"{LETTERS[kinds[k]]} {kinds[k]}" for k in np.unique(found.kinds))
    return Report(
        title=f"{case.info.title}, {phase.name} ({phase.year}): types by {found.x} and {found.y}",
        sections=(ReportPart("Most likely type", (_picture(found, kinds), used)),),
        table=grid,
        record={
            "case": case.info.name,
            "phase": phase.name,
            "year": phase.year,
            "draws": EACH,
            "in_place_of_answers": list(case.marks),
            "x": found.x,
            "y": found.y,
            "xs": found.xs.tolist(),
            "ys": found.ys.tolist(),
            "types": [[kinds[k] for k in row] for row in found.kinds],
            "shares": found.shares.tolist(),
        },
        origin=origin(case.info),
        notes=(f"{EACH} draws at every point, the same everywhere.", *case.marks),
    )


def _picture(found: TypeMap, kinds: Sequence[str]) -> Facts:
    lines = [
        (f"{y:.3g}", ["".join(LETTERS[kinds[k]] for k in row)])
        for y, row in reversed(list(zip(found.ys, found.kinds, strict=True)))
    ]
    ends = f"{found.x} from {found.xs[0]:.3g} to {found.xs[-1]:.3g}"
    return facts([(found.y, [""]), *lines, ("", [ends])])


def types_report(
    info: Info, profiles: Sequence[Profile], rows: Mapping[str, Mapping[str, float]]
) -> Report:
    """Each type: when a cluster has it, Table 1 in words of our own, and its rows as outcomes.

    `rows` are by type, the means over what of the whole prior is of it.
    """
    fields = ("when", "features", "strength", "weakness", "trajectories", "policies", "source")

    def told(profile: Profile, name: str) -> Any:
        return profile.told if name == "when" else getattr(profile, name)

    sections = [
        ReportPart(p.type, (facts((f, _lines(told(p, f))) for f in fields),)) for p in profiles
    ]
    kinds = [p.type for p in profiles]
    numbers = [(name, *(short(rows[kind][name]) for kind in kinds)) for name in rows[kinds[0]]]
    over = "Means over what of the whole prior is of the type"
    beside = Table(columns("", *kinds), numbers, over)
    sections.append(ReportPart("What Table 1 speaks of, as outcomes", (beside, MEANT)))
    told_rows = [
        (
            p.type,
            *("; ".join(_lines(told(p, f))) for f in fields),
            *map(short, rows[p.type].values()),
        )
        for p in profiles
    ]
    return Report(
        title=info.title,
        sections=tuple(sections),
        table=Table(columns("type", *fields, *rows[kinds[0]]), told_rows),
        record={
            "types": {
                p.type: {f: told(p, f) for f in fields} | {"outcomes": dict(rows[p.type])}
                for p in profiles
            }
        },
        origin=origin(info),
    )


def _lines(told: Any) -> list[str]:
    return [told] if isinstance(told, str) else list(told)


def codebook_report(codebook: Codebook) -> Report:
    """Every question with its answers, and the interval that each allows, with its reason."""
    sections = []
    rows = []
    for question in codebook.questions:
        words = facts((letter, [text]) for letter, text in question.answers.items())
        tables = [_intervals(allowed) for allowed in question.allows]
        sections.append(ReportPart(f"{question.name}: {question.asks}", (words, *tables)))
        rows += [row for allowed in question.allows for row in _rows(question.name, allowed)]
    shared = [row for allowed in codebook.common for row in _rows("", allowed)]
    heads = columns("question", "parameter", "meaning", "unit", "answer", "from", "to", "because")
    sections.append(ReportPart("Common to all clusters", (Table(heads, shared, keys=2),)))
    return Report(
        title=codebook.info.title,
        sections=tuple(sections),
        table=Table(heads, [*rows, *shared]),
        record={
            "codebook": codebook.info.name,
            "questions": [
                {
                    "question": q.name,
                    "asks": q.asks,
                    "answers": dict(q.answers),
                    "government": q.place,
                    "allows": {a.name: _record(a) for a in q.allows},
                }
                for q in codebook.questions
            ],
            "common": {a.name: _record(a) for a in codebook.common},
        },
        origin=origin(codebook.info),
    )


def _rows(question: str, allowed: Allowed) -> list[tuple[Cell, ...]]:
    return [
        (question, allowed.name, allowed.meaning, allowed.unit, letter, i.low, i.high, i.because)
        for letter, i in allowed.by_answer.items()
    ]


def _intervals(allowed: Allowed) -> Table:
    rows = [(letter, i.low, i.high, i.because) for letter, i in allowed.by_answer.items()]
    title = f"{allowed.name}: {allowed.meaning} [{allowed.unit}]"
    return Table(columns("answer", "from", "to", "because"), rows, title)


def _record(allowed: Allowed) -> dict[str, Any]:
    return {
        **fields_of(allowed, "meaning", "unit"),
        "by_answer": {
            letter: {"from": i.low, "to": i.high, "because": i.because}
            for letter, i in allowed.by_answer.items()
        },
    }
