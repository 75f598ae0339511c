"""A picture of a game or a case as a value, which a notebook shows and which can be saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from coopgame.clusters.case import Case
from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.pictures.asked import PictureRequest, chosen, ending_of, rendered, stage
from coopgame.pictures.kinds import PictureKind
from coopgame.pictures.scene import Scene
from coopgame.pictures.setting import PictureSetting
from coopgame.pictures.spans import Wanted
from coopgame.rules.macro import MacroRules

# A parameter's name, or its name with the ends between which it is to run.
Along: TypeAlias = str | tuple[str, Any, Any]


@dataclass(frozen=True)
class Picture:
    """What `coopgame plot` draws, drawn in a format when it is asked for."""

    kind: PictureKind
    of: PictureSetting | Scene
    request: PictureRequest

    def drawn(self, ending: str) -> bytes:
        """The picture as the bytes of a file: "png", "svg", "pdf" or, of a structure, "tex"."""
        return rendered(self.kind, self.of, self.request, ending)

    def save(self, path: str | Path) -> None:
        """Write the picture to a .png, .svg or .pdf file, or .tex (TikZ); InputError for others."""
        target = Path(path)
        target.write_bytes(self.drawn(ending_of(target)))

    def _repr_png_(self) -> bytes:
        return self.drawn("png")

    def __repr__(self) -> str:
        return f"<Picture: {self.kind.name}>"


def picture(
    subject: Game | Case,
    kind: str | None = None,
    *,
    vary: Along | None = None,
    x: Along | None = None,
    y: Along | None = None,
    outcome: str | None = None,
    year: int | None = None,
    set: Mapping[str, Any] | None = None,  # noqa: A002
    rules: MacroRules | None = None,
) -> Picture:
    """A picture of a game or a case: its usual kind, or the kind asked for (see `coopgame plot`).

    `vary` is the parameter an outcome is drawn against; `x` and `y` those of a plane; each a name
    or (name, low, high). `set` fixes values. Raises InputError for a kind that does not suit.
    So it does for an unknown name or, of a game, a range outside its domain; of a case ranges are
    looked at when the picture is drawn. MissingExtra is raised then, where Matplotlib is missing.

    >>> import coopgame as cg
    >>> cg.picture(cg.load("trust"), "phase", x="h", y=("delta", "1/2", "9/10"))
    <Picture: phase>
    """
    along, across, up = map(_wanted, (vary, x, y))
    request = PictureRequest(along, across, up, outcome, year, set or {}, rules)
    of = stage(subject, request)
    found = Picture(chosen(of, kind, request), of, request)
    if isinstance(of, PictureSetting):
        _check(of, request)
    return found


def _check(of: PictureSetting, request: PictureRequest) -> None:
    """Raise InputError now, not when it is drawn, for what a picture of a game cannot show."""
    if request.outcome is not None:
        of.outcome(request.outcome)
    spans = [of.span(each) for each in (request.along, request.x, request.y) if each is not None]
    names = [span.name for span in spans]
    if len(set(names)) < len(names):
        raise InputError(f"{names[-1]} is named twice", "name two parameters")


def _wanted(along: Along | None) -> Wanted | None:
    if along is None:
        return None
    return Wanted(along) if isinstance(along, str) else Wanted(*along)
