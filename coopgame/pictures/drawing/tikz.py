"""A figure of structure as TikZ, to be changed by hand in a paper; expressions as mathematics."""

from __future__ import annotations

import sympy

from coopgame.pictures.diagram import PAD, Diagram, Place, Stroke, Tag, Words, plain_cell
from coopgame.report.equations import escape
from coopgame.report.typesetting import typeset

STYLES = (
    "font=\\footnotesize, "
    "tag/.style={inner sep=1.5pt, fill=white}, "
    "frame/.style={inner sep=2.5pt, draw=gray, rounded corners=2pt, fill=white}, "
    "strong frame/.style={frame, draw=blue!70!black, very thick}, "
    "line/.style={thin}, strong/.style={very thick, blue!70!black}"
)


def tikz(picture: Diagram) -> str:
    r"""The diagram as one `tikzpicture`; it needs the package `tikz` only."""
    lines = [*map(_stroke, picture.strokes), *map(_tag, picture.tags)]
    inner = "\n".join(f"  {line}" for line in lines)
    return f"\\begin{{tikzpicture}}[x=1in, y=1in, {STYLES}]\n{inner}\n\\end{{tikzpicture}}"


def to_file(picture: Diagram) -> str:
    r"""The file for `\input`: what it is and where it is from as comments, then the picture."""
    heading = picture.heading
    about = [heading.title, heading.given, *heading.notes, heading.origin]
    told = "".join(f"% {' '.join(line.split())}\n" for line in about if line)
    return f"% needs \\usepackage{{tikz}}\n{told}{tikz(picture)}\n"


def _stroke(stroke: Stroke) -> str:
    look = ("strong" if stroke.is_strong else "line") + (", ->" if stroke.has_head else "")
    if not stroke.bend:
        return f"\\draw[{look}] {_at(stroke.start)} -- {_at(stroke.end)};"
    # A quadratic curve as the cubic that TikZ draws: two thirds of the way to its control point.
    first, last = (_towards(end, stroke.control) for end in (stroke.start, stroke.end))
    curve = f".. controls {_at(first)} and {_at(last)} .."
    return f"\\draw[{look}] {_at(stroke.start)} {curve} {_at(stroke.end)};"


def _towards(end: Place, control: Place) -> Place:
    return end[0] + 2 / 3 * (control[0] - end[0]), end[1] + 2 / 3 * (control[1] - end[1])


def _tag(tag: Tag) -> str:
    look = ("strong frame" if tag.is_strong else "frame") if tag.is_framed else "tag"
    sides = {"left": ("west", -1), "right": ("east", 1)}
    anchor, side = sides.get(tag.align, ("center", 0))
    place = (tag.at[0] + side * (tag.half[0] - PAD), tag.at[1])
    text = " \\\\ ".join(_line(line) for line in tag.lines)
    strong = "\\bfseries " if tag.is_strong and not tag.is_framed else ""
    return f"\\node[{look}, align={tag.align}, anchor={anchor}] at {_at(place)} {{{strong}{text}}};"


def _line(words: Words) -> str:
    return "".join(
        f"${typeset(cell)}$" if isinstance(cell, sympy.Basic) else escape(plain_cell(cell))
        for cell in words
    )


def _at(place: Place) -> str:
    return f"({place[0]:.3f}, {place[1]:.3f})"
