"""Tables on a page: how wide their cells are, and a table too wide for it in panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy

from coopgame.report.formulas import tree, width
from coopgame.report.tables import Cell, Equation, Table, is_numeric, plain

# In units of the type size: a line of text, and of the small type that wide tables are set in.
LINE, SMALL_LINE = 33.0, 41.0
UNBROKEN = 13.0  # a wider cell is broken into lines
LEAST = 7.0  # what a broken cell gets at least
GAP = 1.0
CHARACTER = 0.5


@dataclass(frozen=True)
class Fitted:
    """A table as it is set: `shares` of the line for the columns that are broken, None for others.

    `is_small` says whether it needs small type.
    """

    table: Table
    shares: tuple[float | None, ...]
    is_small: bool


def fitted(table: Table) -> list[Fitted]:
    """The table in as many panels as the page needs, each with the columns that name a row."""
    sizes = [
        max((cell_width(cell) for cell in (name, *column)), default=0)
        for name, column in zip(table.names, table.cells, strict=True)
    ]
    panels = table.panels(list(map(_least, sizes)), SMALL_LINE)
    return [_set(table.only(chosen), [sizes[i] for i in chosen]) for chosen in panels]


def numbers(table: Table) -> list[bool]:
    """Which columns are set to the right: those of numbers, but not those of symbols."""
    return [
        is_numeric(cells) and not any(isinstance(cell, sympy.Symbol) for cell in cells)
        for cells in table.cells
    ]


def cell_width(cell: Cell) -> float:
    """About how wide a cell is set on one line."""
    if isinstance(cell, Equation):
        return CHARACTER * sum(len(name) + 3 for name in cell.names) + cell_width(cell.value)
    if isinstance(cell, sympy.Basic) and not isinstance(cell, sympy.Float):
        return width(tree(cell))
    return CHARACTER * len(plain(cell))


def _least(size: float) -> float:
    return (LEAST if size > UNBROKEN else size) + GAP


def _set(table: Table, sizes: Sequence[float]) -> Fitted:
    """Columns that are broken share what the others leave, in the measure of what they hold."""
    whole = sum(size + GAP for size in sizes)
    if whole <= LINE:
        return Fitted(table, (None,) * len(sizes), False)
    kept = sum(size + GAP for size in sizes if size <= UNBROKEN)
    broken = [size for size in sizes if size > UNBROKEN]
    is_small = kept + len(broken) * (UNBROKEN + GAP) > LINE
    line = SMALL_LINE if is_small else LINE
    room = max(line - kept - GAP * len(broken), LEAST * len(broken)) / line
    shares = _shared(broken, room, LEAST / line)
    each = iter(shares)
    return Fitted(table, tuple(next(each) if s > UNBROKEN else None for s in sizes), is_small)


def _shared(sizes: Sequence[float], room: float, least: float) -> list[float]:
    """Each the least, and of the rest in the measure of its size."""
    rest = room - least * len(sizes)
    total = sum(sizes) or 1
    return [least + rest * size / total for size in sizes]
