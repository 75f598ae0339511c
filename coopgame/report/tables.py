"""Tables and documents as values: what a report says, apart from the format it is shown in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import sympy

from coopgame.language.deciding import number
from coopgame.language.numerals import approximate, as_given
from coopgame.language.printing import to_text
from coopgame.reading.info import VERSION, Info

# A SymPy expression or condition, an Equation, a text, a number (worked out or Given), or None for
# an empty cell.
Cell: TypeAlias = Any

SHORT = 16


@dataclass(frozen=True)
class Column:
    """One column: its name (a spreadsheet's header), what it means, and its unit."""

    name: str
    meaning: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under named columns; `None` is an empty cell, and no cell is ever NaN.

    The first columns, as many as `keys`, name a row: they come again where a page is too narrow
    for all columns beside each other.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    title: str = ""
    notes: tuple[str, ...] = ()
    keys: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def cells(self) -> list[list[Cell]]:
        """The cells of each column."""
        return [[row[i] for row in self.rows] for i in range(len(self.columns))]

    def panels(self, sizes: Sequence[float], room: float) -> list[tuple[int, ...]]:
        """The columns beside each other in as many panels as the room asks for, by their sizes.

        Each panel has the columns that name a row.
        """
        keys = tuple(range(min(self.keys, len(sizes) - 1)))
        named = sum(sizes[i] for i in keys)
        panels: list[list[int]] = [[]]
        used = named
        for i in range(len(keys), len(sizes)):
            if used + sizes[i] > room and panels[-1]:
                panels.append([])
                used = named
            panels[-1].append(i)
            used += sizes[i]
        return [(*keys, *panel) for panel in panels]

    def only(self, chosen: Sequence[int]) -> Table:
        """The table with some of its columns."""
        columns = tuple(self.columns[i] for i in chosen)
        return replace(self, columns=columns, rows=[[row[i] for i in chosen] for row in self.rows])


@dataclass(frozen=True)
class Equation:
    """A value with the names that share it, as in `level = cooperation = 1`."""

    names: tuple[str, ...]
    value: Cell


@dataclass(frozen=True)
class Given:
    """A number that somebody gave or chose: it is shown whole, as what is worked out is not."""

    value: sympy.Rational | float


@dataclass(frozen=True)
class Facts:
    """Labels, each with the lines that belong to it (texts, expressions or conditions)."""

    entries: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Display:
    """Equations and comparisons set apart from the text, each with what it is about, or nothing."""

    lines: tuple[tuple[Cell, str], ...]


@dataclass(frozen=True)
class Remarks:
    """Remarks, one a line."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """A figure with its caption: `draw` gives its bytes for an ending, "svg", "png" or "pdf".

    `tikz` is its code for LaTeX, where it has any.
    """

    caption: str
    draw: Callable[[str], bytes]
    tikz: str = ""


Part: TypeAlias = str | Facts | Table | Display | Remarks | Figure


@dataclass(frozen=True)
class ReportPart:
    """A heading and what stands under it."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Report:
    """One answer in its three shapes: to read, for a spreadsheet, and for a program.

    `record` holds what JSON prints; `origin` names the game file, its digest and the version of
    coopgame, so that a table on paper can be traced back. `symbols` are the names that stand for
    a quantity, with what each means: documents set them as mathematics.
    """

    title: str
    sections: tuple[ReportPart, ...]
    table: Table
    record: Mapping[str, Any]
    origin: str = ""
    notes: tuple[str, ...] = field(default=())
    symbols: tuple[Column, ...] = ()

    @property
    def quantities(self) -> frozenset[str]:
        """The names that stand for a quantity."""
        return frozenset(column.name for column in self.symbols)

    @property
    def figures(self) -> list[Figure]:
        """The figures in the order they are shown."""
        parts = (part for section in self.sections for part in section.parts)
        return [part for part in parts if isinstance(part, Figure)]


def origin(info: Info) -> str:
    """Which file, in which state, and which version of coopgame gave an answer."""
    return f"{info.name} [{info.digest}], coopgame {VERSION}"


def columns(*names: str) -> tuple[Column, ...]:
    """Columns that need no explanation beyond their names."""
    return tuple(map(Column, names))


def facts(entries: Iterable[tuple[str, Iterable[Cell]]]) -> Facts:
    """Facts without the labels that have no lines."""
    kept = [(label, tuple(lines)) for label, lines in entries]
    return Facts(tuple((label, lines) for label, lines in kept if lines))


def assigned(values: Mapping[str, Any]) -> str:
    """Values that somebody gave or chose, each with its name: `T = 5, R = 3`."""
    return ", ".join(f"{name} = {as_given(value)}" for name, value in values.items())


def plain(cell: Cell) -> str:
    """A cell as text that reads well: numbers in decimals, expressions as they parse again.

    >>> plain(sympy.Rational(18, 25)), plain(sympy.Rational(2, 3)), plain(None), plain(0.1)
    ('0.72', '0.667 (2/3)', '', '0.1')
    """
    if cell is None:
        return ""
    if isinstance(cell, Equation):
        return " = ".join([*cell.names, plain(cell.value)])
    if isinstance(cell, Given):
        return as_given(cell.value)
    if isinstance(cell, float):
        return approximate(cell)
    if isinstance(cell, sympy.Expr) and cell.is_number and cell.is_finite:
        return _decimal(cell)
    return to_text(cell) if isinstance(cell, sympy.Basic) else str(cell)


def _decimal(value: sympy.Expr) -> str:
    """The decimal, and the exact value beside it where that is short and says more."""
    text = approximate(value)
    if value.is_Rational and sympy.Rational(text) == value:
        return text
    exact = to_text(value)
    return f"{text} ({exact})" if len(exact) <= SHORT else text


def is_formula(cell: Cell) -> bool:
    """Whether a cell is set as mathematics: an expression or condition that is no mere number."""
    return isinstance(cell, sympy.Basic) and not getattr(cell, "is_number", False)


def is_numeric(cells: Iterable[Cell]) -> bool:
    """Whether a column holds values that are read as numbers, and at least one."""
    known = [cell for cell in cells if cell is not None]
    return bool(known) and not any(isinstance(cell, str) for cell in known)


def fields_of(of: Any, *names: str) -> dict[str, Any]:
    """What a value says under some of its own names, in this order, for a record."""
    return {name: getattr(of, name) for name in names}


def exact(cell: Any) -> Any:
    """A cell for CSV and JSON: expressions as text that parses again, numbers as floats."""
    if isinstance(cell, Given):
        return exact(cell.value)
    if isinstance(cell, sympy.Expr) and cell.is_number and cell.is_finite:
        return number(cell)
    return to_text(cell) if isinstance(cell, sympy.Basic) else cell
