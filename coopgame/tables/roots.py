"""Levels that no formula states, for many rows at once: roots of polynomials on an interval.

The roots of a polynomial are bracketed by those of its derivative, and so on down to degree one;
Newton's method, kept inside the bracket, does the rest. What is found is certified: the sign of
the polynomial changes, by more than its rounding, within `CERTIFIED` of a root. A row in which some
sign lies within rounding of zero (a double root, a peak that just enforces itself) is left open, as
NaN, for exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.forms.level.isolated import PeakLevel
from coopgame.tables.grids import Floats

Polynomial = Sequence[Floats]
Flags = NDArray[np.bool_]
LEVELS = ("HighestLevel", "LowestLevel", "PeakLevel")
# A sign that decides which levels there are is certain from this far off, relative to the
# coefficients, which are themselves rounded.
DOUBT = 1e-10
CLOSE = 1e-9
# A root is certified to be this close to the truth, relative to one or to its own size, by signs
# that are certain from this far off.
CERTIFIED, ROUNDING = 1e-6, 1e-12
TINY = 4e-16
STEPS = 80


def level_arguments(e: Any) -> tuple[list[sympy.Expr], tuple[int, ...]]:
    """The coefficients that a level or root is a function of, and how many each polynomial has."""
    if type(e).__name__ == "ImplicitRoot":
        equation, variable, lower, upper = e.args
        coefficients = sympy.Poly(equation, variable).all_coeffs()
        return [*coefficients, lower, upper], (len(coefficients), 2)
    polynomials = [] if isinstance(e, PeakLevel) else list(e.args[0])
    # A payoff in numbers has its peak exactly (at 1 as often as not), which stands for it.
    cap = PeakLevel(e.args[-1])
    polynomials += list(e.args[-1]) if cap.free_symbols else [(cap,), ()]
    shape = tuple(len(polynomial) for polynomial in polynomials)
    return [c for polynomial in polynomials for c in polynomial], shape


def _arrays(values: Sequence[Any]) -> list[Floats]:
    return [np.array(value, float) for value in np.broadcast_arrays(*values)]


# --- polynomials -------------------------------------------------------------------------------


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


def sign(polynomial: Polynomial, x: Floats, doubt: Flags, off: float = DOUBT) -> Floats:
    """The sign of a polynomial at points; rows too close to call are put in doubt."""
    found = value(polynomial, x)
    size = value([np.abs(c) for c in polynomial], np.maximum(np.abs(x), 1))
    doubt |= ~(np.abs(found) > off * size)
    return np.asarray(np.sign(found))


def cuts(polynomial: Polynomial, low: Floats, high: Floats, doubt: Flags) -> list[Floats]:
    """Points in ascending order between which the polynomial keeps its sign on [low, high].

    Every root inside is among them; the others are ends of the interval or turning points.
    """
    if len(polynomial) < 2:
        return []
    # A turning point need not be sharp: it only has to lie on its side of the roots.
    blunt = np.zeros(doubt.shape, bool)
    points = [low, *cuts(slope(polynomial), low, high, blunt), high]
    return [_crossing(polynomial, start, end, doubt) for start, end in pairwise(points)]


def _crossing(polynomial: Polynomial, low: Floats, high: Floats, doubt: Flags) -> Floats:
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
        settled = settled | (np.abs(after - x) <= TINY * np.abs(after))
        x = after
        if settled.all():
            break
    loose, around = np.zeros(doubt.shape, bool), CERTIFIED * np.maximum(np.abs(x), 1)
    before, behind = (sign(polynomial, x + step, loose, ROUNDING) for step in (-around, around))
    doubt |= changes & (loose | (before == behind))
    return np.where(changes, x, high)


# --- a root ------------------------------------------------------------------------------------


def implicit_root(arguments: Sequence[Any], shape: Sequence[int]) -> Floats:
    """The first root between two bounds at which the polynomial rises."""
    given = _arrays(arguments)
    polynomial, (low, high) = given[: shape[0]], given[shape[0] :]
    # Cauchy's bound on the size of a root stands in for a bound that is infinite.
    far = 1 + sum((np.abs(c / polynomial[0]) for c in polynomial[1:]), np.zeros(()))
    low, high = np.maximum(low, -far), np.minimum(high, far)
    found, doubt = np.full(far.shape, np.nan), np.zeros(far.shape, bool)
    for end in (low, high):
        sign(polynomial, end, doubt)
    for turn in cuts(slope(polynomial), low, high, np.zeros(far.shape, bool)):
        sign(polynomial, turn, doubt)
    for root in reversed(cuts(polynomial, low, high, doubt)):
        inside = (root > low) & (root < high) & (value(slope(polynomial), root) > 0)
        off = np.abs(value(polynomial, root))
        near = off <= 1e-9 * value([np.abs(c) for c in polynomial], np.maximum(np.abs(root), 1))
        found = np.where(inside & near, root, found)
    return np.where(doubt, np.nan, found)


# --- levels ------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Levels:
    """The levels that enforce themselves, up to the cap: the one that pays jointly best.

    Row by row, the highest and the lowest of them, the cap, and whether the cap is one of them.
    Where `open_levels` or, for the cap, `open_cap` is set, rounding does not tell; where `open_end`
    is, it does not tell whether the cap is 0 or 1 or next to it, which is the same as a number.
    """

    highest: Floats
    lowest: Floats
    cap: Floats
    reached: Flags
    open_levels: Flags
    open_cap: Flags
    open_end: Flags

    def read(self, name: str) -> Floats:
        """`highest`, `lowest` or `cap`; NaN where rounding does not tell."""
        doubt = self.open_cap if name == "cap" else self.open_levels
        found: Floats = getattr(self, name)
        return np.where(doubt, np.nan, found)

    def against(self, bound: str) -> Floats:
        """The sign of the highest level less 0, less the cap, or less 1.

        A level of zero or at a bound is one by the signs of the constraints, and not by how close
        two floats are. So there is no rounding in a sign, and zero is told as such.
        """
        if bound == "zero":
            found = np.where(self.highest > 0, 1.0, 0.0)
        elif bound == "one":
            found = np.where(self.reached & (self.cap >= 1), 0.0, -1.0)
        else:
            found = np.where(self.reached | (self.cap <= 0), 0.0, -1.0)
        return np.where(self.open_levels | self.open_end, np.nan, found)


def levels(arguments: Sequence[Any], shape: Sequence[int]) -> Levels:
    """The levels for constraints and a payoff given by all their coefficients.

    `shape` says how many belong to each constraint and, last, to the payoff's numerator and
    denominator; of a payoff in numbers there is its peak alone, and no denominator.
    """
    given, ends = _arrays(arguments), list(accumulate(shape))
    parts = [given[end - size : end] for end, size in zip(ends, shape, strict=True)]
    excesses, (top, bottom) = parts[:-2], parts[-2:]
    cap, open_cap, open_end = _peak(top, bottom)
    zero, doubt = np.zeros_like(cap), open_cap.copy()
    highest, lowest, reached = zero, zero, cap > 0
    seen = np.zeros(cap.shape, bool)
    for start, end, holds in _stretches(excesses, cap, doubt):
        lowest = np.where(holds & ~seen, start, lowest)
        highest, seen = np.where(holds, end, highest), seen | holds
    for excess in excesses:
        reached = reached & (sign(excess, cap, doubt) < 0)
    highest = np.where(reached, cap, highest)
    return Levels(highest, lowest, cap, reached, doubt, open_cap, open_end)


def _peak(top: Polynomial, bottom: Polynomial) -> tuple[Floats, Flags, Flags]:
    """Where in [0, 1] a quotient is greatest, the highest place of several; rows in doubt.

    The last of three tells where the quotient is flat at an end.
    """
    zero = np.zeros_like(top[0])
    best, one, doubt, flat = zero, np.ones_like(zero), *np.zeros((2, *zero.shape), bool)
    steep = _quotient_slope(top, bottom) if bottom else []
    if all(not np.any(c) for c in steep):
        return one if bottom else top[0], doubt, flat
    for end in (zero, one):
        sign(steep, end, flat)
    pays = value(top, best) / value(bottom, best)
    for x in (*cuts(steep, zero, one, doubt), one):
        here = value(top, x) / value(bottom, x)
        close = np.abs(here - pays) <= DOUBT * (np.abs(here) + np.abs(pays))
        doubt |= close & (np.abs(x - best) > CLOSE)
        better = here >= pays
        best, pays = np.where(better, x, best), np.where(better, here, pays)
    return best, doubt, flat


def _stretches(
    excesses: Sequence[Polynomial], cap: Floats, doubt: Flags
) -> Iterator[tuple[Floats, Floats, Flags]]:
    """The stretches between cuts up to the cap, and where every F is negative on them."""
    points = [np.zeros_like(cap), cap]
    for excess in excesses:
        for turn in cuts(slope(excess), points[0], cap, np.zeros(cap.shape, bool)):
            sign(excess, turn, doubt)
        points += cuts(excess, points[0], cap, doubt)
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
