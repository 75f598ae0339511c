"""A plane divided into regions, with the exact borders between them: what is common to its kinds.

Regions are found on a grid; a border is where an exact expression is zero, kept on the grid cells
in which it changes its sign and the region changes too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import scipy  # `scipy.ndimage` is loaded where it is first used: few pictures need it
import sympy
from numpy.typing import NDArray

from coopgame.language.printing import to_numpy
from coopgame.pictures.crossings import compiles
from coopgame.pictures.spans import Span
from coopgame.pictures.words import Heading

OUTSIDE = -1
FEW = 4
FAR = 2.5

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BorderLine:
    """`values` of an exact expression over the grid, NaN away from where it is a border.

    `text` is the border solved for one of the parameters, where that is short.
    """

    expression: sympy.Expr
    text: str
    values: Floats


@dataclass(frozen=True, eq=False)
class Regions:
    """Which region each grid point (`codes[j, i]` at `xs[i], ys[j]`) is in, OUTSIDE for none.

    `names` are those of the codes; `anchors` say where to write each (None: too thin to write in).
    `here` is the point whose other values the plane holds fixed. Where not `is_traced`, some border
    has no known expression and follows the grid.
    """

    heading: Heading
    x: Span
    y: Span
    xs: Floats
    ys: Floats
    codes: Codes
    names: tuple[str, ...]
    anchors: tuple[tuple[float, float] | None, ...]
    borders: tuple[BorderLine, ...]
    here: tuple[float, float]
    is_traced: bool

    @property
    def shows_here(self) -> bool:
        """Whether the point lies in the plane's part that is drawn."""
        ends = (self.x.ends, self.y.ends)
        return all(low <= at <= high for at, (low, high) in zip(self.here, ends, strict=True))


def without_specks(codes: Codes) -> Codes:
    """The codes with regions of at most a few grid points replaced by their surroundings.

    Grid points exactly on a border belong to the regions of both sides and would show as specks.
    What is outside the domain stays outside.
    """
    solid, outside = np.zeros(codes.shape, bool), codes == OUTSIDE
    for code in np.unique(codes[~outside]):
        solid |= scipy.ndimage.binary_opening(codes == code, np.ones((2, 2)))
    if not solid.any():
        return codes
    nearest = scipy.ndimage.distance_transform_edt(
        ~solid, return_distances=False, return_indices=True
    )
    return np.where(outside, OUTSIDE, codes[tuple(nearest)])


def numbered(codes: Codes) -> tuple[Codes, list[int]]:
    """The codes numbered in the order of their extent, the widest first, and what each was."""
    found, counts = np.unique(codes[codes != OUTSIDE], return_counts=True)
    order = [int(code) for code in found[np.argsort(-counts, kind="stable")]]
    renumbered = np.full(codes.shape, OUTSIDE)
    for number, code in enumerate(order):
        renumbered[codes == code] = number
    return renumbered, order


def anchors(
    codes: Codes, xs: Floats, ys: Floats, count: int
) -> tuple[tuple[float, float] | None, ...]:
    """The grid point of each region that is farthest from its borders, in the middle of such."""
    found: list[tuple[float, float] | None] = []
    for code in range(count):
        inside = np.pad(codes == code, 1)
        depth = scipy.ndimage.distance_transform_edt(inside)[1:-1, 1:-1]
        rows, columns = np.nonzero(depth >= depth.max() - 1)
        middle = np.argmin(abs(rows - rows.mean()) + abs(columns - columns.mean()))
        j, i = int(rows[middle]), int(columns[middle])
        deep = depth[j, i] > FAR * min(codes.shape) / 100
        found.append((float(xs[i]), float(ys[j])) if deep else None)
    return tuple(found)


def traced(
    expressions: Iterable[sympy.Expr], x: Span, y: Span, grid: tuple[Floats, Floats], codes: Codes
) -> Iterator[BorderLine]:
    """The expressions that are a border somewhere, each on the cells in which it is one.

    One that changes its sign only where others do, as where curves cross, is none.
    """
    found = [_traced(e, (x, y), grid, codes) for e in expressions if compiles(e)]
    left = _ends(_changes(codes, 1), 1) | _ends(_changes(codes, 0), 0)
    while found:
        new = [int(np.count_nonzero(near & left)) for _, _, near in found]
        best = int(np.argmax(new))
        if new[best] <= FEW:
            return
        expression, values, near = found.pop(best)
        left &= ~scipy.ndimage.binary_dilation(near, np.ones((3, 3)))
        kept = scipy.ndimage.binary_dilation(near, np.ones((3, 3))) & np.isfinite(values)
        yield BorderLine(expression, "", np.where(kept, values, np.nan))


def _traced(
    expression: sympy.Expr, plane: tuple[Span, Span], grid: tuple[Floats, Floats], codes: Codes
) -> tuple[sympy.Expr, Floats, NDArray[np.bool_]]:
    """An expression, its values over the grid, and where it and the region change together."""
    with np.errstate(all="ignore"):
        (found,) = to_numpy([expression], [span.name for span in plane])(*np.meshgrid(*grid))
    values = np.broadcast_to(np.asarray(found, dtype=float), codes.shape)
    signs = np.sign(values)
    across = _ends(_changes(codes, 1) & _changes(signs, 1), 1)
    up = _ends(_changes(codes, 0) & _changes(signs, 0), 0)
    return expression, values, across | up


def explained(codes: Codes, borders: Iterable[BorderLine]) -> bool:
    """Whether nearly every change of region between grid points lies on a known border."""
    changing = _ends(_changes(codes, 1), 1) | _ends(_changes(codes, 0), 0)
    known = np.zeros(codes.shape, bool)
    for border in borders:
        known |= np.isfinite(border.values)
    near = scipy.ndimage.binary_dilation(known, np.ones((5, 5)))
    missed = np.count_nonzero(changing & ~near)
    return bool(missed <= np.count_nonzero(changing) / 50)


def _changes(values: NDArray[np.generic], axis: int) -> NDArray[np.bool_]:
    """Between which neighbours along an axis something changes; the last has no neighbour."""
    low = np.take(values, np.arange(values.shape[axis] - 1), axis)
    high = np.take(values, np.arange(1, values.shape[axis]), axis)
    return np.asarray(low != high)


def _ends(between: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    """Both grid points of each pair of neighbours that is marked."""
    before = [(0, 0), (0, 0)]
    after = [(0, 0), (0, 0)]
    before[axis], after[axis] = (0, 1), (1, 0)
    return np.asarray(np.pad(between, before) | np.pad(between, after))
