"""The table of `relation` by hand: one fused loop, compiled by Numba, on all processors.

It writes what the engine writes: a status for each of the four branches at every point, and the
level where the branch `constrained` holds (elsewhere a zero). The levels of the other branches
are the same at all points, and take no room. There are no jumps in the loops, so that the
compiler can take several points at once.
"""

from __future__ import annotations

import math

import numba

from coopgame.tables.tracks import ABSENT, VALUE


@numba.njit
def line(outsides, cap, square, slope, factor, cost, level, none, constrained, optimum, full):  # type: ignore[no-untyped-def]
    """The points of one line, where reneging gains square*a**2 + slope*a + constant."""
    for j in range(len(outsides)):
        constant = factor * (cost + outsides[j])
        at_cap = (square * cap + slope) * cap + constant
        spread = slope * slope - 4 * square * constant
        root = (math.sqrt(max(spread, 0.0)) - slope) / (2 * square)
        at_best = (cap > 0) & (at_cap <= 0)
        inside = (not at_best) & (slope < 0) & (spread >= 0) & (root > 0) & (root < cap)
        optimum[j] = VALUE if at_best & (cap < 1) else ABSENT
        full[j] = VALUE if at_best & (cap >= 1) else ABSENT
        constrained[j] = VALUE if inside else ABSENT
        none[j] = ABSENT if at_best | inside else VALUE
        level[j] = root if inside else 0.0


@numba.njit(parallel=True, fastmath=False, cache=False)
def levels(hazards, outsides, others, level, none, constrained, optimum, full):  # type: ignore[no-untyped-def]
    """Every pair of hazard and outside; what is the same along a line is worked out once."""
    b, c, rho, spill, tau, k, m, q, delta, x = others
    gain = b * (1 - tau) - spill
    cap = min(max(gain / c, 0.0), 1.0)
    for i in numba.prange(len(hazards)):
        weight = delta * (1 - hazards[i]) * (1 - x)
        square = ((1 - weight) * c + q * weight * c) / 2
        slope = (1 - weight) * rho - q * weight * gain
        own = slice(i * len(outsides), (i + 1) * len(outsides))
        line(
            outsides, cap, square, slope, q * weight, k + m * q,
            level[own], none[own], constrained[own], optimum[own], full[own],
        )  # fmt: skip


@numba.njit(parallel=True, fastmath=False, cache=False)
def at_points(hazards, outsides, others, level, none, constrained, optimum, full):  # type: ignore[no-untyped-def]
    """The same formula at points that come as columns, nothing shared between them."""
    b, c, rho, spill, tau, k, m, q, delta, x = others
    gain = b * (1 - tau) - spill
    cap = min(max(gain / c, 0.0), 1.0)
    for row in numba.prange(len(hazards)):
        weight = delta * (1 - hazards[row]) * (1 - x)
        square = ((1 - weight) * c + q * weight * c) / 2
        slope = (1 - weight) * rho - q * weight * gain
        constant = q * weight * (k + m * q + outsides[row])
        at_cap = (square * cap + slope) * cap + constant
        spread = slope * slope - 4 * square * constant
        root = (math.sqrt(max(spread, 0.0)) - slope) / (2 * square)
        at_best = (cap > 0) & (at_cap <= 0)
        inside = (not at_best) & (slope < 0) & (spread >= 0) & (root > 0) & (root < cap)
        optimum[row] = VALUE if at_best & (cap < 1) else ABSENT
        full[row] = VALUE if at_best & (cap >= 1) else ABSENT
        constrained[row] = VALUE if inside else ABSENT
        none[row] = ABSENT if at_best | inside else VALUE
        level[row] = root if inside else 0.0
