"""The chances at which a mean is zero: closed forms, exact algebraic numbers, or isolated roots.

The mean is f(x) = E values[K] for K ~ Binomial(N, x); its zeros in (0, 1) are looked for. Values
are numbers, rational or not. In order: two terms (odds with a power), one end off a constant (a
power), a peak in the middle (x*(1-x) with a power), degree two at most, whole polynomials with
rational coefficients up to a degree, and an isolating bracket beyond.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import lcm
from typing import Any

import mpmath
import sympy

from coopgame.algebra.binomial import bernstein
from coopgame.algebra.descartes import bracketed
from coopgame.errors import LimitReached
from coopgame.language.reals import sign_of

EXACT_DEGREE = 12
# Text reads numbers of 30 digits: a fraction whose denominator has 15 is as near as 1e-30.
DENOMINATOR = 10**15
DIGITS = 60
# Roots are told apart, and zeros from what is near them, far above the rounding at 60 digits.
NEAR = mpmath.mpf(10) ** -25
X = sympy.Symbol("x", real=True)


@dataclass(frozen=True)
class Chance:
    """A zero of the mean. `rising` is the sign of f after it less that before, None if it touches.

    `repeated`: f' is zero there too. `exact`: the value is the root itself, not a number near it.
    """

    value: sympy.Expr
    rising: bool | None
    repeated: bool = False
    exact: bool = True


def signum(value: sympy.Expr) -> int:
    """The sign of an exact number, decided exactly.

    >>> signum(sympy.sqrt(2) * sympy.sqrt(3) - sympy.sqrt(6))
    0
    """
    found = sign_of(value)
    if found is None:
        raise LimitReached(f"the sign of {value} cannot be told")
    return found


def changes(values: Sequence[sympy.Expr]) -> int:
    """How often the sign changes along the values, zeros left out: a bound on the zeros."""
    signs = [s for s in map(signum, values) if s]
    return sum(a != b for a, b in pairwise(signs))


def chances(values: Sequence[sympy.Expr]) -> tuple[Chance, ...]:
    """The x in (0, 1), rising, at which the mean of values[K] is zero; none where all are zero.

    >>> [zero.value for zero in chances([sympy.S(3), sympy.S(-1), sympy.S(-1)])]
    [1/2]
    >>> [zero.value for zero in chances([sympy.S(1), sympy.S(0), sympy.S(-2)])]
    [1/(1 + sqrt(2))]
    """
    if changes(values) == 0:
        return ()
    closed = closed_form(values)
    if closed is None:
        closed = _low_degree(values)
    if closed is not None:
        return _judged(values, [x for x in closed if _inside(x)])
    whole = _proportional(values)
    power = None if whole is None else power_basis(whole)
    if power is None or len(power) > EXACT_DEGREE + 1:
        return _numeric(values if whole is None else whole)
    found = sympy.Poly(list(reversed(power)), X, domain="QQ").real_roots(multiple=False)
    return _judged(values, [root for root, _ in found if _inside(root)])


def closed_form(values: Sequence[sympy.Expr]) -> list[sympy.Expr] | None:
    """The candidates where the mean has a shape with a formula; None where it has none."""
    others = len(values) - 1
    terms = [(k, v * sympy.binomial(others, k)) for k, v in enumerate(values) if v != 0]
    if len(terms) == 2:
        (i, low), (j, high) = terms
        return [1 / (1 + sympy.root(-high / low, j - i))]
    first, last = values[0], values[-1]
    if len(set(values[1:])) == 1:
        return [1 - sympy.root(last / (last - first), others)]
    if len(set(values[:-1])) == 1:
        return [sympy.root(first / (first - last), others)]
    half = others // 2
    rest = [v for k, v in enumerate(values) if k != half]
    if others % 2 == 0 and half > 1 and len(set(rest)) == 1:
        peak = (values[half] - rest[0]) * sympy.binomial(others, half)
        under = 1 - 4 * sympy.root(-rest[0] / peak, half)
        if signum(under) < 0:
            return []
        return [(1 + s * sympy.sqrt(under)) / 2 for s in (-1, 1)]
    return None


def power_basis(values: Sequence[sympy.Expr]) -> list[sympy.Expr]:
    """The coefficients of 1, x, x^2, ... in the mean, by forward differences.

    >>> power_basis([sympy.S(0), sympy.S(1), sympy.S(2)])
    [0, 2]
    """
    if all(value.is_Rational for value in values):
        # A thousand players make half a million differences, which want to be whole numbers.
        scale = lcm(*(int(value.q) for value in values))
        ends = _differences([int(value * scale) for value in values], operator.sub)
        found = [sympy.Rational(end, scale) for end in ends]
    else:
        found = _differences(values, lambda a, b: sympy.expand(a - b))
    found = [c * sympy.binomial(len(values) - 1, j) for j, c in enumerate(found)]
    while len(found) > 1 and signum(found[-1]) == 0:
        found.pop()
    return found


def _differences(row: Sequence[Any], less: Callable[[Any, Any], Any]) -> list[Any]:
    """The first of a row, of its differences, of their differences, and so on."""
    found = []
    while row:
        found.append(row[0])
        row = [less(b, a) for a, b in pairwise(row)]
    return found


def _low_degree(values: Sequence[sympy.Expr]) -> list[sympy.Expr] | None:
    """The roots where the mean is of degree two at most, whatever the numbers in it."""
    if len(values) > 3 and not all(value.is_Rational for value in values):
        return None
    power = power_basis(values)
    if len(power) == 2:
        return [-power[0] / power[1]]
    if len(power) != 3:
        return None
    c, b, a = power
    under = sympy.expand(b**2 - 4 * a * c)
    if signum(under) < 0:
        return []
    root = sympy.sqrt(under)
    return sorted(((-b + s * root) / (2 * a) for s in (-1, 1)), key=lambda x: sympy.N(x, DIGITS))


def _inside(x: sympy.Expr) -> bool:
    if x.is_Rational:
        return bool(0 < x < 1)
    near = wide(x)
    clear = abs(near) > NEAR and abs(1 - near) > NEAR
    return 0 < near < 1 if clear else signum(x) > 0 and signum(1 - x) > 0


def _proportional(values: Sequence[sympy.Expr]) -> list[sympy.Rational] | None:
    """Rational numbers in the proportions of the values, where these are rational."""
    if all(value.is_Rational for value in values):
        return list(values)
    scale = next(value for value in values if signum(value))
    # Not `simplify`: it would gather multiples of log(2) as the logarithm of an immense power.
    parts = [sympy.radsimp(sympy.cancel(value / scale)) for value in values]
    turned = [part * signum(scale) for part in parts]
    return turned if all(part.is_Rational for part in turned) else None


def _judged(values: Sequence[sympy.Expr], found: Sequence[sympy.Expr]) -> tuple[Chance, ...]:
    """The exact roots, each once, with the sign of the mean on both sides of each."""
    near: list[Any] = []
    kept: list[sympy.Expr] = []
    with mpmath.workdps(DIGITS):
        for number, x in sorted(((wide(x), x) for x in found), key=lambda pair: pair[0]):
            if not near or number - near[-1] > NEAR:
                near.append(number)
                kept.append(x)
    sides = _sides(values, near)
    return tuple(Chance(x, *side) for x, side in zip(kept, sides, strict=True))


def _numeric(values: Sequence[sympy.Expr]) -> tuple[Chance, ...]:
    """The roots isolated, as fractions that text can hold."""
    found = bracketed([_to_rational(value) for value in values])
    fractions = [Fraction(int(root.p), int(root.q)) for root in found]
    short = [sympy.Rational(number.limit_denominator(DENOMINATOR)) for number in fractions]
    sides = _sides(values, [wide(root) for root in found])
    return tuple(Chance(x, *side, exact=False) for x, side in zip(short, sides, strict=True))


def _to_rational(value: sympy.Expr) -> sympy.Rational:
    return value if value.is_Rational else sympy.Rational(str(sympy.N(value, DIGITS)))


def _sides(values: Sequence[sympy.Expr], near: Sequence[Any]) -> list[tuple[bool | None, bool]]:
    """Of each root: whether the mean rises through it (None: it only touches), and f' = 0."""
    with mpmath.workdps(DIGITS):
        numbers = [wide(value) for value in values]
        size = max(abs(n) for n in numbers)
        steps = [(len(numbers) - 1) * (b - a) for a, b in pairwise(numbers)]
        ends = [mpmath.mpf(0), *near, mpmath.mpf(1)]
        middles = [mean_near(numbers, (a + b) / 2) > 0 for a, b in pairwise(ends)]
        flat = [abs(mean_near(steps, x)) < NEAR * size * len(numbers) for x in near]
    rising = [None if a is b else b for a, b in pairwise(middles)]
    return list(zip(rising, flat, strict=True))


