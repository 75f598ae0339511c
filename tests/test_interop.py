"""Gambit's files and lines, and Nashpy's games: round trips, peers, malformed files."""

from __future__ import annotations

import io
import random
from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from click.testing import CliRunner

from coopgame.catalogue import check_file, load_game
from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.forms.base import Header
from coopgame.forms.normal.game import NormalGame
from coopgame.interop import equilibria, gambit_lines, normal, parse_nfg, to_nfg
from coopgame.language.parameters import Domain
from coopgame.reading.info import Info
from tests.peers import pygambit

SEEDS = range(12)


def random_game(seed: int) -> NormalGame:
    generator = random.Random(seed)
    sizes = generator.choice([(2, 2), (2, 3), (3, 2), (3, 3), (2, 2, 2), (2, 3, 2)])
    players = {f"p{i}": tuple(f"a{j}" for j in range(size)) for i, size in enumerate(sizes)}
    header = Header(Info("random", 'a "random" game', "", ""), Domain(), "")
    empty = NormalGame(header, players, {}, {})
    payoffs = {
        profile: tuple(
            sympy.Rational(generator.randint(-99, 99), generator.randint(1, 9)) for _ in sizes
        )
        for profile in empty.profiles
    }
    return NormalGame(header, players, payoffs, {})


@pytest.mark.parametrize("seed", SEEDS)
def test_gambit_reads_what_we_write_and_we_read_what_gambit_writes(
    seed: int,
) -> None:
    game = random_game(seed)
    theirs = pygambit.read_nfg(io.BytesIO(to_nfg(game, {}).encode()))
    assert theirs.title == 'a "random" game'
    for profile, payoffs in game.payoffs.items():
        places = [own.index(a) for own, a in zip(game.players.values(), profile, strict=True)]
        outcome = theirs[tuple(places)]
        found = [Fraction(str(outcome[player])) for player in theirs.players]
        assert found == [Fraction(str(u)) for u in payoffs]
    back = parse_nfg(theirs.to_nfg(), "back")
    assert (back.players, back.payoffs) == (game.players, game.payoffs)
    assert parse_nfg(to_nfg(game, {}), "own").payoffs == game.payoffs


@pytest.mark.parametrize("seed", [s for s in SEEDS if len(random_game(s).players) == 2])
def test_lines_name_the_equilibria_that_gambit_finds(seed: int) -> None:
    game = random_game(seed)
    theirs = pygambit.read_nfg(io.BytesIO(to_nfg(game, {}).encode()))
    expected = {
        ",".join(["NE", *(str(p[s]) for player in theirs.players for s in player.strategies)])
        for p in pygambit.nash.enummixed_solve(theirs, rational=True).equilibria
    }
    assert set(equilibria(game, {})) == expected


def test_a_game_at_a_point_is_a_game_of_nashpy() -> None:
    game = normal(load_game("hawk_dove"))
    first, second = game.to_nashpy(v=1, c=3).payoff_matrices
    assert first.tolist() == [[-1, 1], [0, 0.5]]
    assert second.tolist() == [[-1, 0], [1, 0.5]]
    three = next(g for g in map(random_game, SEEDS) if len(g.players) == 3)
    with pytest.raises(InputError, match="3 players"):
        three.to_nashpy()


def test_numbers_labels_and_comments_are_read() -> None:
    game = parse_nfg(
        'NFG 1 D "t" { "1" "2" }\n{ { "1" "give in" } { "" } }\n"a comment"\n1/3 -.5 1e1 2', "n"
    )
    assert game.players == {"player1": ("s1", "give_in"), "player2": ("s1",)}
    assert game.payoffs["s1", "s1"] == (sympy.Rational(1, 3), sympy.Rational(-1, 2))
    assert game.payoffs["give_in", "s1"] == (10, 2)
    assert game.header.info.description == "a comment"


def test_outcome_zero_pays_nothing() -> None:
    game = parse_nfg('NFG 1 R "t" { "a" "b" } { 2 1 } { { "w" 3, 4 } } 1 0', "n")
    assert list(game.payoffs.values()) == [(3, 4), (0, 0)]


HEAD = 'NFG 1 R "t" { "a" "b" }\n'
FAULTY = {
    "": "line 1: 'the end of the file' is out of place",
    "EFG 2 R": "line 1: 'EFG' is out of place",
    'NFG 1 R "t': "line 1: the quotation is never closed",
    'NFG 1 R "t" { "a" } { 2 }': "line 1: 1 players",
    'NFG 1 R "t" { ' + '"p" ' * 7 + "}": "line 1: 7 players",
    HEAD + "{ 2 }": "line 2: strategies of 1 players for 2 players",
    HEAD + "{ 0 2 }": "line 2: a player without strategies",
    HEAD + "{ 99 99 }": "line 2: more than 500 profiles",
    HEAD + "{ 99999999999 2 }": "line 2: '99999999999' is no number of strategies",
    HEAD + "{ { { { {": "line 2: '{' is out of place",
    HEAD + "{ 1 1 }\n1 x": "line 3: 'x' is not a finite number",
    HEAD + "{ 1 1 }\n1 1/0": "line 3: '1/0' divides by zero",
    HEAD + "{ 1 1 }\n1": "line 3: 'the end of the file' stands where a payoff should",
    HEAD + "{ 1 1 }\n1 2\n3": "line 4: '3' after the last payoff",
    HEAD + '{ 1 1 }\n{ { "" 1 2 } }\n2': "line 4: '2' is no number of an outcome",
}


@pytest.mark.parametrize("text", FAULTY)
def test_a_malformed_file_is_told_with_its_line_and_a_mend(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_nfg(text, "faulty")
    (fault,) = caught.value.faults
    assert str(fault).startswith(FAULTY[text])
    assert fault.mend


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(InputError, match="not in normal form"):
        normal(load_game("trust"))
    with pytest.raises(InputError, match="in symbols: v, c"):
        gambit_lines(load_game("hawk_dove").solve())


def test_the_command_exports_and_the_file_is_a_game(tmp_path: Path) -> None:
    path = tmp_path / "contest.nfg"
    arguments = ["export", "hawk_dove", "--to", "nfg", "--set", "v=1", "-o", str(path)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert load_game(str(path)).header.info.name == "contest"
    assert check_file(path) == ("catalogue", ())
    printed = CliRunner().invoke(main, ["export", str(path), "--to", "ne"]).output
    assert set(printed.split()) == {"NE,1,0,0,1", "NE,0,1,1,0", "NE,1/4,3/4,1/4,3/4"}
