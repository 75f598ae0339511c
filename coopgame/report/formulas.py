"""Formulas as trees: presentation MathML that is measured, broken, and written in other languages.

One tree serves every format but LaTeX, so that a formula is the same in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from coopgame.language.mathml import to_mathml

ENTITY = re.compile(r"&(?!lt;|gt;|amp;)(\w+);")
TIMES = "\u2062"  # the product sign that is not printed
# Widths in units of the type size, as TeX and Typst set them on average.
LETTER, DIGIT, OPERATOR, SMALL, BRACKET, GAP = 0.56, 0.5, 1.35, 0.72, 0.4, 0.17
RELATIONS = frozenset("=<>≤≥≠+−-∧∨→")


def tree(value: Any) -> Element:
    """The formula of an expression or condition as a tree of presentation MathML."""
    printed = ENTITY.sub(lambda match: unescape(match[0]), to_mathml(value))
    return ElementTree.fromstring(f"<math>{printed}</math>")


def width(node: Element) -> float:
    """About how wide a formula is set, in units of the type size.

    >>> import sympy
    >>> x = sympy.Symbol("x")
    >>> width(tree(x)) < width(tree(1 / (1 + x))) < width(tree(1 + x + x**2))
    True
    """
    parts = [width(child) for child in node]
    if node.tag in ("mi", "mn", "mo", "mtext"):
        return _wide(node.tag, node.text or "")
    if node.tag in ("mfrac", "mtable", "munderover"):
        return max(parts, default=0) + GAP
    if node.tag in ("msup", "msub", "msubsup"):
        return parts[0] + SMALL * max(parts[1:], default=0)
    return sum(parts) + (1 if node.tag in ("msqrt", "mroot", "mtr") else 0)


def _wide(tag: str, text: str) -> float:
    if tag != "mo":
        return (DIGIT if tag == "mn" else LETTER) * len(text)
    if text == TIMES:
        return GAP
    return OPERATOR if text.strip() in RELATIONS else BRACKET * len(text) + GAP


def in_line(node: Element, room: float) -> Element:
    """The formula with fractions and roots that no line holds written on the line, to be broken.

    A quotient becomes a slash and a root a power, as `(a + b + ...)/(c + d)`.
    """
    children = [in_line(child, room) for child in node]
    if width(node) > room and node.tag == "mfrac":
        return row_of(_grouped(children[0]), token("mo", "/"), _grouped(children[1]))
    if width(node) > room and node.tag in ("msqrt", "mroot"):
        root = "2" if node.tag == "msqrt" else "".join(children.pop().itertext())
        return _raised(children, token("mn", f"1/{root}"))
    if width(node) > room and node.tag == "msup":
        return _raised(_unbracketed(children[0]), children[1])
    copy = Element(node.tag, node.attrib)
    copy.text = node.text
    copy.extend(children)
    return copy


def _raised(base: Sequence[Element], power: Element) -> Element:
    """A power of which only the closing bracket carries the exponent, so that it can be broken."""
    closing = Element("msup")
    closing.extend([token("mo", ")"), power])
    return row_of(token("mo", "("), *base, closing)


def _unbracketed(node: Element) -> list[Element]:
    children = list(node)
    ends = [child.text for child in (*children[:1], *children[-1:])]
    is_bracketed = node.tag == "mrow" and len(children) > 1 and ends == ["(", ")"]
    return children[1:-1] if is_bracketed else [node]


def _grouped(node: Element) -> Element:
    """The node, in brackets unless it is a single token."""
    if node.tag in ("mi", "mn"):
        return node
    return row_of(token("mo", "("), node, token("mo", ")"))


def row_of(*children: Element) -> Element:
    """Parts beside each other."""
    row = Element("mrow")
    row.extend(children)
    return row


def token(tag: str, text: str) -> Element:
    """A number, a name or a sign."""
    leaf = Element(tag)
    leaf.text = text
    return leaf
