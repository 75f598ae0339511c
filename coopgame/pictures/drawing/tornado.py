"""A tornado: one bar a parameter, to the left where it falls, to the right where it rises."""

from __future__ import annotations

from typing import Any

from coopgame.clusters.typology import TYPES
from coopgame.pictures.drawing.canvas import BLACK, COLOURS, HATCHES, pale, sheet
from coopgame.pictures.tornado import Bar, Tornado
from coopgame.pictures.words import number_text

ROW = 0.27
ROOM = 0.14
LEAST = 0.02


def draw_tornado(picture: Tornado) -> Any:
    """The figure of a tornado."""
    size = (8.0, 1.7 + ROW * len(picture.bars))
    return sheet(picture.heading, lambda figure: _draw(figure, picture), size)


def _draw(figure: Any, picture: Tornado) -> None:
    from matplotlib.patches import Patch

    axes, key = figure.subplots(2, 1, height_ratios=[ROW * len(picture.bars) + 0.5, 0.45])
    for i, bar in enumerate(picture.bars):
        _bar(axes, i, bar)
    moves = [move.distance for bar in picture.bars for move in bar.moves]
    low, high = min(0, *moves), max(0, *moves)
    room = max(LEAST, (high - low) * ROOM)
    names = [f"{bar.parameter.name} = {number_text(bar.here)}" for bar in picture.bars]
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(low - room, high + room)
    axes.axvline(0, color=BLACK, linewidth=1)
    axes.set_xlabel("move to the border [share of the parameter's range]")
    axes.set_ylabel("parameter")
    axes.tick_params(axis="y", length=0)
    kinds = dict.fromkeys(move.becomes for bar in picture.bars for move in bar.moves)
    key.axis("off")
    key.legend(handles=[Patch(label=f"becomes {kind}", **_look(kind)) for kind in kinds],
               loc="center", ncols=2)  # fmt: skip


def _look(kind: str) -> dict[str, Any]:
    i = TYPES.index(kind)
    return {"facecolor": pale(COLOURS[i]), "hatch": HATCHES[i], "edgecolor": "#333333"}


def _bar(axes: Any, i: int, bar: Bar) -> None:
    for move in bar.moves:
        axes.barh(i, move.distance, height=0.72, linewidth=0.8, **_look(move.becomes))
        side = 1 if move.distance > 0 else -1
        axes.annotate(
            number_text(move.at), (move.distance, i), (3 * side, 0), textcoords="offset points",
            ha="left" if side > 0 else "right", va="center", fontsize=7,
        )  # fmt: skip
