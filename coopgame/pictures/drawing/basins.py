"""Basins: shaded parts of a square with arrows, or of a line under the gain that moves play."""

from __future__ import annotations

from typing import Any

from coopgame.pictures.basins import BasinLine, BasinSquare
from coopgame.pictures.drawing.canvas import BLACK, COLOURS, GREY, HATCHES, pale, sheet, wrapped
from coopgame.pictures.drawing.replies import mark_meetings, unit_square

SQUARE, WIDE = (6.2, 5.9), (6.8, 4.6)
SHARE = "[0\u00a0to\u00a01]"
LIGHT = 0.6  # how far hatches stand back behind arrows and points


def draw_basins(picture: BasinSquare | BasinLine) -> Any:
    """The figure of the basins of one population or of two."""
    if isinstance(picture, BasinSquare):
        return sheet(picture.heading, lambda figure: _square(figure, picture), SQUARE)
    return sheet(picture.heading, lambda figure: _line(figure, picture), WIDE)


def _square(figure: Any, picture: BasinSquare) -> None:
    lines = len(picture.meetings) + len(picture.shares) + 1
    axes, key = figure.subplots(2, 1, height_ratios=[4.2, 0.2 * lines])
    if picture.names:
        whole = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
        parts = ((1, whole), (0, picture.above))  # the second basin is what the first leaves
        for place, outline in parts:
            axes.fill(
                *zip(*outline, strict=True), facecolor=pale(COLOURS[place]), edgecolor=GREY,
                hatch=HATCHES[place], linewidth=1.2, label=picture.shares[place],
            )  # fmt: skip
        axes.plot(
            *zip(*picture.curve, strict=True), color=BLACK, linestyle=(0, (5, 2)), linewidth=1.4,
            label="border under the replicator dynamics",
        )  # fmt: skip
    p, q, right, up = zip(*picture.arrows, strict=True) if picture.arrows else ((),) * 4
    axes.quiver(
        p, q, right, up, color=GREY, pivot="mid", angles="xy", scale=22, width=0.004, zorder=3
    )
    mark_meetings(axes, picture.meetings)
    one, two = picture.players
    unit_square(
        axes,
        f"p: share of {one} who take “{picture.actions[0]}” {SHARE}",
        f"q: share of {two} who take “{picture.actions[1]}” {SHARE}",
    )
    key.axis("off")
    handles, labels = axes.get_legend_handles_labels()
    key.legend(handles, [wrapped(label, 84) for label in labels], loc="center")


def _line(figure: Any, picture: BasinLine) -> None:
    lines = sum(attracts for _, attracts, _ in picture.rests) + 1
    axes, key = figure.subplots(2, 1, height_ratios=[3.2, 0.22 * lines])
    axes.axhline(0, color=BLACK, linewidth=0.8)
    axes.plot(*zip(*picture.gains, strict=True), color=BLACK, linewidth=1.8)
    places = sorted({place for *_, place in picture.stretches})
    for low, high, place in picture.stretches:
        look = places.index(place)
        axes.axvspan(
            low, high, facecolor=pale(COLOURS[look % len(COLOURS)]), edgecolor=GREY, linewidth=0,
            hatch=HATCHES[look % len(HATCHES)], alpha=LIGHT, zorder=0,
            label="_" if low != min(a for a, _, at in picture.stretches if at == place)
            else f"leads to {picture.rests[place][2]}",
        )  # fmt: skip
        step, middle = (high - low) / 4, (low + high) / 2
        side = 1 if picture.rests[place][0] >= high else -1
        axes.annotate(
            "", (middle + side * step, 0), (middle - side * step, 0), zorder=4,
            arrowprops={"arrowstyle": "-|>", "color": BLACK, "linewidth": 1.6},
        )  # fmt: skip
    for share, attracts, _ in picture.rests:
        axes.plot(share, 0, marker="o", markersize=8, color=BLACK, zorder=5, clip_on=False,
                  markerfacecolor=BLACK if attracts else "white")  # fmt: skip
    axes.set_xlabel(wrapped(f"share of players who take “{picture.action}” {SHARE}"))
    gain = f"what “{picture.action}” pays more than the other action [payoff]"
    axes.set_ylabel(wrapped(gain, 44))
    axes.set_xlim(0, 1)
    key.axis("off")
    key.legend(*axes.get_legend_handles_labels(), loc="center")
