"""Answers kept in files from Python, with the figures that a command puts into its document."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from pathlib import Path
from typing import Any

from coopgame.clusters.classify import Classification
from coopgame.clusters.study import Study
from coopgame.comparative.signs import Statics
from coopgame.pictures.figures import Wish, with_figures
from coopgame.pictures.spans import over_axes
from coopgame.report.documents import STRUCTURE, UNMARKED
from coopgame.report.formats import FORMATS, as_path, files, shape_of, write
from coopgame.report.notebook import report
from coopgame.report.sweeps import sweep_report
from coopgame.selection.criteria import SelectedEquilibria
from coopgame.solution import Solution
from coopgame.tables.sweep import Sweep
from coopgame.teaching.exercises import Sheet
from coopgame.teaching.lecture import Lecture


def save(value: Any, path: str | Path) -> None:
    """Write the report on a value to a file, in the format that its ending says.

    A document (.html, .pdf, .docx, .tex) has figures and the meanings of symbols, as that of the
    command has; it says so where they are left out, as Matplotlib is not installed.

    Parameters
    ----------
    path : str or Path
        Ends in .txt, .json, .csv, .xlsx, .md, .tex, .html, .pdf or .docx (and .toml, of a game).

    Raises
    ------
    InputError
        For another ending, or where the file cannot be written.
    MissingExtra
        For .pdf where Typst is not installed, for .docx python-docx, for .xlsx openpyxl.
    """
    target = as_path(path)
    if target.suffix.lower() == ".toml" and hasattr(value, "to_toml"):
        write(target, value.to_toml())
        return
    shape = shape_of(None, target)
    whole = sweep_report(value) if isinstance(value, Sweep) else report(value)
    if FORMATS[shape].is_document:
        whole = with_figures(whole, wishes(value))
    for each, content in files(whole, shape, target).items():
        write(each, content)


@singledispatch
def wishes(value: Any) -> Iterable[Wish]:
    """The figures for a document on a value; none, if nothing below says which."""
    return ()


@wishes.register
def _(value: Solution) -> Iterable[Wish]:
    return _of_game(value.game, *STRUCTURE, (None, {}))


@wishes.register
def _(value: Lecture) -> Iterable[Wish]:
    return _of_game(value.solution.game, *STRUCTURE, (None, {}))


@wishes.register
def _(value: Sheet) -> Iterable[Wish]:
    return _of_game(value.lecture.solution.game, *UNMARKED)


@wishes.register
def _(value: Statics) -> Iterable[Wish]:
    return _of_game(value.of, ("outcome", {}))


@wishes.register
def _(value: SelectedEquilibria) -> Iterable[Wish]:
    return _of_game(value.solution.game, ("basins", {}))


@wishes.register
def _(value: Sweep) -> Iterable[Wish]:
    return [] if value.request is None else _of_game(value.game, over_axes(value.request))


@wishes.register
def _(value: Study) -> Iterable[Wish]:
    return [(value.case, kind, {}) for kind in ("trajectory", "tornado")]


@wishes.register
def _(value: Classification) -> Iterable[Wish]:
    return [(value.case, "trajectory", {})]


def _of_game(game: Any, *kinds: tuple[str | None, dict[str, Any]]) -> Iterable[Wish]:
    return [] if game is None else [(game, *each) for each in kinds]
