"""A case year by year: levels, trust against the tipping point, hazards, and the type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coopgame.clusters.trajectory import Year, live
from coopgame.language.deciding import number
from coopgame.pictures.scene import Scene
from coopgame.pictures.words import Heading


@dataclass(frozen=True)
class Strand:
    """One relation by year; a tipping point is None where nothing enforces itself."""

    name: str
    meaning: str
    levels: tuple[float, ...]
    trust: tuple[float, ...]
    tipping_points: tuple[float | None, ...]


@dataclass(frozen=True)
class TrajectoryPicture:
    """The years of a case, one entry a year in each tuple; `phases` are (first year, name)."""

    heading: Heading
    years: tuple[int, ...]
    types: tuple[str, ...]
    strands: tuple[Strand, ...]
    hazards: tuple[float, ...]
    perceived: tuple[float, ...]
    wiped: tuple[int, ...]
    phases: tuple[tuple[int, str], ...]


def trajectory_picture(of: Scene) -> TrajectoryPicture:
    """The case lived year by year, from its first phase to its last year."""
    lived = live(of.case)
    wiped = tuple(year.year for year in lived if year.is_wiped)
    given = f"{lived[0].year} to {lived[-1].year}; values as in the case's phases"
    return TrajectoryPicture(
        heading=of.heading("year by year", _notes(of, wiped), given),
        years=tuple(year.year for year in lived),
        types=tuple(year.place.type for year in lived),
        strands=tuple(_strand(of, lived, name) for name in lived[0].trust),
        hazards=tuple(number(year.hazard) for year in lived),
        perceived=tuple(number(year.perceived) for year in lived),
        wiped=wiped,
        phases=tuple((phase.year, phase.name) for phase in of.case.phases),
    )


def _strand(of: Scene, lived: tuple[Year, ...], name: str) -> Strand:
    found = [year.place.relations[name] for year in lived]
    tipping = tuple(
        None if each.tipping_point is None else number(each.tipping_point) for each in found
    )
    return Strand(
        name,
        of.case.cluster.relation(name).meaning,
        levels=tuple(number(each.level) for each in found),
        trust=tuple(number(year.trust[name]) for year in lived),
        tipping_points=tipping,
    )


def _notes(of: Scene, wiped: tuple[int, ...]) -> Iterator[str]:
    phases = "; ".join(f"{phase.year} {phase.name}" for phase in of.case.phases)
    yield f"Phases: {phases}."
    yield "A gap in the tipping point: no level enforces itself in that year."
    if wiped:
        years = ", ".join(map(str, wiped))
        yield f"Dotted verticals: the rules changed and wiped out history ({years})."
