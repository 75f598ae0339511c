"""Relations of any shape: convex, concave and rational payoffs against an exact brute force."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopgame import catalogue
from coopgame.comparative.signs import statics
from coopgame.errors import InputError
from coopgame.forms.level.game import LevelGame
from coopgame.language.printing import symbol
from coopgame.solution import Solution

TEXT = """
format = 1
form = "level"
title = "A relation of some shape"
headline = "full"
[parameters]
v = {{ meaning = "value", unit = "1", domain = "[-2, 2]", default = "1/2", source = "test" }}
w = {{ meaning = "base", unit = "1", domain = "[-1, 1]", default = "0", source = "test" }}
d = {{ meaning = "patience", unit = "1", domain = "(0, 1)", default = "1/2", source = "test" }}
[level]
payoff = "{payoff}"
gain = "{gain}"
discount = "d"
"""
Function = Callable[[Fraction, Fraction, Fraction], Fraction]  # of v, w and the level a
SHAPES: dict[str, tuple[str, str, Function, Function]] = {
    "convex F": (
        "w + v*a - a**2/4",
        "a**2 + a/5",
        lambda v, w, a: w + v * a - a * a / 4,
        lambda v, w, a: a * a + a / 5,
    ),
    "concave F, linear payoff": (
        "w + v*a",
        "2*a - a**2",
        lambda v, w, a: w + v * a,
        lambda v, w, a: 2 * a - a * a,
    ),
    "concave F, convex payoff": (
        "w + v*a + a**2/2",
        "a/2",
        lambda v, w, a: w + v * a + a * a / 2,
        lambda v, w, a: a / 2,
    ),
    "linear F": ("w + v*a", "a/2", lambda v, w, a: w + v * a, lambda v, w, a: a / 2),
    "F of either curvature": (
        "w + v*a + a**2/2",
        "a/3 + a**2",
        lambda v, w, a: w + v * a + a * a / 2,
        lambda v, w, a: a / 3 + a * a,
    ),
    "cubic": (
        "w + v*a - a**3/3",
        "a**3 + a/5",
        lambda v, w, a: w + v * a - a**3 / 3,
        lambda v, w, a: a**3 + a / 5,
    ),
    "humped": (
        "w + v*a",
        "4*a - 9*a**2 + 6*a**3",
        lambda v, w, a: w + v * a,
        lambda v, w, a: 4 * a - 9 * a * a + 6 * a**3,
    ),
    "rational": (
        "w + v*a/(1 + a)",
        "a/2",
        lambda v, w, a: w + v * a / (1 + a),
        lambda v, w, a: a / 2,
    ),
}
CLOSED = {"convex F", "concave F, linear payoff", "concave F, convex payoff", "linear F"}
STEPS = 48


def load(tmp_path_factory: pytest.TempPathFactory, name: str) -> LevelGame:
    payoff, gain, _, _ = SHAPES[name]
    path = tmp_path_factory.mktemp("shapes") / "mine.toml"
    path.write_text(TEXT.format(payoff=payoff, gain=gain), encoding="utf-8")
    found = catalogue.load_game(str(path))
    assert isinstance(found, LevelGame)
    return found


@pytest.fixture(scope="module", params=SHAPES)
def solved(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, LevelGame, Solution]:
    game = load(tmp_path_factory, request.param)
    return request.param, game, game.solve()


POINTS = st.fixed_dictionaries(
    {
        "v": st.integers(-16, 16).map(lambda i: Fraction(i, 8)),
        "w": st.integers(-4, 4).map(lambda i: Fraction(i, 8)),
        "d": st.integers(1, 15).map(lambda i: Fraction(i, 16)),
    }
)


def brute_force(name: str, p: dict[str, Fraction]) -> tuple[Fraction, list[Fraction]]:
    """The joint optimum and the self-enforcing levels up to it, on an exact grid."""
    _, _, payoff, gain = SHAPES[name]
    grid = [Fraction(i, STEPS) for i in range(STEPS + 1)]
    worth = [payoff(p["v"], p["w"], a) for a in grid]
    cap = max(a for a, pi in zip(grid, worth, strict=True) if pi == max(worth))
    holds = [
        a
        for a, pi in zip(grid, worth, strict=True)
        if 0 < a <= cap and (1 - p["d"]) * gain(p["v"], p["w"], a) <= p["d"] * pi
    ]
    return cap, holds


@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(p=POINTS)
def test_every_shape_agrees_with_brute_force(
    solved: tuple[str, LevelGame, Solution], p: dict[str, Fraction]
) -> None:
    check(solved, p)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(p=POINTS)
def test_more_points_of_every_shape(
    solved: tuple[str, LevelGame, Solution], p: dict[str, Fraction]
) -> None:
    check(solved, p)


def check(solved: tuple[str, LevelGame, Solution], p: dict[str, Fraction]) -> None:
    """Grid points in the ranges are those where F <= 0; the optimum lies within a grid step."""
    name, _, solution = solved
    (branch,) = solution.at(**p).branches
    cap, holds = brute_force(name, p)
    ranges = branch.strategies["self_enforcing"]
    if len(ranges) == 2 and not isinstance(ranges[0], sympy.Tuple):
        ranges = (ranges,)
    best = branch.outcomes["first_best"]
    assert abs(float(best) - float(cap)) <= 1 / STEPS
    for i in range(1, STEPS + 1):
        a = sympy.Rational(i, STEPS)
        if a <= min(best, sympy.Rational(cap)):
            inside = any(bool(low <= a) and bool(a <= high) for low, high in ranges)
            assert inside == (Fraction(i, STEPS) in holds)
    holds = [a for a in holds if sympy.Rational(a) <= best]
    if holds:
        assert branch.outcomes["level"] >= sympy.Rational(max(holds))
        assert branch.outcomes["tipping_point"] <= sympy.Rational(min(holds))


def test_how_it_was_solved_is_said(solved: tuple[str, LevelGame, Solution]) -> None:
    name, _, solution = solved
    assert ("closed form" in solution.provenance.method) == (name in CLOSED)
    assert solution.provenance.exact


def test_several_ranges_of_self_enforcing_levels(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """G = 4*a - 9*a**2 + 6*a**3, pi = w + v*a, D = 1/2: F = -w + (4-v)*a - 9*a**2 + 6*a**3.

    With v = 1, w = 1/12 and 12*F = -1 + 36*a - 108*a**2 + 72*a**3: negative at 0, 35/16 at 1/8,
    -1 at 1/2, and -1 again at 1: two ranges, from 0 to the first root and from the second to 1.
    """
    game = load(tmp_path_factory, "humped")
    (branch,) = game.solve().at(v=1, w="1/12", d="1/2").branches
    (start, first), (second, end) = branch.strategies["self_enforcing"]
    assert (branch.name, start, end) == ("full", 0, 1)
    assert branch.outcomes["tipping_point"] == 0
    a = symbol("a")
    cubic = 72 * a**3 - 108 * a**2 + 36 * a - 1
    for root in (first, second):
        assert abs(sympy.N(cubic.subs(a, root), 30)) < 1e-25
    assert 0 < first < second < sympy.Rational(1, 2)


def test_an_isolated_level_is_an_exact_algebraic_number(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """pi = 1 - a**3/3 + 0*a has its optimum at 0; with v = 1 the cubic case has F of degree 3.

    F = (a**3 + a/5)/2 - (w + a - a**3/3)/2 = (2/3)*a**3 - (2/5)*a - w/2: with w = 0 the
    root is sqrt(3/5).
    """
    solution = load(tmp_path_factory, "cubic").solve()
    (branch,) = solution.at(v=1, w=0, d="1/2").branches
    assert branch.name == "constrained"
    assert branch.outcomes["level"] == sympy.sqrt(sympy.Rational(3, 5))


def test_signs_are_proved_without_a_closed_form(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A greater value or patience enlarges the set of self-enforcing levels, whatever its shape."""
    table = statics(load(tmp_path_factory, "cubic"), outcomes=["level"], branches=["all"])
    assert {(row.parameter, row.sign, row.verdict.value) for row in table.rows} == {
        ("v", "+", "proved"),
        ("w", "+", "proved"),
        ("d", "+", "proved"),
    }


def test_rational_functions_only(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TEXT.format(payoff="w + v*sqrt(a)", gain="a"), encoding="utf-8")
    with pytest.raises(InputError, match=r"level\.payoff: is no rational expression"):
        catalogue.load_game(str(path))
