"""The sheet that every picture is drawn on: style, heading and footer, and the bytes of a file.

Matplotlib is imported here alone, inside functions; pyplot and its global state are not used, and
what a user's own settings of Matplotlib say does not change a picture. Colours are those of Okabe
and Ito (2008), told apart by colour-blind readers; line styles, markers and hatches repeat what the
colours say, so that a picture can be read in grey.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from coopgame.errors import MissingExtra
from coopgame.pictures.words import Heading

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILLION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#777777"
COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
HATCHES = ("", "///", "...", "\\\\\\", "xx", "ooo", "---", "|||", "++", "**")

STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelsize": 9,
    "hatch.linewidth": 0.5,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "svg.hashsalt": "coopgame",
    "text.parse_math": False,
    "pdf.fonttype": 42,
}
METADATA: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None},
    "png": {"Software": None},
}
SIZE = (7.5, 5.2)
DPI = 150
LINE = 0.165  # inches a line of small text takes
CHARACTERS = 16.5  # small characters to the inch
TITLE_CHARACTERS = 11.8

Draw = Callable[[Any], None]


@contextmanager
def styled() -> Iterator[None]:
    """Matplotlib with the project's style, whatever the user's settings; restored afterwards."""
    try:
        import matplotlib
    except ImportError:
        raise MissingExtra("Matplotlib", "matplotlib") from None
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        yield


def sheet(heading: Heading, draw: Draw, size: tuple[float, float] = SIZE) -> Any:
    """A figure with heading, notes and footer around what `draw` puts on it; call inside `styled`.

    The layout keeps axes, labels and legends clear of each other and of the texts around them.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    top, bottom = _above(heading, size[0]), _below(heading, size[0])
    height = size[1] + LINE * (len(top) + len(bottom))
    low, high = (LINE * len(bottom) + 0.1) / height, (LINE * len(top) + 0.16) / height
    layout = ConstrainedLayoutEngine(rect=(0.01, low, 0.98, 1 - low - high))
    figure = Figure(figsize=(size[0], height), dpi=DPI, layout=layout)
    FigureCanvasAgg(figure)
    _write(figure, top, height - 0.08, height)
    _write(figure, bottom, LINE * len(bottom) + 0.04, height)
    draw(figure)
    return figure


def _write(
    figure: Any, lines: list[tuple[str, dict[str, Any]]], start: float, height: float
) -> None:
    for i, (text, style) in enumerate(lines):
        y = (start - LINE * i) / height
        figure.text(0.015, y, text, ha="left", va="top", **style)


def _above(heading: Heading, width: float) -> list[tuple[str, dict[str, Any]]]:
    bold = {"fontsize": 10, "fontweight": "bold"}
    title = [(line, bold) for line in textwrap.wrap(heading.title, int(width * TITLE_CHARACTERS))]
    return [*title, *_small(heading.given, width, BLACK)]


def _below(heading: Heading, width: float) -> list[tuple[str, dict[str, Any]]]:
    notes = [line for note in heading.notes for line in _small(note, width, BLACK)]
    return [*notes, *_small(heading.origin, width, GREY)]


def _small(text: str, width: float, colour: str) -> list[tuple[str, dict[str, Any]]]:
    lines = textwrap.wrap(text, int(width * CHARACTERS), break_on_hyphens=False)
    return [(line, {"fontsize": 7.5, "color": colour}) for line in lines]


def wrapped(label: str, characters: int = 70) -> str:
    """A label broken into lines that fit along an axis."""
    return "\n".join(textwrap.wrap(label, characters, break_on_hyphens=False))


def pale(colour: str) -> tuple[float, float, float]:
    """A colour mixed with two thirds of white, to put text and hatches on."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return (2 + red) / 3, (2 + green) / 3, (2 + blue) / 3


def filled(i: int, edge: str = "#555555") -> dict[str, Any]:
    """How the i-th of several areas looks: its pale colour, and its hatch to read in grey."""
    return {
        "facecolor": pale(COLOURS[i % len(COLOURS)]),
        "hatch": HATCHES[i % len(HATCHES)],
        "edgecolor": edge,
    }


def explain(axes: Any, key: Any, columns: int = 1) -> None:
    """Put what the curves of some axes are into a panel of its own."""
    key.axis("off")
    key.legend(*axes.get_legend_handles_labels(), loc="center", ncols=columns)


def saved(figure: Any, ending: str, heading: Heading) -> bytes:
    """The file that a figure makes, by its ending; the same bytes for the same picture.

    Title and origin are in its metadata too, so that a file without its footer can be traced.
    """
    _settle(figure)
    stream = io.BytesIO()
    source = "Subject" if ending == "pdf" else "Source"
    told = {**METADATA[ending], "Title": heading.title, source: heading.origin}
    figure.savefig(stream, format=ending, metadata=told)
    return stream.getvalue()


def _settle(figure: Any) -> None:
    """Place the axes for good, to nine digits.

    The solver of the layout takes its constraints in an order that differs from run to run, and so
    does the last digit of what it finds, of which SVG makes the names of its parts.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        axes.set_position([round(float(x), 9) for x in axes.get_position().bounds])
