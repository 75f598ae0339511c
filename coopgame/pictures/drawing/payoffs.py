"""Payoff sets: what is feasible in outline, what is enforceable hatched, the stage game in dots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from coopgame.pictures.drawing.canvas import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    MARKERS,
    explain,
    pale,
    sheet,
    wrapped,
)
from coopgame.pictures.payoffs import PayoffPicture, Point

SIZE = (6.4, 6.0)
ROOM = 0.14
PUSH = 6


def draw_payoffs(picture: PayoffPicture) -> Any:
    """The figure of the payoff sets of a repeated game."""
    return sheet(picture.heading, lambda figure: _draw(figure, picture), SIZE)


def _draw(figure: Any, picture: PayoffPicture) -> None:
    lines = 4 + len(picture.equilibria)
    axes, key = figure.subplots(2, 1, height_ratios=[4.2, 0.19 * lines])
    _shape(axes, picture.feasible, {"facecolor": "#f2f2f2", "edgecolor": GREY, "linestyle": "--",
                                    "label": "feasible"})  # fmt: skip
    _shape(axes, picture.enforceable, {"facecolor": pale(BLUE), "edgecolor": BLUE, "hatch": "///",
                                       "linewidth": 1.5, "label": "enforceable"})  # fmt: skip
    for at in picture.profiles.values():
        axes.plot(*at, marker="o", color=BLACK, markersize=4, linestyle="", zorder=4)
    _names(axes, picture)
    _minimax(axes, picture.minimax)
    _equilibria(axes, picture)
    one, two = picture.players
    axes.set_xlabel(wrapped(f"payoff of {one} [payoff per period]"))
    axes.set_ylabel(wrapped(f"payoff of {two} [payoff per period]", 46))
    axes.margins(ROOM)
    axes.set_aspect("equal", adjustable="datalim")
    explain(axes, key, columns=2)


def _shape(axes: Any, corners: Sequence[Point], look: dict[str, Any]) -> None:
    """A polygon; a segment or a point where the set has no interior."""
    if len(corners) > 2:
        axes.fill(*zip(*corners, strict=True), **look)
    elif corners:
        style = {"linewidth": 6, "marker": "o", "markersize": 11, "color": look["edgecolor"]}
        axes.plot(*zip(*corners, strict=True), label=look["label"], alpha=0.5, **style)


def _names(axes: Any, picture: PayoffPicture) -> None:
    """The corners of the feasible set by the actions that lead there, pushed outwards."""
    together: dict[Point, list[str]] = {}
    for name, at in picture.profiles.items():
        if at in picture.feasible:
            together.setdefault(at, []).append(name)
    centre = [sum(values) / len(picture.feasible) for values in zip(*picture.feasible, strict=True)]
    for (x, y), names in together.items():
        right, up = x >= centre[0], y >= centre[1]
        axes.annotate(
            "\n".join(names), (x, y), (PUSH if right else -PUSH, PUSH if up else -PUSH),
            textcoords="offset points", ha="left" if right else "right",
            va="bottom" if up else "top", fontsize=7.5,
        )  # fmt: skip


def _minimax(axes: Any, minimax: Point) -> None:
    look = {"color": GREY, "linewidth": 1, "linestyle": ":", "zorder": 1}
    axes.axvline(minimax[0], label="what each can secure (pure minimax)", **look)
    axes.axhline(minimax[1], **look)


def _equilibria(axes: Any, picture: PayoffPicture) -> None:
    """The listed equilibria; where several pay the same, the earlier have the larger rings."""
    known = list(picture.equilibria.items())
    for i, (name, (x, y)) in enumerate(known):
        later = sum(np.allclose((x, y), at) for _, at in known[i + 1 :])
        axes.plot(
            x, y, linestyle="", marker=MARKERS[i % len(MARKERS)], fillstyle="none", color=GREEN,
            markersize=8 + 4 * later, markeredgewidth=1.5, label=name, zorder=5,
        )  # fmt: skip
