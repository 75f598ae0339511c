"""Candidate equilibria of large games: the supports that are used at some points of the domain.

What is found at a point is verified in symbols, so that each is a branch wherever its conditions
hold; but an equilibrium that holds at none of the points is missed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations, islice

import sympy

from coopgame.algebra.linear import Matrix
from coopgame.errors import InputError, LimitReached
from coopgame.forms.normal.extremes import extremes_of_reals
from coopgame.forms.normal.mixtures import put
from coopgame.forms.normal.polytopes import Corner
from coopgame.language.parameters import Domain, Parameter
from coopgame.language.printing import symbol
from coopgame.solution import Point

POINTS = 24
DRAWS = 2000
SEED = 20261127
MAX_TIES = 20  # sets of tied replies tried for a vertex that has more of them than it needs

Base = tuple[tuple[int, ...], tuple[int, ...]]


def points(domain: Domain, count: int = POINTS) -> list[Point]:
    """Points of the domain: its defaults, where they are one, and draws with a fixed seed."""
    generator = random.Random(SEED)
    found: list[Point] = []
    for draw in range(DRAWS):
        values = {p.name: _drawn(p, generator) for p in domain.parameters} if draw else {}
        try:
            found.append(domain.point(values))
        except InputError:
            continue
        if len(found) == count:
            break
    return found


def _drawn(parameter: Parameter, generator: random.Random) -> sympy.Rational:
    """A value inside the interval, with a denominator that makes ties by accident rare."""
    low, high, middle = parameter.interval.lower, parameter.interval.upper, parameter.default
    if parameter.interval.integer:
        least = max(low, middle - 10)
        return sympy.Integer(generator.randint(int(least), int(min(high, middle + 10))))
    share = sympy.Rational(generator.randint(1, 996), 997)
    if low.is_finite and high.is_finite:
        return low + (high - low) * share
    if low.is_finite or high.is_finite:
        bound = low if low.is_finite else high
        reach = (abs(middle - bound) or sympy.S.One) * share / (1 - share)
        return bound + reach if low.is_finite else bound - reach
    return middle + 20 * share - 10


def bases(
    row_payoffs: Matrix, column_payoffs: Matrix, at: list[Point]
) -> Iterator[tuple[list[Base], list[Base], Point]]:
    """For each equilibrium at each point: bases of the vertices of both players, and the point."""
    for point in at:
        values = {symbol(name): value for name, value in point.items()}
        first, second = (
            [[put(u, values) for u in row] for row in matrix]
            for matrix in (row_payoffs, column_payoffs)
        )
        try:
            found = extremes_of_reals(first, second)
        except LimitReached:
            continue
        for row, column in found.pairs:
            yield _bases(row), _bases(column), point


def _bases(corner: Corner) -> list[Base]:
    """Each set of as many tied replies as there are actions in the support."""
    support = tuple(sorted(corner.support))
    ties = combinations(sorted(corner.best), len(support))
    return [(support, tied) for tied in islice(ties, MAX_TIES)]
