"""Games of three players and more that nobody here had seen: each with the right answer by hand."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import sympy

from coopgame.catalogue import load_game
from coopgame.errors import MissingExtra
from coopgame.forms.base import Header
from coopgame.forms.normal import many
from coopgame.forms.normal.effort import Effort
from coopgame.forms.normal.game import NormalGame
from coopgame.language.parameters import Domain
from coopgame.reading.info import Info
from tests.peers import pygambit

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
    payoffs: dict[tuple[str, ...], tuple[sympy.Expr, ...]] = {
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
    payoffs: dict[tuple[str, ...], tuple[sympy.Expr, ...]] = {
        ("only",) * 3: tuple(map(sympy.Integer, (1, 2, 3)))
    }
    header = Header(Info("none", "", "", "", ""), Domain(), "")
    (branch,) = NormalGame(header, players, payoffs, {}).solve().at().branches
    assert branch.name == "only,only,only"
    assert branch.payoffs == {"a": 1, "b": 2, "c": 3}


# --- three who mix, at numbers -----------------------------------------------------------------


@pytest.mark.parametrize("v", [1, 2, 3, sympy.Rational(1, 7)])
def test_jordans_pennies_have_their_full_mixture_at_each_value(v: sympy.Expr) -> None:
    """Jordan 1993: each plays against the next; whatever v > 0, all mix evenly."""
    (branch,) = unseen("jordan3").solve().at(v=v).branches
    assert branch.name == "mixed"
    assert branch.outcomes["q"] == sympy.Rational(1, 2)


def test_irrational_payoffs_are_examined_and_told_as_decimals() -> None:
    """The volunteers' dilemma with cost 1/sqrt(2): each fails with sqrt(c), that is 2^(-1/4)."""
    game = unseen("vol3")
    at = {sympy.Symbol("c", real=True): 1 / sympy.sqrt(2)}
    payoffs = {p: tuple(u.subs(at) for u in us) for p, us in game.payoffs.items()}
    header = Header(Info("vol", "", "", "", ""), Domain(), "")
    solution = NormalGame(header, game.players, payoffs, {}).solve()
    assert len(solution.branches) == 7
    fails = solution["mixed"].strategies["a"]["n"]
    assert abs(fails - sympy.N(2 ** sympy.Rational(-1, 4), 40)) < sympy.Rational(1, 10**25)
    assert not solution.provenance.exact
    assert any("decimals" in note for note in solution.provenance.told)


def test_an_effort_of_nothing_names_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Gambit and without time, the supports on which three mix are named."""

    def missing(table: object) -> list[object]:
        raise MissingExtra("pygambit")

    monkeypatch.setattr(many, "polynomial_equilibria", missing)
    found = many.many_mix(unseen("jordan3").substitute({"v": sympy.S.One}), Effort(0, 0, 0))
    assert not found.branches
    assert not found.exact
    (told,) = found.left_out
    assert "1 of 1 choices of supports" in told
    assert "h,t|h,t|h,t" in told


def test_one_player_who_is_indifferent_has_a_continuum_with_its_ends() -> None:
    """d gains nothing whatever she does, and a pays 2 for d's l and -1 for her r, so that a stays
    with x while d plays l with 1/3 or more: the ends are l alone and that mixture. b likes y."""
    players = {"a": ("x", "z"), "b": ("y", "w"), "d": ("l", "r")}
    payoffs: dict[tuple[str, ...], tuple[sympy.Expr, ...]] = {
        (a, b, d): (
            sympy.Integer({"l": 2, "r": -1}[d] if a == "x" else 0),
            sympy.Integer(b == "y"),
            sympy.S.Zero,
        )
        for a in "xz"
        for b in "yw"
        for d in "lr"
    }
    solution = NormalGame(
        Header(Info("tie", "", "", "", ""), Domain(), ""), players, payoffs, {}
    ).solve()
    thirds = {b.strategies["d"]["l"] for b in solution.branches if b.strategies["a"]["x"] == 1}
    assert thirds == {1, sympy.Rational(1, 3)}
    subsets = [set(names) for each in solution.boundaries or () for names in each.subsets]
    assert {"x,y,l", "mixed{x ties z|y|l,r}"} in subsets


@pytest.mark.parametrize("seed", range(4))
def test_random_games_agree_with_gambit(seed: int) -> None:
    """All that Gambit's enumpoly finds is there, each without regret; it may lose one, so that
    there may be more here."""
    sizes = [(2, 2, 2), (2, 3, 2)][seed % 2]
    game = random_game(sizes, 100 + seed, 999)
    solution = game.solve()
    assert len(solution.branches) % 2 == 1
    arrays = [
        np.array([pygambit.Rational(str(game.payoffs[p][i])) for p in game.profiles]).reshape(sizes)
        for i in range(len(sizes))
    ]
    theirs = pygambit.nash.enumpoly_solve(pygambit.Game.from_arrays(*arrays), use_strategic=True)
    ours = [
        [float(p) for m in b.strategies.values() for p in m.values()] for b in solution.branches
    ]
    for one in theirs.equilibria:
        flat = [float(one[s]) for player in one.game.players for s in player.strategies]
        assert any(np.allclose(flat, other, atol=1e-6) for other in ours)
