"""Games of three players and more that nobody here had seen: each with the right answer by hand."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path

import pytest
import sympy

from coopgame.catalogue import load_game
from coopgame.forms.base import Header
from coopgame.forms.normal import NormalGame
from coopgame.info import Info
from coopgame.parameters import Domain

UNSEEN = Path(__file__).resolve().parent / "unseen"


def unseen(name: str) -> NormalGame:
    game = load_game(str(UNSEEN / f"{name}.toml"))
    assert isinstance(game, NormalGame)
    return game


def random_game(sizes: tuple[int, ...], seed: int, most: int = 9) -> NormalGame:
    """A game of players p0, p1, ... with actions x0, x1, ... and whole payoffs of either sign."""
    generator = random.Random(seed)
    players = {f"p{i}": tuple(f"x{j}" for j in range(size)) for i, size in enumerate(sizes)}
    empty = NormalGame(Header(Info("random", "", "", "", ""), Domain(), ""), players, {}, {})
    payoffs = {
        profile: tuple(sympy.Integer(generator.randint(-most, most)) for _ in sizes)
        for profile in empty.profiles
    }
    return NormalGame(empty.header, players, payoffs, {})


def shares(game: NormalGame, branches: object) -> set[tuple[sympy.Expr, ...]]:
    return {
        tuple(share for player in game.players for share in branch.strategies[player].values())
        for branch in branches  # type: ignore[attr-defined]
    }


# --- players with one action -------------------------------------------------------------------


def test_a_player_with_one_action_leaves_the_game_of_the_two_others() -> None:
    """At t = 0 c1 pays the column player 0; against row r1 with p, c2 pays p - 3(1-p) and c3
    pays -3p + (1-p), both at most 0 iff 1/4 <= p <= 3/4. Row then gains 0 from either row. So
    these p against c1 are a continuum, with p = 3/4 and p = 1/4 at its ends."""
    solution = unseen("dummy3").solve().at(t=0)
    ends = {branch.strategies["row"]["r1"] for branch in solution.branches}
    assert ends == {sympy.Rational(1, 4), sympy.Rational(3, 4)}
    assert {branch.strategies["nat"]["only"] for branch in solution.branches} == {1}
    assert {branch.strategies["col"]["c1"] for branch in solution.branches} == {1}
    assert {branch.outcomes["up"] for branch in solution.branches} == ends
    (continuum,) = solution.boundaries or ()
    assert continuum.subsets == (tuple(branch.name for branch in solution.branches),)
    assert not solution.provenance.told


def test_the_continuum_beside_a_player_with_one_action_has_its_border() -> None:
    game = unseen("dummy3")
    (continuum,) = game.boundaries()
    assert continuum.conditions == (sympy.Eq(sympy.Symbol("t", real=True), 0),)
    assert all(branch.payoffs["nat"] == 0 for branch in continuum.extremes)


@pytest.mark.parametrize("sizes", sorted(set(permutations((2, 1, 3, 1)))))
def test_idle_players_change_no_equilibrium(sizes: tuple[int, ...]) -> None:
    """In whatever place they stand: the two others have the equilibria of their own game."""
    whole = random_game(sizes, 4)
    active = {player: own for player, own in whole.players.items() if len(own) > 1}
    places = [list(whole.players).index(player) for player in active]
    payoffs = {
        tuple(p[i] for i in places): tuple(us[i] for i in places) for p, us in whole.payoffs.items()
    }
    alone = NormalGame(whole.header, active, payoffs, {})
    ours, theirs = whole.solve().branches, alone.solve().branches
    assert len(ours) % 2 == 1
    assert shares(alone, ours) == shares(alone, theirs)
    for branch in ours:
        assert list(branch.strategies) == list(branch.payoffs) == list(whole.players)
        assert whole.regret(branch, {}) == 0


def test_one_player_who_decides_takes_what_is_best_for_her() -> None:
    """Payoffs 1, 3, 3 of her three actions: the second and third, and all mixtures of them."""
    players = {"n": ("only",), "p": ("a", "b", "c"), "m": ("only",)}
    payoffs = {
        ("only", action, "only"): tuple(map(sympy.Integer, (7, worth, 5)))
        for action, worth in zip("abc", (1, 3, 3), strict=True)
    }
    header = Header(Info("one", "", "", "", ""), Domain(), "")
    solution = NormalGame(header, players, payoffs, {}).solve().at()
    assert {branch.name for branch in solution.branches} == {"only,b,only", "only,c,only"}
    assert all(branch.payoffs == {"n": 7, "p": 3, "m": 5} for branch in solution.branches)
    assert len(solution.boundaries or ()) == 1


def test_nobody_decides() -> None:
    players = dict.fromkeys("abc", ("only",))
    payoffs = {("only",) * 3: tuple(map(sympy.Integer, (1, 2, 3)))}
    header = Header(Info("none", "", "", "", ""), Domain(), "")
    (branch,) = NormalGame(header, players, payoffs, {}).solve().at().branches
    assert branch.name == "only,only,only"
    assert branch.payoffs == {"a": 1, "b": 2, "c": 3}
