"""A case by year: the type as a band, one panel a relation, and the hazards."""

from __future__ import annotations

from typing import Any

import numpy as np

from coopgame.clusters.typology import TYPES
from coopgame.pictures.drawing.canvas import (
    BLACK,
    BLUE,
    COLOURS,
    GREY,
    HATCHES,
    VERMILLION,
    pale,
    sheet,
    wrapped,
)
from coopgame.pictures.trajectory import Strand, TrajectoryPicture

PANEL, BAND, KEY = 1.25, 0.35, 0.75


def draw_trajectory(picture: TrajectoryPicture) -> Any:
    """The figure of a case year by year."""
    height = BAND + PANEL * (len(picture.strands) + 1) + KEY + 0.6
    return sheet(picture.heading, lambda figure: _draw(figure, picture), (7.5, height))


def _draw(figure: Any, picture: TrajectoryPicture) -> None:
    panels = len(picture.strands) + 1
    heights = [BAND, *[PANEL] * panels]
    band, *rest = figure.subplots(panels + 2, 1, height_ratios=[*heights, KEY])
    *relations, hazard, key = rest
    kinds = _band(band, picture)
    for axes, strand in zip(relations, picture.strands, strict=True):
        _strand(axes, picture, strand)
    _hazards(hazard, picture)
    for axes in (band, *relations, hazard):
        _years(axes, picture, axes is hazard)
    hazard.set_xlabel("year")
    key.axis("off")
    handles, labels = list(kinds), [kind.get_label() for kind in kinds]
    for axes in (relations[0], hazard):
        more, told = axes.get_legend_handles_labels()
        handles, labels = [*handles, *more], [*labels, *told]
    key.legend(handles, labels, loc="center", ncols=3)


def _band(axes: Any, picture: TrajectoryPicture) -> list[Any]:
    """The type as a coloured and hatched band; a patch for each type that occurs."""
    from matplotlib.patches import Patch

    looks: dict[str, dict[str, Any]] = {}
    for kind in dict.fromkeys(picture.types):
        i = TYPES.index(kind)
        looks[kind] = {"facecolor": pale(COLOURS[i]), "hatch": HATCHES[i], "edgecolor": "#555555"}
    for year, kind in zip(picture.years, picture.types, strict=True):
        axes.bar(year, 1, width=1, linewidth=0, **looks[kind])
    axes.set_yticks([])
    axes.set_ylim(0, 1)
    axes.set_ylabel("type", rotation=0, ha="right", va="center")
    return [Patch(label=kind, **look) for kind, look in looks.items()]


def _strand(axes: Any, picture: TrajectoryPicture, strand: Strand) -> None:
    years = picture.years
    tipping = [np.nan if value is None else value for value in strand.tipping_points]
    axes.step(years, strand.levels, where="mid", color=BLUE, linewidth=2.5, label="level")
    axes.plot(years, strand.trust, color=VERMILLION, marker="o", markersize=3.5, linestyle="--",
              linewidth=1.2, label="trust")  # fmt: skip
    axes.plot(years, tipping, color=BLACK, marker="_", markersize=8, linestyle=":", linewidth=1.2,
              label="tipping point")  # fmt: skip
    axes.set_ylim(-0.06, 1.06)
    axes.set_ylabel(wrapped(f"{strand.name} [level, 0 to 1]", 16))


def _hazards(axes: Any, picture: TrajectoryPicture) -> None:
    axes.step(picture.years, picture.hazards, where="mid", color=BLACK, linewidth=2,
              label="hazard, true")  # fmt: skip
    axes.plot(picture.years, picture.perceived, color=VERMILLION, marker="s", markersize=3.5,
              linestyle="-.", linewidth=1.2, label="hazard, as perceived")  # fmt: skip
    axes.set_ylim(-0.03, max(0.2, *picture.hazards, *picture.perceived) * 1.1)
    axes.set_ylabel(wrapped("hazard [probability per year]", 16))


def _years(axes: Any, picture: TrajectoryPicture, is_last: bool) -> None:
    first, last = picture.years[0], picture.years[-1]
    step = 1 if last - first <= 12 else 2 if last - first <= 24 else 5
    axes.set_xticks(range(first, last + 1, step))
    axes.tick_params(axis="x", labelbottom=is_last)
    axes.set_xlim(first - 0.5, last + 0.5)
    for year, _ in picture.phases[1:]:
        axes.axvline(year - 0.5, color=GREY, linewidth=1)
    for year in picture.wiped:
        axes.axvline(year, color=GREY, linewidth=1, linestyle=":")
