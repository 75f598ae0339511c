"""What is asked of a picture, which kind that is, and the picture as the bytes of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coopgame.clusters.case import Case, phase_at, revised
from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.pictures import kinds
from coopgame.pictures.diagram import Diagram
from coopgame.pictures.drawing.canvas import METADATA, saved, styled
from coopgame.pictures.drawing.tikz import to_file
from coopgame.pictures.kinds import PictureKind
from coopgame.pictures.scene import Scene
from coopgame.pictures.setting import PictureSetting, setting
from coopgame.pictures.spans import Wanted
from coopgame.rules.macro import MacroRules

TIKZ = "tex"
ENDINGS = (*METADATA, TIKZ)


def ending_of(path: Path) -> str:
    """The ending of a figure's file, without its dot. Raises InputError for none of the ENDINGS."""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        raise InputError(f"{path} is no figure file", "end it in .png, .svg, .pdf or .tex")
    return ending


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


OPTIONS = {
    "along": "--vary", "x": "--x", "y": "--y", "outcome": "--outcome",
    "year": "a year",
}  # fmt: skip


def stage(subject: Game | Case, request: PictureRequest) -> PictureSetting | Scene:
    """A game or a case at the values and under the rules that are asked for."""
    if isinstance(subject, Case):
        return Scene(*phase_at(revised(subject, request.values, request.rules), request.year))
    return setting(subject, request.values, request.rules)


def suitable(of: PictureSetting | Scene) -> tuple[PictureKind, ...]:
    """The kinds of picture that suit a game or a case; the first is its usual one."""
    found = [kind for kind in _known(of) if not kind.suits(of)]
    return tuple(sorted(found, key=lambda kind: kind.name != "replies"))


def _known(of: PictureSetting | Scene) -> tuple[PictureKind, ...]:
    return kinds.OF_CASES if isinstance(of, Scene) else kinds.OF_GAMES


def chosen(of: PictureSetting | Scene, name: str | None, request: PictureRequest) -> PictureKind:
    """The kind asked for, else the usual one.

    Where only some kinds heed what else is asked, the usual one is among them. Raises InputError
    for a kind that does not suit, or that does nothing with what is asked.
    """
    suiting = suitable(of)
    asked = {key for key in OPTIONS if getattr(request, key) is not None}
    if name is None:
        name = next((kind.name for kind in suiting if asked <= kind.uses), suiting[0].name)
    known = {kind.name: kind for kind in _known(of)}
    fitting = f"kinds that suit: {', '.join(kind.name for kind in suiting)}"
    what = "a case" if isinstance(of, Scene) else "a game"
    if name not in known:
        raise InputError(f"{name!r} is no kind of figure of {what}", fitting)
    problem = known[name].suits(of)
    if problem:
        raise InputError(f"--kind {name} does not suit: {problem}", fitting)
    for key in sorted(asked - known[name].uses):
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
