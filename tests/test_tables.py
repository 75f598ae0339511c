"""What tables can show: scales and draws, selection, macro rules side by side, elasticities."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sympy
from click.testing import CliRunner
from sympy import Rational

import coopgame as cg
from coopgame.catalogue import load_rules
from coopgame.cli import main
from coopgame.cli.door import bar
from coopgame.errors import InputError
from coopgame.language.printing import symbol
from coopgame.tables.draws import WHOLE, Draws, numerators
from coopgame.tables.evaluator import blocks, evaluate, stream
from coopgame.tables.measures import elasticity, measures
from coopgame.tables.plans import Sample
from coopgame.tables.sweep import Sweep, table
from coopgame.tables.tasks import Request, prepare
from coopgame.tables.tracks import ABSENT, UNSELECTED, VALUE


def records(found: Sweep) -> list[dict[str, object]]:
    return [dict(zip(found.names, row, strict=True)) for row in found.rows()]


def held(found: Sweep) -> list[dict[str, object]]:
    return [record for record in records(found) if record["status"] == "value"]


def answered(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


# --- draws -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sobol", "latin"])
def test_draws_repeat_and_do_not_depend_on_where_they_are_cut(kind: str) -> None:
    draws = Draws(kind, 300, seed=5)
    whole = numerators(draws, 3, 0, 300)
    parts = [numerators(draws, 3, start, min(start + 77, 300)) for start in range(0, 300, 77)]
    assert (np.concatenate(parts) == whole).all()
    assert (whole != numerators(Draws(kind, 300, seed=6), 3, 0, 300)).any()
    assert whole.min() >= 0 and whole.max() < WHOLE


@pytest.mark.parametrize("kind", ["sobol", "latin"])
def test_draws_are_spread_evenly(kind: str) -> None:
    """Of 64 draws, each 64th of an axis holds exactly one: so both kinds are defined."""
    found = numerators(Draws(kind, 64, seed=1), 2, 0, 64)
    for column in found.T:
        assert sorted((column * 64 // WHOLE).tolist()) == list(range(64))


def test_drawn_floats_are_those_nearest_to_the_exact_values() -> None:
    third = Rational(1, 3)
    plan = Sample(Draws("sobol", 50, 3), {"a": (third, Rational(7)), "b": (Rational(-1), third)})
    floats = plan.columns(0, 50)
    for row in range(50):
        for column, value in zip(floats, plan.point(row).values(), strict=True):
            assert column[row] == float(Fraction(int(value.p), int(value.q)))


def test_integers_are_drawn_as_integers_and_all_of_them() -> None:
    plan = Sample(Draws("sobol", 256), {"n": (Rational(2), Rational(5))}, frozenset({"n"}))
    assert {int(value) for value in plan.columns(0, 256)[0]} == {2, 3, 4, 5}
    assert int(plan.point(17)["n"]) == int(plan.columns(17, 18)[0][0])


def test_a_table_over_draws_agrees_with_the_solution_at_each() -> None:
    game = cg.load("inspection")
    found = table(game, {"e": (1, 3), "c": (1, 3)}, draws=Draws("latin", 12, 4))
    solution = game.solve()
    for row in range(12):
        at = solution.at(**found.plan.point(row))
        names = {track.branch for track in found.tracks if track.status[row] == VALUE}
        assert names == {branch.name for branch in at.branches}


@pytest.mark.parametrize(
    ("draws", "reason"),
    [
        (("uniform", 5), "unknown draws"),
        (("sobol", 0), "0 draws"),
        (("latin", 10**8), "draws"),
        (("sobol", 5, -1), "seed"),
    ],
)
def test_faulty_draws_are_refused(draws: tuple[str, int], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        Draws(*draws)


# --- scales ------------------------------------------------------------------------------------


def test_a_log_scale_has_equal_ratios_and_exact_ends() -> None:
    found = table(cg.load("relation"), {"c": ("0.5", 2, 3, "log")}, outcomes=["level"])
    assert list(found.axes["c"]) == [Rational(1, 2), 1, 2]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ((0, 1, 5, "log"), "log scale"),
        ((1, 2, 5, "sqrt"), "unknown scale"),
        ((1, 2, True), "whole number"),
    ],
)
def test_faulty_scales_are_refused(values: object, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        table(cg.load("relation"), {"b": values})


# --- selection ---------------------------------------------------------------------------------


def test_the_most_and_the_least_cooperative_equilibrium() -> None:
    """Trust with T, R, P, S = 5, 3, 1, 0: grim holds from delta = 1/2 on, and defection always."""
    game, vary = cg.load("trust"), {"delta": ["0.4", "0.5", "0.6"]}
    best = held(table(game, vary, select="most-cooperative", outcomes=["cooperation"]))
    assert [record["cooperation"] for record in best if record["equilibrium"] == "grim"] == [1, 1]
    least = held(table(game, vary, select="least-cooperative"))
    assert {record["equilibrium"] for record in least} == {"always_defect"}
    assert len(least) == 3


def test_what_is_not_selected_says_so() -> None:
    found = table(cg.load("trust"), {"delta": ["0.6"]}, select="most-cooperative")
    by_name = {record["equilibrium"]: record["status"] for record in records(found)}
    assert by_name["always_defect"] == "not selected" and by_name["grim"] == "value"
    codes = {int(track.status[0]) for track in found.tracks}
    assert codes <= {VALUE, ABSENT, UNSELECTED}


def test_risk_dominance_chooses_the_larger_product_of_losses() -> None:
    """Stakes a and b: (a)(b) against (b)(a), a tie everywhere in the battle of the sexes."""
    found = table(cg.load("battle_of_the_sexes"), {"a": [2, 3]}, select="risk-dominant")
    kept = {record["equilibrium"] for record in held(found)}
    assert kept == {"mine,yours", "yours,mine"}


def test_selection_by_another_outcome_and_what_does_not_fit() -> None:
    game = cg.load("hawk_dove")
    found = held(table(game, {"v": [1]}, select="most-cooperative:fights"))
    assert [record["equilibrium"] for record in found] == ["mixed"]
    with pytest.raises(InputError, match="has no outcome 'cooperation'"):
        table(game, {"v": [1]}, select="most-cooperative")
    with pytest.raises(InputError, match="unknown selection"):
        table(game, {"v": [1]}, select="best")
    with pytest.raises(InputError, match="is not a game of two players with two actions each"):
        table(cg.load("relation"), {"u": [0]}, select="risk-dominant")


# --- macro rules -------------------------------------------------------------------------------


def test_macro_rules_stand_side_by_side() -> None:
    game, rules = cg.load("relation"), [load_rules("stable"), load_rules("unstable")]
    found = table(game, {"u": [0, "0.1"]}, outcomes=["level"], rules=rules)
    assert found.names[0] == "rules"
    assert [panel.rules for panel in found.panels] == ["stable", "unstable"]
    assert found.panels[0].fixed["h"] < found.panels[1].fixed["h"]
    alone = table(game, {"u": [0, "0.1"]}, {"h": found.panels[1].fixed["h"]}, ["level"])
    under = [row[1:] for row in found.rows() if row[0] == "unstable"]
    assert under == list(alone.rows())


def test_a_chain_of_regimes_and_one_hazard_stand_side_by_side() -> None:
    rules = [load_rules("stable"), load_rules("switching")]
    found = table(
        cg.load("trust"), {"delta": ["0.5", "0.9"]}, outcomes=["cooperation"], rules=rules
    )
    kept = {(record["rules"], record["equilibrium"]) for record in held(found)}
    assert ("stable", "grim") in kept
    assert any(rule == "switching" and name.startswith("grim{") for rule, name in kept)


# --- columns -----------------------------------------------------------------------------------


def test_probabilities_are_columns_on_demand() -> None:
    """Inspection at w = 4, e = 2, f = 4, c = 1: work 3/4 of the time, inspect 1/4."""
    chances = ["agent_work", "principal_inspect"]
    (record,) = held(table(cg.load("inspection"), {"c": [1]}, outcomes=chances))
    assert [record[name] for name in chances] == [0.75, 0.25]


def test_an_elasticity_is_the_slope_of_logarithms() -> None:
    x, y = symbol("x"), symbol("y")
    assert elasticity(5 * x**3 / y, x) == 3
    assert elasticity(5 * x**3 / y, y) == -1
    assert elasticity(sympy.S.Zero, x) is None
    kinked = elasticity(sympy.Max(x, 2 * y), x)
    assert kinked.subs({x: 3, y: 1}) == 1 and kinked.subs({x: 1, y: 1}) == 0
    stepped = elasticity(x * sympy.floor(2 * x), x)
    assert stepped.subs(x, sympy.Rational(3, 4)) == 1 and stepped.subs(x, 1) is sympy.nan


def test_elasticities_are_columns_and_null_where_the_outcome_is_nought() -> None:
    """Hawks fight with probability (v/c)**2, so v moves it with elasticity 2 and c with -2."""
    wanted = ["fights", "elasticity:fights:v", "elasticity:fights:c"]
    found = held(table(cg.load("hawk_dove"), {"v": [1]}, outcomes=wanted))
    by_name = {record["equilibrium"]: record for record in found}
    assert by_name["mixed"]["elasticity:fights:v"] == pytest.approx(2)
    assert by_name["mixed"]["elasticity:fights:c"] == pytest.approx(-2)
    assert by_name["hawk,dove"]["elasticity:fights:v"] is None
    assert by_name["hawk,dove"]["fights"] == 0.0
    with pytest.raises(InputError, match="unknown parameter 'z'"):
        table(cg.load("hawk_dove"), {"v": [1]}, outcomes=["elasticity:fights:z"])


def test_at_a_kink_there_is_no_elasticity() -> None:
    """social_first_best = min(b/c, 1) has a kink where c = b = 1: undecided there, never a NaN."""
    outcome = "elasticity:social_first_best:c"
    found = table(cg.load("relation"), {"c": ["0.9", "1", "1.1"]}, outcomes=[outcome])
    kinks = {record["c"] for record in records(found) if record["status"] == "undecided"}
    assert kinks == {1.0}
    sound = [record[outcome] for record in held(found)]
    assert all(value is None or np.isfinite(value) for value in sound)  # type: ignore[call-overload]


# --- blocks and streams ------------------------------------------------------------------------


def test_a_stream_is_the_table_block_by_block() -> None:
    (task,) = prepare(cg.load("inspection"), Request({"e": (1, 3, 9), "c": (1, 5, 11)}))
    whole = evaluate(task.compiled, task.plan, 0, task.plan.rows)
    seen, told = 0, []
    parts = stream(task.compiled, task.plan, lambda done, rows: told.append((done, rows)), size=22)
    for start, stop, tracks in parts:
        assert start == seen
        for part, track in zip(tracks, whole, strict=True):
            assert (part.status == track.status[start:stop]).all()
        seen = stop
    assert seen == 99 and told[-1] == (99, 99)


def test_rows_of_draws_do_not_depend_on_the_block_they_are_in() -> None:
    request = Request({"e": (1, 3), "c": (1, 5)}, draws=Draws("sobol", 300, 2))
    (task,) = prepare(cg.load("inspection"), request)
    whole = evaluate(task.compiled, task.plan, 0, 300)
    for part, track in zip(evaluate(task.compiled, task.plan, 101, 233), whole, strict=True):
        assert (part.status == track.status[101:233]).all()
        valued = part.status == VALUE
        for name, values in part.outcomes.items():
            assert (values[valued] == track.outcomes[name][101:233][valued]).all()


def test_the_bar_shows_on_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream_, shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr("sys.stderr", stream_)
        with bar() as told:
            told(10, 40)
        assert ("10/40" in stream_.getvalue()) == shown


def test_blocks_are_whole_lines_where_a_line_fits() -> None:
    (task,) = prepare(cg.load("inspection"), Request({"e": (1, 3, 9), "c": (1, 5, 100)}))
    cut = list(blocks(task.plan, 250))
    assert cut[:2] == [(0, 200), (200, 400)] and cut[-1] == (800, 900)


def test_a_plan_of_a_hundred_million_rows_costs_nothing_until_rows_are_asked_for() -> None:
    vary = {"e": ("0.1", 6, 10**4), "c": ("0.1", 6, 10**4)}
    (task,) = prepare(cg.load("inspection"), Request(vary))
    last = evaluate(task.compiled, task.plan, 10**8 - 3, 10**8)
    assert task.plan.rows == 10**8
    assert [int(track.status[-1]) for track in last] == [ABSENT, VALUE, ABSENT]
    with pytest.raises(InputError, match="more than"):
        table(cg.load("inspection"), vary)


# --- levels without a closed form --------------------------------------------------------------


@pytest.fixture(scope="module")
def cubic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`relation` with a gain from reneging of degree three: F is a cubic in the level."""
    from coopgame.catalogue import find

    text = find("relation", "catalogue").read_text(encoding="utf-8").split("[[expected]]")[0]
    path = tmp_path_factory.mktemp("games") / "cubic.toml"
    gain = 'gain = "c*a**2/2 + rho*a"'
    assert gain in text
    path.write_text(text.replace(gain, 'gain = "c*a**3/3 + rho*a"'), encoding="utf-8")
    return path


