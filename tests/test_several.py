"""Three players and more: irrational equilibria exactly, closed forms, and Gambit's solver."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

from coopgame.algebra.systems import real_points
from coopgame.errors import InputError
from coopgame.forms.base import Header
from coopgame.forms.normal.game import NormalGame
from coopgame.interop import read_nfg
from coopgame.language.expressions import parse
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.info import Info
from coopgame.solution import Solution
from tests.peers import pygambit

NAU = Path("catalog_data", "journals", "ijgt", "nau2004")  # in Gambit's own package
TEXTS = Sequence[str]


def game_of(
    sizes: Sequence[int], payoffs: Mapping[Any, TEXTS], domains: dict[str, str]
) -> NormalGame:
    """A game of players one, two, ... with actions 0, 1, ... and payoffs in the given names."""
    parameters = tuple(
        Parameter(name, "", "", Interval.parse(text), sympy.Rational(1, 2), "")
        for name, text in domains.items()
    )
    names = ("one", "two", "three", "four")
    players = {
        player: tuple(map(str, range(size))) for player, size in zip(names, sizes, strict=False)
    }
    table = {p: tuple(parse(text, set(domains)) for text in row) for p, row in payoffs.items()}
    return NormalGame(Header(Info("g", "", "", ""), Domain(parameters), ""), players, table, {})


def profiles(sizes: Sequence[int]) -> list[tuple[str, ...]]:
    return list(product(*(map(str, range(size)) for size in sizes)))


def test_the_unique_irrational_equilibrium_of_nau_gomez_canovas_and_hansen() -> None:
    """Their section 4, payoffs by (Top/Bottom, Left/Right, 1/2). With p, q, r the probabilities
    of Top, Left and 1, each is indifferent iff

        one:   3qr + q(1-r)         == (1-q)r + 2(1-q)(1-r)
        two:   (1-p)r + 3(1-p)(1-r) == 2pr + p(1-r)
        three: 2pq                  == 3(1-p)(1-q)

    The third gives q = 3(1-p)/(3-p), the second r = (3-4p)/(2-p); the first then becomes
    23p^2 - 53p + 24 == 0, of whose roots only p = (53 - sqrt(601))/46 is a probability.
    """
    solution = read_nfg(Path(pygambit.__file__).parent / NAU / "sec4.nfg").solve()
    (only,) = solution.branches
    assert solution.provenance.exact
    p, q, r = (next(iter(mixture.values())) for mixture in only.strategies.values())
    root = sympy.sqrt(601)
    assert sympy.expand(p - (53 - root) / 46) == 0
    first = 3 * q * r + q * (1 - r) - (1 - q) * r - 2 * (1 - q) * (1 - r)
    second = (1 - p) * r + 3 * (1 - p) * (1 - r) - 2 * p * r - p * (1 - r)
    third = 2 * p * q - 3 * (1 - p) * (1 - q)
    assert [sympy.expand(e) for e in (first, second, third)] == [0, 0, 0]
    assert sympy.expand(23 * p**2 - 53 * p + 24) == 0
    assert sympy.expand(q * (3 - p) - 3 * (1 - p)) == 0


@pytest.mark.parametrize(("section", "pure"), [("sec5.nfg", 3), ("sec6.nfg", 0)])
def test_a_continuum_of_mixed_equilibria_is_said_to_be_one(section: str, pure: int) -> None:
    """Sections 5 and 6 have curves of completely mixed equilibria: a note gives
    their equations."""
    solution = read_nfg(Path(pygambit.__file__).parent / NAU / section).solve()
    assert sum("mixed" not in branch.name for branch in solution.branches) == pure
    assert any("infinitely many" in note for note in solution.provenance.told)


def test_the_volunteers_dilemma_of_three() -> None:
    """Diekmann 1985: each gains 1 if anybody volunteers, which costs a volunteer c. Where all mix
    the chance that both others fail, f^2, equals c, so f = sqrt(c). Two who mix while the third
    fails: f = c. One who volunteers while the others fail is an equilibrium for all c < 1."""
    payoffs = {
        p: tuple("1 - c" if own == "0" else ("1" if "0" in p else "0") for own in p)
        for p in profiles((2, 2, 2))
    }
    game = game_of((2, 2, 2), payoffs, {"c": "(0, 1)"})
    solution = game.solve()
    pair = solution["mixed{0,1|0,1|1}"]
    assert sympy.expand(pair.strategies["one"]["1"] - symbol("c")) == 0
    names = {"0,1,1", "1,0,1", "1,1,0", "mixed{0,1|0,1|1}", "mixed{0,1|1|0,1}", "mixed{1|0,1|0,1}"}
    assert {branch.name for branch in solution.branches} == names
    for cost in ("1/4", "1/2", "2/3"):
        found = solution.at(c=cost)
        assert {branch.name for branch in found.branches} == {*names, "mixed"}
        assert found.provenance.exact
        for mixture in found["mixed"].strategies.values():
            assert sympy.expand(mixture["1"] ** 2) == sympy.Rational(cost)


def test_two_mix_and_the_third_has_a_condition_of_her_own() -> None:
    """One and two play pennies while three watches, which is worth x*p*q + (1 - x)*(1-p)*(1-q)
    to her with p = q = 1/2, that is 1/4; leaving is worth y, and ends the pennies' worth."""
    payoffs = {}
    for one, two, three in profiles((2, 2, 2)):
        match = "1" if one == two else "-1"
        miss = "-1" if one == two else "1"
        watched = {"00": "x", "11": "1 - x"}.get(one + two, "0")
        payoffs[one, two, three] = [match, miss, watched if three == "0" else "y"]
    game = game_of((2, 2, 2), payoffs, {"x": "[0, 1]", "y": "[0, 1]"})
    solution = game.solve()
    assert {b.name for b in solution.branches} == {"mixed{0,1|0,1|0}", "mixed{0,1|0,1|1}"}
    for name, text in (("mixed{0,1|0,1|0}", symbol("y") <= sympy.Rational(1, 4)),
                       ("mixed{0,1|0,1|1}", symbol("y") >= sympy.Rational(1, 4))):  # fmt: skip
        (condition,) = solution[name].conditions
        domain = solution.domain.constraints
        assert implies([*domain, condition], text).verdict is Verdict.PROVED
        assert implies([*domain, text], condition).verdict is Verdict.PROVED


