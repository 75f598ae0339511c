"""Signs of outcomes that nobody thought of: contradictory premises, steps, kinks, jumps."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import sympy

from coopgame import catalogue
from coopgame.cache import Store, kept
from coopgame.comparative.monotone import moves
from coopgame.comparative.rows import TOO_LATE
from coopgame.comparative.scenario import fixed
from coopgame.comparative.signs import statics
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.proofs.questions import Sign, Verdict, implies, is_redundant, sign
from coopgame.report.signs import signs_record, signs_report
from coopgame.report.text import render
from tests import sampling

x, y = sympy.symbols("x y", real=True)


def parameter(name: str, interval: str) -> Parameter:
    return Parameter(name, "", "", Interval.parse(interval), sympy.S.Zero, "")


def moved(text: str, interval: str = "[0, 3]", other: str = "[0, 3]") -> Sign:
    within = Domain((parameter("x", interval), parameter("y", other)))
    return moves(sampling.read(text), within["x"], within, ())


# --- premises that cannot hold -----------------------------------------------------------------


def test_nothing_is_proved_from_premises_that_contradict_each_other() -> None:
    nowhere = [x > 1, x < 0]
    assert implies(nowhere, x > 5).verdict is Verdict.EMPTY
    assert sign(x, nowhere).verdict is Verdict.EMPTY
    assert sign(sympy.S.Zero, nowhere).verdict is Verdict.EMPTY
    assert is_redundant(x > 5, nowhere) is True  # dropping it leaves what holds nowhere


def test_premises_of_which_nobody_knows_whether_they_hold_prove_nothing() -> None:
    """exp(x) = 1 + x at 0 alone, which no rational search is told and no proof here excludes."""
    puzzling = [sympy.Eq(sympy.exp(x), 3 * x + sympy.sqrt(2))]
    assert implies(puzzling, x**2 >= 0).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("values", [{"u": 0, "k": 0, "m": 0}, {"u": 0, "k": 0, "m": 0, "rho": 0}])
def test_a_tipping_point_that_is_zero_everywhere_does_not_move(values: dict[str, int]) -> None:
    """Without anything lost by not co-operating (u = k = m = 0) every small level enforces itself

    as soon as any does: F(a) = a*(...) vanishes at 0, so that the least level is 0 throughout.
    """
    game = fixed(catalogue.load_game("relation"), values)
    for row in statics(game, outcomes=("tipping_point",)).rows:
        assert (row.sign, row.verdict) == ("0", Verdict.PROVED)


# --- how an expression moves -------------------------------------------------------------------

RIGHT = [
    ("floor(x)", "+", False),
    ("ceil(2*x) + y", "+", False),
    ("-floor(x)", "-", False),
    ("floor(x) + x", "+", True),
    ("floor(ceil(x/2))", "+", False),
    ("min(x, max(1, x/2))", "+", False),  # flat from 1 to 2
    ("max(min(x, 2), 1)", "+", False),
    ("max(-x, x)", "+", True),  # x is nowhere negative
    ("exp(floor(x))", "+", False),
    ("log(1 + max(x, y))", "+", False),
    ("sqrt(1 + floor(x))", "+", False),
    ("1/(1 + ceil(x))", "-", False),
    ("(1 + floor(x))*(1 + x)", "+", True),
    ("exp(-exp(x))", "-", True),
    ("log(2 + exp(x))", "+", True),
    ("piecewise(x, x < 1, x + 5)", "+", True),
    ("piecewise(x, x < 1, 2*x - 1)", "+", True),
    ("piecewise(0, x < 1, 1)", "+", False),
    ("piecewise(1, x < y, 0)", "-", False),
    ("min(x, 7) - x", "0", False),
    ("piecewise(x, x < 1, x - 5)", "?", False),
    ("floor(x) - x", "?", False),
    ("min(x, 2 - x)", "?", False),
    ("max(x, 1)*(x - 2)**2", "?", False),
]


@pytest.mark.parametrize(("text", "expected", "strict"), RIGHT)
def test_steps_kinks_and_jumps_have_the_right_sign(text: str, expected: str, strict: bool) -> None:
    found = moved(text)
    assert (found.sign, found.strict) == (expected, strict)
    assert found.verdict is (Verdict.REFUTED if expected == "?" else Verdict.PROVED)


def test_a_jump_down_between_rising_pieces_is_found_with_a_pair_of_points() -> None:
    """x, and x - 5 from 1 on: both pieces rise, and the outcome falls where it jumps."""
    found = moved("piecewise(x, x < 1, x - 5)")
    second = sympy.Symbol("x'", real=True)
    up, down = found.witnesses
    value = sampling.read("piecewise(x, x < 1, x - 5)")
    change = value.xreplace({x: second}) - value
    assert change.subs(up) > 0 > change.subs(down)
    assert up[second] > up[x] and down[second] > down[x]


@pytest.mark.parametrize(
    ("text", "expected"), [("floor(x/2)", "+"), ("(x - 1)**2", "?"), ("x*(x - 1)", "+")]
)
def test_an_integer_moves_by_whole_steps_within_its_interval(text: str, expected: str) -> None:
    """x*(x - 1) goes 0, 0, 2, 6 although its derivative is -1 at 0."""
    assert moved(text, "integers [0, 3]").sign == expected


@pytest.mark.parametrize("interval", ["integers [2, 2]", "integers (1, 3)", "[2, 2]"])
def test_a_parameter_that_cannot_move_has_no_sign(interval: str) -> None:
    for text in ("x", "y", "floor(x)"):
        found = moved(text, interval)
        assert found.verdict is Verdict.EMPTY and "differ in x alone" in found.reason


def test_a_parameter_tied_to_another_cannot_move_alone() -> None:
    within = Domain((parameter("x", "[0, 1]"), parameter("y", "[0, 1]")), (sympy.Eq(x, y),))
    assert moves(x, within["x"], within, ()).verdict is Verdict.EMPTY


def test_a_sign_beyond_every_method_is_undecided_with_its_reason() -> None:
    unknown = sympy.Function("Mystery")(x)
    within = Domain((parameter("x", "[0, 1]"),))
    found = moves(unknown, within["x"], within, ())
    assert found.verdict is Verdict.UNDECIDED and "Mystery" in found.reason


@pytest.mark.parametrize("seed", range(12))
def test_no_pair_of_points_speaks_against_a_proved_sign(seed: int) -> None:
    look_for_counter_examples(seed, depth=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_no_pair_of_points_speaks_against_a_proved_sign_of_nested_functions(seed: int) -> None:
    look_for_counter_examples(seed, depth=2)


def look_for_counter_examples(seed: int, depth: int) -> None:
    draw = random.Random(seed)
    expression, within = sampling.read(sampling.tree(draw, depth)), sampling.domain(draw)
    for each in within.parameters:
        found = moves(expression, each, within, ())
        assert sampling.counter_example(expression, found, each, within, (), draw) is None


def test_the_search_for_counter_examples_can_find_one() -> None:
    draw, within = random.Random(1), Domain((parameter("x", "[0, 3]"), parameter("y", "[0, 3]")))
    wrong = Sign("+", False, Verdict.PROVED)
    assert sampling.counter_example(-x, wrong, within["x"], within, (), draw) is not None


# --- tables of signs ---------------------------------------------------------------------------


def test_what_is_not_reached_in_time_is_undecided_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("coopgame.comparative.rows.is_late", lambda: True)
    with kept(Store(tmp_path)):  # an answer kept before would be there in time
        found = statics(catalogue.load_game("inspection"))
    assert {row.verdict for row in found.rows} == {Verdict.UNDECIDED}
    assert {row.reason for row in found.rows} == {TOO_LATE}
    assert TOO_LATE in render(signs_report(found), 100)
    assert signs_record(found)["rows"][0]["reason"] == TOO_LATE
