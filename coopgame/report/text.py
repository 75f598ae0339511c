"""Reports as plain text for a terminal or a pipe; colour codes only where they are asked for."""

from __future__ import annotations

from io import StringIO

from rich.box import Box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from coopgame.report.tables import Facts, Report, Section, Table, plain

PLAIN_WIDTH = 100
RULED = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def render(report: Report, width: int = PLAIN_WIDTH, colour: bool = False) -> str:
    """The report as text of at most `width` characters a line."""
    buffer = StringIO()
    console = Console(
        file=buffer,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    )
    console.print(Text(report.title, style="bold"))
    for section in report.sections:
        console.print()
        for block in _section(section):
            console.print(block)
    for note in report.notes:
        console.print(Text(f"\nNote: {note}"))
    if report.origin:
        console.print(Text(f"\n{report.origin}", style="dim"))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def _section(section: Section) -> list[RenderableType]:
    title = [Text(section.title, style="bold cyan")] if section.title else []
    return [*title, *(_indented(_part(part)) for part in section.parts)]


def _indented(block: RenderableType) -> RenderableType:
    return Padding(block, (0, 0, 0, 2))


def _part(part: str | Facts | Table) -> RenderableType:
    if isinstance(part, str):
        return Text(part)
    return _facts(part) if isinstance(part, Facts) else _table(part)


def _facts(part: Facts) -> Grid:
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim", max_width=28)
    grid.add_column(overflow="fold")
    for label, lines in part.entries:
        for i, line in enumerate(lines):
            grid.add_row(Text("" if i else label), Text(plain(line)))
    return grid


def _table(part: Table) -> Grid:
    grid = Grid(box=RULED, show_edge=False, pad_edge=False, padding=(0, 1), title_justify="left")
    grid.title = Text(part.title) if part.title else None
    cells = [[plain(cell) for cell in row] for row in part.rows]
    for i, column in enumerate(part.columns):
        numeric = _numeric([row[i] for row in part.rows])
        grid.add_column(Text(column.name), justify="right" if numeric else "left", overflow="fold")
    for row in cells:
        grid.add_row(*map(Text, row))
    return grid


def _numeric(cells: list[object]) -> bool:
    known = [cell for cell in cells if cell is not None]
    return bool(known) and not any(isinstance(cell, str) for cell in known)
