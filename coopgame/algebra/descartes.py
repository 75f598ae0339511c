"""The roots in (0, 1) of a polynomial in Bernstein form, isolated.

Descartes' rule in the Bernstein basis: a sequence of coefficients with v changes of sign has v
roots in (0, 1), or v - 2, or v - 4, ... Halving the interval (de Casteljau, in whole numbers of
2^-320) isolates them; a bracketing iteration refines them, and the bracket's signs are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import sympy

EXACT_DEGREE = 8
HALVINGS = 40
DIGITS = 50
NEAR = 1e-12
BITS = 320
DOUBTFUL = 1 << 24  # in units of 2^-BITS: above what the roundings of all halvings can add up to


def roots(values: Sequence[sympy.Rational]) -> tuple[sympy.Expr, ...]:
    """The x in (0, 1), rising, at which the mean of values[K], K ~ Binomial, is zero.

    Exact algebraic numbers up to degree 8; rationals within 1e-50 of the root beyond. Roots
    nearer to each other than 1e-12, a double root among them, count as one.

    >>> roots([sympy.S(1), sympy.S(-1)])
    (1/2,)
    """
    largest = max(abs(value) for value in values)
    if largest == 0:
        return ()
    return _exact(values) if len(values) <= EXACT_DEGREE + 1 else bracketed(values)


def bracketed(values: Sequence[sympy.Rational]) -> tuple[sympy.Rational, ...]:
    """The same within 1e-50, whatever the degree; not all values may be zero."""
    largest = max(abs(value) for value in values)
    whole = [int(sympy.floor(value / largest * 2**BITS)) for value in values]
    brackets = list(_isolated(np.array(whole, dtype=object)))
    with mpmath.workdps(DIGITS + 30):
        numbers = [mpmath.mpf(value.p) / value.q for value in values]
        levels = _Levels(_mean(numbers), _mean(_steps(numbers)), _mean(_steps(_steps(numbers))))
        found = sorted(root for low, high in brackets for root in levels.within(low, high))
        apart = [b for a, b in pairwise([mpmath.mpf(-1), *found]) if b - a > NEAR]
        return tuple(map(exact_number, apart))


def sign_changes(values: Sequence[int]) -> int:
    """How often the sign changes along a sequence, zeros left out.

    >>> sign_changes([1, 0, -2, 3])
    2
    """
    signs = [value > 0 for value in values if value != 0]
    return sum(a != b for a, b in pairwise(signs))


def _exact(values: Sequence[sympy.Rational]) -> tuple[sympy.Expr, ...]:
    x = sympy.Dummy()
    n = len(values) - 1
    terms = [sympy.binomial(n, k) * x**k * (1 - x) ** (n - k) * v for k, v in enumerate(values)]
    polynomial = sympy.Poly(sympy.expand(sum(terms)), x)
    if polynomial.degree() < 1:
        return ()
    distinct = [root for root, _ in polynomial.real_roots(multiple=False)]
    return tuple(r for r in distinct if bool(r > 0) and bool(r < 1))


def _isolated(whole: Any) -> Iterator[tuple[sympy.Rational, sympy.Rational]]:
    """Intervals with one root each (or one knot of roots, 1e-12 wide), from left to right."""
    stack = [(whole, sympy.S.Zero, sympy.S.One, 0)]
    while stack:
        part, low, high, depth = stack.pop()
        certain = [0 if abs(value) < DOUBTFUL else value for value in part]
        changes = sign_changes(certain)
        if depth and certain[0] == 0 and low > 0:
            yield low, low
        if changes == 1 or (changes > 1 and depth >= HALVINGS):
            yield low, high
        elif changes > 1:
            left, right = _halved(part)
            middle = (low + high) / 2
            stack += [(right, middle, high, depth + 1), (left, low, middle, depth + 1)]


def _halved(part: Any) -> tuple[Any, Any]:
    """The coefficients on both halves of the interval, rounded down."""
    left, right, rest = [part[0]], [part[-1]], part
    while len(rest) > 1:
        rest = (rest[:-1] + rest[1:]) >> 1
        left.append(rest[0])
        right.append(rest[-1])
    return np.array(left, dtype=object), np.array(right[::-1], dtype=object)


@dataclass(frozen=True)
class _Levels:
    """The mean as a function of the chance, its slope and its curvature."""

    mean: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    curvature: Callable[[Any], Any]

    def within(self, low: sympy.Rational, high: sympy.Rational) -> list[Any]:
        """The root in a bracket; in a knot, those on either side of its turning point, if any."""
        a, b = (mpmath.mpf(end.p) / end.q for end in (low, high))
        if a == b:
            return [a]
        nudge = mpmath.mpf(10) ** -(DIGITS // 2)
        a, b = (a if self.mean(a) else a + nudge), (b if self.mean(b) else b - nudge)
        if self.mean(a) * self.mean(b) < 0:
            return [_refined(self.mean, self.slope, a, b)]
        if self.slope(a) * self.slope(b) >= 0:
            return []
        turn = _refined(self.slope, self.curvature, a, b)
        height = self.mean(turn)
        if height == 0:
            return [turn]
        if height * self.mean(a) > 0:
            return []
        return [_refined(self.mean, self.slope, *ends) for ends in ((a, turn), (turn, b))]


def _refined(value: Callable[[Any], Any], slope: Callable[[Any], Any], a: Any, b: Any) -> Any:
    """The root between two points at which the value has opposite signs.

    Newton's steps, and halving where a step would leave the bracket or hardly shrinks it.
    """
    below, x, last = value(a), (a + b) / 2, b - a
    while last > mpmath.mpf(10) ** -DIGITS:
        here, incline = value(x), slope(x)
        if here == 0:
            break
        a, b = (x, b) if here * below > 0 else (a, x)
        slow = abs(2 * here) > abs(last * incline)
        there = (a + b) / 2 if slow or not a < x - here / incline < b else x - here / incline
        x, last = there, abs(there - x)
    return x


def _steps(numbers: Sequence[Any]) -> list[Any]:
    """The Bernstein coefficients of the derivative."""
    return [(len(numbers) - 1) * (b - a) for a, b in pairwise(numbers)]


def _mean(numbers: Sequence[Any]) -> Callable[[Any], Any]:
    """The mean of numbers[K] as a function of the chance; exactly 0 below its rounding error."""
    n = len(numbers) - 1

    def mean(x: Any) -> Any:
        if x in (0, 1):
            return numbers[-1 if x else 0]
        odds, weight = x / (1 - x), (1 - x) ** n
        total, size = mpmath.mpf(0), mpmath.mpf(0)
        for k, value in enumerate(numbers):
            total += weight * value
            size += weight * abs(value)
            weight *= odds * (n - k) / (k + 1)
        return mpmath.mpf(0) if abs(total) <= 10 * (n + 1) * size * mpmath.eps else total

    return mean


def exact_number(value: Any) -> sympy.Rational:
    """A binary number as the fraction that it is: nothing is rounded again."""
    sign, mantissa, exponent, _ = value._mpf_
    number = sympy.Integer(int(mantissa)) * sympy.Integer(2) ** int(exponent)
    return -number if sign else number
