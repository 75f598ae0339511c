"""What a notebook or `print` shows of a value: the report that a command prints of it."""

from __future__ import annotations

from functools import singledispatch
from importlib import import_module
from typing import Any

from coopgame.clusters.case import Case
from coopgame.clusters.classify import Classification
from coopgame.clusters.study import FACTS, Portrait
from coopgame.comparative.signs import Statics
from coopgame.errors import MissingExtra
from coopgame.findings.statements import Decision
from coopgame.report.cases import classification_report, portrait_report
from coopgame.report.claims import decision_report
from coopgame.report.derivations import lecture_report
from coopgame.report.exercises import sheet_report
from coopgame.report.games import game_report
from coopgame.report.html import fragment
from coopgame.report.latex import fragment as piece
from coopgame.report.selections import chosen_report, selected_report
from coopgame.report.signs import signs_report
from coopgame.report.solutions import solution_report
from coopgame.report.sweeps import sweep_report
from coopgame.report.tables import Report, exact
from coopgame.report.text import render as plainly
from coopgame.selection.criteria import Chosen, SelectedEquilibria
from coopgame.solution import Solution
from coopgame.tables.sweep import Sweep
from coopgame.teaching.exercises import Sheet
from coopgame.teaching.lecture import Lecture

MOST_ROWS = 60


def html(value: Any) -> str:
    """The report on a value as an HTML fragment."""
    return fragment(report(value))


def latex(value: Any) -> str:
    """The report on a value as a LaTeX fragment."""
    return piece(report(value))


def text(value: Any) -> str:
    """The report on a value as plain text."""
    return plainly(report(value))


def frame(value: Any) -> Any:
    """The main table of the report on a value as a pandas data frame, as CSV has it.

    Returns
    -------
    pandas.DataFrame
        Numbers are floats and expressions texts that parse again; no value is None.

    Raises
    ------
    MissingExtra
        Where pandas is not installed.
    """
    pandas = optional("pandas")
    if isinstance(value, Sweep):
        return pandas.DataFrame(value.columns())
    table = report(value).table
    rows = [[exact(cell) for cell in row] for row in table.rows]
    return pandas.DataFrame(rows, columns=list(table.names))


def cube(value: Sweep) -> Any:
    """The table as an xarray data set: a dimension for each column before the status.

    Returns
    -------
    xarray.Dataset
        `status` and each outcome, over the varied parameters and `equilibrium`.

    Raises
    ------
    MissingExtra
        Where xarray or pandas is not installed.
    """
    optional("xarray")
    keys = list(value.names[: value.names.index("status")])
    return frame(value).set_index(keys).to_xarray()


def optional(library: str) -> Any:
    """A library that coopgame can do without. Raises MissingExtra where it is not installed."""
    try:
        return import_module(library)
    except ImportError:
        raise MissingExtra(library) from None


@singledispatch
def report(value: Any) -> Report:
    """The report on a value; a value of no class below is a game of some form."""
    return game_report(value)


report.register(Solution, solution_report)
report.register(SelectedEquilibria, selected_report)
report.register(Chosen, chosen_report)
report.register(Statics, signs_report)
report.register(Classification, classification_report)
report.register(Lecture, lecture_report)
report.register(Sheet, sheet_report)
report.register(Decision, decision_report)


@report.register
def _(value: Sweep) -> Report:
    return sweep_report(value, MOST_ROWS)


@report.register
def _(value: Case) -> Report:
    return portrait_report(Portrait(value, (FACTS,)))
