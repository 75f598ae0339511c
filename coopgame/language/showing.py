"""How values show themselves in a notebook.

A value knows nothing of reports, which stand floors above it, but where they are found.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

RENDERER = "coopgame.report.notebook"


def as_html(value: Any) -> str:
    """The report on a value as an HTML fragment, all text escaped; a class's `_repr_html_`."""
    return str(import_module(RENDERER).html(value))


def as_latex(value: Any) -> str:
    """The report on a value as a LaTeX fragment (amsmath, booktabs); a class's `_repr_latex_`."""
    return str(import_module(RENDERER).latex(value))


def as_text(value: Any) -> str:
    """The report on a value as text, as a command prints it; a class's `__str__`."""
    return str(import_module(RENDERER).text(value))
