"""One relationship at many points: the level that enforces itself, and what trust starts it.

A relationship at level a pays each period `b*a - c*a**2/2 - k`; who reneges saves the effort and
keeps what is outstanding, `c*a**2/2 + rho*a`; without it there is `u`. That is the catalogue's game
`relation` (`form = "level"`), with all that a cluster says of the partners in its parameters. The
functions here give the same levels as its solved branches, over columns of floats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
Truth = NDArray[np.bool_]

# Stage trade is paid by the month, orders by the quarter; projects and budgets last a year.
PERIODS = {"stages": 12, "buyers": 4, "large": 4, "technology": 1, "design": 1, "association": 1}
RELATIONSHIPS = tuple(PERIODS)


@dataclass(frozen=True)
class Terms:
    """What a relationship is about: the parameters of the game `relation`, without its discount."""

    b: Column
    c: Column
    rho: Column
    k: Column
    u: Column

    def pays(self, level: Column) -> Column:
        """What a level pays a period, before the outside option."""
        return self.b * level - self.c * level**2 / 2 - self.k

    def tempts(self, level: Column) -> Column:
        """What reneging yields at once."""
        return self.c * level**2 / 2 + self.rho * level


def enforceable(terms: Terms, weight: Column, q: Column) -> Column:
    """The highest level in (0, 1] that enforces itself, no higher than the best; 0 for none.

    `(1 - D)*tempts(a) <= q*D*(pays(a) - u)` is `A*a**2 - B*a + C <= 0` with A, C >= 0, so the
    levels that hold lie between its roots. They are divided out of `B + root`, which does not
    cancel, so that the linear case (A = 0) is its limit and no special case.
    """
    bite = q * weight
    curve = terms.c / 2 * ((1 - weight) + bite)
    slope = bite * terms.b - (1 - weight) * terms.rho
    drag = bite * (terms.k + terms.u)
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(np.maximum(slope**2 - 4 * curve * drag, 0))
        low = 2 * drag / (slope + root)
        high = np.where(curve > 0, (slope + root) / (2 * np.maximum(curve, 1e-300)), np.inf)
        best = np.where(terms.c > 0, terms.b / np.maximum(terms.c, 1e-300), np.inf)
    holds = (slope > 0) & (slope**2 >= 4 * curve * drag) & (low <= 1)
    return np.asarray(np.where(holds, np.maximum(low, np.minimum(np.minimum(high, best), 1)), 0.0))


def starting_belief(gain: Column, loss: Column, weight: Column) -> Column:
    """The trust from which a first try pays: `(1-D)*loss / (gain + (1-D)*loss)`, else 1.

    With the chance p the partner keeps its promise and the gain is had for ever, with 1 - p the
    loss comes once (the game `culture`).
    """
    risk = (1 - weight) * loss
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(gain > 0, risk / (gain + risk), 1.0)


def credible(trust: Column, gain: Column, loss: Column, weight: Column) -> Truth:
    """Whether trust starts a relationship that brings something."""
    return np.asarray((gain > 0) & (trust >= starting_belief(gain, loss, weight)))


def bar(temptation: Column, weight: Column, q: Column) -> Column:
    """The least gain that keeps a promise with a given temptation: `(1-D)*G/(q*D)`."""
    return np.asarray((1 - weight) * temptation / (q * weight))


def first_bar(loss: Column, weight: Column, trust: Column) -> Column:
    """The least gain for which trust starts the relationship: `(1-D)*loss*(1-p)/p`."""
    return np.asarray((1 - weight) * loss * (1 - trust) / np.maximum(trust, 1e-12))
