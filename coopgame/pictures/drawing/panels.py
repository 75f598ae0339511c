"""A grid of panels, each with the share of every type and the level of every co-operation."""

from __future__ import annotations

from typing import Any

from coopgame.clusters.macro import Outlook
from coopgame.pictures.drawing.canvas import GREY, filled, sheet
from coopgame.pictures.panels import Panels

ROW, SIDE = 0.17, 1.9  # inches a bar takes, and the names beside the first column


def draw_panels(picture: Panels) -> Any:
    """The figure of a grid of panels."""
    bars = sum(map(len, _parts(next(iter(picture.outlooks.values()))))) + 1
    size = (SIDE + 2.2 * len(picture.columns), (ROW * bars + 0.55) * len(picture.rows))
    return sheet(picture.heading, lambda figure: _draw(figure, picture), size)


def _draw(figure: Any, picture: Panels) -> None:
    grid = figure.subplots(
        len(picture.rows), len(picture.columns), sharex=True, sharey=True, squeeze=False
    )
    for i, row in enumerate(picture.rows):
        for j, column in enumerate(picture.columns):
            axes = grid[i][j]
            _panel(axes, picture.outlooks[row, column])
            axes.set_title(f"{column}, {row}" if len(picture.columns) < 3 else f"{column}\n{row}")
            axes.set_xlabel("share of draws; mean level", fontsize=7)
            axes.set_ylabel("type; kind of co-operation", fontsize=7)


def _panel(axes: Any, of: Outlook) -> None:
    types, levels = _parts(of)
    names = []
    for i, (kind, share) in enumerate(types):
        axes.barh(i, share, height=0.75, linewidth=0.6, **filled(i, "#333333"))
        names.append(kind)
    for i, (name, level) in enumerate(levels):
        axes.barh(len(types) + 1 + i, level, height=0.4, color=GREY)
        names.append(name)
    places = [i for i in range(len(types) + 1 + len(levels)) if i != len(types)]
    axes.set_yticks(places, names, fontsize=7)
    axes.set_ylim(len(places) + 0.6, -0.6)
    axes.set_xlim(0, 1)
    axes.set_xticks((0, 0.5, 1), ("0", "0.5", "1"))
    axes.tick_params(axis="y", length=0)


def _parts(of: Outlook) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    return list(of.distribution.items()), list(of.levels.items())
