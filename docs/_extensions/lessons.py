"""Lessons to hand out: a student's notebook without the answers, and the key with them.

Both are made of the one notebook that is stored, in which the answers come last.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
from sphinx.application import Sphinx

ANSWERS = re.compile(r"^## Answers$", re.MULTILINE)
VERSIONS = ("student", "key")


def handout(lesson: Any, version: str) -> Any:
    """A version of a lesson: "key" is the whole of it, "student" what comes before the answers."""
    kept = nbformat.from_dict({**lesson, "cells": []})
    for cell in lesson.cells:
        copy = nbformat.from_dict({**cell, "metadata": {}})
        begins = ANSWERS.search(cell.source) if cell.cell_type == "markdown" else None
        if version == "student" and begins:
            copy.source = cell.source[: begins.start()].rstrip()
            kept.cells += [copy] if copy.source else []
            break
        kept.cells.append(copy)
    return kept


def write(app: Sphinx) -> None:
    """Put both versions of every lesson beside its page."""
    if app.builder.format != "html":
        return
    target = Path(app.outdir) / "lessons"
    target.mkdir(parents=True, exist_ok=True)
    for path in _lessons(app):
        lesson = nbformat.read(path, as_version=4)
        for version in VERSIONS:
            nbformat.write(handout(lesson, version), target / f"{path.stem}-{version}.ipynb")


def link(app: Sphinx, page: str, source: list[str]) -> None:
    """List the notebooks to hand out on the page of lessons."""
    if page != "lessons/index":
        return
    for path in _lessons(app):
        links = (f'<a href="{path.stem}-{v}.ipynb" download>{v}</a>' for v in VERSIONS)
        source[0] += f"\n- {path.stem.replace('-', ' ')}: {', '.join(links)}"


def _lessons(app: Sphinx) -> list[Path]:
    return sorted(Path(app.srcdir, "lessons").glob("*.ipynb"))


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("builder-inited", write)
    app.connect("source-read", link)
    return {"parallel_read_safe": True}
