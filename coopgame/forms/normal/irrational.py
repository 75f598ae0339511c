"""Best-response polytopes of numbers that are not rational: roots, exponentials, logarithms.

The bases (a support and as many replies tied for the best) are gone through. Floating point only
ever rules out a base by a wide margin; whatever is close is decided exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.algebra.linear import Matrix, solve_with_denominator
from coopgame.errors import LimitReached
from coopgame.forms.normal.polytopes import Numbers, Vertices, ordered
from coopgame.language.reals import DIGITS, plain, sign_of

MAX_BASES = 15_000  # eight actions a player
# A base counts as well conditioned above this determinant (entries are at most 1 in size): the
# solution is then right to about 1e-7, far inside the margin by which a base is ruled out.
LEAST_DETERMINANT = 1e-7
LARGEST_DENOMINATOR = 10**12
MARGIN = 1e-4

Base = tuple[tuple[int, ...], tuple[int, ...]]


def as_rational(replies: Matrix) -> Numbers | None:
    """Fractions with the same best replies, where the irrational parts drop out; else None.

    Only differences between replies to one action count, up to one positive factor.

    >>> root, zero = sympy.sqrt(2), sympy.S.Zero
    >>> as_rational([[root, zero], [3 * root, root]])
    [[Fraction(0, 1), Fraction(0, 1)], [Fraction(1, 1), Fraction(1, 2)]]
    """
    if all(u.is_Rational for row in replies for u in row):
        return [[_fraction(u) for u in row] for row in replies]
    differences = [
        [plain(u - first) for u, first in zip(row, replies[0], strict=True)] for row in replies
    ]
    unit = next((u for row in differences for u in row if u != 0), sympy.S.One)
    unit = unit * (sign_of(unit) or 1)
    shares = [[_ratio(u, unit) for u in row] for row in differences]
    if any(share is None for row in shares for share in row):
        return None
    return [[share for share in row if share is not None] for row in shares]


def _ratio(value: sympy.Expr, unit: sympy.Expr) -> Fraction | None:
    """How many times one number is another, if that is a fraction of ordinary size."""
    near = Fraction(str(sympy.N(value / unit, DIGITS))).limit_denominator(LARGEST_DENOMINATOR)
    rest = value - sympy.Rational(near.numerator, near.denominator) * unit
    return near if sign_of(plain(rest)) == 0 else None


def _fraction(value: sympy.Rational) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def vertices(replies: Matrix) -> tuple[Vertices, bool]:
    """Every vertex of a player's best-response polytope, and whether all ties were decided.

    `replies[j][i]` is the opponent's payoff from reply j against action i. What could not be told
    from a tie in hundreds of digits is taken for one. Raises LimitReached above `MAX_BASES`.
    """
    count, width = len(replies), len(replies[0])
    if sum(comb(width, k) * comb(count, k) for k in range(1, min(width, count) + 1)) > MAX_BASES:
        raise LimitReached(
            f"payoffs are irrational and have more than {MAX_BASES} sets of actions and replies"
        )
    replies = [[plain(u) for u in row] for row in replies]
    known = _Signs()
    found: dict[Base, tuple[sympy.Expr, ...]] = {}
    for support, tied in _candidates(replies):
        # A vertex that ties these replies solves the system of this base: no other one does.
        if any(own == support and set(tied) <= set(best) for own, best in found):
            continue
        vertex = _vertex(replies, support, tied, known)
        if vertex is not None:
            shares, best = vertex
            share = dict(zip(support, shares, strict=True))
            found[support, best] = tuple(share.get(i, sympy.S.Zero) for i in range(width))
    supports, replied = np.zeros((len(found), width), bool), np.zeros((len(found), count), bool)
    for place, (support, best) in enumerate(found):
        supports[place, list(support)] = True
        replied[place, list(best)] = True
    return ordered(list(found.values()), supports, replied), not known.open


@dataclass
class _Signs:
    """Signs asked for, and whether one was left open (and taken for zero)."""

    open: bool = False

    def __call__(self, value: sympy.Expr) -> int:
        known = sign_of(value)
        self.open = self.open or known is None
        return known or 0


def _vertex(
    replies: Matrix, support: Sequence[int], tied: Sequence[int], sign: _Signs
) -> tuple[list[sympy.Expr], tuple[int, ...]] | None:
    """Weights on the support that tie these replies for the best, and all the best replies."""
    rows = [[*(replies[j][i] for i in support), sympy.S.NegativeOne] for j in tied]
    rows.append([*(sympy.S.One for _ in support), sympy.S.Zero])
    solved = solve_with_denominator(rows, [*(sympy.S.Zero for _ in tied), sympy.S.One])
    if solved is None:
        return None
    (*shares, value), scale = solved
    turn = sign(scale)
    if turn == 0:
        return None  # singular: a vertex here has another base
    shares, value = [turn * share for share in shares], turn * value
    if any(sign(share) != 1 for share in shares):
        return None
    best = []
    for j, row in enumerate(replies):
        worth = sympy.Add(*(row[i] * share for i, share in zip(support, shares, strict=True)))
        gap = 0 if j in tied else sign(value - worth)
        if gap < 0:
            return None
        best += [j] if gap == 0 else []
    return shares, tuple(best)


def _candidates(replies: Matrix) -> Iterator[Base]:
    """The bases that floating point does not rule out, smallest supports first."""
    exact = [[sympy.N(u, DIGITS) for u in row] for row in replies]
    largest = max((abs(u) for row in exact for u in row), default=1) or 1
    table = np.array([[float(u / largest) for u in row] for row in exact])
    count, width = table.shape
    for size in range(1, min(table.shape) + 1):
        for support in combinations(range(width), size):
            ties = list(combinations(range(count), size))
            kept = _plausible(table, support, np.array(ties))
            yield from ((support, tied) for tied, keep in zip(ties, kept, strict=True) if keep)


def _plausible(
    table: NDArray[np.float64], support: tuple[int, ...], ties: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which sets of tied replies might give a vertex on this support, by a wide margin."""
    size = len(support)
    system = np.zeros((len(ties), size + 1, size + 1))
    system[:, :size, :size] = table[:, list(support)][ties]
    system[:, :size, size] = -1.0
    system[:, size, :size] = 1.0
    firm = np.abs(np.linalg.det(system)) > LEAST_DETERMINANT
    system[~firm] = np.eye(size + 1)
    target = np.zeros((len(ties), size + 1, 1))
    target[:, size] = 1.0
    solved = np.linalg.solve(system, target)[:, :, 0]
    worth = solved[:, :size] @ table[:, list(support)].T
    fits = (solved[:, :size] > -MARGIN).all(1) & (worth < solved[:, size:] + MARGIN).all(1)
    return np.asarray(fits | ~firm)
