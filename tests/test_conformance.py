"""Symbolic solutions against the peers, at random rational points: the same equilibria, exactly.

Each game is solved once in symbols. At each point its payoffs go to pygambit as exact rationals
and to Nashpy as floats; a point at which the game happens to be degenerate (an extreme equilibrium
with unequal supports, or a tie outside one) is passed over, and counted.
"""

from __future__ import annotations

import random
import tomllib
from fractions import Fraction

import nashpy
import numpy as np
import pytest
import sympy

from coopgame import catalogue
from coopgame.forms.base import Header
from coopgame.forms.normal.game import NormalGame
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.reading.info import Info
from coopgame.solution import Solution
from tests.peers import pygambit

Equilibrium = tuple[tuple[Fraction, ...], ...]

RANDOM_2X2 = 70
RANDOM_3X3 = 30
POINTS = 3
X, Y = symbol("x"), symbol("y")


def random_game(generator: random.Random, size: int) -> NormalGame:
    """A game whose payoffs are linear in x and y with small integer coefficients."""
    unit = Interval.parse("[0, 1]")
    parameters = tuple(Parameter(n, "", "", unit, sympy.Rational(1, 2), "") for n in ("x", "y"))
    actions = [tuple(f"{letter}{i}" for i in range(size)) for letter in "rc"]
    payoffs: dict[tuple[str, ...], tuple[sympy.Expr, ...]] = {
        (row, column): tuple(
            generator.randint(-5, 5) + generator.randint(-5, 5) * X + generator.randint(-5, 5) * Y
            for _ in range(2)
        )
        for row in actions[0]
        for column in actions[1]
    }
    header = Header(Info("random", "", "", ""), Domain(parameters), "")
    players = dict(zip(("row", "column"), actions, strict=True))
    return NormalGame(header, players, payoffs, {})


def matrices(game: NormalGame, point: dict[str, sympy.Rational]) -> list[list[list[Fraction]]]:
    at = {symbol(name): value for name, value in point.items()}
    return [
        [[Fraction(*payoff.xreplace(at).as_numer_denom()) for payoff in row] for row in rows]
        for rows in map(game.matrix, game.players)
    ]


def found_by_us(
    game: NormalGame, solution: Solution, point: dict[str, sympy.Rational]
) -> set[Equilibrium]:
    return {
        tuple(
            tuple(Fraction(str(branch.strategies[player].get(a, 0))) for a in actions)
            for player, actions in game.players.items()
        )
        for branch in solution.at(**point).branches
    }


def found_by_gambit(first: list[list[Fraction]], second: list[list[Fraction]]) -> set[Equilibrium]:
    exact = [
        np.array([[pygambit.Rational(u.numerator, u.denominator) for u in row] for row in m])
        for m in (first, second)
    ]
    game = pygambit.Game.from_arrays(*exact)
    return {
        tuple(
            tuple(Fraction(str(profile[strategy])) for strategy in player.strategies)
            for player in game.players
        )
        for profile in pygambit.nash.enummixed_solve(game, rational=True).equilibria
    }


def is_generic(
    found: set[Equilibrium], first: list[list[Fraction]], second: list[list[Fraction]]
) -> bool:
    """Whether in every equilibrium as many replies are best as are played."""
    for row, column in found:
        to_row = [sum(u * p for u, p in zip(line, column, strict=True)) for line in first]
        lines = zip(*second, strict=True)
        to_column = [sum(u * p for u, p in zip(line, row, strict=True)) for line in lines]
        for mixture, values in ((row, to_row), (column, to_column)):
            if values.count(max(values)) != sum(p > 0 for p in mixture):
                return False
    return bool(found)


def agree(game: NormalGame, generator: random.Random, points: int) -> int:
    """Compare at random points; the number of points at which the game was generic."""
    solution = game.solve()
    compared = 0
    for _ in range(points):
        point = random_point(game.header.domain, generator)
        first, second = matrices(game, point)
        theirs = found_by_gambit(first, second)
        if not is_generic(theirs, first, second):
            continue
        assert found_by_us(game, solution, point) == theirs, (point, game.payoffs)
        assert_nashpy_finds_no_other(theirs, first, second)
        compared += 1
    return compared


def random_point(domain: Domain, generator: random.Random) -> dict[str, sympy.Rational]:
    while True:
        point = {}
        for p in domain.parameters:
            low = p.interval.lower if p.interval.lower.is_finite else sympy.Integer(-5)
            high = p.interval.upper if p.interval.upper.is_finite else max(low, 0) + 8
            share = sympy.Rational(generator.randint(1, 996), 997)
            point[p.name] = low + (high - low) * share
        at = {symbol(name): value for name, value in point.items()}
        if all(c.xreplace(at) == sympy.true for c in domain.constraints):
            return point


def assert_nashpy_finds_no_other(
    exact: set[Equilibrium], first: list[list[Fraction]], second: list[list[Fraction]]
) -> None:
    """Every equilibrium of Nashpy's is one of ours (it may lose some to rounding)."""
    arrays = [np.array(m, dtype=float) for m in (first, second)]
    known = [np.concatenate([np.array(s, dtype=float) for s in e]) for e in exact]
    for pair in nashpy.Game(*arrays).support_enumeration():
        flat = np.concatenate(pair)
        assert any(np.allclose(flat, other, atol=1e-7) for other in known), flat


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("block", range(10))
def test_random_games_agree_with_gambit_and_nashpy(block: int) -> None:
    generator = random.Random(1000 + block)
    sizes = [2] * (RANDOM_2X2 // 10) + [3] * (RANDOM_3X3 // 10)
    compared = sum(agree(random_game(generator, size), generator, POINTS) for size in sizes)
    assert compared >= 0.9 * POINTS * len(sizes), "too many points were degenerate"


# By their files: to read them as games would hold up every worker before its first test.
TWO_PLAYER = [
    name
    for name, file in catalogue.files("catalogue").items()
    for stated in [tomllib.loads(file.read_text(encoding="utf-8"))]
    if stated["form"] == "normal" and len(stated["players"]) == 2
]


def two_player(name: str) -> NormalGame:
    game = catalogue.load_game(name)
    assert isinstance(game, NormalGame)
    return game


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", TWO_PLAYER)
def test_catalogue_games_agree_with_gambit_and_nashpy(name: str) -> None:
    assert agree(two_player(name), random.Random(7), 25) >= 20
