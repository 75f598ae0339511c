"""The face in Python: what a solution is, how a game is built in code, and wrong arguments."""

from __future__ import annotations

import multiprocessing
import pickle
from pathlib import Path

import pytest
import sympy

import coopgame as cg
from coopgame.catalogue import files, load_game
from coopgame.errors import InputError, MissingExtra

QUICK = ("inspection", "battle_of_the_sexes", "stag_hunt", "hawk_dove", "public_good", "volunteer")
SLOW = tuple(name for name in files("catalogue") if name not in (*QUICK, "tie_no_transfers"))


def check_pickles(name: str) -> None:
    game = load_game(name)
    assert pickle.loads(pickle.dumps(game)) == game
    solution = game.solve()
    again = pickle.loads(pickle.dumps(solution))
    assert again == solution
    assert hash(again) == hash(solution)
    assert again.game == game


@pytest.mark.parametrize("name", [*QUICK, "tie_no_transfers"])
def test_a_solution_pickles(name: str) -> None:
    check_pickles(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_every_solution_pickles(name: str) -> None:
    check_pickles(name)


def test_a_solution_is_a_mapping_of_its_branches() -> None:
    game = load_game("battle_of_the_sexes")
    solution = game.solve()
    assert solution.game is game
    names = [branch.name for branch in solution.branches]
    assert list(solution) == names and len(solution) == len(names)
    assert names[0] in solution and "nothing" not in solution and 3 not in solution
    assert solution[names[0]] is solution.branches[0]
    assert dict(solution.items())[names[-1]] is solution.branches[-1]
    assert solution.get("nothing") is None
    for kind in (KeyError, ValueError, InputError):
        with pytest.raises(kind, match="has no branch 'nothing'"):
            solution["nothing"]


def test_solutions_are_equal_where_their_games_are() -> None:
    one, other = load_game("inspection"), load_game("inspection")
    assert one == other and one.solve() == other.solve()
    assert len({one.solve(), other.solve()}) == 1
    fixed = one.substitute({"c": sympy.Integer(1)})
    assert fixed != one and fixed.solve() != one.solve()


def test_symbols_are_those_of_conditions() -> None:
    """d/dR of (T - R)/((1 - h)*(T - P)) is -1/((1 - h)*(T - P)); a symbol of one's own gives 0."""
    solution = load_game("trust").solve()
    T, R, P, h = solution.symbols("T R, P h")
    slope = sympy.diff(solution.threshold("delta"), R)
    assert sympy.simplify(slope + 1 / ((1 - h) * (T - P))) == 0
    assert solution.symbols("T") is T
    assert set(solution.symbols()) == set(solution.domain.symbols)
    for wrong in (None, 3, "nothing", ["T"], "T nothing"):
        with pytest.raises(InputError):
            solution.symbols(wrong)


def test_values_are_given_by_name_in_either_way() -> None:
    solution = load_game("inspection").solve()
    assert solution.at(c=2) == solution.at({"c": 2})
    assert solution.at({"c": 2}).point["c"] == 2
    for wrong in (3, "c", [("c", 2)], {1: 2}, {"c": None}, {"c": object()}, {"nothing": 1}):
        with pytest.raises(InputError):
            solution.at(wrong)
    with pytest.raises(InputError, match="c is given twice"):
        solution.at({"c": 2}, c=2)


def test_points_are_solved_in_several_processes() -> None:
    solution = load_game("inspection").solve()
    points = [{"c": 1}, {"c": 2}]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(solution.at, points)
    assert found == [solution.at(point) for point in points]


def test_a_value_is_kept_in_a_file_of_any_format(tmp_path: Path) -> None:
    solution = load_game("inspection").solve()
    for ending in ("txt", "json", "csv", "md", "tex", "html"):
        solution.save(tmp_path / f"x.{ending}")
        assert (tmp_path / f"x.{ending}").read_text()
    assert (tmp_path / "x.tex").read_text() == solution.to_latex()
    for wrong in ("x.exe", None, 3, "", tmp_path, tmp_path / "nowhere" / "x.csv"):
        with pytest.raises(InputError):
            solution.save(wrong)


def test_a_value_is_a_data_frame() -> None:
    pytest.importorskip("pandas")
    signs = load_game("inspection")
    frame = cg.statics(signs).to_frame()
    assert {"outcome", "branch", "parameter", "sign"} <= set(frame.columns)
    grid = cg.table(signs, {"c": ("1", "2", 3)}).to_frame()
    assert list(grid["c"].unique()) == [1, 1.5, 2]


def test_a_missing_library_is_named_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(MissingExtra, match=r"^pandas is not installed: pip install pandas$"):
        load_game("inspection").solve().to_frame()
