"""Answers kept between runs: the same as anew, and never trusted where they cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sympy
from click.testing import CliRunner

import coopgame as cg
from coopgame import cache, catalogue
from coopgame.cache import Store, kept, remembered
from coopgame.cli import main
from coopgame.clock import until
from coopgame.forms.normal.game import NormalGame


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    own = Store(tmp_path / "answers")
    with kept(own):
        yield own


class Asked:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def slowly(self, of: object, progress: object = None) -> str:
        self.times += 1
        return f"the answer for {of}"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    monkeypatch.setattr(cache, "WORTH_KEEPING", -1)
    return Asked()


def test_an_answer_is_worked_out_once(store: Store, asked: Asked) -> None:
    def work(of: object) -> str:
        return asked.slowly(of)

    ask = remembered()(work)
    assert ask(1) == ask(1) == "the answer for 1"
    assert asked.times == 1
    assert ask(2) == "the answer for 2"
    assert asked.times == 2


def test_a_default_that_is_left_out_or_said_is_one_question(store: Store, asked: Asked) -> None:
    def work(of: object, seed: int = 0) -> str:
        return asked.slowly(of)

    ask = remembered()(work)
    assert ask(1) == ask(1, 0) == ask(1, seed=0) and asked.times == 1
    assert ask(1, 2) == ask(1, seed=2) and asked.times == 2


def test_without_a_store_nothing_is_kept(asked: Asked) -> None:
    token = cache._STORE.set(None)
    try:
        ask = remembered()(lambda of: asked.slowly(of))
        ask(1)
        ask(1)
    finally:
        cache._STORE.reset(token)
    assert asked.times == 2


def test_an_argument_without_a_name_is_not_kept_and_an_ignored_one_does_not_matter(
    store: Store, asked: Asked
) -> None:
    def work(of: object, progress: object = None) -> str:
        return asked.slowly(of)

    told = remembered("progress")(work)
    told(1, print)
    told(1, len)
    assert asked.times == 1
    untold = remembered()(work)
    untold(1, print)
    untold(1, print)
    assert asked.times == 3


def test_what_a_time_limit_cut_short_is_not_kept(store: Store, asked: Asked) -> None:
    ask = remembered()(lambda of: asked.slowly(of))
    with until(0):
        ask(1)
    ask(1)
    assert asked.times == 2


@pytest.mark.parametrize("entry", [b"no pickle", ("another name", "wrong"), "wrong", None])
def test_an_entry_of_another_kind_is_worked_out_again(
    store: Store, asked: Asked, entry: object
) -> None:
    ask = remembered()(lambda of: asked.slowly(of))
    ask(1)
    (name,) = store._entries
    store._entries.set(name, entry)
    assert ask(1) == "the answer for 1"
    assert asked.times == 2


def test_a_folder_that_holds_anything_else_is_no_fault(tmp_path: Path, asked: Asked) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    (folder / "cache.db").write_bytes(b"this is no database" * 100)
    with kept(Store(folder)):
        ask = remembered()(lambda of: asked.slowly(of))
        assert ask(1) == ask(1) == "the answer for 1"
    assert Store(folder).size() == (0, 0)
    Store(folder).clear()
    assert not folder.exists()


def test_a_solution_read_back_holds_the_very_game_that_was_asked(store: Store) -> None:
    first, second = catalogue.load_game("trust"), catalogue.load_game("trust")
    solutions = first.solve(), second.solve()
    assert store.size()[0] > 0
    assert solutions[0] == solutions[1]
    assert solutions[0].game is first
    assert solutions[1].game is second


def test_a_changed_game_never_meets_an_old_answer(store: Store) -> None:
    game = catalogue.load_game("inspection")
    assert isinstance(game, NormalGame)
    header = replace(game.header, domain=game.header.domain.extend(assumptions=()))
    name = cache._name(type(game).solve, {"self": game}, ())
    assert name == cache._name(type(game).solve, {"self": replace(game, header=header)}, ())
    other = game.substitute({game.header.domain.parameters[0].name: 1})
    assert name != cache._name(type(game).solve, {"self": other}, ())


def test_a_changed_package_never_meets_an_old_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache._name(len, {"of": 1}, ())
    monkeypatch.setattr(cache, "_code", lambda: "another version")
    assert cache._name(len, {"of": 1}, ()) != before


def test_commands_keep_answers_unless_told_not_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Store(tmp_path / "answers")
    monkeypatch.setattr(Store, "of_user", classmethod(lambda cls: own))
    run = CliRunner()
    anew = run.invoke(main, ["solve", "trust", "--no-cache"])
    assert own.size()[0] == 0
    first = run.invoke(main, ["solve", "trust"])
    assert own.size()[0] > 0
    again = run.invoke(main, ["solve", "trust"])
    assert anew.output == first.output == again.output
    assert f"in {own.folder}" in run.invoke(main, ["cache"]).output
    run.invoke(main, ["cache", "--clear"])
    assert own.size()[0] == 0


@pytest.mark.parametrize("command", ["solve", "explain"])
def test_an_answer_is_told_in_the_same_words_the_second_time(command: str, tmp_path: Path) -> None:
    """Comparisons and products come back as they stood, not as SymPy simplifies them."""
    told = []
    for _ in range(2):
        with kept(Store(tmp_path / "own")):
            told.append(str(getattr(cg, command)("inspection")))
    assert told[0] == told[1] and "True" not in told[0]


def test_expressions_that_print_alike_are_different_questions() -> None:
    """Text tells nothing of what is assumed of a letter, nor whether a product was worked out."""
    x, positive = sympy.Symbol("x", real=True), sympy.Symbol("x", positive=True)
    product = sympy.Mul(2, 3, evaluate=False), sympy.Mul(sympy.Symbol("2"), 3, evaluate=False)
    for one, other in ((x + 1, positive + 1), product):
        assert str(one) == str(other)
        assert cache._name(len, {"of": one}, ()) != cache._name(len, {"of": other}, ())
    assert cache._name(len, {"of": 1 + x}, ()) == cache._name(len, {"of": x + 1}, ())
