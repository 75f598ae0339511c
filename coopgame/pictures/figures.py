"""Pictures as figures of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from coopgame.clusters.case import Case
from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.pictures.asked import PictureRequest, chosen, stage
from coopgame.pictures.diagram import Diagram
from coopgame.pictures.drawing.canvas import saved, styled
from coopgame.pictures.drawing.tikz import tikz
from coopgame.report.tables import Figure

# What is drawn, its kind (None for the usual one), and what is asked of it.
Wish: TypeAlias = tuple[Game | Case, str | None, PictureRequest]


def figures(wishes: Sequence[Wish]) -> list[Figure]:
    """A figure for each wish that can be granted: a kind may not suit a game, or its values.

    Raises MissingExtra where Matplotlib is not installed.
    """
    with styled():
        pass
    return [figure for wish in wishes for figure in _granted(wish)]


def _granted(wish: Wish) -> Iterator[Figure]:
    subject, name, request = wish
    try:
        of = stage(subject, request)
        kind = chosen(of, name, request)
        picture = kind.picture(of, request)
    except InputError:
        return

    def draw(ending: str) -> bytes:
        with styled():
            return saved(kind.draw(picture), ending, picture.heading)

    code = tikz(picture) if isinstance(picture, Diagram) else ""
    yield Figure(picture.heading.title, _once(draw), code)


def _once(draw: Callable[[str], bytes]) -> Callable[[str], bytes]:
    return lru_cache(maxsize=None)(draw)
