"""The page of a case: types and levels over its phases, the hazard, and trust.

Where a phase opens it shows what `classify` finds. The rest is worked out beforehand on a grid, by
the same draws at every point; between grid points the page draws straight lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sympy

from coopgame.cache import remembered
from coopgame.clusters.along import course
from coopgame.clusters.case import Case, Phase, middle_of
from coopgame.clusters.classify import Classification, classify
from coopgame.clusters.codebook import Drawing
from coopgame.clusters.history import history_of
from coopgame.clusters.relationships import RELATIONSHIPS
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.pages.page import Chart, ChartChoice, ClusterPart, Page, Preset
from coopgame.pages.sliders import sliders
from coopgame.pages.slots import Quantity
from coopgame.report.tables import origin

FEW = Drawing(64)
HAZARDS = tuple(np.round(np.linspace(0, 0.95, 20), 4).tolist())
TRUST = (0.02, 0.15, 0.3, 0.5, 0.7, 0.95)
CLUSTER = "cluster"
LACKS = (
    "where a phase opens, shares and levels are those of `classify`: {all} draws from what all "
    "answers allow. Elsewhere, and along the curves, they are of {few} draws in which hazard and "
    "trust stand at the one value of their sliders, after the history until then; the dot may "
    "therefore lie beside its curve where a phase opens"
)


def case_page(case: Case, values: Mapping[str, Any] | None = None) -> Page:
    """The page of a case, its sliders at the last phase with `values` set on top.

    Raises InputError for values outside the sliders' domain.
    """
    domain = _domain(case)
    found = classify(case)
    points = [_point(case, i, phase) for i, phase in enumerate(case.phases)]
    point = domain.point({**points[-1], **domain.read(values or {})})
    kinds = tuple(profile.type for profile in case.profiles)
    names = (*kinds, *RELATIONSHIPS)
    label = "share of draws [0 to 1]"
    return Page(
        title=case.info.title,
        description=case.info.description,
        source=case.info.source,
        origin=origin(case.info),
        values=point,
        sliders=sliders(domain, point),
        along="h",
        charts=(
            Chart("types", "Types", (ChartChoice("types", label, _curves(kinds, 0)),)),
            Chart(
                "levels",
                "Levels of co-operation",
                (ChartChoice("levels", "mean level [0 to 1]", _curves(RELATIONSHIPS, len(kinds))),),
            ),
        ),
        marks=(),
        model=_model(case, found, points),
        cluster=ClusterPart(
            presets=tuple(
                Preset(f"{phase.name} ({phase.year})", at)
                for phase, at in zip(case.phases, points, strict=True)
            ),
            kinds=kinds,
            outputs=tuple(Quantity(name, None, i) for i, name in enumerate(names)),
        ),
        notes=(LACKS.format(all=found.draws.count, few=FEW.count), *case.marks),
    )


def _domain(case: Case) -> Domain:
    """The sliders: phase, hazard and trust."""
    count = len(case.phases)
    known = case.codebook.parameters

    def between(low: float, high: float, is_integer: bool = False) -> Interval:
        first, last = (sympy.Rational(str(x)) for x in (low, high))
        return Interval(first, last, lower_open=False, upper_open=False, integer=is_integer)

    phases = ", ".join(f"{i + 1} {phase.year}" for i, phase in enumerate(case.phases))
    phase = Parameter(
        "phase", f"phase ({phases})", "number", between(1, max(count, 2), is_integer=True),
        sympy.S.One, "the case",
    )  # fmt: skip
    hazard, trust = (
        Parameter(name, known[name].meaning, known[name].unit, between(ends[0], ends[-1]),
                  sympy.Rational(str(ends[0])), "codebook", role)
        for name, ends, role in (("h", HAZARDS, "hazard"), ("p", TRUST, "trust"))
    )  # fmt: skip
    return Domain((phase, hazard, trust) if count > 1 else (hazard, trust))


def _point(case: Case, number: int, phase: Phase) -> dict[str, sympy.Rational]:
    """Where the sliders stand in a phase: at the middle of what its answers allow."""
    at = middle_of(case, phase)
    inside = {
        name: min(max(round(float(at[name][0]), 3), ends[0]), ends[-1])
        for name, ends in (("h", HAZARDS), ("p", TRUST))
    }
    found = {name: sympy.Rational(str(value)) for name, value in inside.items()}
    return {"phase": sympy.Integer(number + 1), **found} if len(case.phases) > 1 else found


def _model(
    case: Case, answer: Classification, opening: Sequence[Mapping[str, sympy.Rational]]
) -> str:
    """The grid, and what is known where a phase opens, as a JavaScript expression."""
    rows = _rows(case, HAZARDS, TRUST)
    phases = [[float(i + 1) for i in range(len(case.phases))]] if len(case.phases) > 1 else []
    axes = [*phases, list(HAZARDS), list(TRUST)]
    stated = [
        {"at": [float(x) for x in at.values()], "row": _row(phase.distribution, phase.levels)}
        for at, phase in zip(opening, answer.phases, strict=True)
    ]
    table = {"axes": axes, "types": len(case.profiles), "rows": rows, "stated": stated}
    return f"tableModel({json.dumps(table)})"


@remembered()
def _rows(case: Case, hazards: Sequence[float], trusts: Sequence[float]) -> list[list[float]]:
    """Types and levels at each point of the grid, phase by phase."""
    rows: list[list[float]] = []
    for phase in case.phases:
        base = history_of(case, phase, FEW)
        found = [course(case, base | {"p": np.full(FEW.count, trust)}, "h", np.array(hazards))
                 for trust in trusts]  # fmt: skip
        for i in range(len(hazards)):
            for one in found:
                types, levels = (
                    {name: float(column[i]) for name, column in part.items()}
                    for part in (one.types, one.levels)
                )
                rows.append(_row(types, levels))
    return rows


def _row(types: Mapping[str, float], levels: Mapping[str, float]) -> list[float]:
    return [round(float(share), 4) for share in (*types.values(), *levels.values())]


def _curves(names: Sequence[str], first: int) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "label": name,
            "block": CLUSTER,
            "slot": first + i,
            "holds": [],
            "dashed": False,
            "colour": i,
        }
        for i, name in enumerate(names)
    )
