"""Gambit's solver for games too large for exact algebra: its floats, polished to sixty digits."""

from __future__ import annotations

import importlib.util
import json
import math
import subprocess
import sys
from collections.abc import Sequence
from itertools import product
from typing import Any

import mpmath
import numpy as np
import sympy

from coopgame.errors import LimitReached, MissingExtra
from coopgame.forms.normal.mixtures import Mixture, PayoffTable, gains, indifference

DIGITS = 60
SECONDS = 20
NEGLIGIBLE = 1e-7
PRECISION = sympy.Rational(1, 10**25)


def polynomial_equilibria(table: PayoffTable) -> list[dict[str, Mixture]]:
    """The isolated equilibria in which three or more mix, as Gambit finds them, to sixty digits.

    The game must be one of rational numbers. Each is solved again on its support by Newton's
    method; what is then no equilibrium to 25 digits is left out. Gambit runs in a process of its
    own, as it cannot be interrupted. Raises MissingExtra without pygambit and LimitReached if
    Gambit does not finish in time.
    """
    if importlib.util.find_spec("pygambit") is None:
        raise MissingExtra("pygambit")
    profiles = list(product(*table.players.values()))
    payoffs = [
        [str(table.payoffs[profile][place]) for profile in profiles]
        for place in range(len(table.players))
    ]
    question = {"shape": [len(actions) for actions in table.players.values()], "payoffs": payoffs}
    polished = (_polished(table, profile) for profile in _ask(question))
    return [profile for profile in polished if profile is not None]


def _ask(question: dict[str, Any]) -> list[list[list[float]]]:
    """What Gambit answers, in a process that is ended when the time is over."""
    command = [sys.executable, "-m", "coopgame.forms.normal.gambit"]
    try:
        done = subprocess.run(
            command, input=json.dumps(question), capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise LimitReached(f"Gambit did not finish in {SECONDS} seconds") from None
    if done.returncode:
        raise LimitReached(f"Gambit failed: {done.stderr.strip().splitlines()[-1:]}")
    answer: list[list[list[float]]] = json.loads(done.stdout)
    return answer


def answer(question: dict[str, Any]) -> list[list[list[float]]]:
    """The equilibria of the game in a question, in floats: what the process of its own runs."""
    import pygambit

    shape = question["shape"]
    arrays = [np.empty(math.prod(shape), dtype=object) for _ in shape]
    for array, payoffs in zip(arrays, question["payoffs"], strict=True):
        array[:] = [pygambit.Rational(text) for text in payoffs]
    game = pygambit.Game.from_arrays(*(array.reshape(shape) for array in arrays))
    found = pygambit.nash.enumpoly_solve(game, use_strategic=True).equilibria
    return [
        [[float(profile[strategy]) for strategy in player.strategies] for player in game.players]
        for profile in found
    ]


def _polished(table: PayoffTable, profile: Sequence[Sequence[float]]) -> dict[str, Mixture] | None:
    """The equilibrium near a rough profile, by Newton's method on its support."""
    start = {
        player: {a: p for a, p in zip(actions, mixture, strict=True) if p > NEGLIGIBLE}
        for (player, actions), mixture in zip(table.players.items(), profile, strict=True)
    }
    supports = {player: tuple(mixture) for player, mixture in start.items()}
    if sum(len(support) > 1 for support in supports.values()) < 3:
        return None
    strategies, unknowns, equations = indifference(table, supports)
    guess = [start[p][a] for p, actions in supports.items() for a in actions[:-1]]
    with mpmath.workdps(DIGITS):
        try:
            root = mpmath.findroot(sympy.lambdify(unknowns, equations, "mpmath"), guess)
        except (ValueError, ZeroDivisionError):
            return None
        at = {u: sympy.Rational(str(value)) for u, value in zip(unknowns, root, strict=True)}
    exact: dict[str, Mixture] = {
        p: {a: s.xreplace(at) for a, s in m.items()} for p, m in strategies.items()
    }
    shares = [share for mixture in exact.values() for share in mixture.values()]
    good = min(shares) >= 0 and max(gains(table, exact)) <= PRECISION
    return exact if good else None


if __name__ == "__main__":
    print(json.dumps(answer(json.load(sys.stdin))))
