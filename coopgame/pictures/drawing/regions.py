"""Regions of a plane: pale colours with hatches, a letter in each, borders, and a key beside."""

from __future__ import annotations

from typing import Any

import numpy as np

from coopgame.language.numerals import approximate
from coopgame.pictures.drawing.canvas import BLACK, filled, sheet, wrapped
from coopgame.pictures.regions import Regions
from coopgame.pictures.words import parameter_label

KEY_LINE, KEY_CHARACTERS = 0.19, 92


def draw_regions(picture: Regions) -> Any:
    """The figure of a phase diagram or a map of types."""
    keys = [
        wrapped(f"{_letter(i)}: {name}", KEY_CHARACTERS) for i, name in enumerate(picture.names)
    ]
    lines = sum(key.count("\n") + 1 for key in keys) + 1
    size = (7.5, 4.4 + KEY_LINE * lines)
    return sheet(picture.heading, lambda figure: _draw(figure, picture, keys, lines), size)


def _letter(i: int) -> str:
    return chr(ord("A") + i)


def _draw(figure: Any, picture: Regions, keys: list[str], lines: int) -> None:
    from matplotlib.patches import Patch

    plane, key = figure.subplots(2, 1, height_ratios=[4.0, KEY_LINE * lines])
    for i in range(len(picture.names)):
        _fill(plane, picture, i)
    _borders(plane, picture)
    handles: list[Any] = [Patch(**filled(i)) for i in range(len(keys))]
    if picture.shows_here:
        keys = [*keys, _here(picture)]
        handles += plane.plot(
            *picture.here, linestyle="", marker="*", markersize=12, color=BLACK,
            markeredgecolor="white", clip_on=False,
        )  # fmt: skip
    key.axis("off")
    key.legend(handles, keys, loc="center left", borderaxespad=0)
    _letters(plane, picture)
    plane.set_xlabel(wrapped(parameter_label(picture.x.parameter), 80))
    plane.set_ylabel(wrapped(parameter_label(picture.y.parameter), 46))
    plane.set_xlim(*picture.x.ends)
    plane.set_ylim(*picture.y.ends)


def _here(picture: Regions) -> str:
    x, y = picture.here
    return f"here: {picture.x.name} = {approximate(x)}, {picture.y.name} = {approximate(y)}"


def _fill(plane: Any, picture: Regions, i: int) -> None:
    inside = (picture.codes == i).astype(float)
    look = filled(i)
    area = plane.contourf(
        picture.xs, picture.ys, inside, levels=[0.5, 1.5], colors=[look["facecolor"]],
        hatches=[look["hatch"]],
    )  # fmt: skip
    area.set_edgecolor(look["edgecolor"])
    area.set_linewidth(0)


def _borders(plane: Any, picture: Regions) -> None:
    for border in picture.borders:
        plane.contour(
            picture.xs, picture.ys, np.ma.masked_invalid(border.values), levels=[0],
            colors=BLACK, linewidths=1.5, linestyles="solid",
        )  # fmt: skip
    if not picture.is_traced:
        for i in range(len(picture.names)):
            inside = (picture.codes == i).astype(float)
            plane.contour(
                picture.xs, picture.ys, inside, levels=[0.5], colors=BLACK, linewidths=0.8
            )


def _letters(plane: Any, picture: Regions) -> None:
    for i, at in enumerate(picture.anchors):
        if at is not None:
            box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"}
            plane.annotate(_letter(i), at, ha="center", va="center", fontweight="bold", bbox=box)
