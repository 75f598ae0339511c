"""The types of cluster over two parameters around a case, with the exact borders between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from coopgame.clusters.borders import borders, floats
from coopgame.clusters.maps import TypeMap, type_map
from coopgame.clusters.typology import TYPES
from coopgame.errors import InputError
from coopgame.language.deciding import number
from coopgame.pictures.phase import solved_text
from coopgame.pictures.regions import (
    BorderLine,
    Codes,
    Floats,
    Regions,
    anchors,
    explained,
    numbered,
    traced,
    without_specks,
)
from coopgame.pictures.scene import Scene
from coopgame.pictures.spans import Span, Wanted

ACROSS, UP = 241, 227
STEPS = 40
BEYOND = 1.6


def map_picture(
    of: Scene,
    x: Wanted | None = None,
    y: Wanted | None = None,
    shape: tuple[int, int] = (ACROSS, UP),
    steps: int = STEPS,
) -> Regions:
    """The types around a phase over two parameters (default: those whose borders are nearest).

    The borders are the curves of `coopgame.clusters.maps.type_map`. Raises InputError for a
    parameter the types do not depend on, or one named twice.
    """
    plane = _plane(of, x, y)
    across, up = plane
    xs, ys = across.floats(shape[0]), up.floats(shape[1])
    wide, high = np.meshgrid(xs, ys)
    kinds = of.compiled.types({**floats(of.phase.point), across.name: wide, up.name: high})
    codes, kept = numbered(without_specks(np.asarray(kinds)))
    known = type_map(of.compiled, of.phase.point, across.name, up.name, steps)
    found = [*_borders(known, plane, (xs, ys), codes)]
    picture = Regions(
        heading=of.heading(""), x=across, y=up, xs=xs, ys=ys, codes=codes,
        names=tuple(TYPES[code] for code in kept),
        anchors=anchors(codes, xs, ys, len(kept)),
        borders=tuple(found),
        here=(number(of.phase.point[across.name]), number(of.phase.point[up.name])),
        is_traced=explained(codes, found),
    )  # fmt: skip
    shown = f"type of cluster by {across.name} and {up.name}"
    return replace(picture, heading=of.heading(shown, _notes(picture)))


def _plane(of: Scene, x: Wanted | None, y: Wanted | None) -> tuple[Span, Span]:
    near = {border.parameter: border.at for border in borders(of.compiled, of.phase.point)}
    named = [wanted.name for wanted in (x, y) if wanted]
    telling = sorted(of.compiled.telling & {p.name for p in of.case.cluster.domain.parameters})
    free = [name for name in dict.fromkeys([*near, *telling]) if name not in named]
    x = x or _around(of, free.pop(0), near)
    y = y or _around(of, free.pop(0), near)
    if x.name == y.name:
        raise InputError(f"{x.name} is named twice", "name two parameters")
    return of.span(x), of.span(y)


def _around(of: Scene, name: str, near: Mapping[str, float]) -> Wanted:
    """A parameter up to beyond the phase and the border, where its interval goes far on."""
    interval = of.case.cluster.domain[name].interval
    enough = float(f"{BEYOND * max(number(of.phase.point[name]), near.get(name, 0)):.2g}")
    is_far = 0 < 2 * enough < number(interval.upper)
    return Wanted(name, interval.lower, str(enough)) if is_far else Wanted(name)


def _borders(
    known: TypeMap, plane: tuple[Span, Span], grid: tuple[Floats, Floats], codes: Codes
) -> Iterator[BorderLine]:
    curves = dict.fromkeys(curve.expression for curve in known.curves)
    for border in traced(curves, *plane, grid, codes):
        yield replace(border, text=solved_text(border.expression, plane))


def _notes(picture: Regions) -> Iterator[str]:
    texts = sorted({border.text for border in picture.borders if border.text})
    if texts:
        yield f"Borders that are short to write: {'; '.join(texts)}."
    if len(picture.names) == 1:
        yield "No border between types crosses this plane."
    elif not picture.is_traced:
        yield "Some borders, where several comparisons switch at once, follow the grid."