def test_levels_found_by_isolation_agree_with_exact_roots(cubic: Path) -> None:
    """At a sample of the grid: the same branch, and levels to a billionth."""
    game = cg.load(str(cubic))
    outcomes = ["level", "tipping_point", "first_best"]
    found = table(game, {"h": (0, "0.6", 25), "u": (0, "0.3", 20)}, outcomes=outcomes)
    solution = game.solve()
    for row in np.random.default_rng(3).integers(0, found.points, 6).tolist():
        exact = {branch.name: branch for branch in solution.at(**found.plan.point(row)).branches}
        for track in found.tracks:
            assert (track.status[row] == VALUE) == (track.branch in exact)
            for name in track.outcomes if track.branch in exact else ():
                value = float(exact[track.branch].outcomes[name])
                assert track.outcomes[name][row] == pytest.approx(value, abs=1e-9)
    assert found.undecided == 0


def test_every_game_of_the_catalogue_agrees_with_its_solution() -> None:
    """Around its defaults each game says in a table what `solution.at` says, branch by branch."""
    from coopgame.catalogue import files

    for name in files("catalogue"):
        game = cg.load(name)
        domain = game.header.domain
        varied = next((p for p in domain.parameters if not p.interval.integer), None)
        if varied is None:
            continue
        solution = game.solve()
        found = table(game, {varied.name: [varied.default]})
        exact = {branch.name: branch for branch in solution.at().branches}
        for track in found.tracks:
            assert (track.status[0] == VALUE) == (track.branch in exact), (name, track.branch)
            for outcome in track.outcomes if track.branch in exact else ():
                value = float(measures(exact[track.branch])[outcome])
                assert track.outcomes[outcome][0] == pytest.approx(value, rel=1e-9, abs=1e-12)


