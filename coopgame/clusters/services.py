"""The association: its level, whose constraints it must meet, and what it brings to whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coopgame.clusters.ground import At, Ground, weight
from coopgame.clusters.relationships import Column, Terms, Truth, credible, enforceable

LARGE_FIRMS = 3  # how many large firms there are, where there are any; 2 or 10 change nothing
TINY = 1e-9  # a level at which a constraint just binds meets it up to rounding


@dataclass(frozen=True)
class Services:
    """The association at a number of small members.

    `level` and `net` (a member's gain) where it is active; `holds` and `starts` say whether it
    would enforce itself, and begin; `gain` is a member's gain wherever it holds, `large` that of
    large firms where it is active.
    """

    level: Column
    net: Column
    holds: Truth
    starts: Truth
    gain: Column
    large: Column


def contribution(at: At, members: Column) -> Column:
    """A member's yearly contribution: few cannot carry an institution, many must meet more."""
    return np.asarray(at["F"] / members + at["k"] * np.log10(members))


def benefit(at: At, part: Column, share: Column, elsewhere: Column) -> Terms:
    """Collective action for one who has a `part` of its gain and pays a `share` of its cost."""
    effort = at["curve"] * at["s"]
    gain = part * (at["s"] + at["r"] * at["phi"])
    return Terms(gain + effort / 2, effort, share, share, elsewhere)


def services(
    at: At, here: Ground, active: Truth, small: Column, large: Truth, stay: Truth
) -> Services:
    """The association where `small` firms sell on their own, and large ones are there or not.

    With controllers their constraint must hold beside the members'; without, that of the large
    firms, or the small members carry it alone. The level is the highest that all who are needed
    keep up. Controllers who leave control nothing (`stay`).
    """
    if not active.any():  # whether it would start is asked of patterns in which it is active
        never, nothing = np.zeros_like(small, dtype=bool), np.zeros_like(small)
        return Services(nothing, nothing, never, never, nothing, nothing)
    chi = at["chi"] * (1 - at["relief"]) * stay
    ctrl = (at["ctrl"] > 1 / 2) & stay
    d, nothing = weight(at, "association"), np.zeros_like(small)
    all_ = np.maximum(small + np.where(large, LARGE_FIRMS, 0), 1.0)
    joint = benefit(at, 1 - chi, contribution(at, all_), nothing)
    alone = benefit(at, 1 - chi, contribution(at, np.maximum(small, 1.0)), nothing)
    rule = benefit(at, 1 + chi * ctrl, contribution(at, all_), at["v_a"] + nothing)
    ruled = ctrl | large
    level = enforceable(joint, d, at["q"])
    level = np.where(ruled, np.minimum(level, enforceable(rule, d, at["q"])), level)
    # The lower of two highest levels may lie below the other's lowest: then there is none.
    level = np.where(_keeps(joint, level, d, at), level, 0)
    level = np.where(ruled & ~_keeps(rule, level, d, at), 0, level)
    level = np.where(all_ >= 2, level, 0)
    by_all = level > 0
    apart = np.where(~ctrl & large & (small >= 2) & ~by_all, enforceable(alone, d, at["q"]), 0)
    level = level + apart
    gain = np.where(by_all, joint.pays(level), np.where(apart > 0, alone.pays(level), 0))
    share = np.where(by_all, joint.rho, alone.rho)
    loss = at["first"] * (1 - at["lead"]) * share
    return Services(
        level=np.where(active, level, 0),
        net=np.where(active, gain, 0),
        holds=level > 0,
        starts=(level > 0) & credible(here.trust, gain, loss, d),
        gain=gain,
        large=np.where(active & ruled & by_all, rule.pays(level), 0),
    )


def _keeps(terms: Terms, level: Column, d: Column, at: At) -> Truth:
    """Whether a level enforces itself."""
    kept = at["q"] * d * (terms.pays(level) - terms.u) - (1 - d) * terms.tempts(level)
    return np.asarray((level > 0) & (kept >= -TINY))
