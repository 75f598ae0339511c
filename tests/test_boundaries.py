"""Degenerate games: continua by hand, in symbols against exact numbers, and Gambit's."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from click.testing import CliRunner

from coopgame.catalogue import load_game
from coopgame.cli import main
from coopgame.forms.base import Header
from coopgame.forms.normal.extremes import extreme_equilibria
from coopgame.forms.normal.game import NormalGame
from coopgame.language.deciding import decide
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol, to_text
from coopgame.language.putting import put
from coopgame.reading.info import Info
from coopgame.solution import Branch, Component
from tests.peers import pygambit

Texts = Sequence[Sequence[str]]
Values = dict[sympy.Symbol, sympy.Expr]
Described = dict[frozenset[Any], frozenset[Any]]
X = symbol("x")


def bimatrix(first: Texts, second: Texts, domain: str, names: str = "x") -> NormalGame:
    parameters = tuple(
        Parameter(name, "", "", Interval.parse(domain), sympy.Rational(1, 2), "") for name in names
    )
    rows = {2: "UD", 3: "UMD"}[len(first)]
    columns = {2: "lr", 3: "lmr"}[len(first[0])]
    payoffs: dict[tuple[str, ...], tuple[sympy.Expr, ...]] = {
        (row, column): (parse(first[i][j], set(names)), parse(second[i][j], set(names)))
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    }
    header = Header(Info("game", "", "", ""), Domain(parameters), "")
    return NormalGame(header, {"one": tuple(rows), "two": tuple(columns)}, payoffs, {})


def shares(branch: Branch) -> tuple[tuple[sympy.Expr, ...], ...]:
    return tuple(tuple(mixture.values()) for mixture in branch.strategies.values())


def described(components: Iterable[Component] | None) -> Described:
    """The extreme equilibria of each component, and its subsets, without names."""
    found = {}
    for component in components or ():
        named = {branch.name: shares(branch) for branch in component.extremes}
        subsets = frozenset(frozenset(map(named.get, subset)) for subset in component.subsets)
        found[frozenset(named.values())] = subsets
    return found


def crossing_game() -> NormalGame:
    """A = [[x/2, x], [1-x, (1-x)/2]] and B its transpose."""
    first = [["x/2", "x"], ["1 - x", "(1 - x)/2"]]
    return bimatrix(first, [list(column) for column in zip(*first, strict=True)], "[0, 1]")


def test_the_continua_where_equilibria_meet() -> None:
    """Against U the other is better off with U iff x/2 >= 1 - x, that is x >= 2/3; against D with
    D iff (1-x)/2 >= x, that is x <= 1/3. In between the two differ; each mixes where
    p*x/2 + (1-p)*x = p*(1-x) + (1-p)*(1-x)/2, so p = 3x - 1. At x = 2/3 both are indifferent
    against U: (U, any) and (any, l) are equilibria; at x = 1/3 (D, any) and (any, r) are."""
    game = crossing_game()
    solution = game.solve(boundaries=True)
    names = {v: {b.name for b in solution.at(x=v).branches} for v in ("9/10", "1/2", "1/10")}
    assert names == {"9/10": {"U,l"}, "1/2": {"U,r", "D,l", "mixed"}, "1/10": {"D,r"}}
    assert solution["mixed"].strategies["one"]["U"] == 3 * X - 1
    high, low = solution.boundaries or ()
    assert [to_text(c) for c in high.conditions] == ["x == 2/3"]
    assert {b.name for b in high.extremes} == {"U,l", "U,r", "D,l"}
    assert set(map(frozenset, high.subsets)) == {
        frozenset({"U,l", "U,r"}),
        frozenset({"U,l", "D,l"}),
    }
    assert [to_text(c) for c in low.conditions] == ["x == 1/3"]
    assert {b.name for b in low.extremes} == {"U,r", "D,r", "D,l"}
    for value, component in (("2/3", high), ("1/3", low)):
        at = solution.at(x=value)
        assert described(at.boundaries) == described([component])
        assert {shares(b) for b in at.branches} == set().union(*described([component]))


def test_inspection_where_the_costs_of_inspecting_and_of_a_cheat_balance() -> None:
    """With c = w an inspection saves what it costs when the agent shirks for sure; he does so
    while she inspects with e/(f + w) at most (always, where e > f + w)."""
    game = load_game("inspection")
    assert isinstance(game, NormalGame)
    components = game.boundaries()
    at_cost = [c for c in components if "w == c" in map(to_text, c.conditions)]
    names = {frozenset(branch.name for branch in c.extremes) for c in at_cost}
    assert names == {
        frozenset({"shirk,inspect", "shirk,trust"}),
        frozenset({"shirk,trust", "mixed{shirk|inspect,trust}"}),
    }


def test_a_duplicate_row_gives_a_continuum_everywhere() -> None:
    """U and M are the same action: whatever mixture of them replaces it, nothing changes."""
    rows = [["x", "0"], ["x", "0"], ["0", "1"]]
    game = bimatrix(rows, [["1", "0"], ["1", "0"], ["0", "1"]], "[1, 2]")
    solution = game.solve(boundaries=True)
    assert {b.name for b in solution.branches} == {
        "U,l",
        "M,l",
        "D,r",
        "mixed{U,D|l,r}",
        "mixed{M,D|l,r}",
    }
    assert all(component.conditions == () for component in solution.boundaries or ())
    assert {frozenset(b.name for b in c.extremes) for c in solution.boundaries or ()} == {
        frozenset({"U,l", "M,l"}),
        frozenset({"mixed{U,D|l,r}", "mixed{M,D|l,r}"}),
    }


def test_constant_payoffs_make_every_profile_an_equilibrium() -> None:
    game = bimatrix([["x", "x"], ["x", "x"]], [["0", "0"], ["0", "0"]], "[0, 1]")
    (component,) = game.boundaries()
    assert component.conditions == ()
    assert {b.name for b in component.extremes} == {"U,l", "U,r", "D,l", "D,r"}
    assert [set(subset) for subset in component.subsets] == [{"U,l", "U,r", "D,l", "D,r"}]


def test_a_game_that_is_not_degenerate_anywhere_has_no_boundary() -> None:
    game = bimatrix([["2", "0"], ["x", "1"]], [["2", "x"], ["0", "1"]], "[0, 1]")
    assert game.boundaries() == ()
    assert game.solve().at(x="1/2").boundaries == ()


def random_game(seed: int, rows: int, columns: int) -> NormalGame:
    """Payoffs from a short list, so that ties for all values and on borders are common."""
    generator = random.Random(seed)
    entries = ["0", "0", "1", "x", "y", "1 - x", "x + y", "2*x - y"]

    def table() -> Texts:
        return [[generator.choice(entries) for _ in range(columns)] for _ in range(rows)]

    return bimatrix(table(), table(), "[-1, 2]", "xy")


def points_on(equation: sympy.Basic | None, generator: random.Random) -> list[Values]:
    """Random rational points, on the border that an equation solved for one parameter states."""
    found = []
    for _ in range(4):
        point = {symbol(n): sympy.Rational(generator.randint(-996, 1993), 997) for n in "xy"}
        if equation is not None:
            point[equation.lhs] = equation.rhs.subs(point)
        if all(-1 <= value <= 2 for value in point.values()):
            found.append(point)
    return found


def expected_at(components: Iterable[Component] | None, point: Values) -> Described:
    """What the components say at a point: those that hold, the largest of those that overlap."""
    here = [
        replace(c, extremes=tuple(b.substitute(point) for b in c.extremes))
        for c in components or ()
        if all(decide(condition.subs(point)) for condition in c.conditions)
    ]
    found = described(here)
    return {key: value for key, value in found.items() if not any(key < k for k in found)}


@pytest.mark.parametrize("seed", range(14))
def test_symbolic_continua_are_those_of_exact_numbers(seed: int) -> None:
    """Everywhere and on every border whose equation is linear, at random points of it."""
    generator = random.Random(seed)
    game = random_game(seed, 2, 2 + seed % 2)
    solution = game.solve(boundaries=True)
    stated = [c.conditions[0] for c in solution.boundaries or () if c.conditions]
    equations = {c for c in stated if isinstance(c, sympy.Eq) and c.lhs.is_Symbol}
    for equation in (None, *sorted(equations, key=str)):
        for point in points_on(equation, generator):
            numbers = solution.at(**{s.name: value for s, value in point.items()})
            assert expected_at(solution.boundaries, point) == described(numbers.boundaries)
            if equation is None:
                here = [b for b in solution.branches
                        if all(decide(c.subs(point)) for c in b.conditions)]  # fmt: skip
                assert {shares(b.substitute(point)) for b in here} == set(
                    map(shares, numbers.branches)
                )


STEPS = "piecewise(0, x < 1/4, 1, x <= 1/4, y)"


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        # With l for sure U pays what D does on the first piece: p >= 2/3 keeps l best. On the
        # second U is better, and they mix with q*2 = 1.
        (
            [["piecewise(1, x < 1/2, 2)", "0"], ["1", "1"]],
            [["1", "0"], ["0", "2"]],
            {("x < 1/2",): {"U,l", "mixed{U,D|l}"}},
        ),
        # U pays 0, then 1 at the one point x = 1/4, then y in [2, 3]: as much as D at that point.
        (
            [[STEPS, "0"], ["1", "1"]],
            [["1", "0"], ["0", "2"]],
            {("x == 1/4",): {"U,l", "mixed{U,D|l}"}},
        ),
        # max(x, 1/2) = 1/2 ties the rows under l exactly up to x = 1/2, min(x, 1/2) = 1/2 under r
        # from there on; the columns are as good as each other at p = 1/2.
        (
            [["max(x, 1/2)", "1/2"], ["1/2", "min(x, 1/2)"]],
            [["1", "0"], ["0", "1"]],
            {
                ("x < 1/2",): {"U,l", "mixed{U,D|l}"},
                ("x > 1/2",): {"D,r", "mixed{U,D|r}"},
                ("x == 1/2",): {"U,l", "D,r", "mixed{U,D|l}", "mixed{U,D|r}"},
            },
        ),
    ],
)
def test_continua_on_pieces_of_the_payoffs(
    first: Texts, second: Texts, said: dict[tuple[str, ...], set[str]]
) -> None:
    """A piece of a payoff may tie where the others do not, and the borders of pieces count."""
    game = bimatrix(first, second, "[0, 3]", "xy").substitute({"y": sympy.Integer(2)})
    solution = game.solve(boundaries=True)
    for (where,), names in said.items():
        condition = parse_condition(where, {"x"})
        for value in (sympy.Rational(k, 8) for k in range(9)):
            here = [
                {b.name for b in c.extremes}
                for c in solution.boundaries or ()
                if all(decide(each.subs(X, value)) for each in c.conditions)
            ]
            assert (names in here) or not decide(condition.subs(X, value)), (where, value)
            assert all(any(each <= n for n in said.values()) for each in here)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_continua_of_kinked_payoffs_are_those_of_exact_numbers(seed: int) -> None:
    """At points inside the pieces and on their borders; and so are the equilibria themselves."""
    generator = random.Random(seed)
    kinked = ["max(x, 1)", "min(1 - x, y)", "piecewise(0, x < 1, y, x <= 1, 1)", "floor(x)"]
    kinked += ["piecewise(y, x <= 1, 2)", "piecewise(1, y < x, 1/2)"]

    def table() -> Texts:
        plain = [[generator.choice(["0", "1", "x", "y"]) for _ in range(2)] for _ in range(2)]
        plain[generator.randrange(2)][generator.randrange(2)] = generator.choice(kinked)
        return plain

    game = bimatrix(table(), table(), "[-1, 2]", "xy")
    solution = game.solve(boundaries=True)
    assert "pieces" not in str(solution.provenance.told)
    borders = [{X: x, symbol("y"): y} for x in map(sympy.Integer, (0, 1)) for y in
               (sympy.Rational(3, 7), sympy.Rational(-2, 7))]  # fmt: skip
    for point in [*borders, *points_on(None, generator)]:
        numbers = solution.at(**{s.name: value for s, value in point.items()})
        listed = {shares(b.substitute(point)) for b in solution.branches
                  if all(decide(put(c, point)) for c in b.conditions)}  # fmt: skip
        assert listed <= set(map(shares, numbers.branches))
        if any(value.q > 100 for value in point.values()):
            assert listed == set(map(shares, numbers.branches)), point
            assert expected_at(solution.boundaries, point) == described(numbers.boundaries), point


def gambit_extremes(
    first: list[list[Fraction]], second: list[list[Fraction]]
) -> set[tuple[Any, ...]]:
    exact = [
        np.array([[pygambit.Rational(u.numerator, u.denominator) for u in row] for row in m])
        for m in (first, second)
    ]
    game = pygambit.Game.from_arrays(*exact)
    return {
        tuple(tuple(Fraction(str(profile[s])) for s in p.strategies) for p in game.players)
        for profile in pygambit.nash.enummixed_solve(game, rational=True).equilibria
    }


def numbers(generator: random.Random, rows: int, columns: int) -> list[list[Fraction]]:
    """Rationals, or small integers so that ties are common."""
    spread = generator.choice([1, 1, 2, 3, 50])
    below = generator.choice([1, 7]) if spread == 50 else 1
    return [
        [Fraction(generator.randint(-spread, spread), below) for _ in range(columns)]
        for _ in range(rows)
    ]


def compare_with_gambit(seed: int, count: int) -> int:
    """Compare extreme equilibria; returns how many of the games were degenerate."""
    generator = random.Random(seed)
    degenerate = 0
    for _ in range(count):
        size = generator.randint(2, 4), generator.randint(2, 4)
        first, second = numbers(generator, *size), numbers(generator, *size)
        found = extreme_equilibria(first, second)
        assert {(r.strategy, c.strategy) for r, c in found.pairs} == gambit_extremes(first, second)
        degenerate += found.degenerate
    return degenerate


def test_two_hundred_random_games_have_gambits_extreme_equilibria() -> None:
    assert 40 <= compare_with_gambit(1, 200) <= 180


@pytest.mark.slow
def test_two_thousand_random_games_have_gambits_extreme_equilibria() -> None:
    assert 400 <= compare_with_gambit(2, 2000) <= 1800


def test_a_game_of_numbers_is_solved_to_gambits_extreme_equilibria() -> None:
    """The whole way, from a game without parameters to its branches and components."""
    generator = random.Random(3)
    for _ in range(25):
        first, second = numbers(generator, 3, 3), numbers(generator, 3, 3)
        one, other = ([[str(u) for u in row] for row in matrix] for matrix in (first, second))
        solution = bimatrix(one, other, "[0, 1]", "").solve()
        found = {
            tuple(tuple(Fraction(str(p)) for p in mixture) for mixture in shares(branch))
            for branch in solution.at().branches
        }
        assert found == gambit_extremes(first, second)


def test_the_command_line_tells_continua_and_their_extreme_equilibria() -> None:
    said = CliRunner().invoke(main, ["solve", "inspection", "--boundaries"])
    assert said.exit_code == 0
    assert "Continuum 3" in said.output and "w == c" in said.output
    record = CliRunner().invoke(main, ["solve", "inspection", "--boundaries", "--format", "json"])
    boundaries = json.loads(record.output)["boundaries"]
    assert {"w == c", "c < e - f"} in [set(each["conditions"]) for each in boundaries]
    assert all(len(each["extremes"]) > 1 and each["subsets"] for each in boundaries)
    plain = CliRunner().invoke(main, ["solve", "inspection", "--format", "json"])
    assert "boundaries" not in json.loads(plain.output)


def test_the_command_line_refuses_boundaries_where_there_is_no_normal_form() -> None:
    said = CliRunner().invoke(main, ["solve", "trust", "--boundaries"])
    assert said.exit_code == 2
    assert "normal form" in said.output
