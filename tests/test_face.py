"""The face in Python: what a solution is, how a game is built in code, and wrong arguments."""

from __future__ import annotations

import inspect
import multiprocessing
import pickle
import tomllib
from pathlib import Path

import pytest
import sympy

import coopgame as cg
from coopgame.catalogue import files, load_game, starter
from coopgame.errors import InputError, MissingExtra
from coopgame.forms import FORMS

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
        with pytest.raises(kind, match="has no equilibrium 'nothing'"):
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
    whole = (tmp_path / "x.tex").read_text()
    assert whole.startswith("%") and whole.endswith("\\end{document}\n")
    assert "\\begin{document}" not in solution.to_latex()
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


# --- games in code -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", files("catalogue"))
def test_a_game_written_out_is_read_back(name: str) -> None:
    game = load_game(name)
    assert cg.loads(game.to_toml()) == game
    stated = tomllib.loads(game.to_toml())
    again = cg.load(stated)
    assert again.header.domain == game.header.domain
    assert cg.loads(again.to_toml()) == again


@pytest.mark.parametrize("form", FORMS)
def test_a_game_of_every_form_needs_no_words_about_its_parameters(form: str) -> None:
    stated = tomllib.loads(starter(form))
    for entry in stated["parameters"].values():
        for key in ("meaning", "unit", "source", "default"):
            entry.pop(key)
    built = cg.load({key: value for key, value in stated.items() if key != "expected"})
    assert cg.loads(built.to_toml()) == built
    assert built.header.domain.point({})


@pytest.mark.parametrize("form", FORMS)
def test_players_parameters_and_outcomes_of_a_game_are_plain_collections(form: str) -> None:
    """Every name that `players` and `outcomes` give is one that some equilibrium speaks of."""
    game = cg.loads(starter(form))
    solution = game.solve()
    assert set(game.players) == {name for b in solution.branches for name in b.payoffs}
    assert set(game.outcomes) == {name for b in solution.branches for name in b.outcomes}
    assert set(game.parameters) == set(game.header.domain.names)
    assert all(isinstance(actions, tuple) for actions in dict(game.players).values())


