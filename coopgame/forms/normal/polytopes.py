"""The vertices of a best-response polytope of rational numbers, by the Parma Polyhedra Library.

One player's mixtures x and the opponent's payoffs R (a row for each reply) span the polyhedron of
all (x, v) with R x <= v. Once R is positive, scaling by 1/v turns it into the polytope of all
x >= 0 with R x <= 1, whose vertices but the origin are those of the polyhedron (von Stengel 2002).
The library works with integers of any size and lists each vertex once, degenerate ones included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import ppl
import sympy
from numpy.typing import NDArray

from coopgame.algebra.linear import cancelled
from coopgame.errors import LimitReached

Numbers = Sequence[Sequence[Fraction]]

# The time of the library grows with the square of this: 25,000 vertices take some ten seconds.
# Random games stay below it up to 13 actions a player, and often with 14.
MAX_VERTICES = 25_000


@dataclass(frozen=True)
class Corner:
    """A vertex: a mixed strategy, and the opponent's replies that are best against it.

    Probabilities are fractions, or exact reals in SymPy.
    """

    strategy: tuple[Any, ...]
    best: frozenset[int]

    @property
    def support(self) -> frozenset[int]:
        return frozenset(i for i, share in enumerate(self.strategy) if share != 0)


@dataclass(frozen=True)
class Vertices:
    """All vertices of one player, one a row of each array.

    `weights` are her actions' probabilities up to a positive factor, integers or exact reals;
    `support` (vertices by actions) and `best` (vertices by the opponent's replies) are truth
    values. They are sorted by the size of the support, then by the support.
    """

    weights: Sequence[Sequence[Any]]
    support: NDArray[np.bool_]
    best: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.weights)

    def corner(self, place: int) -> Corner:
        """One vertex as a mixture."""
        weights = self.weights[place]
        best = frozenset(map(int, np.flatnonzero(self.best[place])))
        if any(isinstance(weight, sympy.Basic) for weight in weights):
            total = sympy.Add(*weights)
            return Corner(tuple(_share(weight, total) for weight in weights), best)
        total = sum(map(int, weights))
        return Corner(tuple(Fraction(int(weight), total) for weight in weights), best)


def _share(weight: sympy.Expr, total: sympy.Expr) -> sympy.Expr:
    """A quotient of reals, with roots in the numerator where that is quickly done."""
    quotient = cancelled(weight / total)
    roots = {part for part in quotient.atoms(sympy.Pow) if not part.exp.is_Integer}
    if len(roots) > 2 or any(not part.base.is_Rational for part in roots):
        return quotient
    return sympy.radsimp(quotient)


def ordered(
    weights: Sequence[Sequence[Any]], support: NDArray[np.bool_], best: NDArray[np.bool_]
) -> Vertices:
    """The vertices in their order: small supports first, then by actions, then by replies."""
    keys = [
        (int(s.sum()), tuple(np.flatnonzero(s)), tuple(np.flatnonzero(b)))
        for s, b in zip(support, best, strict=True)
    ]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return Vertices([weights[k] for k in order], support[order], best[order])


def vertices(replies: Numbers) -> Vertices:
    """Every vertex of a player's best-response polytope.

    `replies[j][i]` is the opponent's payoff from reply j against action i. Raises LimitReached
    above `MAX_VERTICES`.

    >>> found = vertices([[Fraction(1), Fraction(0)], [Fraction(0), Fraction(2)]])
    >>> [" ".join(map(str, found.corner(k).strategy)) for k in range(len(found))]
    ['1 0', '0 1', '2/3 1/3']
    """
    table = _positive(replies)
    points = _points(table)
    weights = np.array([point[0] for point in points], dtype=object).reshape(len(points), -1)
    divisors = np.array([point[1] for point in points], dtype=object)
    worth = weights @ np.array(table, dtype=object).T
    tight = np.asarray(worth == divisors[:, None], dtype=bool)
    return ordered([point[0] for point in points], np.asarray(weights != 0, dtype=bool), tight)


def _positive(replies: Numbers) -> list[list[int]]:
    """The replies as integers of at least 1, best where they were.

    What is added for one action, whatever the reply, moves no reply past another one.
    """
    common = lcm(*(u.denominator for row in replies for u in row))
    whole = [[int(u * common) for u in row] for row in replies]
    least = [min(column) for column in zip(*whole, strict=True)]
    return [[u - low + 1 for u, low in zip(row, least, strict=True)] for row in whole]


def _points(table: Sequence[Sequence[int]]) -> list[tuple[tuple[Any, ...], Any]]:
    """Every vertex but the origin as integers and what they are to be divided by.

    Replies are put in one after the other, so that a polytope that grows too large is given up.
    """
    width = len(table[0])
    variables = [ppl.Variable(i) for i in range(width)]
    polytope = ppl.C_Polyhedron(width, "universe")
    for variable in variables:
        polytope.add_constraint(variable >= 0)
    for row in dict.fromkeys(map(tuple, table)):
        polytope.add_constraint(ppl.Linear_Expression([-u for u in row], 1) >= 0)
        if len(polytope.minimized_generators()) > MAX_VERTICES:
            raise LimitReached(
                f"a best-response polytope has more than {MAX_VERTICES} vertices: the game is too "
                "large for all its mixed equilibria"
            )
    points = [g for g in polytope.minimized_generators() if g.is_point()]
    found = [(point.coefficients(), point.divisor()) for point in points]
    return [(weights, divisor) for weights, divisor in found if any(weights)]
