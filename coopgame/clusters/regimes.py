"""Macro rules in a cluster: what a next period weighs under a hazard, or under a chain of regimes.

A relationship that lasts earns a unit each period as long as its history lasts. Under a chain with
hazards H and transitions P it is worth `(I - delta*H*P)^-1 1` from each regime on, so that what a
next period weighs is `D = 1 - 1/V` in the regime where play starts. With a constant hazard that is
`delta*(1 - h)`, as it must be.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coopgame.clusters.relationships import PERIODS, Column
from coopgame.errors import InputError
from coopgame.rules.macro import MacroRules

YEARLY = 1


def weights(rules: MacroRules, delta: Column, period: int | None = None) -> dict[str, Column]:
    """The hazard a year (`h`, by which contracts are made anew), and what each period weighs.

    A rule file states years or periods; here every relationship has its own period, so delta and
    the hazard are rescaled together. Chains are given per period, which is read as a year. With a
    `period` every relationship has so many a year.
    """
    if not rules.chain:
        hazard = rules.with_period(YEARLY).hazard
        found = {"h": np.full_like(delta, float(hazard or 0))}
        if rules.discount_rate is not None:
            found["delta"] = np.full_like(delta, np.exp(-float(rules.discount_rate)))
        return found
    hazards, moves = matrices(rules)
    found = {"h": np.full_like(delta, hazards[0])}
    for periods in sorted(set(PERIODS.values())):
        found[f"weight_{periods}"] = chain_weight(hazards, moves, delta, period or periods)
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
    factor = np.asarray(delta ** (1 / periods))
    # A relationship may begin in any period of the year: the mean over the first regime's.
    values = [
        np.linalg.solve(np.eye(len(step)) - each * step, np.ones(len(step)))[:periods].mean()
        for each in np.unique(factor)
    ]
    by_factor = dict(zip(np.unique(factor), values, strict=True))
    return np.array([1 - 1 / by_factor[each] for each in factor])