def test_a_call_that_fits_no_arguments_of_a_game_or_a_solution_is_an_input_error() -> None:
    game = cg.load("trust")
    solution = game.solve()
    for call in (
        lambda: game.solve("grim"), lambda: game.solve(T=5), lambda: solution.at(1, 2),
        lambda: solution.threshold(), lambda: solution.critical("collapse"),
        lambda: solution.bounds("delta", "grim", 3), lambda: solution.symbols("T", "R"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=r"arguments: |it takes none"):
            call()


def test_a_threshold_needs_a_headline_or_the_name_of_an_equilibrium() -> None:
    stag = cg.game("normal", [["s", 0], [1, 1]], parameters={"s": "(0, oo)"})
    with pytest.raises(InputError, match=r"no headline \(name an equilibrium: a1,a1; "):
        stag.solve().threshold("s")
    assert stag.solve().threshold("s", "a1,a1") == 1
    only = cg.game("normal", [["s"]], parameters={"s": "(0, oo)"})
    with pytest.raises(InputError, match="'a1,a1' does not depend on s"):
        only.solve().threshold("s")


def test_a_matrix_is_a_symmetric_game() -> None:
    T, R = sympy.symbols("T R")  # no assumptions of their own: names are what counts
    game = cg.game(
        "normal", [[R, 0], [T, 1]], players={"row": "C D", "column": "C D"},
        parameters={T: (1, sympy.oo), R: "(1, oo)"}, assume=T > R,
    )  # fmt: skip
    other = cg.game(
        "normal", players={"row": ["C", "D"], "column": ["C", "D"]},
        parameters={"T": "(1, oo)", "R": "(1, oo)"}, assume=["T > R"],
        payoffs={"C,C": ("R", "R"), ("C", "D"): (0, "T"), "D,C": ("T", 0), "D,D": (1, 1)},
    )  # fmt: skip
    assert game.payoffs == other.payoffs and game.header.domain == other.header.domain
    assert list(game.solve()) == ["D,D"]
    both = cg.game("normal", [[3, 0], [5, 1]], [[3.5, 5], [0, 1]])
    assert both.payoffs["r1", "c1"] == (3, sympy.Rational(7, 2))


def test_all_faults_of_a_game_in_code_are_told_with_their_places() -> None:
    with pytest.raises(InputError) as told:
        cg.game("normal", players={"row": "C D", "column": "C D"}, parameters={"T": "(2, 1)"},
                payoffs={"C,C": ("T", "X"), "C,D": (0, 0), "D,C": (0, 0)})  # fmt: skip
    places = {fault.place for fault in told.value.faults}
    assert {"parameters.T.domain", "payoffs.C,C[1]", "payoffs.D,D"} <= places
    with pytest.raises(InputError, match=r"payoffs\.C,C\[0\]: .* cannot stand in a game"):
        cg.game("normal", players={"row": "C"}, payoffs={"C,C": [object()]})


def test_a_game_into_which_values_were_put_is_not_written_out_as_another() -> None:
    fixed = load_game("inspection").substitute({"c": sympy.Integer(1)})
    with pytest.raises(InputError, match="is not as a file states it"):
        fixed.to_toml()


# --- what is asked of a game -------------------------------------------------------------------


def test_methods_have_the_names_of_the_commands() -> None:
    game = load_game("inspection")
    assert game.at(c=2) == game.at({"c": 2}) == cg.at("inspection", c=2)
    tiny = cg.game("normal", [["s"]], parameters={"s": "(1, oo)"})
    assert tiny.statics("payoff_row").row("payoff_row", "s", "a1,a1").sign == "+"
    assert repr(game.prove("somewhere holds_mixed")).startswith(
        "inspection: 'somewhere holds_mixed'"
    )
    assert "<iframe" in game.explore()._repr_html_()
    assert game.export("ne", set={"c": 2}) == "NE,1/2,1/2,1/4,3/4\n"
    assert game.check() == ()
    assert set(game.parameters) == set(game.header.domain.names)
    assert "Parameters" in (type(game).table.__doc__ or "")


def test_selection_of_a_stag_hunt() -> None:
    """Payoffs s, 0; 1, 1: stag is lost at s - 1 and hare at 1, so stag risk-dominates iff s >= 2;
    best replies turn at a share 1/s of stag, which is also where hare's basin ends."""
    stag = cg.game("normal", [["s", 0], [1, 1]], players={"one": "S H", "two": "S H"},
                   parameters={"s": "(1, oo)"})  # fmt: skip
    (s,) = stag.solve().symbols()
    found = stag.select(["payoff", "risk"])
    assert [c.conditions for c in found["risk"].selected] == [(s >= 2,), (s <= 2,)]
    assert found.solved("risk").threshold("s", "S,S") == 2
    assert "S,S" in [each.equilibrium for each in found["payoff"].selected]
    with pytest.raises(InputError, match="unknown criterion"):
        stag.select("rsik")
    assert stag.select("logit", set={"s": 4}, precisions=[0])["logit"].responses[0].strategies


def test_three_numbers_that_may_be_values_or_a_grid_are_refused() -> None:
    game = load_game("inspection")
    for unclear in ((1, 2, 3), (2, 4, 6), (1, 10, 100)):
        with pytest.raises(InputError, match="may be three values"):
            game.table({"c": unclear})
    assert game.table({"c": [1, 2, 3]}).points == 3
    assert game.table({"c": ("1", "2", 3)}).points == 3
    assert game.table({"c": (1, 5, 41)}).points == 41


# --- wrong arguments ---------------------------------------------------------------------------


def test_methods_that_show_and_save_say_which_arguments_they_take() -> None:
    solution = cg.load("trust").solve()
    for call in (solution.save, lambda: solution.to_latex(3), lambda: solution.to_frame(3)):
        with pytest.raises(InputError, match=r"argument.*(arguments: path|takes none)"):
            call()  # type: ignore[operator]


def test_whether_a_branch_holds_is_asked_with_numbers_text_or_symbols() -> None:
    """Grim at T = 5, R = 3, P = 1: delta*(1 - h) >= (5 - 3)/(5 - 1) = 1/2."""
    branch = cg.load("trust").solve()["grim"]
    rest = {"T": 5, "R": "3", "P": 1, "S": 0, "h": 0}
    assert branch.holds_at({**rest, "delta": 0.5}) and branch.holds_at({**rest, "delta": "1/2"})
    assert not branch.holds_at({sympy.Symbol(n): v for n, v in {**rest, "delta": 0.49}.items()})
    with pytest.raises(InputError, match="no value is given for delta"):
        branch.holds_at(rest)
    for wrong in (3, None, {"T": "x"}, {"T": None}):
        with pytest.raises(InputError):
            branch.holds_at(wrong)  # type: ignore[arg-type]


class Unruly:
    """What compares as a data frame does: without a truth value."""

    columns = ("a",)

    def __eq__(self, other: object) -> bool:
        raise ValueError("the truth value is ambiguous")

    __hash__ = None  # type: ignore[assignment]


WRONG = (None, 3, 2.5j, object(), "", [], {}, b"x", Unruly(), lambda: 0, float("nan"), -1,
         "nothing", ("a",), [None], {"a": object()}, {1: 2})  # fmt: skip
TINY = {"form": "normal", "players": {"a": ["x"]}, "payoffs": {"x": [1]}}
NEEDED = {"statement": "somewhere holds_x", "vary": {"k": [1]}, "text": "", "name": "stable"}
LONG = ("cases", "claims", "evidence", "study", "sensitivity", "contrast", "classify")


@pytest.mark.parametrize("name", sorted(set(cg.__all__) - {"__version__", "Draws", *LONG}))
def test_wrong_arguments_are_input_errors(name: str, tmp_path: Path) -> None:
    function = getattr(cg, name)
    known = inspect.signature(function).parameters.values()
    leading = [parameter.name for parameter in known][:1]
    first = TINY if leading in (["game"], ["subject"], ["source"]) else None
    for parameter in known:
        for wrong in WRONG:
            given = {p.name: NEEDED.get(p.name, first) for p in known if p.default is p.empty}
            given.pop("stated", None), given.pop("named", None), given.pop("matrices", None)
            given |= {parameter.name: wrong} if parameter.kind is not parameter.VAR_KEYWORD else {}
            positional = [given.pop(p.name) for p in known
                          if p.kind is p.POSITIONAL_ONLY and p.name in given]  # fmt: skip
            extra = given.pop("matrices", None)
            try:
                function(*positional, *([extra] if extra is not None else []), **given)
            except (InputError, MissingExtra) as error:
                assert str(error)
    with pytest.raises(InputError, match=r"arguments:|it takes none"):
        function(surely_no_argument=1) if name not in ("game", "at") else function()


@pytest.mark.parametrize("name", sorted(set(LONG) - {"cases"}))
def test_wrong_cases_and_files_are_input_errors(name: str) -> None:
    function = getattr(cg, name)
    first = next(iter(inspect.signature(function).parameters))
    for wrong in (3, 2.5j, object(), "", [], {}, b"x", Unruly(), lambda: 0, "nothing", ("a",)):
        given = {first: wrong, **({"other": wrong} if name == "contrast" else {})}
        with pytest.raises(InputError):
            function(**given)
    with pytest.raises(InputError, match=r"arguments:|it takes none"):
        function(surely_no_argument=1)


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_draws_are_input_errors(wrong: object) -> None:
    for given in ({"kind": wrong}, {"count": wrong}, {"seed": wrong}):
        if isinstance(wrong, int) and wrong == 3 and "kind" not in given:
            continue
        with pytest.raises(InputError):
            cg.Draws(**{"kind": "sobol", "count": 4, **given})
