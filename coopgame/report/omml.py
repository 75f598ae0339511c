"""Formulas as word processors hold them (Office MathML), from the tree that other formats take."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element

from coopgame.report.formulas import TIMES, row_of

SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/math"
UPRIGHT = '<m:rPr><m:sty m:val="p"/></m:rPr>'
BRACKETS = {"(": ")", "|": "|", "⌈": "⌉", "⌊": "⌋", "[": "]"}
BOTH = ("sSubSup", ("e", "sub", "sup"))
SCRIPTS = {"msup": ("sSup", ("e", "sup")), "msub": ("sSub", ("e", "sub")), "msubsup": BOTH,
           "munderover": BOTH}  # fmt: skip


def office_math(node: Element) -> str:
    """Presentation MathML as one `m:oMath` element."""
    return f'<m:oMath xmlns:m="{SPACE}">{_inner(node)}</m:oMath>'


def _inner(node: Element) -> str:
    return "".join(_pieces(node))


def _pieces(node: Element) -> Iterator[str]:
    text = node.text or ""
    if node.tag == "mo" and text == TIMES:
        return
    if node.tag in ("mi", "mn", "mo", "mtext"):
        is_plain = node.tag in ("mn", "mtext") or (node.tag == "mo" and text.isalpha())
        yield _run(text.strip("\n"), is_plain)
    elif node.tag == "mfrac":
        kind = '<m:fPr><m:type m:val="noBar"/></m:fPr>' if node.get("linethickness") == "0" else ""
        yield f"<m:f>{kind}<m:num>{_inner(node[0])}</m:num><m:den>{_inner(node[1])}</m:den></m:f>"
    elif node.tag in SCRIPTS:
        name, parts = SCRIPTS[node.tag]
        inner = "".join(
            f"<m:{part}>{_inner(child)}</m:{part}>" for part, child in zip(parts, node, strict=True)
        )
        yield f"<m:{name}>{inner}</m:{name}>"
    elif node.tag in ("msqrt", "mroot"):
        yield _root(node)
    elif node.tag == "mtable":
        rows = "".join(f"<m:e>{''.join(map(_inner, row))}</m:e>" for row in node)
        yield f"<m:eqArr>{rows}</m:eqArr>"
    elif _is_bracketed(node):
        ends = f'<m:begChr m:val="{node[0].text}"/><m:endChr m:val="{node[-1].text}"/>'
        inner = "".join(_inner(row_of(child)) for child in node[1:-1])
        yield f"<m:d><m:dPr>{ends}</m:dPr><m:e>{inner}</m:e></m:d>"
    else:
        yield from (piece for child in node for piece in _pieces(child))


def _run(text: str, is_plain: bool) -> str:
    look = UPRIGHT if is_plain else ""
    return f'<m:r>{look}<m:t xml:space="preserve">{escape(text)}</m:t></m:r>'


def _root(node: Element) -> str:
    if node.tag == "mroot":
        return f"<m:rad><m:deg>{_inner(node[1])}</m:deg><m:e>{_inner(node[0])}</m:e></m:rad>"
    hidden = '<m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>'
    inner = "".join(piece for child in node for piece in _pieces(child))
    return f"<m:rad>{hidden}<m:e>{inner}</m:e></m:rad>"


def _is_bracketed(node: Element) -> bool:
    if len(node) < 3 or node[0].tag != "mo" or node[-1].tag != "mo":
        return False
    return BRACKETS.get(node[0].text or "") == node[-1].text
