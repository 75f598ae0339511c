"""Extreme equilibria of random games of integers against Gambit's exact enumeration, side by side.

Both work in exact arithmetic in one process, and their answers are compared. Building the game
objects is left out of the time of either.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from benchmarks.timing import best, print_table, shown
from coopgame.forms.normal.extremes import extreme_equilibria

SIZES = (6, 8, 10)  # against Gambit, which needs minutes beyond
ALONE = (12, 13)
SEED = 7
Matrix = list[list[Fraction]]


def run(repeats: int) -> None:
    """Time both on the same games; raises AssertionError where they do not agree."""
    rows = [_compared(size, repeats) for size in SIZES] + [_alone(size) for size in ALONE]
    print_table(
        "All extreme equilibria of a random game of integers, in exact arithmetic",
        ["game", "equilibria", "coopgame", "pygambit", "ratio"],
        rows,
    )


def drawn(size: int) -> tuple[Matrix, Matrix]:
    """Payoffs from 1 to 20, by a fixed seed."""
    generator = random.Random(SEED * size)

    def matrix() -> Matrix:
        return [[Fraction(generator.randint(1, 20)) for _ in range(size)] for _ in range(size)]

    return matrix(), matrix()


def _compared(size: int, repeats: int) -> list[str]:
    import pygambit

    first, second = drawn(size)
    game = pygambit.Game.from_arrays(*map(_rationals, (first, second)))
    own = best(lambda: extreme_equilibria(first, second), repeats)
    start = time.perf_counter()
    theirs = pygambit.nash.enummixed_solve(game, rational=True).equilibria
    peer = time.perf_counter() - start
    found = {(row.strategy, column.strategy) for row, column in
             extreme_equilibria(first, second).pairs}  # fmt: skip
    known = {
        tuple(
            tuple(Fraction(str(profile[s])) for s in player.strategies) for player in game.players
        )
        for profile in theirs
    }
    assert found == known, f"{size}x{size}: the equilibria differ"
    name = f"{size}x{size}"
    return [name, str(len(found)), shown(own), shown(peer), f"{peer / own:.1f}"]


def _rationals(
    matrix: Sequence[Sequence[Fraction]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    import pygambit

    return np.array(
        [[pygambit.Rational(u.numerator, u.denominator) for u in row] for row in matrix]
    )


def _alone(size: int) -> list[str]:
    first, second = drawn(size)
    start = time.perf_counter()
    found = extreme_equilibria(first, second)
    own = time.perf_counter() - start
    return [f"{size}x{size}", str(len(found.pairs)), shown(own), "", ""]
