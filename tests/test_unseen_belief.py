"""Games of belief at given values, against Bayes' theorem taken venture by venture.

By hand: with prior p, a venture is begun iff p*gain >= (1 - p)*loss. After n failures the belief
is p*(1-s)**n/(p*(1-s)**n + (1-p)*(1-z)**n), s and z the chances of a success in either culture;
counted in exact fractions, the first n at which no venture is begun is `failures_to_lose`, and the
first m successes after which one is begun (or the old belief is back) are the other counts. Where
gain <= 0 none is begun at any belief: `hopeless`, and the margin has no logarithm.
"""

from __future__ import annotations

import tomllib
from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest
import sympy
from click.testing import CliRunner, Result

from coopgame.cli import main
from coopgame.errors import InputError
from coopgame.forms.belief.game import BeliefGame
from coopgame.forms.gamefile import read_game
from coopgame.reading.section import Section

GAME = """
format = 1
form = "belief"
title = "ventures"
headline = "ventures"
assumptions = ["z < s"]
prior = "p"
gain = "g"
loss = "l"
[success]
trustworthy = "s"
untrustworthy = "z"
[parameters]
g = { meaning = "gain", unit = "1", domain = "(-oo, oo)", default = "1", source = "chosen" }
l = { meaning = "loss", unit = "1", domain = "(0, oo)", default = "1", source = "chosen" }
p = { meaning = "prior", unit = "1", domain = "(0, 1)", default = "1/2", source = "chosen" }
s = { meaning = "success", unit = "1", domain = "(0, 1)", default = "9/10", source = "chosen" }
z = { meaning = "luck", unit = "1", domain = "(0, 1)", default = "1/2", source = "chosen" }
"""
NAMES = ("g", "l", "p", "s", "z")


def by_bayes(g: Fraction, l: Fraction, p: Fraction, s: Fraction, z: Fraction) -> dict[str, object]:
    """The branch (the better-known one at a tie) and its counts, one venture at a time."""

    def after(wins: int, losses: int) -> Fraction:
        likely = p * s**wins * (1 - s) ** losses
        return likely / (likely + (1 - p) * z**wins * (1 - z) ** losses)

    def begun(belief: Fraction) -> bool:
        return belief * g >= (1 - belief) * l

    if g <= 0:
        return {"name": "hopeless"}
    if not begun(p):
        start = next(m for m in count() if begun(after(m, 0)))
        return {"name": "locked_in", "successes_to_start": start}
    lost = next(n for n in count(1) if not begun(after(0, n)))
    return {
        "name": "ventures",
        "failures_to_lose": lost,
        "successes_to_restart": next(m for m in count() if begun(after(m, lost))),
        "successes_to_restore": next(m for m in count() if after(m, lost) >= p),
        "after_success": after(1, 0),
        "after_failure": after(0, 1),
    }


def read(text: str) -> BeliefGame:
    section = Section(tomllib.loads(text))
    game = read_game(section, "drawn", "0")
    section.settle()
    assert isinstance(game, BeliefGame)
    return game


POINTS = [
    # g, l, p, s, z: hopeless, at 0 too; next to certain; F a power of the margin (a tie of the
    # floor); 1/margin a power of S (a tie of the ceiling); next to either tie.
    ("-1", "1", "1/2", "9/10", "1/2"),
    ("0", "1", "1/2", "9/10", "1/2"),
    ("-7/3", "1/9", "999999/1000000", "2/3", "1/3"),
    ("1", "1", "1/1000000", "9/10", "1/2"),
    ("1", "1", "999999/1000000", "9/10", "1/2"),
    ("1/1000", "7", "1/2", "101/200", "99/200"),
    ("8", "1", "1/2", "3/4", "1/2"),
    ("8000001/1000000", "1", "1/2", "3/4", "1/2"),
    ("7999999/1000000", "1", "1/2", "3/4", "1/2"),
    ("4/9", "1", "1/2", "3/4", "1/2"),
    ("444/1000", "1", "1/2", "3/4", "1/2"),
    ("445/1000", "1", "1/2", "3/4", "1/2"),
    ("1", "1", "1/2", "3/4", "1/2"),
    ("5", "2", "3/4", "4/5", "3/10"),
]


@pytest.mark.parametrize("point", POINTS, ids=" ".join)
def test_a_point_agrees_with_bayes_by_hand(point: tuple[str, ...]) -> None:
    """The branch, its counts and its beliefs are those counted venture by venture."""
    values = dict(zip(NAMES, map(sympy.Rational, point), strict=True))
    expected = by_bayes(*map(Fraction, point))
    name = expected.pop("name")
    solved = read(GAME).substitute(values).solve()
    held = {branch.name: branch for branch in solved.branches}
    tie = values["p"] * values["g"] == (1 - values["p"]) * values["l"]
    assert set(held) == ({"ventures", "locked_in"} if tie else {name})
    outcomes = held[str(name)].outcomes
    for key, value in expected.items():
        exact = sympy.Rational(value) if isinstance(value, Fraction) else value
        assert outcomes[key] == exact, key
    assert all(value.is_real for value in outcomes.values())


@pytest.mark.parametrize("at", [("g=-1",), ("g=0",), ("g=-1", "p=1/2"), ("g=0", "p=1/3", "l=2")])
def test_hopeless_ventures_answer_in_every_command(tmp_path: Path, at: tuple[str, ...]) -> None:
    """Some values given, or all: no count of a branch that does not hold is worked out."""
    path = tmp_path / "game.toml"
    path.write_text(GAME, "utf-8")
    given = [part for one in at for part in ("--set", one)]
    found = _run("solve", str(path), *given)
    assert found.exit_code == 0, found.output
    assert "hopeless" in found.output
    assert "locked_in" not in found.output
    whole = [part for one in (at[0], "l=1", "p=1/2", "s=9/10", "z=1/2") for part in ("--set", one)]
    assert _run("solve", str(path), *whole).exit_code == 0


def test_equal_likelihoods_are_refused() -> None:
    """Where both cultures succeed alike a venture teaches nothing, and the file says where."""
    with pytest.raises(InputError, match="teaches nothing"):
        read(GAME.replace('assumptions = ["z < s"]', ""))


def test_irrational_buffers_have_exact_counts() -> None:
    """log(9)/log(5) is no fraction: 5 < 9 < 25, so trust is lost after two failures."""
    values = {"g": 9, "l": 1, "p": "1/2", "s": "9/10", "z": "1/2"}
    at = {name: sympy.Rational(value) for name, value in values.items()}
    (branch,) = read(GAME).substitute(at).solve().branches
    assert branch.outcomes["buffer"].is_rational is not True
    assert branch.outcomes["failures_to_lose"] == 2


@pytest.mark.parametrize("outcome", ["buffer", "failures_to_lose", "needed", "lift", "shortfall"])
def test_statics_of_outcomes_end_in_an_answer(tmp_path: Path, outcome: str) -> None:
    path = tmp_path / "game.toml"
    path.write_text(GAME, "utf-8")
    assert _run("statics", str(path), "--outcome", outcome).exit_code in (0, 3)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)