def found_by_gambit(game: NormalGame) -> list[np.ndarray]:
    sizes = [len(actions) for actions in game.players.values()]
    arrays = [
        np.array([pygambit.Rational(str(game.payoffs[p][i])) for p in game.profiles]).reshape(sizes)
        for i in range(len(sizes))
    ]
    theirs = pygambit.Game.from_arrays(*arrays)
    profiles = pygambit.nash.enumpoly_solve(theirs, use_strategic=True).equilibria
    return [
        np.array([float(profile[s]) for player in theirs.players for s in player.strategies])
        for profile in profiles
    ]


def found_by_us(solution: Solution) -> list[np.ndarray]:
    return [
        np.array([float(p) for mixture in b.strategies.values() for p in mixture.values()])
        for b in solution.branches
    ]


@pytest.mark.parametrize("sizes", [(2, 2, 2), (3, 2, 2), (2, 2, 2, 2)])
def test_random_games_have_all_that_gambit_finds_and_an_odd_number(sizes: tuple[int, ...]) -> None:
    """Gambit's enumpoly works in floats and loses an equilibrium now and then; almost all games
    have an odd number of them (Wilson 1971), so that one lost by us would show."""
    generator = random.Random(sum(sizes))
    for _ in range(12 if sum(sizes) < 7 else 5 if sum(sizes) < 8 else 2):
        payoffs = {p: [str(generator.randint(-9999, 9999)) for _ in sizes] for p in profiles(sizes)}
        game = game_of(sizes, payoffs, {})
        ours, theirs = found_by_us(game.solve()), found_by_gambit(game)
        assert len(ours) % 2 == 1
        for one in theirs:
            assert any(np.allclose(one, other, atol=1e-6) for other in ours)


def test_parameters_are_solved_once_and_agree_with_gambit_at_points() -> None:
    generator = random.Random(5)
    payoffs = {
        p: [f"{generator.randint(-9, 9)} + {generator.randint(-4, 4)}*x" for _ in p]
        for p in profiles((2, 2, 2))
    }
    game = game_of((2, 2, 2), payoffs, {"x": "[-1, 1]"})
    solution = game.solve()
    for value in ("-83/97", "11/97", "70/97"):
        ours = found_by_us(solution.at(x=value))
        theirs = found_by_gambit(game.substitute({"x": sympy.Rational(value)}))
        assert len(ours) % 2 == 1
        for one in theirs:
            assert any(np.allclose(one, other, atol=1e-6) for other in ours)


def test_all_of_three_by_three_by_three_is_found_exactly() -> None:
    """Three players who gain 1 by all doing the same: where two play action i with x_i and y_i,
    it pays the third x_i*y_i, so that the even mixture of all leaves everybody indifferent."""
    payoffs = {p: ["1" if len(set(p)) == 1 else "0"] * 3 for p in profiles((3, 3, 3))}
    solution = game_of((3, 3, 3), payoffs, {}).solve()
    for mixture in solution["mixed"].strategies.values():
        assert set(mixture.values()) == {sympy.Rational(1, 3)}


def test_continua_are_refused_for_three_players() -> None:
    payoffs = {p: ["0", "0", "0"] for p in profiles((2, 2, 2))}
    with pytest.raises(InputError):
        game_of((2, 2, 2), payoffs, {}).solve(boundaries=True)


def test_systems_with_multiple_and_infinitely_many_solutions_are_told_apart() -> None:
    x, y = symbol("x"), symbol("y")
    assert real_points([x * y - 1, x + y], [x, y]) == []
    assert real_points([x * y], [x, y]) is None
    found = real_points([x**2 - 2, y - x**3], [x, y])
    assert found is not None
    point, other = found
    assert {point.number(y), other.number(y)} == {2 * sympy.sqrt(2), -2 * sympy.sqrt(2)}
    assert point.sign(y**2 - 8) == 0
    assert {point.sign(y - 2), other.sign(y - 2)} == {1, -1}
