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
from coopgame.language.expressions import parse
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol, to_text
from coopgame.reading.info import Info
from coopgame.solution import Branch, Component, decide
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
