"""The kinds of picture, a row each: its name, what it shows, and where it is made and drawn.

Nothing heavy loads here: a row names its functions, and they are looked up when they are called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

ROOM = "coopgame.pictures"


@dataclass(frozen=True)
class PictureKind:
    """A kind of picture of games or of cases.

    The functions are named as in "phase:phase_picture", by their module in this room: `made` by
    what computes the picture, `drawn` by what turns that into a figure, `unsuited` by what says why
    a game or a case has none, and an empty text where it has (without it, each has one). `takes`
    are the fields of a `PictureRequest` that `made` is told; `is_phase` says that it is of one
    phase of a case.
    """

    name: str
    told: str
    made: str
    drawn: str
    takes: tuple[str, ...] = ()
    unsuited: str = ""
    is_phase: bool = False

    @property
    def uses(self) -> frozenset[str]:
        """The fields of a request that it heeds besides values and rules."""
        return frozenset((*self.takes, *(["year"] if self.is_phase else [])))

    def suits(self, of: Any) -> str:
        """Why a game or a case at some values has no such picture; empty where it has."""
        return str(_function(self.unsuited)(of)) if self.unsuited else ""

    def picture(self, of: Any, request: Any) -> Any:
        """What the picture shows."""
        asked = {name: getattr(request, name) for name in self.takes}
        return _function(self.made)(of, **asked)

    def draw(self, picture: Any) -> Any:
        """The figure of what a picture shows."""
        return _function(self.drawn)(picture)


def _function(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"{ROOM}.{module}"), name)
    return found


OF_GAMES = (
    PictureKind(
        "outcome", "an outcome against one parameter (the usual kind)",
        "outcome:outcome_picture", "drawing.outcome:draw_outcome", ("outcome", "along"),
    ),
    PictureKind(
        "phase", "which equilibria exist over two parameters, with exact borders",
        "phase:phase_picture", "drawing.regions:draw_regions", ("x", "y"), "phase:unsuited",
    ),
    PictureKind(
        "replies", "best replies (the usual kind of two players, two actions each)",
        "replies:replies_picture", "drawing.replies:draw_replies", (), "replies:unsuited",
    ),
    PictureKind(
        "basins", "where play leads to from each state (two actions each)",
        "basins:basins_picture", "drawing.basins:draw_basins", (), "basins:unsuited",
    ),
    PictureKind(
        "payoffs", "feasible and enforceable payoffs (repeated games)",
        "payoffs:payoffs_picture", "drawing.payoffs:draw_payoffs", (), "payoffs:unsuited",
    ),
    PictureKind(
        "hysteresis", "a level as the hazard rises and falls (level games)",
        "hysteresis:hysteresis_picture", "drawing.hysteresis:draw_hysteresis", (),
        "hysteresis:unsuited",
    ),
    PictureKind(
        "matrix", "the payoffs of two players, best replies framed",
        "matrix:matrix_picture", "drawing.diagram:draw_diagram", ("values", "marked"),
        "matrix:unsuited",
    ),
    PictureKind(
        "tree", "the game tree (sequential games), equilibrium choices bold",
        "gametree:tree_picture", "drawing.diagram:draw_diagram", ("values", "marked"),
        "gametree:unsuited",
    ),
    PictureKind(
        "automata", "strategies with their states and moves (repeated games)",
        "machines:automata_picture", "drawing.diagram:draw_diagram", (), "machines:unsuited",
    ),
)  # fmt: skip
OF_CASES = (
    PictureKind(
        "trajectory", "types and levels year by year (the usual kind)",
        "spread:trajectory_picture", "drawing.spread:draw_spread",
    ),
    PictureKind(
        "rules", "the same as macro rules get unstable",
        "spread:rules_picture", "drawing.spread:draw_spread", is_phase=True,
    ),
    PictureKind(
        "regimes", "the same under stable, unstable and switching rules, by period",
        "panels:regimes_picture", "drawing.panels:draw_panels", (), "panels:fixed_rules", True,
    ),
    PictureKind(
        "crisis", "the two-by-two of stabilisation and crisis, all else the same",
        "panels:crisis_picture", "drawing.panels:draw_panels", (), "panels:fixed_answers", True,
    ),
    PictureKind(
        "map", "the most likely type over two parameters",
        "typemap:map_picture", "drawing.regions:draw_regions", ("x", "y"), is_phase=True,
    ),
    PictureKind(
        "tornado", "which answers matter",
        "tornado:tornado_picture", "drawing.tornado:draw_tornado", is_phase=True,
    ),
)  # fmt: skip


def names() -> list[str]:
    """The names of all kinds, of games and then of cases."""
    return [kind.name for kind in (*OF_GAMES, *OF_CASES)]


def listed() -> str:
    """What each kind shows, in lines: the kinds of games, and those of cases."""
    width = 2 + max(map(len, names()))
    games, cases = (
        "\n".join(f"  {kind.name:{width}}{kind.told}" for kind in kinds)
        for kinds in (OF_GAMES, OF_CASES)
    )
    return (
        f"\b\nKinds for a game:\n{games}\n\n"
        f"\b\nKinds for a case (CASE:YEAR for an earlier phase):\n{cases}\n\n"
    )
