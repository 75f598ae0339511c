"""Ties that nobody had in mind, at given values: common levels against a fine grid."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path

import numpy as np
import pytest
import sympy

import coopgame as cg
from coopgame.catalogue import load_game
from coopgame.forms.gamefile import read_game
from coopgame.forms.tie.game import TieGame
from coopgame.language.deciding import number
from coopgame.reading.section import Section

UNSEEN = Path(__file__).parent / "unseen"

UNIT = 'meaning = "m", unit = "1", source = "test"'
STEPS = 2000


def draw(seed: int) -> TieGame:
    """Payoffs and gains of degree three at most, constant or linear ones and u = pi(0) often."""
    at = random.Random(seed)

    def coefficient(low: int, high: int) -> str:
        return f"({at.randint(low, high)}/{at.choice([1, 2, 3])})"

    text = (
        'format = 1\nform = "tie"\ntitle = "drawn"\nheadline = "full"\n[parameters]\n'
        f'd = {{ {UNIT}, domain = "[0, 1)", default = "{at.choice(["0", "1/2", "9/10"])}" }}\n'
        f'[tie]\ndiscount = "d"\ntransfers = "{at.choice(["yes", "no"])}"\n'
    )
    for name in ("x", "y"):
        constant = coefficient(0, 1) if at.random() < 0.3 else "0"
        degree = at.choice([1, 2, 2, 3])
        payoff = f"{constant} + {coefficient(0, 3)}*a"
        if degree > 1:
            payoff += f" - {coefficient(0, 2)}*a**{degree}"
        gain = f"{coefficient(0, 1)}*a + {coefficient(0, 2)}*a**{at.choice([2, 3])}"
        outside = constant if at.random() < 0.6 else coefficient(0, 1)
        text += f'[tie.sides.{name}]\npayoff = "{payoff}"\ngain = "{gain}"\noutside = "{outside}"\n'
    section = Section(tomllib.loads(text))
    game = read_game(section, "drawn", "0")
    section.settle()
    assert isinstance(game, TieGame)
    return game


@pytest.mark.parametrize("seed", range(30))
def test_common_levels_are_those_of_the_grid(seed: int) -> None:
    """Where both sides bind at once there are two branches, with the same level.

    Seeds 0 and 17: a side whose F has no real roots, without transfers.
    """
    game = draw(seed)
    here = game.substitute(game.header.domain.point({}))
    solution = here.solve()
    a, joint = here.pooled.variable, here.pooled.payoff
    grid = np.linspace(0, 1, STEPS + 1)
    worth = sympy.lambdify(a, joint, "numpy")(grid) + 0 * grid
    cap = grid[np.flatnonzero(worth >= worth.max() - 1e-12)[-1]]
    excesses = [sympy.lambdify(a, side.excess, "numpy") for side in here.constraints]
    held = [x for x in grid if 0 < x <= cap and all(f(x) <= 1e-12 for f in excesses)]
    levels = [number(branch.outcomes["level"]) for branch in solution.branches]
    assert levels and max(levels) - min(levels) < 1e-12
    assert levels[0] == pytest.approx(max(held, default=0), abs=1.5 / STEPS)
    names = {branch.name for branch in solution.branches}
    assert "constrained" not in names or game.share is not None


def test_conditions_of_a_tie_hold_no_truth_of_numbers() -> None:
    """The small firm keeps a level where (1 - D)*a**2/2 <= D*(2*a - a**2/2), that is a <= 4*D; the
    large one where (1 - D)*a**2 <= D*(3*a - a**2), that is a <= 3*D: it binds, whatever D is, and
    that the one root lies below the other, a comparison of numbers, is no condition."""
    game = cg.game(
        "tie",
        tie={
            "discount": "D",
            "transfers": "no",
            "sides": {
                "small": {"payoff": "2*a - a**2/2", "gain": "a**2/2"},
                "large": {"payoff": "3*a - a**2", "gain": "a**2"},
            },
        },
        parameters={"D": "[0, 1)"},
    )
    solution = game.solve()
    assert set(solution) == {"none", "constrained_large", "full"}
    assert all(c.free_symbols for branch in solution.branches for c in branch.conditions)
    (bound,) = solution.at(D="1/10").branches
    assert bound.outcomes["level"] == sympy.Rational(3, 10)


def test_gains_in_proportion_make_a_tie_of_all_or_nothing() -> None:
    """F_one = a*(1 - 4*delta)/3 and F_two = a*((1 - delta)*k - delta): each keeps every level where
    its factor is at most zero, and none elsewhere; the joint payoff 2*a asks for all of it."""
    game = load_game(str(UNSEEN / "linear_tie.toml"))
    solution = game.solve()
    assert {b.name for b in solution.branches} == {"none", "full"} and not solution.provenance.notes
    for delta in ("1/5", "1/4", "2/5", "1/2", "3/5"):
        for k in ("0", "1/3", "2/3", "9/10"):
            at = {"delta": sympy.Rational(delta), "k": sympy.Rational(k)}
            d, gain = at["delta"], at["k"]
            keeps = d >= sympy.Rational(1, 4) and (1 - d) * gain <= d
            assert solution["full"].holds_at(at) is bool(keeps)
            assert solution["none"].holds_at(at) is not bool(keeps)
