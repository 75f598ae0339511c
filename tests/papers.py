"""Readers of documents apart from their writers: what a page, a PDF or a Word file says."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

BLOCKS = {"p", "li", "h2", "h3", "dt", "figcaption", "caption", "th", "td"}
MARGIN = 25 / 25.4 * 72
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


def normal(text: str) -> str:
    """Letters alone, however they are set: no spaces, ligatures, or signs of mathematics."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\u200b\u2062\u00ad]", "", folded).replace("−", "-")


class Sentences(HTMLParser):
    """The texts of a page block by block; fractions and roots have no one order to read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []
        self.is_twofold = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.inside, self.is_twofold = [], False
        if tag in ("mfrac", "msqrt", "mroot", "mtable", "msub", "msup", "summary"):
            self.is_twofold = True

    def handle_data(self, data: str) -> None:
        self.inside.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS and not self.is_twofold:
            self.found.append(normal("".join(self.inside)))


def sentences(page: str) -> list[str]:
    return [text for text in Sentences(page).found if text]


def of_pdf(path: Path) -> str:
    """The text of a PDF in the order it was written, without page numbers."""
    command = ["pdftotext", "-raw", str(path), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return normal(re.sub(r"(^|\n)\d+\s*\f", "\n", text))


def of_docx(data: bytes) -> str:
    """The text of a Word file, formulas included."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    return normal("".join(_words(root)))


def _words(node: ElementTree.Element) -> Iterator[str]:
    """The texts of a node; brackets of formulas are told by properties, not by text."""
    if node.tag in (TEXT, f"{MATH}t"):
        yield node.text or ""
    ends = [end.get(f"{MATH}val", "") for end in node.findall(f"{MATH}dPr/*")]
    yield from ends[:1]
    for child in node:
        yield from _words(child)
    yield from ends[1:]


def pictures_of_docx(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return sum(name.startswith("word/media/") for name in archive.namelist())


# --- what runs off a page ------------------------------------------------------------------------


def overfull(log: str) -> list[float]:
    """By how many points lines of a LaTeX run are too wide."""
    return [float(found) for found in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]


def beyond(page: str) -> float:
    """How far the glyphs of a page in Typst's SVG begin beyond its right margin, in points."""
    root = ElementTree.fromstring(page)
    width = float(str(root.get("viewBox")).split()[2])
    return max([0.0, *(x - (width - MARGIN) for x in _glyphs(root, (1, 0, 0)))])


def _glyphs(node: ElementTree.Element, outer: tuple[float, float, float]) -> Iterator[float]:
    """Where glyphs begin; only scales and shifts across occur, kept as x' = a*x + c*y + e."""
    a, c, e = outer
    if found := re.match(r"translate\(([-\d.e]+)[ ,]+([-\d.e]+)\)", node.get("transform", "")):
        e += a * float(found[1]) + c * float(found[2])
    elif found := re.match(r"matrix\(([^)]*)\)", node.get("transform", "")):
        m = [float(each) for each in re.split(r"[ ,]+", found[1])]
        a, c, e = a * m[0] + c * m[1], a * m[2] + c * m[3], e + a * m[4] + c * m[5]
    tag = node.tag.rpartition("}")[2]
    if tag == "use":
        yield a * float(node.get("x", 0)) + c * float(node.get("y", 0)) + e
    if tag not in ("defs", "image"):
        for child in node:
            yield from _glyphs(child, (a, c, e))
