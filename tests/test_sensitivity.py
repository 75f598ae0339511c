"""Sobol indices: against functions whose indices are known, and of games and clusters."""

from __future__ import annotations

import csv
import io
import json
import sys

import numpy as np
import pytest
from click.testing import CliRunner

import coopgame as cg
from coopgame.cli import main
from coopgame.clusters.case import Case
from coopgame.clusters.codebook import middle
from coopgame.clusters.variance import of_case
from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.language.deciding import number
from coopgame.language.numerals import exact
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.tables.indices import Index, Sampling, indices, unit_sample
from coopgame.tables.points import Points
from coopgame.tables.sensitivity import Asked, Sensitivity, of_game
from coopgame.tables.spans import ParameterRange, spans

pytest.importorskip("SALib", reason="needs the extra explore")

QUICK = Sampling(256)

LINEAR = """
format = 1
form = "normal"
title = "A sum"
description = "Nothing to choose: what matters is a sum."
source = "own"
headline = "join,join"
shown = ["total"]
[parameters]
a = { meaning = "one", unit = "payoff", domain = "[0, oo)", default = "1", source = "chosen" }
b = { meaning = "two", unit = "payoff", domain = "[0, oo)", default = "1", source = "chosen" }
d = { meaning = "three", unit = "payoff", domain = "[0, oo)", default = "2", source = "chosen" }
n = { meaning = "n", unit = "firms", domain = "integers [1, 9]", default = "2", source = "chosen" }
[players]
first = ["join", "refuse"]
second = ["join", "refuse"]
[payoffs]
"join,join" = ["a + 1", "n"]
"join,refuse" = ["a + 1", "0"]
"refuse,join" = ["0", "n"]
"refuse,refuse" = ["0", "0"]
[outcomes]
total = "first_join*(3*a + b - d)"
"""


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> Game:
    path = tmp_path_factory.mktemp("games") / "linear.toml"
    path.write_text(LINEAR, encoding="utf-8")
    game = cg.load(str(path))
    assert not isinstance(game, Case)
    return game


@pytest.fixture(scope="module")
def relation() -> Game:
    game = cg.load("relation")
    assert not isinstance(game, Case)
    return game


def by_name(found: Sensitivity, outcome: int = 0) -> dict[str, Index]:
    return {index.parameter: index for index in found.results[outcome].indices}


# --- indices that are known --------------------------------------------------------------------


def test_the_function_of_ishigami() -> None:
    """Y = sin x + 7 sin^2 y + z^4 sin(x)/10, each uniform over (-pi, pi), and w that does nothing.

    With a = 7, b = 1/10 (Saltelli et al., Global Sensitivity Analysis, 2008, section 4.6):
    V_1 = (1 + b pi^4/5)^2/2, V_2 = a^2/8, V_13 = 8 b^2 pi^8/225, V = V_1 + V_2 + V_13.
    """
    v1, v2, v13 = (1 + np.pi**4 / 50) ** 2 / 2, 49 / 8, 8 * np.pi**8 / 22500
    whole = v1 + v2 + v13
    sampling = Sampling(4096)
    x, y, z, _ = (unit_sample(4, sampling).T - 0.5) * 2 * np.pi
    values = np.sin(x) + 7 * np.sin(y) ** 2 + z**4 * np.sin(x) / 10
    found = indices(["x", "y", "z", "w"], values, sampling)
    first, total = [v1, v2, 0, 0], [v1 + v13, v2, v13, 0]
    for index, own, all_ in zip(found, first, total, strict=True):
        assert index.first == pytest.approx(own / whole, abs=0.02)
        assert index.total == pytest.approx(all_ / whole, abs=0.02)
        assert index.first_within is not None and index.total_within is not None
        assert abs(index.first - own / whole) <= 2 * index.first_within
        assert abs(index.total - all_ / whole) <= 2 * index.total_within
    assert (found[3].first, found[3].total) == (0, 0)
    assert 0 < found[0].first_within < 0.1  # type: ignore[operator]


