"""A tornado: one bar a question, by how much another answer shifts the types."""

from __future__ import annotations

from typing import Any

from coopgame.pictures.drawing.canvas import filled, sheet
from coopgame.pictures.tornado import Tornado

ROW = 0.27
ROOM = 1.14


def draw_tornado(picture: Tornado) -> Any:
    """The figure of a tornado."""
    size = (8.0, 1.7 + ROW * len(picture.bars))
    return sheet(picture.heading, lambda figure: _draw(figure, picture), size)


def _draw(figure: Any, picture: Tornado) -> None:
    from matplotlib.patches import Patch

    axes, key = figure.subplots(2, 1, height_ratios=[ROW * len(picture.bars) + 0.5, 0.45])
    for i, bar in enumerate(picture.bars):
        axes.barh(i, bar.shift, height=0.72, linewidth=0.8, **_look(picture, bar.becomes))
        axes.annotate(
            f"{bar.answer} → {bar.other}", (bar.shift, i), (3, 0), textcoords="offset points",
            ha="left", va="center", fontsize=7,
        )  # fmt: skip
    axes.set_yticks(range(len(picture.bars)), [bar.question for bar in picture.bars])
    axes.set_ylim(len(picture.bars) - 0.4, -0.6)
    axes.set_xlim(0, max(0.05, *(bar.shift for bar in picture.bars)) * ROOM)
    axes.set_xlabel("share of draws whose type changes, at least")
    axes.set_ylabel("question")
    axes.tick_params(axis="y", length=0)
    kinds = dict.fromkeys(bar.becomes for bar in picture.bars)
    key.axis("off")
    key.legend(handles=[Patch(label=f"most likely {kind}", **_look(picture, kind))
                        for kind in kinds], loc="center", ncols=2)  # fmt: skip


def _look(picture: Tornado, kind: str) -> dict[str, Any]:
    return filled(picture.kinds.index(kind), "#333333")
