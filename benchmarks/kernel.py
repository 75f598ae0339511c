"""The table of `relation` by hand: one fused loop, compiled by Numba, on all processors.

It writes what the engine writes: a status for each of the four branches at every point, and the
level where the branch `constrained` holds. The levels of the others are numbers that are the
same at all points, and take no room.
"""

from __future__ import annotations

import math

import numba

from coopgame.engine.tracks import ABSENT, VALUE


@numba.njit(parallel=True, fastmath=False, cache=False)
def levels(  # type: ignore[no-untyped-def]
    hazards, outsides, others, level, none, constrained, optimum, full
):
    """Write the statuses of all branches, and the level, at every pair of hazard and outside.

    F(a) = square*a**2 + slope*a + constant is the gain from reneging beyond its cost.
    """
    b, c, rho, spill, tau, k, m, q, delta, x = others
    gain = b * (1 - tau) - spill
    cap = min(max(gain / c, 0.0), 1.0)
    for i in numba.prange(len(hazards)):
        weight = delta * (1 - hazards[i]) * (1 - x)
        square = ((1 - weight) * c + q * weight * c) / 2
        slope = (1 - weight) * rho - q * weight * gain
        for j in range(len(outsides)):
            constant = q * weight * (k + m * q + outsides[j])
            row = i * len(outsides) + j
            none[row] = constrained[row] = optimum[row] = full[row] = ABSENT
            at_cap = (square * cap + slope) * cap + constant
            if cap > 0 and at_cap <= 0:
                if cap < 1:
                    optimum[row] = VALUE
                else:
                    full[row] = VALUE
                continue
            spread = slope * slope - 4 * square * constant
            root = (math.sqrt(spread) - slope) / (2 * square) if spread >= 0 else -1.0
            if slope < 0 and 0 < root < cap:
                level[row], constrained[row] = root, VALUE
            else:
                none[row] = VALUE


@numba.njit(parallel=True, fastmath=False, cache=False)
def at_points(  # type: ignore[no-untyped-def]
    hazards, outsides, others, level, none, constrained, optimum, full
):
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
        root = (math.sqrt(spread) - slope) / (2 * square) if spread >= 0 else -1.0
        at_best = cap > 0 and at_cap <= 0
        inside = not at_best and slope < 0 and 0 < root < cap
        optimum[row] = VALUE if at_best and cap < 1 else ABSENT
        full[row] = VALUE if at_best and cap >= 1 else ABSENT
        constrained[row] = VALUE if inside else ABSENT
        none[row] = ABSENT if at_best or inside else VALUE
        if inside:
            level[row] = root