def mean_near(numbers: Sequence[Any], x: Any) -> Any:
    """E numbers[K] in the precision at work."""
    others = len(numbers) - 1
    if not 0 < x < 1:
        return numbers[-1 if x >= 1 else 0]
    total, weight, odds = mpmath.mpf(0), (1 - x) ** others, x / (1 - x)
    for k, number in enumerate(numbers):
        total += weight * number
        weight *= odds * (others - k) / (k + 1)
    return total


def sign_at(values: Sequence[sympy.Expr], zero: Chance) -> int:
    """The sign of a mean at such a zero of another.

    What is near zero is decided by algebra; at a root known to 30 digits only it counts as zero.
    """
    x = zero.value
    with mpmath.workdps(DIGITS):
        numbers = [wide(value) for value in values]
        found = mean_near(numbers, wide(x))
        near = abs(found) <= NEAR * max(1, *map(abs, numbers))
    if not near or not zero.exact:
        return 0 if near else 1 if found > 0 else -1
    if isinstance(x, sympy.CRootOf) and all(value.is_Rational for value in values):
        polynomial = sympy.Poly(list(reversed(power_basis(values))), X, domain="QQ")
        minimal = sympy.Poly(x.poly.as_expr().xreplace({x.poly.gen: X}), X, domain="QQ")
        return 0 if polynomial.rem(minimal).is_zero else 1 if found > 0 else -1
    return signum(sympy.expand(bernstein(values, x)))


@lru_cache(maxsize=4096)
def wide(value: sympy.Expr) -> Any:
    """The number to 60 digits."""
    with mpmath.workdps(DIGITS):
        if value.is_Rational:
            return mpmath.mpf(int(value.p)) / int(value.q)
        return mpmath.mpf(str(sympy.N(value, DIGITS)))
