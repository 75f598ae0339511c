"""Equilibria of n identical players at numbers in which some are sure and some mix.

Let j players take the first action for sure, l the second, and m = n - j - l mix. With the gain
d(k) and D_i = E d(j + i + K), K the number of the other mixers who take the first action, a mixer
is indifferent iff D_0 = 0. Two mixers with different chances p, q make D_0 linear in the chance of
either and zero at two of them, so that with K now counting all mixers but these two, D_0 = D_1 = 0.

- All mix alike: D_0 = 0 is one equation in one chance, K ~ Binomial(m - 1, p). Since
  E d(j - 1 + K + one mixer) = (1 - p)*D_{-1} + p*D_0, the sure ones stay iff D_{-1} >= 0 (if j > 0)
  and D_1 <= 0 (if l > 0).
- Groups with chances u, v, of two or more each: two equations D_0 = D_1 = 0 in two chances, with
  K ~ Binomial(a - 1, u) + Binomial(b - 1, v); the sure ones stay iff D_{-1} >= 0 and D_2 <= 0. Such
  equilibria are no accident: they exist on open sets of payoffs from four mixers on. With more
  groups there are more equations of the kind, and two in each group.
- A mixer alone with her chance does not enter her own equations: then she may do anything, which
  is an infinite set. So is a zero of D_0 that is repeated: with F(p) = D_0, F = F' = 0 is
  D_0 = D_1 = 0 with one mixer fewer in K.

Where d changes sign at most once there are no different chances: K is strictly log-concave, so
that D_0 = 0 puts D_1 on one side of zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import sympy

from coopgame.algebra.binomial import bernstein
from coopgame.algebra.chances import chances, changes, sign_at, signum

# The ways of dividing n players grow with n**2, and most are equilibria where the gain falls: a
# longer list would tell nobody anything.
MOST_PLAYERS = 10
# Up to five players one of two groups has two members, and enters the equations linearly.
UNEQUAL_PLAYERS = 5


@dataclass(frozen=True)
class Mix:
    """`sure` players take the first and the second action; each of `groups` is a size and a chance.

    `rising`: whether more co-operation by all who mix makes co-operating gain; None if neither.
    `infinite`: one of those who mix may do anything.
    """

    sure: tuple[int, int]
    groups: tuple[tuple[int, sympy.Expr], ...]
    rising: bool | None = None
    infinite: bool = False
    exact: bool = True


@dataclass(frozen=True)
class Free:
    """Where `anyhow` players may do anything: the others take the first or second action surely."""

    sure: tuple[int, int]
    anyhow: int


def all_mix(gains: Sequence[sympy.Expr]) -> tuple[Mix, ...]:
    """The equilibria in which all n players mix, with the same chance."""
    return tuple(_alike(gains, (0, 0)))


def some_mix(gains: Sequence[sympy.Expr]) -> tuple[Mix, ...]:
    """Those in which two or more mix alike and the others are sure, up to `MOST_PLAYERS`."""
    n = len(gains)
    splits = [(j, n - m - j) for m in range(n - 1, 1, -1) for j in range(n - m + 1)]
    return tuple(mix for split in splits for mix in _alike(gains, split))


def leave_out_some(gains: Sequence[sympy.Expr]) -> bool:
    """Whether equilibria in which some are sure and some mix may exist and are not looked for.

    Where the gain changes sign once and rises there are none: D_0 = 0 makes D_1 positive.
    """
    signs = [s for s in map(signum, gains) if s]
    rises = changes(gains) == 1 and signs[0] < 0
    return len(gains) > MOST_PLAYERS and changes(gains) > 0 and not rises


def leave_out_unequal(gains: Sequence[sympy.Expr]) -> bool:
    """Whether players may mix with different chances without being listed."""
    return len(gains) > UNEQUAL_PLAYERS and changes(gains) > 1


def _alike(gains: Sequence[sympy.Expr], sure: tuple[int, int]) -> Iterator[Mix]:
    j, n = sure[0], len(gains)
    m = n - sum(sure)
    for zero in chances(gains[j : j + m]):
        leaves = j > 0 and sign_at(gains[j - 1 : j - 1 + m], zero) < 0
        joins = sure[1] > 0 and sign_at(gains[j + 1 : j + 1 + m], zero) > 0
        if not leaves and not joins:
            yield Mix(sure, ((m, zero.value),), zero.rising, zero.repeated, zero.exact)


def unequal(gains: Sequence[sympy.Expr]) -> tuple[Mix, ...]:
    """The equilibria in which two groups mix with different chances, of up to five players."""
    n = len(gains)
    splits = [(j, n - m - j) for m in range(n, 3, -1) for j in range(n - m + 1)]
    return tuple(mix for split in splits for mix in _two_groups(gains, split))


def _two_groups(gains: Sequence[sympy.Expr], sure: tuple[int, int]) -> Iterator[Mix]:
    """Groups of a = m - 2 and of two: D_0 and D_1 are linear in v, so that v can be eliminated.

    With A_i = E d(j + i + Binomial(a - 1, u)): D_i = (1 - v)*A_i + v*A_{i+1}, so that
    A_0*A_2 = A_1**2 and v = A_0/(A_0 - A_1).
    """
    j, n = sure[0], len(gains)
    size = n - sum(sure) - 2
    if changes(gains[j : j + size + 2]) < 2:
        return
    rows = [gains[j + i : j + i + size] for i in range(3)]
    for zero in chances(_hessian(rows)):
        u = zero.value
        low, high = (sympy.expand(bernstein(row, u)) for row in rows[:2])
        if signum(low - high) == 0:
            continue
        v = _short(low / (low - high))
        apart = signum(v) * signum(1 - v) > 0 and signum(u - v) != 0
        twice = size == 2 and apart and signum(u - v) > 0
        if apart and not twice and _stay(gains, sure, (size, u), v):
            yield Mix(sure, ((size, u), (2, v)), exact=zero.exact)


def _hessian(rows: Sequence[Sequence[sympy.Expr]]) -> list[sympy.Expr]:
    """A_0*A_2 - A_1**2 as the values of a mean again: products in the Bernstein basis."""
    degree = len(rows[0]) - 1
    found = []
    for k in range(2 * degree + 1):
        total = sympy.S.Zero
        for i in range(max(0, k - degree), min(degree, k) + 1):
            weight = sympy.binomial(degree, i) * sympy.binomial(degree, k - i)
            total += weight * (rows[0][i] * rows[2][k - i] - rows[1][i] * rows[1][k - i])
        found.append(sympy.expand(total / sympy.binomial(2 * degree, k)))
    return found


def _short(value: sympy.Expr) -> sympy.Expr:
    return value if value.has(sympy.CRootOf) else sympy.radsimp(value)


def _stay(
    gains: Sequence[sympy.Expr],
    sure: tuple[int, int],
    group: tuple[int, sympy.Expr],
    v: sympy.Expr,
) -> bool:
    """Whether none of the sure players would rather do the other thing."""
    (j, l), (size, u) = sure, group

    def mean(i: int) -> int:
        low, high = (bernstein(gains[j + i + e : j + i + e + size], u) for e in (0, 1))
        return signum(sympy.expand((1 - v) * low + v * high))

    return not (j > 0 and mean(-1) < 0) and not (l > 0 and mean(2) > 0)


def anyhow(gains: Sequence[sympy.Expr]) -> Iterator[Free]:
    """The sets of equilibria in which some players may do anything, as the gain is nothing.

    Of a run of zeros d(s), ..., d(t): s are sure of the first action if d(s - 1) is positive, one
    more if it is negative, since those would leave; likewise above.
    """
    start, n = 0, len(gains)
    for zero, run in groupby(signum(gain) == 0 for gain in gains):
        length = len(list(run))
        end = start + length
        if zero:
            first = start + (start > 0 and signum(gains[start - 1]) < 0)
            second = n - end + (end < n and signum(gains[end]) > 0)
            if n - first - second > 0:
                yield Free((first, second), n - first - second)
        start = end
