"""Every form has a starter that passes `check` and is solved, and `new` writes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from coopgame.catalogue import check_file, load_case, load_game
from coopgame.cli import main
from coopgame.clusters.place import place
from coopgame.forms import FORMS


@pytest.mark.parametrize("form", FORMS)
def test_a_starter_is_a_game_of_its_form(form: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    assert CliRunner().invoke(main, ["new", form, "-o", str(path)]).exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert f'form = "{form}"' in text and text.startswith("#")
    assert check_file(path) == ("catalogue", ())
    game = load_game(str(path))
    solution = game.solve()
    solution[game.header.headline]
    assert solution.at().branches


def test_an_unknown_form_is_answered_with_those_there_are() -> None:
    result = CliRunner().invoke(main, ["new", "chess"])
    assert result.exit_code == 2
    assert "forms: normal" in result.output


def test_the_starter_of_a_case_is_a_case_and_has_the_type_it_states(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    assert CliRunner().invoke(main, ["new", "case", "-o", str(path)]).exit_code == 0
    assert check_file(path) == ("cases", ())
    case = load_case(str(path))
    found = [place(case.cluster, phase.point).type for phase in case.phases]
    assert found == ["stagnating agglomeration", "Italianate"]
    assert case.phases[0].expected == found[0]
