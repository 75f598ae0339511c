"""Pictures as figures of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

from coopgame.clusters.case import Case
from coopgame.errors import InputError, MissingExtra
from coopgame.forms.base import Game
from coopgame.pictures.asked import PictureRequest, chosen, stage
from coopgame.pictures.diagram import Diagram
from coopgame.pictures.drawing.canvas import saved, styled
from coopgame.pictures.drawing.tikz import tikz
from coopgame.report.documents import illustrated, noted
from coopgame.report.tables import Figure, Report

# What is drawn, its kind (None for the usual one), and the fields of what is asked of it.
Wish: TypeAlias = tuple[Game | Case, str | None, Mapping[str, Any]]


def with_figures(report: Report, wishes: Iterable[Wish]) -> Report:
    """The report with a figure for each wish that can be granted: a kind may not suit a game.

    Where Matplotlib is not installed it says that figures are left out.
    """
    known = list(wishes)
    if not known:
        return report
    try:
        with styled():
            pass
    except MissingExtra as error:
        return noted(report, f"Figures are left out: {error}.")
    return illustrated(report, [figure for wish in known for figure in _granted(wish)])


def _granted(wish: Wish) -> Iterator[Figure]:
    subject, name, asked = wish
    try:
        request = PictureRequest(**asked)
        of = stage(subject, request)
        kind = chosen(of, name, request)
        picture = kind.picture(of, request)
    except InputError:
        return

    @cache
    def draw(ending: str) -> bytes:
        with styled():
            return saved(kind.draw(picture), ending, picture.heading)

    code = tikz(picture) if isinstance(picture, Diagram) else ""
    yield Figure(picture.heading.title, draw, code)
