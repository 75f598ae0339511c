"""Formulas as MathML, by the converter that comes with docutils: nothing is fetched by the reader.

What the converter does not know is shown as it was written, with a warning.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

LOG = logging.getLogger(__name__)

# TeX takes one digit where no braces stand; the converter would take them all.
DIGITS = re.compile(r"(\\[dt]?frac *|[\^_])(\d)(?=\d)")

MISSING = {
    r"\iff": r"\;\Longleftrightarrow\;",
    r"\implies": r"\;\Longrightarrow\;",
    r"\impliedby": r"\;\Longleftarrow\;",
}


def inline(writer: HTML5Translator, node: nodes.math) -> None:
    """A formula within a line."""
    writer.body.append(_converted(writer, node, is_block=False))
    raise nodes.SkipNode


def block(writer: HTML5Translator, node: nodes.math_block) -> None:
    """A formula on a line of its own."""
    writer.body.append(f'<div class="formula">{_converted(writer, node, is_block=True)}</div>\n')
    raise nodes.SkipNode


def _converted(writer: HTML5Translator, node: nodes.Element, is_block: bool) -> str:
    text = DIGITS.sub(r"\1{\2}", node.astext())
    text = re.sub(r"\\[A-Za-z]+", lambda command: MISSING.get(command[0], command[0]), text)
    try:
        return str(tex2mathml(text, as_block=is_block))
    except MathError as error:
        LOG.warning("no MathML for %r: %s", text, error, location=node)
        return f"<code>{writer.encode(text)}</code>"


def setup(app: Sphinx) -> dict[str, Any]:
    """Offer the renderer under the name "mathml"."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
