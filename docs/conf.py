"""How Sphinx builds these pages: no network, no notebook run, every warning worth stopping for."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "_extensions")]

import coopgame  # noqa: E402

project = "coopgame"
author = "The coopgame developers"
copyright = author  # noqa: A001
version = release = coopgame.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "mathml", "commands"]
exclude_patterns = ["_extensions"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
myst_update_mathjax = False
nb_execution_mode = "off"
# The folder of lessons may hold no notebook yet.
suppress_warnings = ["toc.empty_glob"]

# Docstrings put code between single backticks.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_class_signature = "separated"
autodoc_preserve_defaults = True

html_theme = "furo"
html_title = f"coopgame {release}"
html_math_renderer = "mathml"
html_copy_source = False
