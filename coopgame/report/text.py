"""Reports as plain text for a terminal or a pipe; colour codes only where they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console, JustifyMethod, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from coopgame.report.equations import written
from coopgame.report.tables import (
    Display,
    Facts,
    Figure,
    Part,
    Remarks,
    Report,
    Table,
    is_numeric,
    plain,
)

PLAIN_WIDTH = 100
WIDEST = 2000
UNBROKEN = 28
GAP = 3
INDENT = 4
WIDE = 50
MOST_NAMED = 2 / 3  # of a line, for the columns that name a row
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
    for block in _blocks(report, width):
        needed = Measurement.get(console, console.options, block).minimum
        console.print(block, width=max(width, needed))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def _blocks(report: Report, width: int) -> Iterator[RenderableType]:
    yield Text(report.title, style="bold")
    for section in report.sections:
        yield Text(f"\n{section.title}" if section.title else "", style="bold cyan")
        for part in section.parts:
            yield from (Padding(block, (0, 0, 0, 2)) for block in _part(part, width - 2))
    for note in report.notes:
        yield Text(f"\nNote: {note}")
    if report.origin:
        yield Text(f"\n{report.origin}", style="dim")


def _part(part: Part, width: int) -> Iterator[RenderableType]:
    if isinstance(part, str):
        yield Text(part)
    elif isinstance(part, Figure):
        yield Text(f"Figure: {part.caption}", style="italic")
    elif isinstance(part, Display):
        yield from _display(part, width)
    elif isinstance(part, Remarks):
        yield _points(part)
    elif isinstance(part, Facts):
        yield from _facts(part, width)
    else:
        if part.title:
            yield Text(f"{part.title}:", style="italic")
        for i, panel in enumerate(_panels(part, width)):
            if i:
                yield Text("")
            yield _table(panel, width)
        yield from map(Text, part.notes)


def _display(part: Display, width: int) -> Iterator[RenderableType]:
    """Each equation on its own line, what it is about beside it where there is room, else below."""
    told = [(written(cell), about) for cell, about in part.lines]
    room = [cell_len(lines[0]) + cell_len(about) + GAP < width - INDENT for lines, about in told]
    sizes = [cell_len(lines[0]) for (lines, about), fits in zip(told, room, strict=True) if fits]
    column = min(max(sizes, default=0), WIDE)
    for (lines, about), fits in zip(told, room, strict=True):
        first = Text(f"{lines[0]:<{column}}   " if about and fits else lines[0])
        yield Padding(first.append(about if fits else "", style="dim"), (0, 0, 0, INDENT))
        yield from (Padding(Text(line), (0, 0, 0, INDENT)) for line in lines[1:])
        if about and not fits:
            yield Padding(Text(f"({about})", style="dim"), (0, 0, 0, 2 * INDENT))


def _points(part: Remarks) -> Grid:
    grid = Grid.grid(padding=(0, 1, 0, 0))
    for line in part.lines:
        grid.add_row(Text("-"), Text(line))
    return grid


def _facts(part: Facts, width: int) -> Iterator[RenderableType]:
    """Labels beside what is said of each; above it where labels are sentences."""
    if max((cell_len(label) for label, _ in part.entries), default=0) > width // 2:
        for label, lines in part.entries:
            yield Text(label, style="dim")
            yield from (Padding(Text(plain(line)), (0, 0, 0, INDENT)) for line in lines)
        return
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column()
    for label, lines in part.entries:
        for i, line in enumerate(lines):
            grid.add_row(Text("" if i else label), Text(plain(line)))
    yield grid


def _panels(part: Table, width: int) -> list[Table]:
    """The table in as many panels as the width asks for, each with the columns that name a row."""
    narrow = [_longest_word(column) + GAP for column in _texts(part)]
    named = sum(narrow[: min(part.keys, len(narrow) - 1)])
    if named > MOST_NAMED * width:  # names that leave no room are not said again and again
        return [part]
    return list(map(part.only, part.panels(narrow, width + GAP)))


def _texts(part: Table) -> list[list[str]]:
    """The columns as text, each below its head."""
    return [[n, *map(plain, cells)] for n, cells in zip(part.names, part.cells, strict=True)]


def _table(part: Table, width: int) -> Grid:
    grid = Grid(box=RULED, show_edge=False, pad_edge=False, padding=(0, 1))
    widths = _widths(_texts(part), width)
    for name, cells, wide in zip(part.names, part.cells, widths, strict=True):
        justify: JustifyMethod = "right" if is_numeric(cells) else "left"
        grid.add_column(Text(name), justify=justify, width=wide)
    for row in part.rows:
        grid.add_row(*map(Text, map(plain, row)))
    return grid


def _widths(columns: Sequence[Sequence[str]], width: int) -> list[int]:
    """Each column as wide as it likes where all fit; else words stay whole, then short cells."""
    natural = [max(map(cell_len, column)) for column in columns]
    found = [_longest_word(column) for column in columns]
    short = [n if n <= UNBROKEN else w for n, w in zip(natural, found, strict=True)]
    spare = max(0, width - sum(found) - GAP * (len(columns) - 1))
    for i in sorted(range(len(columns)), key=lambda i: short[i] - found[i]):
        more = min(short[i] - found[i], spare)
        found[i], spare = found[i] + more, spare - more
    wanted = [n - m for n, m in zip(natural, found, strict=True)]
    share = min(1.0, spare / (sum(wanted) or 1))
    return [max(1, m + int(more * share)) for m, more in zip(found, wanted, strict=True)]


def _longest_word(column: Sequence[str]) -> int:
    return max((cell_len(word) for cell in column for word in cell.split()), default=0)
