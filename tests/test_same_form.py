"""One condition is written in one form: by `solve`, `statics`, `explain`, and on the page.

Every format (text, LaTeX, Typst, Word, HTML) is printed from the values compared here.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy

from coopgame import catalogue
from coopgame.comparative.signs import Statics
from coopgame.forms.derivation import Role
from coopgame.language.printing import to_text
from coopgame.pages.games import game_page
from coopgame.report.abbreviations import Abbreviated, abbreviated
from coopgame.report.derivations import in_short
from coopgame.report.signs import signs_report
from coopgame.report.solutions import solution_report
from coopgame.report.tables import Facts, Report
from coopgame.teaching.lecture import lecture

STARTERS = sorted((Path(__file__).parents[1] / "games" / "starters").glob("*.toml"))
SHORT = ["hawk_dove", "inspection", "trust"]
REST = [name for name in catalogue.files("catalogue") if name not in SHORT]


def entries(report: Report, label: str) -> list[list[str]]:
    """What stands beside a label, wherever it does."""
    facts = [part for section in report.sections for part in section.parts]
    pairs = [pair for part in facts if isinstance(part, Facts) for pair in part.entries]
    return [list(map(to_text, lines)) for name, lines in pairs if name == label]


def in_full(condition: sympy.Basic, short: Abbreviated) -> sympy.Basic:
    """A condition with what its letters stand for, but for the effective discount factors."""
    for letter in reversed(list(short.definitions)):
        if not letter.name.startswith("D"):
            condition = condition.xreplace({letter: short.definitions[letter]})
    return condition


def hold_to_one_form(name: str) -> None:
    game = catalogue.load_game(name)
    solution = game.solve()
    short = abbreviated(solution)
    told = [list(map(to_text, branch.conditions)) for branch in short.solution.branches]
    assert entries(solution_report(solution), "exists where") == [each for each in told if each]
    statics = signs_report(Statics(game.header.info, ()), solution=solution)
    page = game_page(game).block
    assert page is not None
    for branch, shown, conditions in zip(
        short.solution.branches, page.equilibria, told, strict=True
    ):
        assert entries(statics, branch.name) == ([conditions] if conditions else [])
        assert [to_text(condition.shown) for condition in shown.conditions] == conditions
        lines = in_short(lecture(game, branch.name, signs=False)).lines(Role.CONDITION)
        whole = [to_text(in_full(condition, short)) for condition in branch.conditions]
        assert [to_text(line.statement) for line in lines] == whole, branch.name


@pytest.mark.parametrize("name", SHORT)
def test_a_condition_has_one_form_in_every_output(name: str) -> None:
    hold_to_one_form(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*REST, *map(str, STARTERS)])
def test_a_condition_has_one_form_in_every_output_of_every_other_game(name: str) -> None:
    hold_to_one_form(name)
