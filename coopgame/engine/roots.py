"""Levels that no formula states, for many rows at once: roots of polynomials on an interval.

The roots of a polynomial are bracketed by those of its derivative, and so on down to degree one;
Newton's method, kept inside the bracket, does the rest. A row in which a sign lies within rounding
of zero (a double root, a peak that just enforces itself) is left open, as NaN, for exact
arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.grids import Floats

Polynomial = Sequence[Floats]
Flags = NDArray[np.bool_]
LEVELS = ("ImplicitRoot", "HighestLevel", "LowestLevel", "PeakLevel")
DOUBT = 1e-10
CLOSE = 1e-9
TINY = 4e-16
STEPS = 80


def level_arguments(e: Any) -> tuple[list[sympy.Expr], tuple[int, ...]]:
    """The coefficients that a level or root is a function of, and how many each polynomial has."""
    if type(e).__name__ == "ImplicitRoot":
        equation, variable, lower, upper = e.args
        coefficients = sympy.Poly(equation, variable).all_coeffs()
        return [*coefficients, lower, upper], (len(coefficients), 2)
    polynomials = list(e.args[0]) if type(e).__name__ != "PeakLevel" else []
    polynomials += list(e.args[-1])
    shape = tuple(len(polynomial) for polynomial in polynomials)
    return [c for polynomial in polynomials for c in polynomial], shape


def value(polynomial: Polynomial, x: Floats) -> Floats:
    """Horner's rule; the leading coefficient comes first."""
    total = np.asarray(polynomial[0])
    for coefficient in polynomial[1:]:
        total = total * x + coefficient
    return np.asarray(total + 0.0 * x)


def slope(polynomial: Polynomial) -> list[Floats]:
    """The coefficients of the derivative; that of a constant is 0."""
    degree = len(polynomial) - 1
    found = [c * (degree - i) for i, c in enumerate(polynomial[:-1])]
    return found or [np.zeros_like(polynomial[0])]


def cuts(polynomial: Polynomial, low: Floats, high: Floats) -> list[Floats]:
    """Points in ascending order between which the polynomial keeps its sign on [low, high].

    Every root inside is among them; the others are ends of the interval or turning points.
    """
    if len(polynomial) < 2:
        return []
    points = [low, *cuts(slope(polynomial), low, high), high]
    return [_crossing(polynomial, start, end) for start, end in pairwise(points)]


def _crossing(polynomial: Polynomial, low: Floats, high: Floats) -> Floats:
    """The root between two points if the signs there differ, else the upper point."""
    rising = value(polynomial, high) > 0
    changes = (value(polynomial, low) > 0) != rising
    derivative = slope(polynomial)
    a, b, x, settled = low, high, (low + high) / 2, ~changes
    for _ in range(STEPS):
        f = value(polynomial, x)
        beyond = (f > 0) == rising
        a, b = np.where(beyond, a, x), np.where(beyond, x, b)
        newton = x - f / value(derivative, x)
        inside = (newton > a) & (newton < b)
        after = np.where(f == 0.0, x, np.where(inside, newton, (a + b) / 2))
        after = np.where(settled, x, after)
        settled = settled | (np.abs(after - x) <= 4e-16 * np.abs(after))
        x = after
        if settled.all():
            break
    return np.where(changes, x, high)


def implicit_root(arguments: Polynomial, shape: Sequence[int]) -> Floats:
    """The first root between two bounds at which the polynomial rises."""
    polynomial, (low, high) = arguments[: shape[0]], arguments[shape[0] :]
    low, high = np.broadcast_arrays(low, high)
    found = np.full(np.broadcast_shapes(*(np.shape(a) for a in arguments)), np.nan)
    derivative = slope(polynomial)
    size = sum((np.abs(c) for c in derivative), np.zeros(()))
    residue = DOUBT * sum((np.abs(c) for c in polynomial), np.zeros(()))
    for root in reversed(cuts(polynomial, low, high)):
        steep = value(derivative, root) > DOUBT * size
        near = np.abs(value(polynomial, root)) <= residue * np.maximum(1, np.abs(root)) ** shape[0]
        inside = (root > low) & (root < high)
        found = np.where(steep & near & inside, root, found)
    return found


@dataclass(frozen=True, eq=False)
class Levels:
    """The levels that enforce themselves, up to the cap: the one that pays jointly best.

    Row by row, the highest and the lowest of them, the cap, and whether the cap is one of them.
    Where `open_levels` or, for the cap, `open_cap` is set, rounding does not tell.
    """

    highest: Floats
    lowest: Floats
    cap: Floats
    reached: Flags
    open_levels: Flags
    open_cap: Flags

    def against(self, bound: str) -> Floats:
        """The sign of the highest level less 0, less the cap, or less 1."""
        if bound == "zero":
            sign = np.where(self.highest > 0, 1.0, 0.0)
        elif bound == "one":
            sign = np.where(self.reached & (self.cap >= 1), 0.0, -1.0)
        else:
            sign = np.where(self.reached | (self.cap <= 0), 0.0, -1.0)
        return np.where(self.open_levels, np.nan, sign)


def levels(arguments: Polynomial, shape: Sequence[int]) -> Levels:
    """The levels for constraints and a payoff given by all their coefficients.

    `shape` says how many belong to each constraint and, last, to the payoff's numerator and
    denominator.
    """
    ends = list(accumulate(shape))
    parts = [arguments[end - size : end] for end, size in zip(ends, shape, strict=True)]
    excesses, (top, bottom) = parts[:-2], parts[-2:]
    cap, open_cap = _peak(top, bottom)
    zero, doubt = np.zeros_like(cap), open_cap.copy()
    highest, lowest, reached = zero, zero, cap > 0
    seen = np.zeros(cap.shape, bool)
    for start, end, holds in _stretches(excesses, cap, doubt):
        lowest = np.where(holds & ~seen, start, lowest)
        highest, seen = np.where(holds, end, highest), seen | holds
    for excess in excesses:
        reached = reached & (_sign(excess, cap, doubt) < 0)
    return Levels(np.where(reached, cap, highest), lowest, cap, reached, doubt, open_cap)


def _sign(polynomial: Polynomial, x: Floats, doubt: Flags) -> Floats:
    """The sign of a polynomial at points in [0, 1]; rows too close to call are put in doubt."""
    found = value(polynomial, x)
    size = sum((np.abs(c) for c in polynomial), np.zeros(()))
    doubt |= ~(np.abs(found) > DOUBT * size)
    return np.asarray(np.sign(found))


def _peak(top: Polynomial, bottom: Polynomial) -> tuple[Floats, Flags]:
    """Where in [0, 1] a quotient is greatest, the highest place of several; rows in doubt."""
    zero = np.zeros_like(top[0])
    best, one, doubt = zero, np.ones_like(zero), np.zeros(zero.shape, bool)
    steep = _quotient_slope(top, bottom)
    if all(not np.any(c) for c in steep):
        return one, doubt
    for end in (zero, one):
        _sign(steep, end, doubt)
    pays = value(top, best) / value(bottom, best)
    for x in (*cuts(steep, zero, one), one):
        here = value(top, x) / value(bottom, x)
        close = np.abs(here - pays) <= DOUBT * (np.abs(here) + np.abs(pays))
        doubt |= close & (np.abs(x - best) > CLOSE)
        better = here >= pays
        best, pays = np.where(better, x, best), np.where(better, here, pays)
    return best, doubt


def _stretches(
    excesses: Sequence[Polynomial], cap: Floats, doubt: Flags
) -> Iterator[tuple[Floats, Floats, Flags]]:
    """The stretches between cuts up to the cap, and where every F is negative on them."""
    points = [np.zeros_like(cap), cap]
    for excess in excesses:
        for turn in cuts(slope(excess), points[0], cap):
            _sign(excess, turn, doubt)
        points += cuts(excess, points[0], cap)
    for start, end in pairwise(np.sort(np.stack(points), axis=0)):
        holds = end - start > CLOSE
        doubt |= ~holds & (end - start > TINY)
        for excess in excesses:
            holds = holds & (value(excess, (start + end) / 2) < 0)
        yield start, end, holds


def _quotient_slope(top: Polynomial, bottom: Polynomial) -> list[Floats]:
    """The numerator of the derivative of a quotient, but for a positive factor."""
    if len(bottom) == 1:
        return [c * bottom[0] for c in slope(top)]
    left, right = _product(slope(top), bottom), _product(top, slope(bottom))
    size = max(len(left), len(right))
    padded = [[np.zeros_like(top[0])] * (size - len(part)) + part for part in (left, right)]
    return [a - b for a, b in zip(*padded, strict=True)]


def _product(left: Polynomial, right: Polynomial) -> list[Floats]:
    found = [np.zeros_like(left[0]) for _ in range(len(left) + len(right) - 1)]
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            found[i + j] = found[i + j] + a * b
    return found


def root_or_levels(operation: str, arguments: Sequence[Any], shape: Sequence[int]) -> Any:
    """One of the operations above on arrays that broadcast together, or on levels found before."""
    if operation in READINGS:
        return READINGS[operation](arguments[0])
    arrays = [np.array(a, float) for a in np.broadcast_arrays(*arguments)]
    return levels(arrays, shape) if operation == "levels" else implicit_root(arrays, shape)


READINGS: dict[str, Callable[[Levels], Floats]] = {
    "HighestLevel": lambda found: np.where(found.open_levels, np.nan, found.highest),
    "LowestLevel": lambda found: np.where(found.open_levels, np.nan, found.lowest),
    "PeakLevel": lambda found: np.where(found.open_cap, np.nan, found.cap),
    "level_zero": lambda found: found.against("zero"),
    "level_cap": lambda found: found.against("cap"),
    "level_one": lambda found: found.against("one"),
}
LEVEL_OPERATIONS = frozenset({*READINGS, "levels", "ImplicitRoot"})
