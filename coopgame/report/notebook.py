"""What a notebook or `print` shows of a value: the report that a command prints of it."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from coopgame.clusters.case import Case
from coopgame.clusters.classify import Classification
from coopgame.comparative import Statics
from coopgame.report.cases import classification_report, portrait_report
from coopgame.report.games import game_report
from coopgame.report.html import fragment
from coopgame.report.latex import render
from coopgame.report.signs import signs_report
from coopgame.report.solutions import solution_report
from coopgame.report.sweeps import sweep_report
from coopgame.report.tables import Report
from coopgame.report.text import render as plainly
from coopgame.solution import Solution
from coopgame.study import FACTS, Portrait
from coopgame.sweep import Sweep

MOST_ROWS = 60


def html(value: Any) -> str:
    """The report on a value as an HTML fragment."""
    return fragment(report(value))


def latex(value: Any) -> str:
    """The report on a value as a LaTeX fragment."""
    return render(report(value))


def text(value: Any) -> str:
    """The report on a value as plain text."""
    return plainly(report(value))


@singledispatch
def report(value: Any) -> Report:
    """The report on a value; a value of no class below is a game of some form."""
    return game_report(value)


report.register(Solution, solution_report)
report.register(Statics, signs_report)
report.register(Classification, classification_report)


@report.register
def _(value: Sweep) -> Report:
    return sweep_report(value, MOST_ROWS)


@report.register
def _(value: Case) -> Report:
    return portrait_report(Portrait(value, (FACTS,)))
