"""Where small firms sell: the share of them in each channel, in closed form.

Capability is uniform, so the share of firms between two capabilities is linear. Own-account sale is
worth more to the more capable, one for one; commissioned work and stage work are worth the same to
each. So what a firm has on its own, `own`, orders the firms, and everything a channel asks is a bar
on it. Small firms take the channel with the highest joint value: with the surplus over `own` shared
by halves, that is also what pays them most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import pairwise

import numpy as np

from coopgame.clusters.relationships import Column, Truth

# What formal buyers ask for: the line between the answers a and b of `capability`.
FORMAL = 1 / 3
HALF = 1 / 2  # of the surplus with a partner


@dataclass(frozen=True)
class Capability:
    """Capability of small firms, uniform on [low, high]."""

    low: Column
    high: Column

    def above(self, z: Column | float) -> Column:
        """The share of firms with at least this capability."""
        return np.asarray(np.clip((self.high - z) / (self.high - self.low), 0, 1))


@dataclass(frozen=True)
class Own:
    """What firms have on their own: `floor` beside other work, `theta + direct` from own sale."""

    capability: Capability
    floor: Column
    direct: Column

    @cached_property
    def line(self) -> Column:
        """The capability from which own sale beats the floor, if formal buyers take it at all."""
        return np.asarray(np.maximum(FORMAL, self.floor - self.direct))

    @cached_property
    def sellers(self) -> Column:
        """Firms for which own sale is the better."""
        return self.capability.above(self.line)

    @cached_property
    def waiting(self) -> Column:
        """Firms that formal buyers would take, but whose own sale does not beat the floor."""
        return self.capability.above(FORMAL) - self.sellers

    def sellers_above(self, bar: Column) -> Column:
        """Firms for which own sale is the better and worth more than a bar."""
        return self.capability.above(np.maximum(self.line, bar - self.direct))

    def up_to(self, bar: Column) -> Column:
        """Firms that formal buyers take and that have on their own no more than a bar."""
        own = self.sellers - self.sellers_above(bar)
        return np.where(bar >= self.floor, self.waiting, 0) + own


_Edge = tuple[Column, Column]  # a value of `own`, and the share of sellers that have more


@dataclass(frozen=True)
class Offer:
    """A channel with a partner: worth at spot, worth in a tie, and up to which `own` a tie holds.

    Minus infinity stands for an offer that is not made.
    """

    spot: Column
    tie: Column
    bar: Column


@dataclass(frozen=True)
class Shares:
    """Shares of small firms by channel, and how many of those with orders or spokes have a tie."""

    orders: Column
    spokes: Column
    direct: Column
    idle: Column
    tied_orders: Column
    tied_spokes: Column


def shares(own: Own, orders: Offer, spokes: Offer, room: Column) -> Shares:
    """The shares of small firms in each channel; `room` is the share that large firms can employ.

    Firms fall into three bands by `own`: below both bars, between them, above both. Within a band
    what each partner offers is one number. Spokes in excess of the room, taken evenly from all who
    want to be one, take their next best.
    """
    bands = _bands(own, orders, spokes)
    wanted, served = _served(bands, room)
    turned = 1 - served
    return Shares(
        orders=_sum(band.orders + turned * band.next_orders for band in bands),
        spokes=wanted * served,
        direct=_sum(band.direct + turned * band.next_direct for band in bands),
        idle=_sum(band.idle + turned * band.next_idle for band in bands),
        tied_orders=_sum(band.tied_orders + turned * band.next_tied for band in bands),
        tied_spokes=_sum(band.tied_spokes for band in bands) * served,
    )


def earnings(own: Own, orders: Offer, spokes: Offer, room: Column) -> Column:
    """What a small firm earns, the mean over all: its own, and half of a surplus over that.

    Where channels change nothing jumps, since what a channel brings falls to nothing there.
    """
    bands = _bands(own, orders, spokes)
    _, served = _served(bands, room)
    nobody, everybody = _edge(own, np.asarray(np.inf)), _edge(own, np.asarray(-np.inf))
    alone = own.floor * (1 - own.sellers) + _own_sale(own, everybody, nobody)
    surplus = _sum(_shared(own, band, served) for band in bands)
    return alone + HALF * surplus


def _shared(own: Own, band: _Band, served: Column) -> Column:
    """What the firms of a band and their partners have beyond what the firms have on their own."""
    taken = _surplus(own, band.first, band.best, np.maximum(band.order, band.spoke))
    second = _surplus(own, band.first, band.second, band.order)
    return np.where(band.spokes_win, served * taken + (1 - served) * second, taken)


def _surplus(own: Own, first: _Edge, last: _Edge, offer: Column) -> Column:
    """What an offer brings to the firms with `own` in (first, last] and their partner."""
    waiting, sellers = _between(own, first, last)
    worth = np.where(waiting + sellers > 0, offer, 0)  # an offer that is not made takes nobody
    return worth * (waiting + sellers) - own.floor * waiting - _own_sale(own, first, last)


def _own_sale(own: Own, first: _Edge, last: _Edge) -> Column:
    """What the own-account sellers with `own` in (first, last] have on their own, in all.

    Capability is uniform, so the mean of such a group is the middle of its ends.
    """
    who = own.capability
    middle = who.high - (who.high - who.low) * (first[1] + last[1]) / 2
    return np.asarray((first[1] - last[1]) * (middle + own.direct))


def _sum(parts: Iterable[Column]) -> Column:
    return reduce(np.add, parts)


@dataclass(frozen=True)
class _Band:
    """Firms of one band by channel, and those who want to be spokes by their next best.

    It begins at `first`; firms up to `best` take the better offer, up to `second` that of orders.
    """

    first: _Edge
    best: _Edge
    second: _Edge
    order: Column
    spoke: Column
    spokes_win: Truth
    orders: Column
    spokes: Column
    direct: Column
    idle: Column
    tied_orders: Column
    tied_spokes: Column
    next_orders: Column
    next_direct: Column
    next_idle: Column
    next_tied: Column


def _bands(own: Own, orders: Offer, spokes: Offer) -> list[_Band]:
    low = np.minimum(orders.bar, spokes.bar)
    high = np.maximum(orders.bar, spokes.bar)
    ends = (np.full_like(low, -np.inf), low, high, np.full_like(low, np.inf))
    edges = [_edge(own, end) for end in ends]
    return [_band(own, orders, spokes, first, last) for first, last in pairwise(edges)]


def _served(bands: Iterable[_Band], room: Column) -> tuple[Column, Column]:
    """How many want to be spokes, and the part of them that large firms employ."""
    wanted = _sum(band.spokes for band in bands)
    return wanted, np.minimum(1, room / np.maximum(wanted, 1e-12))


def _edge(own: Own, at: Column) -> _Edge:
    return at, own.sellers_above(at)


def _band(own: Own, orders: Offer, spokes: Offer, first: _Edge, last: _Edge) -> _Band:
    low, high = first[0], last[0]
    has_order_tie, has_spoke_tie = high <= orders.bar, high <= spokes.bar
    order = np.where(has_order_tie, np.maximum(orders.tie, orders.spot), orders.spot)
    spoke = np.where(has_spoke_tie, np.maximum(spokes.tie, spokes.spot), spokes.spot)
    spokes_win = spoke >= order
    # Firms whose `own` is below the best offer take it; those turned down as spokes, below `order`.
    best = _edge(own, np.minimum(np.maximum(np.maximum(order, spoke), low), high))
    second = _edge(own, np.minimum(np.maximum(order, low), high))
    taken, left = _between(own, first, best), _between(own, best, last)
    ordered = np.where(spokes_win, 0, taken[0] + taken[1])
    wanting = np.where(spokes_win, taken[0] + taken[1], 0)
    fallback = _between(own, first, second)
    falling = np.where(spokes_win, fallback[0] + fallback[1], 0)
    return _Band(
        first,
        best,
        second,
        order,
        spoke,
        spokes_win,
        orders=ordered,
        spokes=wanting,
        direct=left[1],
        idle=left[0],
        tied_orders=np.where(has_order_tie, ordered, 0),
        tied_spokes=np.where(has_spoke_tie, wanting, 0),
        next_orders=falling,
        next_direct=np.where(spokes_win, taken[1] - fallback[1], 0),
        next_idle=np.where(spokes_win, taken[0] - fallback[0], 0),
        next_tied=np.where(has_order_tie, falling, 0),
    )


def _between(own: Own, first: _Edge, last: _Edge) -> tuple[Column, Column]:
    """Firms with `own` in (first, last]: those at the floor, and own-account sellers."""
    at_floor: Truth = (own.floor > first[0]) & (own.floor <= last[0])
    return np.where(at_floor, own.waiting, 0), first[1] - last[1]
