"""An outcome against a parameter: curves above, where each branch holds below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from coopgame.pictures.drawing.canvas import BLACK, COLOURS, GREY, MARKERS, sheet, wrapped
from coopgame.pictures.outcome import UNSTABLE, Mark, OutcomeCurve, OutcomePicture
from coopgame.pictures.words import outcome_label, parameter_label, readable

ROW = 0.2
CLEAR = 0.012
CHARACTER = 0.0125
UNSTABLE_DASH = (0, (4, 3))
THIN, STEP = 1.6, 1.8
FEW = 25


def draw_outcome(picture: OutcomePicture) -> Any:
    """The figure of an outcome picture."""
    rows = max(1, len(picture.holdings))
    size = (7.5, 3.8 + ROW * rows)
    return sheet(picture.heading, lambda figure: _draw(figure, picture, rows), size)


def _draw(figure: Any, picture: OutcomePicture, rows: int) -> None:
    heights = [3.2, ROW * (rows + 1)]
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=heights)
    branches = list(picture.holdings)
    _curves(above, picture, branches)
    _holdings(below, picture, branches)
    _marks(above, below, picture)
    above.set_ylabel(wrapped(outcome_label(picture.outcome), 34))
    below.set_xlabel(wrapped(parameter_label(picture.x.parameter), 80))
    below.set_xlim(*picture.x.ends)


def _curves(axes: Any, picture: OutcomePicture, branches: list[str]) -> None:
    """Where curves coincide, the earlier are wider, so that all of them show."""
    if picture.is_level:
        axes.axhline(0, color=GREY, linewidth=1)
    for k, curve in enumerate(picture.curves):
        beneath = sum(_coincide(curve, other) for other in picture.curves[k + 1 :])
        i = branches.index(curve.branch) if curve.branch in branches else None
        dash = UNSTABLE_DASH if curve.stability == UNSTABLE else "-"
        look = {"linestyle": dash, "linewidth": THIN + STEP * beneath, "solid_capstyle": "butt"}
        look = _marked(i, len(curve.xs)) | look
        if picture.x.parameter.interval.integer or len(curve.xs) == 1:
            look |= {"linewidth": 0.5, "markevery": 1}
        axes.plot(curve.xs, curve.ys, **look)
    axes.margins(y=0.08)


def _coincide(one: OutcomeCurve, other: OutcomeCurve) -> bool:
    """Whether two curves run on top of each other somewhere."""
    _, here, there = np.intersect1d(one.xs, other.xs, return_indices=True)
    return bool(np.any(np.isclose(one.ys[here], other.ys[there]))) and len(here) > 2


def _marked(i: int | None, points: int) -> dict[str, Any]:
    """The colour and marker of a branch (None: the tipping point, which has no marker)."""
    if i is None:
        return {"color": BLACK}
    every = [points // 2] if points < FEW else (0.03 + 0.04 * (i % 3), 0.12)
    face = COLOURS[i % len(COLOURS)]
    return {
        "color": face, "marker": MARKERS[i % len(MARKERS)], "markersize": 5, "markevery": every,
        "markeredgecolor": "white", "markeredgewidth": 0.5,
    }  # fmt: skip


def _holdings(axes: Any, picture: OutcomePicture, branches: list[str]) -> None:
    low, high = picture.x.ends
    for i, branch in enumerate(branches):
        for left, right in picture.holdings[branch]:
            xs = np.linspace(left, right, max(2, round(8 * (right - left) / (high - low)) + 1))
            look = _marked(i, len(xs)) | {"markersize": 6, "markevery": 1}
            axes.plot(xs, np.full(xs.shape, i), linewidth=4, solid_capstyle="butt", **look)
    axes.set_yticks(range(len(branches)), [readable(branch) for branch in branches])
    axes.set_ylim(len(branches) - 0.4, -0.6)
    axes.set_ylabel("holds")
    axes.tick_params(axis="y", length=0)


def _marks(above: Any, below: Any, picture: OutcomePicture) -> None:
    """Lines through both panels, their texts above the upper one on as many rows as they need."""
    low, high = picture.x.ends
    texts = [(m, (m.value - low) / (high - low), _told(m)) for m in picture.marks]
    for (mark, _, text), (row, at) in zip(
        texts, _rows([(x, len(t)) for _, x, t in texts]), strict=True
    ):
        style = {"color": GREY, "linewidth": 1, "linestyle": "-." if mark.name else ":"}
        for axes in (above, below):
            axes.axvline(mark.value, **style)
        above.annotate(
            text, (at, 1), (0, 3 + 10 * row), xycoords="axes fraction",
            textcoords="offset points", ha="center", va="bottom", fontsize=7.5,
        )  # fmt: skip


def _told(mark: Mark) -> str:
    return f"{mark.name} {mark.text}" if mark.name else mark.text


def _rows(texts: list[tuple[float, int]]) -> Iterator[tuple[int, float]]:
    """A row for each text such that no two on a row touch, and its place within the axes."""
    taken: list[list[tuple[float, float]]] = []
    for place, length in texts:
        half = length * CHARACTER / 2 + CLEAR
        at = min(max(place, half), 1 - half)
        row = next(
            (i for i, row in enumerate(taken) if _is_free(row, at - half, at + half)), len(taken)
        )
        if row == len(taken):
            taken.append([])
        taken[row].append((at - half, at + half))
        yield row, at


def _is_free(row: list[tuple[float, float]], left: float, right: float) -> bool:
    return all(right <= other_left or left >= other_right for other_left, other_right in row)
