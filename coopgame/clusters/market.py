"""The market: who sells where, and the association that those who sell on their own keep up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopgame.clusters.ground import At, Ground, ground
from coopgame.clusters.offers import order_offer, stage_offer
from coopgame.clusters.relationships import Column, Truth
from coopgame.clusters.services import Services, services
from coopgame.clusters.trade import FORMAL, Offer, Own, Shares, earnings, shares

Active = Mapping[str, Truth]

ROUNDS = 5  # contributions depend on the number of sellers, and this on contributions


@dataclass(frozen=True)
class Market:
    """Who sells where, with the association and the bars up to which trust starts ties."""

    sold: Shares
    common: Services
    own: Own
    orders: Offer
    spokes: Offer
    room: Column
    order_starts: Column
    spoke_starts: Column

    @property
    def earned(self) -> Column:
        """What a small firm earns, the mean over all."""
        return earnings(self.own, self.orders, self.spokes, self.room)


def market(at: At, here: Ground, active: Active, base: Column, large: Truth, stay: Truth) -> Market:
    """Shares by channel and the association, which depend on each other through the sellers."""
    met = np.asarray(active["association"] | active["technology"])
    orders, _ = order_offer(at, here, active["buyers"], met)
    spokes, spoke_starts = stage_offer(at, here, active["large"], large, orders)
    orders, order_starts = order_offer(at, here, active["buyers"], met, spokes.spot)
    room = at["L"] * at["lambda"] / (1 - at["lambda"]) / (1 - at["L"])
    room = np.where(large, room, 0.0)
    ask = _Ask(at, active["association"], base, large, stay, orders, spokes, room)
    selling = here.capability.above(FORMAL) + np.zeros(np.broadcast(base, large).shape)
    # Where nobody is asked to contribute nothing depends on the number of sellers.
    if ask.active.any():
        selling = _settled_sellers(ask, here, selling)
    common, own, sold = ask.answer(here, selling)
    # What is told of the association is so with the sellers that are left in the end. Where the two
    # do not settle (it needs sellers whom its own services take away), it does not hold.
    last = services(at, here, ask.active, here.number * sold.direct, large, stay)
    common = replace(last, holds=last.holds & common.holds)
    return Market(sold, common, own, orders, spokes, room, order_starts, spoke_starts)


@dataclass(frozen=True)
class _Ask:
    """What the association and the channels depend on, but for the number of sellers."""

    at: At
    active: Truth
    base: Column
    large: Truth
    stay: Truth
    orders: Offer
    spokes: Offer
    room: Column

    def answer(self, here: Ground, selling: Column) -> tuple[Services, Own, Shares]:
        """The association at a share of firms that sell, and who then sells where."""
        small = here.number * selling
        common = services(self.at, here, self.active, small, self.large, self.stay)
        own = Own(here.capability, here.floor, self.base + common.net)
        return common, own, shares(own, self.orders, self.spokes, self.room)

    def at_rows(self, rows: Truth) -> _Ask:
        """The same at some of the points."""

        def part(column: NDArray[Any]) -> NDArray[Any]:
            return column[rows] if len(column) > 1 else column

        def offer(of: Offer) -> Offer:
            return Offer(part(of.spot), part(of.tie), part(of.bar))

        return _Ask(
            {name: part(column) for name, column in self.at.items()}, part(self.active),
            part(self.base), part(self.large), part(self.stay), offer(self.orders),
            offer(self.spokes), part(self.room),
        )  # fmt: skip


def _settled_sellers(ask: _Ask, here: Ground, selling: Column) -> Column:
    """The share of firms that sell once contributions, which depend on it, are reckoned with.

    Most points settle at once; only the others are gone through again.
    """
    found = ask.answer(here, selling)[2].direct
    rows = np.any((found != selling) & ask.active, axis=-1)
    if rows.any():
        some = ask.at_rows(rows)
        there, now = ground(some.at), found[rows]
        for _ in range(ROUNDS - 2):
            now = some.answer(there, now)[2].direct
        found[rows] = now
    return found
