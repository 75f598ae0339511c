"""Types as stacked shares, and levels as lines, along one axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from coopgame.pictures.drawing.canvas import COLOURS, GREY, MARKERS, filled, sheet
from coopgame.pictures.spread import Spread

DASHES = (
    "-",
    (0, (7, 2)),
    (0, (3, 1, 1, 1)),
    (0, (1, 1)),
    (0, (9, 2, 2, 2)),
    (0, (5, 1, 1, 1, 1, 1)),
)


def draw_spread(picture: Spread) -> Any:
    """The figure of a spread."""
    return sheet(picture.heading, lambda figure: _draw(figure, picture), (7.5, 7.4))


def _draw(figure: Any, picture: Spread) -> None:
    types, key, levels, more = figure.subplots(4, 1, height_ratios=[3.0, 0.7, 3.0, 0.6])
    handles = _types(types, picture)
    lines = _levels(levels, picture)
    for axes in (types, levels):
        axes.set_xlim(picture.xs[0], picture.xs[-1])
        for at, _ in picture.starts:
            axes.axvline(at, color=GREY, linewidth=1, linestyle=":")
        if picture.along == "year":
            axes.xaxis.get_major_locator().set_params(integer=True)
    types.set_ylabel("share of draws with each type")
    levels.set_ylabel("mean level [0 none, 1 full]")
    for panel in (types, levels):
        panel.set_xlabel(picture.along)
    for axes, found in ((key, handles), (more, lines)):
        axes.axis("off")
        axes.legend(handles=found, loc="center", ncols=3)


def _types(axes: Any, picture: Spread) -> list[Any]:
    base = np.zeros(len(picture.xs))
    handles = []
    for i, (kind, share) in enumerate(picture.types):
        top = base + np.array(share)
        if max(share) > 0:
            handles.append(
                axes.fill_between(picture.xs, base, top, linewidth=0.5, label=kind, **filled(i))
            )
        base = top
    axes.set_ylim(0, 1)
    return handles


def _levels(axes: Any, picture: Spread) -> list[Any]:
    found = []
    for i, (name, level) in enumerate(picture.levels):
        (line,) = axes.plot(
            picture.xs, level, color=COLOURS[i], linestyle=DASHES[i], marker=MARKERS[i],
            markersize=4, markevery=max(1, len(picture.xs) // 12), label=name,
        )  # fmt: skip
        found.append(line)
    axes.set_ylim(-0.03, 1.03)
    return found