def test_a_linear_outcome_splits_by_variances(linear: Game) -> None:
    """total = 3a + b - d, with a in [0, 1], b in [0, 2], d in [0, 4]: variances 9, 4 and 16, /12.

    No interactions, so first-order and total are one: 9/29, 4/29, 16/29; n does nothing.
    """
    ranges = {"a": ("0", "1"), "b": ("0", "2"), "d": ("0", "4"), "n": ("1", "9")}
    found = of_game(linear, Asked(ranges=ranges, sampling=Sampling(2048)))
    assert found.results[0].outcome == "total" and found.evaluations == 2048 * 6
    assert found.results[0].mean == pytest.approx(0.5 * 3 + 1 - 2, abs=0.01)
    assert found.results[0].deviation == pytest.approx((29 / 12) ** 0.5, rel=0.01)
    for name, share in {"a": 9 / 29, "b": 4 / 29, "d": 16 / 29}.items():
        index = by_name(found)[name]
        assert index.first == pytest.approx(share, abs=0.02)
        assert index.total == pytest.approx(share, abs=0.02)
    assert by_name(found)["n"] == Index("n", 0, 0, 0, 0)


def test_around_the_point_each_moves_by_its_own_width(linear: Game) -> None:
    """+-20 % of 1, 1 and 2: variances in the ratio 9 : 1 : 4. Two firms cannot move by 0.4."""
    found = of_game(linear, Asked(sampling=Sampling(2048)))
    ends = {span.name: (span.low, span.high) for span in found.spans}
    assert ends == {"a": (0.8, 1.2), "b": (0.8, 1.2), "d": (1.6, 2.4)}
    assert found.held == {"n": 2}
    assert by_name(found)["d"].first == pytest.approx(4 / 14, abs=0.02)
    fixed = of_game(linear, Asked(values={"a": 1}, sampling=Sampling(2048)))
    assert by_name(fixed)["d"].first == pytest.approx(4 / 5, abs=0.03)


# --- ranges ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "unit", "default", "ends"),
    [
        ("[0, 1]", "probability", "1/2", (0.4 / 0.9, 0.6 / 1.1)),
        ("[0, 1]", "share", "9/10", (0.72, 1.0)),
        ("[0, 1)", "share", "9/10", (0.72, 0.99)),
        ("(-oo, 0]", "payoff", "-1", (-1.2, -0.8)),
        ("integers [2, 50]", "firms", "20", (16, 24)),
    ],
)
def test_ends_stay_in_the_interval(
    interval: str, unit: str, default: str, ends: tuple[float, float]
) -> None:
    """A probability of 1/2 has odds of 1, from 0.8 to 1.2: 4/9 to 6/11."""
    own = Parameter("p", "p", unit, Interval.parse(interval), exact(default), "chosen")
    (span,) = spans(Domain((own,)), {"p": own.default}, {}, 0.2)
    assert (span.low, span.high) == pytest.approx(ends)
    inside = span.at(np.linspace(0, 1, 101))
    assert inside[0] == pytest.approx(span.low) and inside[-1] == pytest.approx(span.high)
    assert (np.diff(inside) >= 0).all()


def test_odds_and_whole_numbers_are_drawn_evenly() -> None:
    own = Parameter("p", "p", "probability", Interval.parse("[0, 1]"), symbol("p"), "chosen")
    middle = ParameterRange(own, 1 / 3, 2 / 3, in_odds=True).at(np.array([0.5]))
    assert middle[0] == pytest.approx(1.25 / 2.25)
    whole = Parameter("n", "n", "firms", Interval.parse("integers [0, 9]"), symbol("n"), "chosen")
    counts = np.bincount(ParameterRange(whole, 2, 4).at(np.linspace(0, 1, 301)).astype(int))
    assert counts.tolist() == [0, 0, 100, 100, 101]


def test_faulty_ranges_are_named_at_once(linear: Game) -> None:
    ranges = {"a": ("1", "1"), "b": ("-1", "1"), "z": ("0", "1")}
    with pytest.raises(InputError) as error:
        of_game(linear, Asked(ranges=ranges))
    assert [fault.place for fault in error.value.faults] == [
        "--range a",
        "--range b",
        "--range z",
    ]
    with pytest.raises(InputError, match="both a range and a value"):
        of_game(linear, Asked(ranges={"a": ("0", "1")}, values={"a": 1}))
    with pytest.raises(InputError, match="no parameter varies"):
        of_game(linear, Asked(values={"a": 1, "b": 1, "d": 1, "n": 2}))
    with pytest.raises(InputError, match="power of two"):
        Sampling(1000)


