"""Macro rules in a cluster: what a next period weighs under a hazard, or under a chain of regimes.

A relationship that lasts earns a unit each period as long as its history lasts. Under a chain with
hazards H and transitions P it is worth `(I - delta*H*P)^-1 1` from each regime on, and a next
period weighs `D = 1 - 1/V`. With a constant hazard that is `delta*(1 - h)`, as it must be.
"""

from __future__ import annotations

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.clusters.relationships import PERIODS, Column
from coopgame.errors import InputError
from coopgame.rules.macro import MacroRules

YEARLY = 1


def weights(rules: MacroRules, delta: Column, period: int | None = None) -> dict[str, Column]:
    """The hazard a year (`h`, by which contracts are made anew), and what each period weighs.

    A rule file states years or periods; here every relationship has its own period, so delta and
    the hazard are rescaled together. Chains are given per period, which is read as a year. With a
    `period` every relationship has so many a year. What inflation does to `delta` it does here.
    """
    rate, lowered = rules.discount_rate, delta
    if rate is not None:
        lowered = np.full_like(delta, np.exp(-float(rate)))
    if rules.inflation is not None:
        lowered = np.asarray(lowered * float(rules.inflation.discount_factor(sympy.S.One)))
    found: dict[str, Column] = {} if lowered is delta else {"delta": lowered}
    if not rules.chain:
        hazard = rules.with_period(YEARLY).hazard
        return found | {"h": np.full_like(delta, float(hazard or 0))}
    hazards, moves = matrices(rules)
    found["h"] = np.full_like(delta, hazards[0])
    for periods in sorted(set(PERIODS.values())):
        found[f"weight_{periods}"] = chain_weight(hazards, moves, lowered, period or periods)
    return found


def matrices(rules: MacroRules) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The hazards and the transition matrix of a chain at its parameters' defaults."""
    defaults = {p.symbol: p.default for p in rules.domain.parameters}
    if any(value is None for value in defaults.values()):
        raise InputError(f"{rules.info.name} has parameters without defaults", "give each one")
    at = {symbol: value for symbol, value in defaults.items() if value is not None}
    hazards = np.array([float(regime.hazard.subs(at)) for regime in rules.chain])
    moves = np.array([[float(p.subs(at)) for p in regime.next] for regime in rules.chain])
    return hazards, moves


def chain_weight(
    hazards: NDArray[np.float64], moves: NDArray[np.float64], delta: Column, periods: int
) -> Column:
    """What a next period weighs in the first regime, `periods` of them a year.

    A relationship is kept in the first regime and in those others in which it enforces itself too.
    Of all regimes that can be met, that in which it is worth least is dropped, and so on to the
    first; what counts is the most that the least of the regimes kept was worth on the way.

    A regime is left at the end of a year: within a year only delta and the hazard of the regime
    count, a period's part of each; with the year's last period the regime moves. So a period's
    chain has (regime, period of the year) for its states and needs no root of a matrix.
    """
    count = len(hazards)
    survival = (1 - hazards) ** (1 / periods)
    step = np.zeros((count * periods, count * periods))
    for regime in range(count):
        for period in range(periods):
            here = regime * periods + period
            if period < periods - 1:
                step[here, here + 1] = survival[regime]
            else:
                step[here, np.arange(count) * periods] = survival[regime] * moves[regime]
    factors, rows = np.unique(delta ** (1 / periods), return_inverse=True)
    system = np.eye(len(step)) - factors[:, None, None] * step
    met = np.linalg.matrix_power(np.eye(count) + moves, count)[0] > 0
    kept, best = np.tile(met, (len(factors), 1)), np.ones(len(factors))
    while kept[:, 0].any():
        earned = np.repeat(kept, periods, axis=1).astype(float)
        values = np.linalg.solve(system, earned[..., None])[..., 0]
        # A relationship may begin in any period of the year: the mean over a regime's.
        worth = values.reshape(len(factors), count, periods).mean(axis=2)
        worth = np.where(kept, worth, np.inf)
        best = np.where(kept[:, 0], np.maximum(best, worth.min(axis=1)), best)
        kept[np.arange(len(factors)), worth.argmin(axis=1)] = False
    return np.asarray((1 - 1 / best)[rows])
