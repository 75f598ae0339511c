"""What outside buyers and large local firms offer, and for which firms a tie with them holds.

A tie holds for a firm if what the pair gains by it, over the best that the two have without it, is
at least the bar that a promise needs. That gain falls in what the firm has on its own, so each tie
holds up to one value of it (the game `tie`, whose sides pay each other).
"""

from __future__ import annotations

import numpy as np

from coopgame.clusters.ground import At, Ground, weight
from coopgame.clusters.relationships import Column, Truth, bar, first_bar
from coopgame.clusters.trade import Offer

NOBODY = np.asarray(-np.inf)


def order_offer(
    at: At, here: Ground, active: Truth, met: Truth, stage_work: Column = NOBODY
) -> tuple[Offer, Column]:
    """The offer of outside buyers, and the bar on `own` up to which trust starts a tie.

    `met` says where firms meet each other for technology or in the association: under the rival
    hypothesis psi > 0 that costs a tie with outside buyers.
    """
    value = at["d"] - at["zeta"] + here.gathering - at["phi"]
    spot = value - here.contract + np.zeros(np.broadcast(value, active).shape)
    tie = value + at["s"] - at["k"] - at.get("psi", np.asarray(0.0)) * met
    holds, starts = _bars(at, here, "buyers", tie, spot, stage_work)
    return Offer(spot, tie + 0 * spot, np.where(active, holds, NOBODY)), starts


def stage_offer(
    at: At, here: Ground, active: Truth, large: Truth, orders: Offer
) -> tuple[Offer, Column]:
    """The offer of large local firms for stage work, made where putting out beats making."""
    made = making(at, here)
    value = at["v_L"] - at["tau"] + here.gathering - at["phi"] * (1 - at["r"])
    spot, tie = value - here.contract, value + at["s"] - at["k"]
    there = large & (at["lambda"] > 0) & np.ones_like(active)
    holds, starts = _bars(at, here, "large", tie, np.maximum(spot, made), orders.spot)
    offer = Offer(
        np.where(there & (spot >= made), spot, NOBODY),
        np.where(there, tie, NOBODY),
        np.where(active & there, holds, NOBODY),
    )
    return offer, np.where(there, starts, NOBODY)


def making(at: At, here: Ground) -> Column:
    """What a large firm has from making the stage itself, with the same labour at its own cost."""
    return np.asarray(at["v_L"] - at["g"] + here.gathering - at["phi"])


def _bars(
    at: At, here: Ground, name: str, tie: Column, rival: Column, other: Column
) -> tuple[Column, Column]:
    """The most a firm may have on its own for a tie to hold, and for trust to start one."""
    d = weight(at, name)
    keeps = bar(at["H"], d, at["q"])
    starts = np.maximum(keeps, first_bar(at["H"], d, here.trust))
    return _pair(tie - keeps, rival, other), _pair(tie - starts, rival, other)


def _pair(reach: Column, rival: Column, other: Column) -> Column:
    """The most `own` with `max(rival, own, own + max(0, other - own)/2) <= reach`.

    The last is what the pair has apart where the firm can go to another partner, of whose surplus
    it keeps half: the mean of `own` and `other`.
    """
    return np.where(rival <= reach, np.minimum(reach, 2 * reach - other), NOBODY)