# --- games -------------------------------------------------------------------------------------


def test_values_at_the_draws_are_those_of_the_solution(relation: Game) -> None:
    """The mean of the level over the draws, against the solution at each of some draws.

    With one parameter moving, the first base draws of the sample are seen by `at` as well.
    """
    sampling = Sampling(4)
    asked = Asked(("level",), {"u": ("0", "1/2")}, _others(relation, "u"), sampling=sampling)
    found = of_game(relation, asked)
    plan = Points(("u",), unit_sample(1, sampling) / 2)
    levels = []
    for row in range(plan.rows):
        branches = relation.solve().at(**plan.point(row)).branches
        levels.append(max(number(b.outcomes["level"]) for b in branches))
    assert found.evaluations == len(levels) == 12
    assert found.results[0].mean == pytest.approx(np.mean(levels))
    assert np.ptp(levels) > 0.1


def _others(game: Game, *moving: str) -> dict[str, object]:
    return {n: v for n, v in game.header.domain.defaults.items() if n not in moving}


def test_what_does_nothing_comes_out_as_nought(relation: Game) -> None:
    """The level that enforces itself does not depend on residual trust t0 (see `statics`)."""
    found = of_game(relation, Asked(("level",), sampling=QUICK))
    assert by_name(found)["t0"] == Index("t0", 0, 0, 0, 0)
    assert by_name(found)["b"].total > 0.5
    assert max(by_name(found).values(), key=lambda index: index.total).parameter == "b"


def test_the_same_seed_gives_the_same_answer(relation: Game) -> None:
    asked = Asked(("level",), {"u": ("0", "1/2"), "c": ("1/2", "2")}, _others(relation, "u", "c"))
    assert of_game(relation, asked).results == of_game(relation, asked).results
    other = Asked(asked.outcomes, asked.ranges, asked.values, sampling=Sampling(1024, 7))
    assert of_game(relation, asked).results != of_game(relation, other).results


def test_ranges_that_break_an_assumption_are_narrowed_or_refused() -> None:
    """Trust assumes 2R > T + S, so that T cannot rise and R fall by 20 % each."""
    game = cg.load("trust")
    assert not isinstance(game, Case)
    found = of_game(game, Asked(sampling=QUICK))
    assert found.narrowed and 0 < found.width < 0.2
    given = dict.fromkeys(("P", "R", "S", "T"), ("0", "9"))
    with pytest.raises(InputError, match="break an assumption"):
        of_game(game, Asked(ranges=given, values=_others(game, *given), sampling=QUICK))


def test_which_equilibrium_counts() -> None:
    """Trust with T, R, P, S = 5, 3, 1, 0: grim holds from delta = 1/2 on, defection always."""
    game = cg.load("trust")
    assert not isinstance(game, Case)
    values = {"T": 5, "R": 3, "P": 1, "S": 0, "h": 0}
    ranges = {"delta": ("0.1", "0.9")}
    means = []
    for select in (None, "most-cooperative", "least-cooperative"):
        found = of_game(game, Asked(("cooperation",), ranges, values, 0.2, select, QUICK))
        means.append(found.results[0].mean)
    assert means == [pytest.approx(0.5, abs=0.01), means[0], 0]


def test_an_outcome_that_no_equilibrium_has_is_refused(relation: Game) -> None:
    with pytest.raises(InputError, match="unknown outcome 'happiness'"):
        of_game(relation, Asked(("happiness",)))


# --- clusters ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def criciuma() -> Case:
    case = cg.load("criciuma")
    assert isinstance(case, Case)
    return case


