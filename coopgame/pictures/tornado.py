"""How far each parameter of a case is from a border between types, and what lies beyond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coopgame.clusters.borders import around
from coopgame.clusters.place import place
from coopgame.errors import InputError
from coopgame.language.deciding import number
from coopgame.language.parameters import Parameter
from coopgame.pictures.scene import Scene
from coopgame.pictures.words import Heading

MOST = 25


@dataclass(frozen=True)
class BorderReach:
    """A border that one parameter alone reaches: where, what type begins, and how far it is.

    `distance` is a share of the parameter's range, negative where the parameter falls.
    """

    at: float
    becomes: str
    distance: float


@dataclass(frozen=True)
class Bar:
    """One parameter with the value it has and the nearest border on each side, if there is one."""

    parameter: Parameter
    here: float
    moves: tuple[BorderReach, ...]

    @property
    def nearest(self) -> float:
        return min(abs(move.distance) for move in self.moves)


@dataclass(frozen=True)
class Tornado:
    """The parameters that can change the type alone, the nearest to its border first."""

    heading: Heading
    type: str
    bars: tuple[Bar, ...]


def tornado_picture(of: Scene, most: int = MOST) -> Tornado:
    """The distance of every parameter of a phase to the borders of its type.

    Raises InputError where no parameter alone changes the type.
    """
    parameters = [p for p in of.case.cluster.domain.parameters if p.name in of.compiled.telling]
    bars = sorted(filter(lambda bar: bar.moves, (_bar(of, p) for p in parameters)),
                  key=lambda bar: bar.nearest)  # fmt: skip
    if not bars:
        raise InputError("no parameter alone changes the type in this phase",
                         "name another phase as CASE:YEAR, or use --kind map")  # fmt: skip
    kind = place(of.case.cluster, of.phase.point).type
    shown = f"how far each parameter is from another type than {kind}"
    notes = [*_notes(len(parameters), len(bars), most)]
    return Tornado(of.heading(shown, notes), kind, tuple(bars[:most]))


def _bar(of: Scene, parameter: Parameter) -> Bar:
    here = number(of.phase.point[parameter.name])
    moves = [
        BorderReach(
            border.at, border.becomes, border.distance if border.at > here else -border.distance
        )
        for border in around(of.compiled, of.phase.point, parameter)
    ]
    return Bar(parameter, here, tuple(moves))


def _notes(telling: int, moving: int, most: int) -> Iterator[str]:
    yield "A bar runs from the value in force (0) to the border; the text is the value there."
    if moving < telling:
        yield f"{telling - moving} further parameters change the type nowhere in their range."
    if moving > most:
        yield f"Shown are the {most} nearest of {moving}."
