"""How Sphinx builds these pages: no network, no notebook run, every warning worth stopping for."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "_extensions")]

from sphinx.application import Sphinx  # noqa: E402

import coopgame  # noqa: E402

project = "coopgame"
author = "The coopgame developers"
copyright = author  # noqa: A001
version = release = coopgame.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "mathml", "commands", "lessons"]
exclude_patterns = ["_extensions", "**.ipynb_checkpoints"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
myst_update_mathjax = False
nb_execution_mode = "off"

# Docstrings put code between single backticks.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_class_signature = "separated"
autodoc_preserve_defaults = True

html_theme = "furo"
html_title = f"coopgame {release}"
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False


def without_notebooks(app: Sphinx, page: str, source: list[str]) -> None:
    """Drop the list of lessons while there is none: Sphinx warns of a pattern without a match."""
    if page == "lessons/index" and not any((HERE / "lessons").glob("*.ipynb")):
        source[0] = source[0].partition("```{toctree}")[0]


def outdated(*_: object) -> list[str]:
    """The pages whose content comes from elsewhere than their own text."""
    return ["lessons/index", "reference/commands"]


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", without_notebooks)
    app.connect("env-get-outdated", outdated)