# --- the command -------------------------------------------------------------------------------


def test_the_command_takes_rules_selection_draws_and_elasticities() -> None:
    text = answered(
        *("table", "relation", "--vary", "u=0:0.3", "--draws", "sobol:4:7", "--rules", "stable"),
        *("--rules", "unstable", "--outcome", "level", "--outcome", "elasticity:level:u"),
        *("--format", "csv"),
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    names = ["rules", "u", "equilibrium", "status", "level", "elasticity:level:u", "origin"]
    assert list(rows[0]) == names
    assert len(rows) == 2 * 4 * 4
    record = json.loads(
        answered("table", "trust", "--vary", "delta=0.4:0.6", "--draws", "latin:3", "--select",
                 "most-cooperative", "--format", "json")
    )  # fmt: skip
    assert record["draws"] == {"kind": "latin", "count": 3, "seed": 0}
    assert record["vary"] == {"delta": ["2/5", "3/5"]}
    assert {row["status"] for row in record["rows"]} >= {"value", "no such equilibrium"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--vary", "delta=0.4:0.6", "--draws", "sobol"), "states no draws"),
        (("--vary", "delta=0.4:0.6:3", "--draws", "sobol:8"), "is not a range"),
        (("--vary", "delta=0.4:0.6:3:sqrt"), "is not a range"),
        (("--vary", "delta=0.4:0.6:3", "--select", "nicest"), "unknown selection"),
        (("--vary", "delta=0:0.6:3:log"), "log scale"),
    ],
)
def test_the_command_refuses_with_a_reason(arguments: tuple[str, ...], reason: str) -> None:
    result = CliRunner().invoke(main, ["table", "trust", *arguments])
    assert result.exit_code == 2 and reason in result.output
