"""What a notebook shows, and pages of HTML: every kind of value, escaped, short, traceable."""

from __future__ import annotations

from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

import coopgame as cg
from coopgame import catalogue
from coopgame.cli import main
from coopgame.clusters.case import Case
from coopgame.clusters.classify import classify
from coopgame.clusters.codebook import Drawing
from coopgame.reading.info import Info
from coopgame.report import html
from coopgame.report.tables import Column, Report, ReportPart, Table

formatters = pytest.importorskip("IPython.core.formatters", reason="pip install ipython")

VOID = {"meta", "img", "br", "hr"}


class Balance(HTMLParser):
    """Follows the elements of a page and fails where one is closed that is not open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", catalogue.files("catalogue"))
def test_every_game_shows_itself_and_its_equilibria_at_a_point(name: str) -> None:
    game = cg.load(name)
    for value in (game, game.solve().at()):
        shown = value._repr_html_()
        assert Balance(shown).seen >= {"h2", "h3", "p"}
        assert f"{name} [{game.header.info.digest}]" in shown
        assert r"\subsection*" in value._repr_latex_()


def test_a_notebook_finds_what_values_say_of_themselves() -> None:
    """Through IPython's own machinery, which looks methods up on the class."""
    solution = cg.load("trust").solve()
    shown, _ = formatters.DisplayFormatter().format(solution)
    assert shown["text/html"] == solution._repr_html_()
    assert shown["text/latex"] == solution._repr_latex_()


def test_a_solution_is_set_in_mathematics() -> None:
    shown = cg.load("trust").solve()._repr_html_()
    assert Balance(shown).seen >= {"math", "mfrac", "mo"} and "≥" in unescape(shown)
    assert "6 equilibria, each with the conditions" in shown


def test_signs_show_the_matrix_and_its_legend() -> None:
    shown = cg.statics(cg.load("inspection"))._repr_html_()
    assert "++" in shown and "Each sign but . is proved" in shown and "inspection [" in shown


def test_a_long_table_shows_its_beginning_and_says_so() -> None:
    table = cg.table(cg.load("inspection"), vary={"c": ("1", "2", 500)})
    shown = table._repr_html_()
    assert f"The first 60 of {len(table)} rows." in shown
    assert shown.count("<tr>") <= 61
    assert "The first" not in cg.table(cg.load("inspection"), vary={"c": ["1"]})._repr_html_()


def test_columns_tell_what_they_mean_and_in_which_unit() -> None:
    shown = cg.table(cg.load("trust"), vary={"h": [0]})._repr_html_()
    hazard = cg.load("trust").header.domain["h"]
    assert f'title="{hazard.meaning}; {hazard.unit}"' in shown


def test_cases_clusters_and_classifications_show_themselves(cases: Mapping[str, Case]) -> None:
    case = cases["export_zone"]
    assert "cheap labour" in case._repr_html_()
    assert "satellite" in classify(case, Drawing(10))._repr_html_()


def hostile() -> Report:
    mark = "<script>alert(1)</script>"
    table = Table((Column(mark, mark, '"'),), [(mark,)], mark, (mark,))
    return Report(mark, (ReportPart(mark, (mark, table)),), table, {}, mark, (mark,))


def test_no_text_of_a_file_is_taken_for_markup() -> None:
    page = html.render(hostile())
    assert "<script" not in page and "default-src 'none'" in page
    assert Balance(page).seen >= {"table", "caption", "title"}


def test_an_answer_is_written_as_a_page(tmp_path: Path) -> None:
    """The ending of the file tells the format."""
    page = tmp_path / "signs.html"
    result = CliRunner().invoke(main, ["statics", "inspection", "-o", str(page)])
    assert result.exit_code == 0 and not result.stdout
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>") and Balance(text).seen >= {"table", "title"}


def test_a_solution_says_which_file_it_comes_from() -> None:
    solution = cg.load("trust").solve()
    assert isinstance(solution.info, Info) and solution.name == "trust"
    assert solution.at().info.digest == solution.info.digest


def test_a_value_says_what_it_is_in_one_line_and_prints_as_the_command_does() -> None:
    game = cg.load("inspection")
    solution, signs = game.solve(), cg.statics(game, outcomes=["compliance"])
    table = cg.table(game, vary={"c": ["1", "2"]})
    assert repr(game) == "<NormalGame inspection>"
    assert repr(solution).startswith("<Solution of inspection: ")
    assert repr(signs) == f"<Statics of inspection: {len(signs.rows)} signs>"
    assert repr(table) == f"<Sweep of inspection: 2 points, {len(table)} rows>"
    printed = CliRunner(env={"COLUMNS": "100"}).invoke(main, ["solve", "inspection"]).output
    assert str(solution) == printed
