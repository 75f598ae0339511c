"""A figure of structure drawn by Matplotlib: one inch of the diagram is one inch on the sheet."""

from __future__ import annotations

from typing import Any

from coopgame.pictures.diagram import PAD, Diagram, Stroke, Tag, said
from coopgame.pictures.drawing.canvas import BLACK, BLUE, GREY, sheet

LEAST_WIDTH = 5.0
SIZE = 8  # points
MARGIN = 0.1


def draw_diagram(picture: Diagram) -> Any:
    """The figure of a tree, a matrix or automata."""
    width = max(LEAST_WIDTH, picture.width + 2 * MARGIN)
    size = (width, picture.height + 2 * MARGIN)
    return sheet(picture.heading, lambda figure: _draw(figure, picture, size), size)


def _draw(figure: Any, picture: Diagram, size: tuple[float, float]) -> None:
    axes = figure.subplots()
    axes.axis("off")
    side = (size[0] - picture.width) / 2
    axes.set_xlim(-side, picture.width + side)
    axes.set_ylim(-MARGIN, picture.height + MARGIN)
    axes.set_aspect("equal")
    for stroke in picture.strokes:
        _stroke(axes, stroke)
    for tag in picture.tags:
        _tag(axes, tag)


def _stroke(axes: Any, stroke: Stroke) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    path = Path([stroke.start, stroke.control, stroke.end], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    axes.add_patch(
        FancyArrowPatch(
            path=path,
            arrowstyle="-|>" if stroke.has_head else "-",
            mutation_scale=8,
            color=BLUE if stroke.is_strong else BLACK,
            linewidth=2.4 if stroke.is_strong else 0.9,
        )
    )


def _tag(axes: Any, tag: Tag) -> None:
    from matplotlib.patches import FancyBboxPatch

    (x, y), (half, up) = tag.at, tag.half
    if tag.is_framed:
        look: dict[str, Any] = {"boxstyle": "round,pad=0,rounding_size=0.05", "facecolor": "white",
                "edgecolor": BLUE if tag.is_strong else GREY,
                "linewidth": 1.6 if tag.is_strong else 0.9}  # fmt: skip
        axes.add_patch(FancyBboxPatch((x - half, y - up), 2 * half, 2 * up, zorder=3, **look))
    at = {"left": x - half + PAD, "right": x + half - PAD}.get(tag.align, x)
    axes.text(
        at, y, "\n".join(map(said, tag.lines)), ha=tag.align, va="center", fontsize=SIZE,
        fontweight="bold" if tag.is_strong and not tag.is_framed else "normal", zorder=4,
        bbox=None if tag.is_framed else {"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip
