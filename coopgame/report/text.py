"""Reports as plain text for a terminal or a pipe; colour codes only where they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from rich.box import Box
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from coopgame.report.tables import Cell, Facts, Report, Table, plain

PLAIN_WIDTH = 100
WIDEST = 2000
UNBROKEN = 28
RULED = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def render(report: Report, width: int = PLAIN_WIDTH, colour: bool = False) -> str:
    """The report as text, `width` characters a line but where an expression cannot be broken."""
    buffer = StringIO()
    console = Console(
        file=buffer,
        width=WIDEST,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    )
    for block in _blocks(report):
        needed = Measurement.get(console, console.options, block).minimum
        console.print(block, width=max(width, needed))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def _blocks(report: Report) -> Iterator[RenderableType]:
    yield Text(report.title, style="bold")
    for section in report.sections:
        yield Text(f"\n{section.title}" if section.title else "", style="bold cyan")
        for part in section.parts:
            yield from (Padding(block, (0, 0, 0, 2)) for block in _part(part))
    for note in report.notes:
        yield Text(f"\nNote: {note}")
    if report.origin:
        yield Text(f"\n{report.origin}", style="dim")


def _part(part: str | Facts | Table) -> Iterator[RenderableType]:
    if isinstance(part, str):
        yield Text(part)
    elif isinstance(part, Facts):
        yield _facts(part)
    else:
        if part.title:
            yield Text(f"{part.title}:", style="italic")
        yield _table(part)
        yield from map(Text, part.notes)


def _facts(part: Facts) -> Grid:
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column()
    for label, lines in part.entries:
        for i, line in enumerate(lines):
            grid.add_row(Text("" if i else label), Text(plain(line)))
    return grid


def _table(part: Table) -> Grid:
    grid = Grid(box=RULED, show_edge=False, pad_edge=False, padding=(0, 1))
    cells = [[plain(cell) for cell in row] for row in part.rows]
    for i, column in enumerate(part.columns):
        widest = max((len(row[i]) for row in cells), default=0)
        grid.add_column(
            Text(column.name),
            justify="right" if _is_numeric([row[i] for row in part.rows]) else "left",
            no_wrap=widest <= UNBROKEN,
        )
    for row in cells:
        grid.add_row(*map(Text, row))
    return grid


def _is_numeric(cells: list[Cell]) -> bool:
    known = [cell for cell in cells if cell is not None]
    return bool(known) and not any(isinstance(cell, str) for cell in known)
