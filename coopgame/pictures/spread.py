"""How likely each type is, and how far co-operation goes: by year, or as the rules get unstable."""

from __future__ import annotations

from dataclasses import dataclass

from coopgame.catalogue import load_rules
from coopgame.clusters.along import FEW, along_hazard
from coopgame.clusters.classify import classify
from coopgame.clusters.codebook import Drawing
from coopgame.clusters.history import assumed
from coopgame.clusters.relationships import RELATIONSHIPS
from coopgame.pictures.scene import Scene
from coopgame.pictures.words import Heading

YEARLY = Drawing()  # as in the table of years
MARKED = ("stable", "unstable")  # rules of one hazard, at which a line stands


@dataclass(frozen=True)
class Spread:
    """Shares of types and mean levels along `xs`; `starts` are places to mark, with their words."""

    heading: Heading
    along: str
    xs: tuple[float, ...]
    types: tuple[tuple[str, tuple[float, ...]], ...]
    levels: tuple[tuple[str, tuple[float, ...]], ...]
    starts: tuple[tuple[float, str], ...] = ()


def trajectory_picture(of: Scene) -> Spread:
    """The case lived year by year, from its first phase to some years after its last."""
    found = classify(of.case, YEARLY)
    years = found.years
    given = f"{years[0].year} to {years[-1].year}; answers as in the case's phases"
    phases = "; ".join(f"{phase.year} {phase.name}" for phase in of.case.phases)
    notes = (
        f"Phases: {phases}.",
        f"{YEARLY.count} draws.",
        *assumed(of.case),
    )
    return Spread(
        heading=of.heading("year by year", notes, given),
        along="year",
        xs=tuple(float(year.year) for year in years),
        types=tuple(
            (p.type, tuple(year.distribution[p.type] for year in years)) for p in of.case.profiles
        ),
        levels=tuple((n, tuple(year.levels[n] for year in years)) for n in RELATIONSHIPS),
        starts=tuple((float(phase.year), phase.name) for phase in of.case.phases[1:]),
    )


def rules_picture(of: Scene) -> Spread:
    """A phase as the hazard goes from 0 to nearly 1."""
    found = along_hazard(of.case, of.phase, FEW)
    known = {name: float(load_rules(name).hazard or 0) for name in MARKED}
    marked = ", ".join(f"{name} rules ({hazard:g})" for name, hazard in known.items())
    notes = (
        f"{FEW.count} draws, the same at every hazard, after the case's history until then.",
        "Stage trade has a period of a month, ties one of a quarter, the others one of a year.",
        f"Dotted: {marked}.",
    )
    return Spread(
        heading=of.heading("types and co-operation as the rules get unstable", notes),
        along="hazard: chance that the rules of the game change [probability per year]",
        xs=tuple(map(float, found.values)),
        types=tuple((kind, tuple(map(float, share))) for kind, share in found.types.items()),
        levels=tuple((n, tuple(map(float, level))) for n, level in found.levels.items()),
        starts=tuple((hazard, name) for name, hazard in known.items()),
    )
