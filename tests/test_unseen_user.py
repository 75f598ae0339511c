"""What a reader of the README met who wrote games of his own: answers by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sympy
from click.testing import CliRunner

import coopgame as cg
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.language.deciding import evaluate
from coopgame.language.expressions import parse
from coopgame.language.printing import symbol, to_numpy
from coopgame.proofs.conditions import reduce

UNSEEN = Path(__file__).parent / "unseen"
LONG = "x" * 300  # longer than a file system lets a name be


def run(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(main, [*arguments, "--no-cache"])
    return found.exit_code, found.output + found.stderr


def test_bounds_of_different_scale_that_meet_are_an_equality() -> None:
    """Costs c, demand a - q1 - q2, quantities 1, 2, 4: with m = a - c, (1, 4) asks of the first
    m - 5 >= 2*(m - 6), so m <= 7, and of the second 4*(m - 5) >= 2*(m - 3), so m >= 7.
    """
    solution = cg.load(UNSEEN / "cournot_gap.toml").solve()
    (condition,) = solution["q1,q4"].conditions
    assert isinstance(condition, sympy.Eq)
    assert condition.subs({symbol("a"): 9, symbol("c"): 2}) == sympy.true


@pytest.mark.parametrize("scale", [1, 2, "1/3"])
def test_meeting_bounds(scale: Any) -> None:
    a, c = sympy.symbols("a c", real=True)
    factor = sympy.Rational(scale)
    found = reduce([factor * a >= factor * (c + 7), a - c <= 7], []).conditions
    assert [type(condition) for condition in found] == [sympy.Eq]


def test_conditions_of_a_tie_say_each_thing_once() -> None:
    """Small: a**2*(1 - D) <= D*(s*a - a**2), so a <= D*s. Large: a**2/2 <= D*(l*a - 1/10).
    At a = D*s the latter reads D*s**2/2 <= l*s*D - 1/10, that is 5*D*s*(2*l - s) >= 1; it needs
    D > 0. The joint optimum is (l + s)/3, or 1.
    """
    solution = cg.load(UNSEEN / "two_sides.toml").solve()
    l, s, D = (symbol(name) for name in ["l", "s", "D"])
    assert set(solution["constrained_small"].conditions) == {
        D * s < 1, 3 * D * s < l + s, 5 * D * s * (2 * l - s) >= 1,
    }  # fmt: skip


def test_no_condition_repeats_the_domain() -> None:
    """b >= 0 is the domain; with a**2*(1 - D) <= D*(b*a - u) no level enforces itself where D*b is
    0, where the roots are not real, or where the lower one lies above 1.
    """
    game = cg.game(
        "level", level={"payoff": "b*a", "gain": "a**2", "outside": "u", "discount": "D"},
        parameters={"b": "[0, oo)", "u": "[0, oo)", "D": "[0, 1)"},
    )  # fmt: skip
    (none,) = game.solve()["none"].conditions
    b, u, D = (symbol(name) for name in ["b", "u", "D"])
    assert (b >= 0) not in none.atoms(sympy.Ge)
    for at in ({b: 1, u: 2, D: "1/2"}, {b: 0, u: 0, D: "1/2"}, {b: 2, u: 1, D: "1/10"}):
        assert none.subs({k: sympy.Rational(v) for k, v in at.items()}) == sympy.true
    assert none.subs({b: 2, u: 0, D: sympy.Rational(1, 2)}) == sympy.false


def test_what_an_idle_player_earns_is_cancelled() -> None:
    """5*t/(t + 1) + 5/(t + 1) is 5."""
    rows = {("x", "a"): ("t", 0), ("x", "b"): (0, 2), ("y", "a"): (0, 0), ("y", "b"): (1, -1)}
    game = cg.game(
        "normal", players={"nat": "only", "row": "x y", "col": "a b"}, parameters={"t": "(0, 1]"},
        payoffs={("only", *profile): (5, *pays) for profile, pays in rows.items()},
    )  # fmt: skip
    assert [branch.payoffs["nat"] for branch in game.solve().branches] == [5]


def test_the_root_of_a_reciprocal_is_upright() -> None:
    """max x + y with x**2 + y**2 <= a: both are sqrt(a/2), worth sqrt(2*a)."""
    game = cg.game(
        "contract", chooser="firm", terms={"x": "(-oo, oo)", "y": "(-oo, oo)"},
        modes={"go": {"terms": ["x", "y"], "objective": "x + y",
                      "constraints": {"cap": "x**2 + y**2 <= a"}}},
        parameters={"a": "(0, oo)"},
    )  # fmt: skip
    a = symbol("a")
    assert game.solve()["go"].outcomes["value"] == sympy.sqrt(2) * sympy.sqrt(a)


def test_the_variable_of_a_root_stands_for_itself() -> None:
    """The root of a**2 - x in [0, 9] at x = 16 is 4, whatever `a` is called elsewhere."""
    x, root = symbol("x"), parse("root(a**2 - x, a, 0, 9)", ["x"])
    assert evaluate(root, {x: sympy.Integer(16)}) == 4
    assert evaluate(root + 1, {x: sympy.Integer(16), symbol("a"): sympy.Integer(2)}) == 5


def test_roots_of_polynomials_are_numbers_to_numpy() -> None:
    """a**4 + 2*a - 1 rises through zero near 0.4746: 0.4746**4 + 0.9492 = 0.99994."""
    root = sympy.Poly("a**4 + 2*a - 1").real_roots()[-1]
    assert isinstance(root, sympy.CRootOf)
    x = symbol("x")
    (found,) = to_numpy([x * root], ["x"])(2.0)
    assert found == pytest.approx(2 * 0.47463, abs=1e-4)


@pytest.mark.parametrize(
    "arguments",
    [
        ("plot", "-o", "quintic.png"),
        ("plot", "--kind", "phase", "-o", "phase.png"),
        ("exercise", "--count", "1"),
    ],
)
def test_a_level_of_degree_five(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its best level is a root of a**4 + 2*a = b inside a piecewise: all that is drawn works."""
    monkeypatch.chdir(tmp_path)
    command, *options = arguments
    code, told = run(command, str(UNSEEN / "quintic.toml"), *options)
    assert code == 0, told