def test_a_type_that_one_parameter_decides(criciuma: Case) -> None:
    """With all else set, only the hazard moves, and with it the type: then its indices are 1."""
    phase = criciuma.phases[-1]
    answers = {name: answer.letters for name, answer in phase.answers.items()}
    point = middle(criciuma.codebook, answers)
    values = {name: str(round(float(v[0]), 6)) for name, v in point.items() if name != "h"}
    asked = Asked(("type", "association"), {"h": ("0", "9/10")}, values)
    kept, level = of_case(criciuma, phase, asked).results
    assert kept.outcome in {profile.type for profile in criciuma.profiles}
    for result in (kept, level):
        (index,) = result.indices
        assert index.first == pytest.approx(1, abs=0.01)
        assert index.total == pytest.approx(1, abs=0.01)


def test_an_unknown_outcome_of_a_cluster_is_refused(criciuma: Case) -> None:
    with pytest.raises(
        InputError, match=r"unknown outcome 'state-anchored'.*satellite.*association"
    ):
        of_case(criciuma, criciuma.phases[-1], Asked(("state-anchored",)))


# --- the command -------------------------------------------------------------------------------

COMMAND = ["sensitivity", "inspection", "--draws", "64", "--range", "c=1/2:3"]


def answered(*options: str) -> str:
    result = CliRunner().invoke(main, [*COMMAND, *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_states_the_sample_and_that_these_are_estimates() -> None:
    text = answered()
    assert "448 points (64 base draws of a Sobol sequence, seed 1998) of 5 parameters" in text
    assert "estimates" in text and "95 % interval" in text and "0 for e, f, v" in text


def test_the_command_in_every_format() -> None:
    record = json.loads(answered("--format", "json", "--seed", "3"))
    assert (record["of"], record["evaluations"], record["seed"]) == ("inspection", 448, 3)
    found = {i["parameter"]: i for i in record["outcomes"][0]["indices"]}
    assert record["ranges"]["c"] == {"low": 0.5, "high": 3.0, "uniform_in": "value"}
    assert found["v"]["total"] == 0 < found["c"]["total"]
    rows = list(csv.DictReader(io.StringIO(answered("--format", "csv", "--seed", "3"))))
    assert [row["parameter"] for row in rows] == list(found)
    assert float(rows[3]["total"]) == found[rows[3]["parameter"]]["total"]
    assert "| parameter | from | to |" in answered("--format", "markdown")
    assert r"\toprule" in answered("--format", "latex")


def test_the_command_for_a_year_of_a_case() -> None:
    result = CliRunner().invoke(main, ["sensitivity", "criciuma:1989", "--draws", "16"])
    assert result.exit_code == 0 and "before the crisis (1989)" in result.output


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--draws", "100"], "give a power of two"),
        (["--range", "c=1"], "is no range"),
        (["--range", "c=-1:1"], "lies outside"),
        (["--outcome", "virtue"], "unknown outcome"),
        (["--select", "nicest"], "unknown selection"),
    ],
)
def test_the_command_refuses_with_a_reason(options: list[str], reason: str) -> None:
    result = CliRunner().invoke(main, ["sensitivity", "inspection", *options])
    assert result.exit_code == 2 and reason in result.output


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib", None)
    result = CliRunner().invoke(main, COMMAND)
    assert result.exit_code == 2
    assert result.output == "coopgame: SALib is not installed: pip install SALib\n"


def test_points_are_taken_exactly() -> None:
    plan = Points(("x", "y"), np.array([[0.1, 2.0], [0.5, 3.0]]))
    assert plan.rows == 2 and float(plan.point(0)["x"]) == 0.1
    assert plan.point(0)["x"] != exact("0.1")
    assert [column.tolist() for column in plan.columns(1, 2)] == [[0.5], [3.0]]


def test_a_game_without_equilibria_says_so() -> None:
    """Where D, D pays nothing, either leaves constant defection: no profile listed is one."""
    payoffs = {"C,C": [0, 0], "C,D": ["x", 1], "D,C": [1, "x"], "D,D": [0, 0]}
    game = cg.game(
        "repeated", stage={"players": {"A": "C D", "B": "C D"}, "payoffs": payoffs},
        profiles=["always_defect"], parameters={"x": "(0, 1]", "delta": "[0, 1)"}, discount="delta",
    )  # fmt: skip
    assert len(game.solve()) == 0
    with pytest.raises(InputError, match="no equilibrium is listed"):
        cg.sensitivity(game)
