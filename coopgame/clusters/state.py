"""A cluster in which given relationships are active: levels, channels, and which of them hold.

The formulas are those of the explanation page `clusters`. `at` maps the codebook's parameters to
columns; `active` says of each relationship whether it is active, broadcast against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopgame.clusters.ground import BESIDE, At, Ground, ground, weight
from coopgame.clusters.offers import making, order_offer, stage_offer
from coopgame.clusters.relationships import Column, Terms, Truth, credible, enforceable
from coopgame.clusters.services import Services, services
from coopgame.clusters.trade import FORMAL, Offer, Own, Shares, shares

Active = Mapping[str, Truth]

SAVED = 1 / 2  # part of the meetings that those who meet in the association are spared
HALF = 1 / 2  # of the surplus with a partner
ROUNDS = 5  # contributions depend on the number of sellers, and this on contributions
SELLERS = 2  # the fewest own-account sellers that can deal with each other


@dataclass(frozen=True)
class State:
    """Outcomes, and which relationships hold and would start.

    `output` is by channel, in shares of the cluster's capacity: informal, orders, spokes, made
    (by large firms), direct. `level` is how far each active relationship goes; of ties the share
    of orders or stage work under them. `gain` is what each firm has from what is not a tie.
    """

    output: Mapping[str, Column]
    level: Mapping[str, Column]
    holds: Mapping[str, Truth]
    starts: Mapping[str, Truth]
    gain: Mapping[str, Column]
    sellers: Column
    has_left: Truth
    staying: Column


def state(at: At, active: Active) -> State:
    """The cluster with given relationships active, large firms staying or leaving as they like.

    Leaving is decided once, given that they are there: those who left control nothing and employ
    nobody.
    """
    here = ground(at)
    there = (at["L"] > 0) | np.zeros_like(active["large"])
    first = _settled(at, here, active, there, np.zeros_like(there))
    # A rival: what is sunk into the place holds large firms back (nothing by default).
    sunk = at.get("sunk", np.zeros(1))
    leaves = there & (at["v_a"] > here.gathering + first.staying + sunk)
    rows = np.asarray(leaves.any(axis=-1))
    if not rows.any():
        return first
    # Only the points at which some pattern sees them leave are worked out again.
    some = {name: column[rows] if len(column) > 1 else column for name, column in at.items()}
    those = {name: bits[rows] if len(bits) > 1 else bits for name, bits in active.items()}
    second = _settled(some, ground(some), those, there[rows], leaves[rows])
    return _merged(first, second, rows)


def _merged(first: State, second: State, rows: Truth) -> State:
    """The first state with some rows replaced by those of the second."""

    def merge(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
        shape = np.broadcast_shapes(one.shape, (len(rows), 1))
        found = np.array(np.broadcast_to(one, shape))
        wide = (len(other), shape[1])
        found[rows] = np.broadcast_to(other, wide)
        return found

    def both(
        one: Mapping[str, NDArray[Any]], other: Mapping[str, NDArray[Any]]
    ) -> dict[str, NDArray[Any]]:
        return {name: merge(one[name], other[name]) for name in one}

    return State(
        both(first.output, second.output),
        both(first.level, second.level),
        both(first.holds, second.holds),
        both(first.starts, second.starts),
        both(first.gain, second.gain),
        merge(first.sellers, second.sellers),
        merge(first.has_left, second.has_left),
        merge(first.staying, second.staying),
    )


def among_small(at: At, here: Ground, active: Active) -> dict[str, Terms]:
    """The terms of dividing stages and of exchanging technology and design."""
    effort = at["curve"] * at["s"]
    gain = at["g"] + at["s"] - at["tau"]
    apart = np.maximum(at["lambda"] * (at["g"] - at["tau"] - here.contract), 0)
    part = at["lambda"]
    meetings = at["k"] * (1 - SAVED * active["association"])
    averts, nothing = at["r"] * at["phi"], np.zeros_like(effort)
    return {
        "stages": Terms(part * (gain + effort / 2), part * effort, part * at["H"], at["k"], apart),
        "technology": Terms(
            at["s"] + averts + effort / 2, effort, at["rho_t"], meetings, nothing
        ),
        "design": Terms(at["s"] + effort / 2, effort, at["rho_d"], meetings, nothing),
    }  # fmt: skip


@dataclass(frozen=True)
class _Market:
    """Who sells where, with the association and the bars up to which trust starts ties."""

    sold: Shares
    common: Services
    own: Own
    orders: Offer
    spokes: Offer
    order_starts: Column
    spoke_starts: Column


def _settled(at: At, here: Ground, active: Active, there: Truth, leaves: Truth) -> State:
    """The cluster once it is known whether the large firms leave."""
    terms = among_small(at, here, active)
    possible = {n: enforceable(t, weight(at, n), at["q"]) for n, t in terms.items()}
    level = {n: np.where(active[n], a, 0) for n, a in possible.items()}
    paid = {n: np.where(level[n] > 0, t.pays(level[n]), 0) for n, t in terms.items()}
    base = here.gathering - at["kappa"] - at["zeta"] - at["phi"]
    base = base + np.where(level["stages"] > 0, paid["stages"], terms["stages"].u)
    base = base + paid["technology"] + paid["design"]
    large = there & ~leaves
    market = _market(at, here, active, base, large, ~leaves)
    sellers = here.number * market.sold.direct
    gain = {n: np.where(possible[n] > 0, t.pays(possible[n]) - t.u, 0) for n, t in terms.items()}
    holds = _holds(here, market, possible, sellers, large)
    level |= {
        "buyers": _share(market.sold.tied_orders, market.sold.orders),
        "large": _share(market.sold.tied_spokes, market.sold.spokes),
        "association": market.common.level,
    }
    return State(
        output=_output(at, here, market.sold, large),
        level=level,
        holds=holds,
        starts=_starts(at, here, market, holds, gain, possible),
        gain=gain | {"association": market.common.gain},
        sellers=sellers,
        has_left=leaves,
        staying=_staying(at, here, market),
    )


def _market(
    at: At, here: Ground, active: Active, base: Column, large: Truth, stay: Truth
) -> _Market:
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
    return _Market(sold, common, own, orders, spokes, order_starts, spoke_starts)


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


def _holds(
    here: Ground, market: _Market, possible: Mapping[str, Column], sellers: Column, large: Truth
) -> dict[str, Truth]:
    """Which relationships enforce themselves and have partners."""
    partners = (sellers >= SELLERS) | large
    return {
        "stages": (possible["stages"] > 0) & (sellers >= SELLERS),
        "buyers": here.number * market.sold.tied_orders >= 1,
        "large": large & (here.number * market.sold.tied_spokes >= 1),
        "technology": (possible["technology"] > 0) & partners,
        "design": (possible["design"] > 0) & partners,
        "association": market.common.holds,
    }


def _starts(
    at: At, here: Ground, market: _Market, holds: Mapping[str, Truth], gain: Mapping[str, Column],
    possible: Mapping[str, Column],
) -> dict[str, Truth]:  # fmt: skip
    """Which relationships trust would start, once they hold: what cannot hold is not begun."""
    lost = {"stages": at["lambda"] * at["H"], "technology": at["rho_t"], "design": at["rho_d"]}
    found = {
        n: holds[n] & credible(here.trust, gain[n], loss * possible[n], weight(at, n))
        for n, loss in lost.items()
    }
    bars = {"buyers": market.order_starts, "large": market.spoke_starts}
    found |= {n: holds[n] & (here.number * market.own.up_to(b) >= 1) for n, b in bars.items()}
    return found | {"association": market.common.starts}


def _output(at: At, here: Ground, sold: Shares, large: Truth) -> dict[str, Column]:
    small = 1 - at["L"]
    beside = 1 - here.capability.above(FORMAL) + sold.idle
    return {
        "informal": BESIDE * small * np.where(here.informal, beside, 0),
        "orders": small * sold.orders,
        "spokes": small * sold.spokes,
        "made": np.where(large, at["L"], 0.0) + 0 * sold.orders,
        "direct": small * sold.direct,
    }


def _staying(at: At, here: Ground, market: _Market) -> Column:
    """What large firms have from staying, a unit of their capacity, beyond agglomeration."""
    put_out = np.where(market.spokes.bar > -np.inf, market.spokes.tie, market.spokes.spot)
    surplus = HALF * np.maximum(put_out - making(at, here), 0)
    ratio = (1 - at["L"]) * market.sold.spokes / np.maximum(at["L"], 1e-9)
    return np.asarray(np.where(market.sold.spokes > 0, surplus * ratio, 0) + market.common.large)


def _share(part: Column, whole: Column) -> Column:
    return np.where(whole > 1e-12, part / np.maximum(whole, 1e-12), 0)
