"""The hysteresis loop: solid on the way up, dashed on the way down."""

from __future__ import annotations

from typing import Any

import numpy as np

from coopgame.pictures.drawing.canvas import BLACK, BLUE, GREY, VERMILLION, explain, sheet, wrapped
from coopgame.pictures.hysteresis import Hysteresis
from coopgame.pictures.words import number_text

ARROWS = (0.3, 0.7)


def draw_hysteresis(picture: Hysteresis) -> Any:
    """The figure of a hysteresis loop."""
    return sheet(picture.heading, lambda figure: _draw(figure, picture), (7.5, 4.9))


def _draw(figure: Any, picture: Hysteresis) -> None:
    axes, key = figure.subplots(2, 1, height_ratios=[4, 0.55])
    hs = picture.hazards
    tipping = [np.nan if value is None else value for value in picture.tipping_points]
    axes.plot(hs, picture.up, color=BLUE, linewidth=4, label="hazard rising, from high trust")
    axes.plot(hs, picture.down, color=VERMILLION, linewidth=1.8, linestyle=(0, (5, 2)),
              label="hazard falling, from the floor of trust")  # fmt: skip
    axes.plot(hs, tipping, color=BLACK, linestyle=":", linewidth=1.4, label="tipping point")
    axes.axhline(picture.floor, color=GREY, linewidth=1, label="floor of trust")
    _arrows(axes, picture)
    for name, value in (("collapse", picture.collapse), ("return", picture.back)):
        if value is not None:
            _mark(axes, name, value)
    axes.set_xlim(hs[0], hs[-1])
    axes.set_ylim(-0.05, 1.05)
    axes.set_xlabel(wrapped(picture.hazard, 80))
    axes.set_ylabel("level of co-operation [0 none, 1 full]")
    explain(axes, key, columns=2)


def _arrows(axes: Any, picture: Hysteresis) -> None:
    """Which way each path is walked."""
    hs = np.array(picture.hazards)
    for path, colour, turn in ((picture.up, BLUE, 1), (picture.down, VERMILLION, -1)):
        for share in ARROWS:
            i = int(np.argmin(abs(hs - (hs[0] + share * (hs[-1] - hs[0])))))
            j = min(max(i + 3 * turn, 0), len(hs) - 1)
            axes.annotate("", (hs[j], path[j]), (hs[i], path[i]),
                          arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.8,
                                      "mutation_scale": 18})  # fmt: skip


def _mark(axes: Any, name: str, value: float) -> None:
    axes.axvline(value, color=GREY, linewidth=1, linestyle="-.")
    side = "right" if name == "return" else "left"
    text = f" {name} {number_text(value)} "
    axes.annotate(text, (value, 1.02), xycoords=("data", "axes fraction"), ha=side, va="bottom",
                  fontsize=8)  # fmt: skip
