"""Figures of structure as values: labels at places and lines between them, drawn in any format.

Lengths are inches. The lines of a label are lists of cells: texts, and expressions that are set as
mathematics where the format can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from coopgame.pictures.words import Heading
from coopgame.report.tables import Cell, plain

Place: TypeAlias = tuple[float, float]
# One line of a label: the cells that stand on it after one another.
Words: TypeAlias = tuple[Cell, ...]

CHARACTER, LINE, PAD = 0.075, 0.165, 0.07  # what a character of the small type takes, and a line


@dataclass(frozen=True)
class Tag:
    """A label: its lines, the place of its middle, whether it is framed, and how it is aligned."""

    lines: tuple[Words, ...]
    at: Place
    is_framed: bool = False
    is_strong: bool = False
    align: str = "center"

    @property
    def half(self) -> Place:
        """Half its width and half its height."""
        return extent(self.lines)


@dataclass(frozen=True)
class Stroke:
    """A line from one place to another, bent to its left by a share of its length."""

    start: Place
    end: Place
    bend: float = 0.0
    has_head: bool = False
    is_strong: bool = False

    @property
    def control(self) -> Place:
        """The control point of the quadratic curve."""
        (x, y), (u, v) = self.start, self.end
        return (x + u) / 2 - self.bend * (v - y), (y + v) / 2 + self.bend * (u - x)

    @property
    def middle(self) -> Place:
        """The point of the curve half-way, where a label of it stands."""
        (x, y), (a, b), (u, v) = self.start, self.control, self.end
        return (x + 2 * a + u) / 4, (y + 2 * b + v) / 4


@dataclass(frozen=True)
class Diagram:
    """A figure of structure: its labels and lines, within a width and a height from (0, 0)."""

    heading: Heading
    tags: tuple[Tag, ...]
    strokes: tuple[Stroke, ...]
    width: float
    height: float


def said(words: Words) -> str:
    """A line of a label as plain text."""
    return "".join(plain_cell(cell) for cell in words)


def plain_cell(cell: Cell) -> str:
    return cell if isinstance(cell, str) else plain(cell).split(" (")[0]


def extent(lines: Sequence[Words]) -> Place:
    """Half the width and half the height that the lines of a label take, with some air."""
    longest = max((len(said(line)) for line in lines), default=0)
    return longest * CHARACTER / 2 + PAD, len(lines) * LINE / 2 + PAD / 2


def framed(heading: Heading, tags: Sequence[Tag], strokes: Sequence[Stroke]) -> Diagram:
    """The diagram moved so that all of it lies within its width and height."""
    boxes = [(t.at[0] - t.half[0], t.at[1] - t.half[1], t.at[0] + t.half[0], t.at[1] + t.half[1])
             for t in tags]  # fmt: skip
    boxes += [(*p, *p) for s in strokes for p in (s.start, s.end, s.middle)]
    left, low = min(b[0] for b in boxes) - PAD, min(b[1] for b in boxes) - PAD
    right, high = max(b[2] for b in boxes) + PAD, max(b[3] for b in boxes) + PAD

    def move(at: Place) -> Place:
        return round(at[0] - left, 4), round(at[1] - low, 4)

    return Diagram(
        heading,
        tuple(Tag(t.lines, move(t.at), t.is_framed, t.is_strong, t.align) for t in tags),
        tuple(Stroke(move(s.start), move(s.end), s.bend, s.has_head, s.is_strong) for s in strokes),
        round(right - left, 4),
        round(high - low, 4),
    )
