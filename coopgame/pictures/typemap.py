"""The most likely type of cluster over two parameters around a phase."""

from __future__ import annotations

import numpy as np

from coopgame.clusters.case import middle_of
from coopgame.clusters.maps import type_map
from coopgame.errors import InputError
from coopgame.pictures.regions import Regions, anchors, numbered
from coopgame.pictures.scene import Scene
from coopgame.pictures.spans import Wanted

STEPS = 20
ACROSS, UP = "p", "h"  # trust and the hazard: the paper's two themes


def map_picture(
    of: Scene, x: Wanted | None = None, y: Wanted | None = None, steps: int = STEPS
) -> Regions:
    """The most likely type over two parameters, all else drawn from the phase's answers."""
    across, up = of.span(x or Wanted(ACROSS)), of.span(y or Wanted(UP))
    if across.name == up.name:
        raise InputError(f"{across.name} is named twice", "name two parameters")
    found = type_map(of.case, of.phase, across.name, up.name, steps, (across.ends, up.ends))
    codes, kept = numbered(np.asarray(found.kinds))
    point = middle_of(of.case, of.phase)
    kinds = [profile.type for profile in of.case.profiles]
    shown = f"most likely type by {across.name} and {up.name}"
    notes = ("Star: the middle of what the answers allow. Borders follow the grid.",)
    return Regions(
        heading=of.heading(shown, notes), x=across, y=up, xs=found.xs, ys=found.ys, codes=codes,
        names=tuple(kinds[code] for code in kept),
        anchors=anchors(codes, found.xs, found.ys, len(kept)),
        borders=(),
        here=(float(point[across.name][0]), float(point[up.name][0])),
        is_traced=False,
    )  # fmt: skip
