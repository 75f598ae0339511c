"""The level of `relation` by hand: one fused loop, compiled by Numba, on all processors."""

from __future__ import annotations

import math

import numba

NONE, CONSTRAINED, OPTIMUM, FULL = range(4)


@numba.njit(parallel=True, fastmath=False, cache=False)
def levels(  # type: ignore[no-untyped-def]
    hazards, outsides, others, level, branch
):
    """Write the highest self-enforcing level and its branch at every pair of hazard and outside.

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
            at_cap = (square * cap + slope) * cap + constant
            if cap > 0 and at_cap <= 0:
                level[row], branch[row] = cap, OPTIMUM if cap < 1 else FULL
                continue
            spread = slope * slope - 4 * square * constant
            root = (math.sqrt(spread) - slope) / (2 * square) if spread >= 0 else -1.0
            if slope < 0 and 0 < root < cap:
                level[row], branch[row] = root, CONSTRAINED
            else:
                level[row], branch[row] = 0.0, NONE


@numba.njit(parallel=True, fastmath=False, cache=False)
def at_points(  # type: ignore[no-untyped-def]
    hazards, outsides, others, level, branch
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
        if cap > 0 and at_cap <= 0:
            level[row], branch[row] = cap, OPTIMUM if cap < 1 else FULL
        elif slope < 0 and 0 < root < cap:
            level[row], branch[row] = root, CONSTRAINED
        else:
            level[row], branch[row] = 0.0, NONE
