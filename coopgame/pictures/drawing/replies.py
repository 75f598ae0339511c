"""Best replies: one path solid, one dashed, the equilibria where they meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coopgame.pictures.drawing.canvas import BLACK, BLUE, GREY, VERMILLION, pale, sheet, wrapped
from coopgame.pictures.replies import Meeting, Path, Replies

SIZE = (6.2, 5.6)
ROOM = 0.08
PUSH = 16


def draw_replies(picture: Replies) -> Any:
    """The figure of the best replies of a 2x2 game."""
    return sheet(picture.heading, lambda figure: _draw(figure, picture), SIZE)


def _draw(figure: Any, picture: Replies) -> None:
    lines = 2 + len(picture.meetings)
    axes, key = figure.subplots(2, 1, height_ratios=[4.2, 0.2 * lines])
    for path in picture.continua:
        axes.plot(*zip(*path, strict=True), color=GREY, linewidth=9, alpha=0.6)
    one, two = picture.players
    _path(
        axes,
        picture.first,
        BLUE,
        {"linestyle": "-", "linewidth": 3.5, "label": f"best reply of {one}"},
    )
    _path(
        axes,
        picture.second,
        VERMILLION,
        {"linestyle": (0, (5, 2)), "linewidth": 2, "label": f"best reply of {two}"},
    )
    mark_meetings(axes, picture.meetings)
    unit_square(
        axes,
        f"p: chance that {one} takes “{picture.actions[0]}” [probability]",
        f"q: chance that {two} takes “{picture.actions[1]}” [probability]",
    )
    key.axis("off")
    key.legend(*axes.get_legend_handles_labels(), loc="center")


def _path(axes: Any, path: Path, colour: str, look: dict[str, Any]) -> None:
    if path:
        axes.plot(*zip(*path, strict=True), color=colour, solid_joinstyle="miter", **look)
    else:
        axes.fill_between([0, 1], 0, 1, color=pale(colour), label=f"{look['label']}: any")


def unit_square(axes: Any, across: str, upwards: str) -> None:
    """Axes over the mixtures of two players with two actions, with room for marks at corners."""
    axes.set_xlabel(wrapped(across))
    axes.set_ylabel(wrapped(upwards, 46))
    axes.set_xlim(-ROOM, 1 + ROOM)
    axes.set_ylim(-ROOM, 1 + ROOM)
    axes.set_aspect("equal")


def mark_meetings(axes: Any, meetings: Sequence[Meeting]) -> None:
    """Mark equilibria in the square of chances: dots in pure actions, diamonds where some mix."""
    for i, meeting in enumerate(meetings):
        p, q = meeting.at
        is_pure = p in (0, 1) and q in (0, 1)
        axes.plot(
            p, q, linestyle="", marker="o" if is_pure else "D", markersize=9, color=BLACK,
            zorder=5, label=f"{_letter(i)}: {meeting.text}",
        )  # fmt: skip
        push = (PUSH if p < 0.5 else -PUSH, PUSH if q < 0.5 else -PUSH)
        axes.annotate(
            _letter(i), meeting.at, push, textcoords="offset points", ha="center", va="center",
            fontweight="bold",
        )  # fmt: skip


def _letter(i: int) -> str:
    return chr(ord("A") + i)