def test_phase_of_a_game_without_an_equilibrium_in_symbols() -> None:
    """Of n players with payoffs in k all equilibria depend on n: none is known in symbols."""
    code, told = run("plot", str(UNSEEN / "fingers_n.toml"), "--kind", "phase")
    assert code == 2
    assert "none of its equilibria is known in symbols over an area" in told


def test_a_floor_in_a_condition_is_explained() -> None:
    """`floor(z) >= 1` has no derivative to tell; that its region grows in z is told."""
    code, told = run("explain", str(UNSEEN / "floored.toml"))
    assert code == 0, told
    assert "its region" in told and "grows" in told


def test_basins_where_no_choice_ever_matters() -> None:
    """At z = 3/2 the first player is indifferent always: no equilibrium is strict, no basin."""
    chosen = cg.load(UNSEEN / "floored.toml").select("basins", set={"z": "3/2"})
    assert chosen["basins"].selected == ()


def test_basins_of_a_constant_advantage() -> None:
    """Giving costs c whatever the other does: all keep, from every state."""
    game = cg.game(
        "symmetric", players=2, actions="give keep", payoffs={"give": "b*k - c", "keep": "b*k"},
        parameters={"b": "(0, oo)", "c": "(0, oo)"},
    )  # fmt: skip
    ((name, measure),) = [
        (s.equilibrium, s.measure) for s in game.select("basins")["basins"].selected
    ]
    assert (name, measure) == ("all_keep", 1)
    with pytest.raises(InputError, match="a game of identical players"):
        game.select("replicator", at_defaults=True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("solve", LONG), ("plot", LONG), ("study", LONG), ("check", LONG),
        ("solve", "trust", "--rules", LONG), ("solve", "trust", "--catalogue", LONG),
        ("new", "normal", "-o", f"{LONG}.toml"),
        ("table", "trust", "--vary", "h=0:0.5:3", "-o", f"{LONG}.parquet"),
    ],
    ids=lambda arguments: " ".join(arguments).replace(LONG, "LONG"),
)  # fmt: skip
def test_names_longer_than_a_file_system_takes(arguments: tuple[str, ...]) -> None:
    code, told = run(*arguments)
    assert code == 2, told


def test_a_long_name_in_python() -> None:
    with pytest.raises(InputError, match="no game or case is called"):
        cg.load(LONG)


MATRIX = [["a", 0], [0, 1]]


@pytest.mark.parametrize(
    ("stated", "place"),
    [
        ({"players": ["x", "y"]}, "players"),
        ({"players": "x y"}, "players"),
        ({"players": {"x": 3, "y": "A B"}}, "players"),
        ({"players": {"x": "A B"}}, "players"),
        ({"payoffs": {"a1,a1": (1, 1)}}, "payoffs"),
        ({"stage": {"payoffs": {}}}, "stage"),
    ],
)
def test_matrices_beside_what_does_not_fit(stated: dict[str, Any], place: str) -> None:
    """Nothing that is stated is dropped without a word."""
    with pytest.raises(InputError) as raised:
        cg.game("normal", MATRIX, parameters={"a": "(0, oo)"}, **stated)
    assert [fault.place for fault in raised.value.faults] == [place]


@pytest.mark.parametrize(
    "asked",
    [
        {"vary": "nope"}, {"vary": ("h", 2, 3)}, {"vary": ("h", "x", 1)}, {"outcome": "nope"},
        {"x": "nope"}, {"kind": "phase", "x": "h", "y": "h"},
    ],
    ids=str,
)  # fmt: skip
def test_a_picture_refuses_at_once_what_it_cannot_draw(asked: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        cg.plot("trust", **asked)


def test_symbols_stand_for_names() -> None:
    """What `symbols` gives can be asked for and set: grim from delta = (T - R)/(T - P) on."""
    solution = cg.load("trust").solve()
    delta, T, R, P, h = solution.symbols("delta T R P h")
    assert sympy.simplify(solution.threshold(delta) - (T - R) / ((1 - h) * (T - P))) == 0
    assert solution.bounds(delta, "grim") == solution.bounds("delta", "grim")
    assert solution.at({delta: "1/2"}) == solution.at(delta="1/2")
    with pytest.raises(InputError, match="given twice"):
        solution.at({delta: "1/2"}, delta=1)
