"""A cluster in which given relationships are active: levels, channels, and which of them hold.

The formulas are those of the explanation page `clusters`. `at` maps the codebook's parameters to
columns; `active` says of each relationship whether it is active, broadcast against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopgame.clusters.ground import BESIDE, At, Ground, ground, weight
from coopgame.clusters.market import Active, Market, market
from coopgame.clusters.offers import making
from coopgame.clusters.relationships import Column, Terms, Truth, credible, enforceable
from coopgame.clusters.trade import FORMAL, HALF, Shares

SAVED = 1 / 2  # part of the meetings that those who meet in the association are spared
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
class _Small:
    """What small firms do with each other: the terms, the levels that hold, and what own sale pays.

    `level` is that of the active ones; `base` what own sale pays beside capability.
    """

    terms: Mapping[str, Terms]
    possible: Mapping[str, Column]
    level: Mapping[str, Column]
    base: Column


def _small(at: At, here: Ground, active: Active) -> _Small:
    terms = among_small(at, here, active)
    possible = {n: enforceable(t, weight(at, n), at["q"]) for n, t in terms.items()}
    level = {n: np.where(active[n], a, 0) for n, a in possible.items()}
    paid = {n: np.where(level[n] > 0, t.pays(level[n]), 0) for n, t in terms.items()}
    base = here.gathering - at["kappa"] - at["zeta"] - at["phi"]
    base = base + np.where(level["stages"] > 0, paid["stages"], terms["stages"].u)
    return _Small(terms, possible, level, base + paid["technology"] + paid["design"])


def earned(at: At, active: Active, leaves: Truth) -> Column:
    """What a small firm earns, the mean over all, where large firms leave or stay as told."""
    here = ground(at)
    large = (at["L"] > 0) & ~leaves
    return market(at, here, active, _small(at, here, active).base, large, ~leaves).earned


def _settled(at: At, here: Ground, active: Active, there: Truth, leaves: Truth) -> State:
    """The cluster once it is known whether the large firms leave."""
    small = _small(at, here, active)
    possible, large = small.possible, there & ~leaves
    at_work = market(at, here, active, small.base, large, ~leaves)
    sellers = here.number * at_work.sold.direct
    gain = {
        n: np.where(possible[n] > 0, t.pays(possible[n]) - t.u, 0) for n, t in small.terms.items()
    }
    holds = _holds(here, at_work, possible, sellers, large)
    level = {
        **small.level,
        "buyers": _share(at_work.sold.tied_orders, at_work.sold.orders),
        "large": _share(at_work.sold.tied_spokes, at_work.sold.spokes),
        "association": at_work.common.level,
    }
    return State(
        output=_output(at, here, at_work.sold, large),
        level=level,
        holds=holds,
        starts=_starts(at, here, at_work, holds, gain, possible),
        gain=gain | {"association": at_work.common.gain},
        sellers=sellers,
        has_left=leaves,
        staying=_staying(at, here, at_work),
    )


def _holds(
    here: Ground, market: Market, possible: Mapping[str, Column], sellers: Column, large: Truth
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
    at: At, here: Ground, market: Market, holds: Mapping[str, Truth], gain: Mapping[str, Column],
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


def _staying(at: At, here: Ground, market: Market) -> Column:
    """What large firms have from staying, a unit of their capacity, beyond agglomeration."""
    put_out = np.where(market.spokes.bar > -np.inf, market.spokes.tie, market.spokes.spot)
    surplus = HALF * np.maximum(put_out - making(at, here), 0)
    ratio = (1 - at["L"]) * market.sold.spokes / np.maximum(at["L"], 1e-9)
    return np.asarray(np.where(market.sold.spokes > 0, surplus * ratio, 0) + market.common.large)


def _share(part: Column, whole: Column) -> Column:
    return np.where(whole > 1e-12, part / np.maximum(whole, 1e-12), 0)
