"""What is wrong with a drawn sheet: empty panels, missing labels, texts on top of each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

TOUCH = 1.0


def flaws(figure: Any) -> list[str]:
    """Every defect of a figure that can be measured once it is drawn."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    return [
        *_unlabelled(figure),
        *_overlaps(_texts(figure), renderer),
        *_beyond(figure, renderer),
        *_covered(figure, renderer),
    ]


def _panels(figure: Any) -> list[Any]:
    return [axes for axes in figure.axes if axes.axison]


def _unlabelled(figure: Any) -> Iterator[str]:
    for i, axes in enumerate(_panels(figure)):
        if not axes.has_data():
            yield f"panel {i} is empty"
        if not axes.get_ylabel():
            yield f"panel {i} has no label upwards"
        shows_ticks = any(
            label.get_visible() and label.get_text() for label in axes.get_xticklabels()
        )
        if (
            shows_ticks
            and axes.xaxis.get_tick_params().get("labelbottom", True)
            and not axes.get_xlabel()
        ):
            yield f"panel {i} has no label across"


def _texts(figure: Any) -> list[Any]:
    found = list(figure.texts)
    for axes in figure.axes:
        legend = axes.get_legend()
        found += list(legend.get_texts()) if legend else []
        if not axes.axison:
            continue
        found += [*axes.texts, axes.xaxis.label, axes.yaxis.label]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            found += [tick.label1 for tick in axis.get_major_ticks()
                      if low <= tick.get_loc() <= high]  # fmt: skip
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def _overlaps(texts: list[Any], renderer: Any) -> Iterator[str]:
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
    for (one, a), (other, b) in combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        if across > TOUCH and up > TOUCH:
            yield f"{one!r} over {other!r}"


def _beyond(figure: Any, renderer: Any) -> Iterator[str]:
    width, height = figure.canvas.get_width_height()
    for text in _texts(figure):
        box = text.get_window_extent(renderer)
        if box.x0 < -TOUCH or box.y0 < -TOUCH or box.x1 > width + TOUCH or box.y1 > height + TOUCH:
            yield f"{text.get_text()!r} runs off the sheet"


def _covered(figure: Any, renderer: Any) -> Iterator[str]:
    """Legends over data, and figure texts over panels."""
    panels = [axes.get_window_extent(renderer) for axes in _panels(figure)]
    legends = [axes.get_legend() for axes in figure.axes if axes.get_legend()]
    for thing in (*legends, *figure.texts):
        box = thing.get_window_extent(renderer)
        if any(box.overlaps(panel) for panel in panels):
            yield f"{thing} covers data"
