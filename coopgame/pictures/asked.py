"""The kinds of picture: what each shows, which games and cases it suits, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coopgame.clusters.case import Case, revised
from coopgame.clusters.macro import fixed_throughout
from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.pictures import gametree, hysteresis, machines, matrix
from coopgame.pictures.diagram import Diagram
from coopgame.pictures.drawing.canvas import METADATA, saved, styled
from coopgame.pictures.drawing.diagram import draw_diagram
from coopgame.pictures.drawing.hysteresis import draw_hysteresis
from coopgame.pictures.drawing.outcome import draw_outcome
from coopgame.pictures.drawing.panels import draw_panels
from coopgame.pictures.drawing.payoffs import draw_payoffs
from coopgame.pictures.drawing.regions import draw_regions
from coopgame.pictures.drawing.replies import draw_replies
from coopgame.pictures.drawing.spread import draw_spread
from coopgame.pictures.drawing.tikz import to_file
from coopgame.pictures.drawing.tornado import draw_tornado
from coopgame.pictures.outcome import outcome_picture
from coopgame.pictures.panels import crisis_picture, regimes_picture
from coopgame.pictures.payoffs import payoffs_picture, unsuitable
from coopgame.pictures.phase import phase_picture
from coopgame.pictures.replies import is_two_by_two, replies_picture
from coopgame.pictures.scene import Scene, scene
from coopgame.pictures.setting import PictureSetting, setting
from coopgame.pictures.spans import Wanted
from coopgame.pictures.spread import rules_picture, trajectory_picture
from coopgame.pictures.tornado import tornado_picture
from coopgame.pictures.typemap import map_picture
from coopgame.rules.macro import MacroRules

TIKZ = "tex"
ENDINGS = (*METADATA, TIKZ)


@dataclass(frozen=True)
class PictureRequest:
    """What a picture is asked to show; None leaves a choice to it.

    `values` and `rules` hold throughout; `year` names the phase of a case. A figure of structure
    that is not `marked` does not show what an equilibrium is, as on a sheet of exercises.
    """

    along: Wanted | None = None
    x: Wanted | None = None
    y: Wanted | None = None
    outcome: str | None = None
    year: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    rules: MacroRules | None = None
    marked: bool = True


@dataclass(frozen=True)
class PictureKind:
    """A kind of picture of games or of cases.

    `suits` says why one does not suit it, or nothing; `picture` computes what is shown and `draw`
    turns that into a figure; `uses` are the fields of a request that it heeds besides values.
    """

    name: str
    picture: Callable[[Any, PictureRequest], Any]
    draw: Callable[[Any], Any]
    uses: tuple[str, ...] = ()
    suits: Callable[[Any], str] = lambda subject: ""


def _replies(of: PictureSetting) -> str:
    return "" if is_two_by_two(of.game) else "it needs two players with two actions each"


def _phase(of: PictureSetting) -> str:
    return "" if len(of.solution.domain.names) > 1 else "it needs two parameters"


def _payoffs(of: PictureSetting) -> str:
    return unsuitable(of.game)


def _loop(of: PictureSetting) -> str:
    return (
        "" if hysteresis.suits(of) else "it needs a level game with a hazard and a floor of trust"
    )


def _crisis(of: Scene) -> str:
    return fixed_throughout(of.case)


def _regimes(of: Scene) -> str:
    return "it looks at several rules, and some are given" if of.case.rules is not None else ""


OF_GAMES = (
    PictureKind("outcome", lambda s, r: outcome_picture(s, r.outcome, r.along), draw_outcome,
         ("along", "outcome")),
    PictureKind("phase", lambda s, r: phase_picture(s, r.x, r.y), draw_regions, ("x", "y"), _phase),
    PictureKind("replies", lambda s, r: replies_picture(s), draw_replies, (), _replies),
    PictureKind("payoffs", lambda s, r: payoffs_picture(s), draw_payoffs, (), _payoffs),
    PictureKind("hysteresis", lambda s, r: hysteresis.of_game(s), draw_hysteresis, (), _loop),
    PictureKind("matrix", lambda s, r: matrix.matrix_picture(s, r.values, r.marked), draw_diagram,
         (), lambda s: matrix.unsuited(s.game)),
    PictureKind("tree", lambda s, r: gametree.tree_picture(s, r.values, r.marked), draw_diagram, (),
         lambda s: gametree.unsuited(s.game)),
    PictureKind("automata", lambda s, r: machines.automata_picture(s), draw_diagram, (),
         lambda s: machines.unsuited(s.solution)),
)  # fmt: skip
OF_CASES = (
    PictureKind("trajectory", lambda s, r: trajectory_picture(s), draw_spread),
    PictureKind("rules", lambda s, r: rules_picture(s), draw_spread, ("year",)),
    PictureKind("regimes", lambda s, r: regimes_picture(s), draw_panels, ("year",), _regimes),
    PictureKind("crisis", lambda s, r: crisis_picture(s), draw_panels, ("year",), _crisis),
    PictureKind("map", lambda s, r: map_picture(s, r.x, r.y), draw_regions, ("x", "y", "year")),
    PictureKind("tornado", lambda s, r: tornado_picture(s), draw_tornado, ("year",)),
)  # fmt: skip

OPTIONS = {
    "along": "--vary", "x": "--x", "y": "--y", "outcome": "--outcome",
    "year": "a year",
}  # fmt: skip


def stage(subject: Game | Case, request: PictureRequest) -> PictureSetting | Scene:
    """A game or a case at the values and under the rules that are asked for."""
    if isinstance(subject, Case):
        return scene(revised(subject, request.values, request.rules), request.year)
    return setting(subject, request.values, request.rules)


def suitable(of: PictureSetting | Scene) -> tuple[PictureKind, ...]:
    """The kinds of picture that suit a game or a case; the first is its usual one."""
    kinds = OF_CASES if isinstance(of, Scene) else OF_GAMES
    found = [kind for kind in kinds if not kind.suits(of)]
    return tuple(sorted(found, key=lambda kind: kind.name != "replies"))


def chosen(of: PictureSetting | Scene, name: str | None, request: PictureRequest) -> PictureKind:
    """The kind asked for, else the usual one.

    Where only some kinds heed what else is asked, the usual one is among them. Raises InputError
    for a kind that does not suit, or that does nothing with what is asked.
    """
    kinds = suitable(of)
    asked = {key for key in OPTIONS if getattr(request, key) is not None}
    if name is None:
        name = next((kind.name for kind in kinds if asked <= set(kind.uses)), kinds[0].name)
    known = {kind.name: kind for kind in (OF_CASES if isinstance(of, Scene) else OF_GAMES)}
    fitting = f"kinds that suit: {', '.join(kind.name for kind in kinds)}"
    what = "a case" if isinstance(of, Scene) else "a game"
    if name not in known:
        raise InputError(f"{name!r} is no kind of figure of {what}", fitting)
    problem = known[name].suits(of)
    if problem:
        raise InputError(f"--kind {name} does not suit: {problem}", fitting)
    for key in sorted(asked - set(known[name].uses)):
        raise InputError(f"{OPTIONS[key]} does nothing with --kind {name}", "leave it out")
    return known[name]


def rendered(
    kind: PictureKind, of: PictureSetting | Scene, request: PictureRequest, ending: str
) -> bytes:
    """The picture as the bytes of a file of one of the ENDINGS.

    Raises InputError for TikZ of a picture that is not one of structure.
    """
    if ending == TIKZ:
        shown = kind.picture(of, request)
        if not isinstance(shown, Diagram):
            raise InputError(f"--kind {kind.name} is not drawn in TikZ", "end the file in .pdf")
        return to_file(shown).encode()
    with styled():
        pass
    shown = kind.picture(of, request)
    with styled():
        return saved(kind.draw(shown), ending, shown.heading)
