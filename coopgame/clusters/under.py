"""A phase under given macro rules: types and levels, and why: each bound game's own condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coopgame.clusters.case import Case, Phase, middle_of, revised
from coopgame.clusters.classify import Distribution, distribution
from coopgame.clusters.codebook import Drawing
from coopgame.clusters.equilibria import followed
from coopgame.clusters.ground import At, ground, weight
from coopgame.clusters.history import history_of
from coopgame.clusters.offers import order_offer, stage_offer
from coopgame.clusters.relationships import (
    PERIODS,
    RELATIONSHIPS,
    Column,
    Terms,
    bar,
    enforceable,
    starting_belief,
)
from coopgame.clusters.services import benefit, contribution
from coopgame.clusters.state import among_small
from coopgame.clusters.typology import kinds
from coopgame.rules.macro import MacroRules

# The catalogue's game behind each kind of co-operation.
GAMES = {
    "stages": "relation", "buyers": "tie", "large": "tie", "technology": "relation",
    "design": "relation", "association": "relation",
}  # fmt: skip
MEANINGS = {
    "stages": "stages of production divided among small firms, on trust",
    "buyers": "ties with outside buyers",
    "large": "ties between small and large local firms",
    "technology": "exchange of technology",
    "design": "exchange of designs",
    "association": "collective action through an association",
}
MEMBERS = 100  # members at which the association is told in the table of conditions
HIGHEST = 0.99
HALVINGS = 30


@dataclass(frozen=True)
class ClusterCondition:
    """One relationship at the middle of what a phase's answers allow, under given rules.

    `weight` is what the next period counts; `gain` what the relationship brings a year; `bar` the
    least gain that keeps the promise; `needed` the trust that starts it, beside the `trust` there
    is. `level` is the highest that enforces itself, of a tie 1 or 0. `collapse` is the yearly
    hazard above which nothing enforces itself, None if there is none below 0.99.
    """

    relation: str
    weight: float
    gain: float
    bar: float
    needed: float
    trust: float
    level: float
    collapse: float | None


@dataclass(frozen=True)
class UnderRules:
    """A phase after a history under macro rules: types, levels, and each condition."""

    phase: Phase
    rules: MacroRules
    distribution: Distribution
    levels: Mapping[str, float]
    sustained: Mapping[str, float]
    conditions: tuple[ClusterCondition, ...]

    @property
    def type(self) -> str:
        return max(self.distribution, key=lambda kind: self.distribution[kind])


def under(case: Case, phase: Phase, rules: MacroRules, draws: Drawing) -> UnderRules:
    """A phase as given macro rules would have it."""
    changed = revised(case, {}, rules)
    table = followed(history_of(changed, phase, draws))
    out = table.outcomes(table.selected())
    return UnderRules(
        phase,
        rules,
        distribution(case.profiles, kinds(case.profiles, out)),
        {name: float(out[name].mean()) for name in RELATIONSHIPS},
        {name: float((out[name] > 0).mean()) for name in RELATIONSHIPS},
        conditions(changed, phase),
    )


def conditions(case: Case, phase: Phase) -> tuple[ClusterCondition, ...]:
    """The condition of every relationship at the middle of what the answers allow."""
    at = middle_of(case, phase)
    return tuple(_condition(at, name) for name in RELATIONSHIPS)


def _condition(at: At, name: str) -> ClusterCondition:
    gain, temptation, loss, level = _sides(at, name)
    d, q = weight(at, name), at["q"]
    return ClusterCondition(
        name,
        weight=float(d[0]),
        gain=float(gain[0]),
        bar=float(bar(temptation, d, q)[0]),
        needed=float(starting_belief(gain, loss, d)[0]),
        trust=float(ground(at).trust[0]),
        level=float(level[0]),
        collapse=_collapse(at, name),
    )


def _sides(at: At, name: str) -> tuple[Column, Column, Column, Column]:
    """Gain, temptation, what is at risk at the start, and the highest level that holds."""
    d, q = weight(at, name), at["q"]
    if GAMES[name] == "tie":
        gain = _tie_gain(at, name)
        holds = gain >= bar(at["H"], d, q)
        return gain, at["H"], at["H"], np.where(holds, 1.0, 0.0)
    terms, loss = _terms(at, name)
    level = enforceable(terms, d, q)
    shown = np.where(level > 0, level, 1.0)
    return terms.pays(shown) - terms.u, terms.tempts(shown), loss * shown, level


def _terms(at: At, name: str) -> tuple[Terms, Column]:
    if name == "association":
        share = contribution(at, np.full_like(at["q"], MEMBERS))
        part = 1 - at["chi"] * (1 - at["relief"])
        return benefit(at, part, share, 0 * share), at["first"] * (1 - at["lead"]) * share
    nobody = {each: np.zeros(1, dtype=bool) for each in RELATIONSHIPS}
    terms = among_small(at, ground(at), nobody)[name]
    return terms, terms.rho


def _tie_gain(at: At, name: str) -> Column:
    """What a tie brings a firm that has no more than its floor on its own."""
    here, no, yes = ground(at), np.zeros(1, dtype=bool), np.ones(1, dtype=bool)
    there = yes & (at["L"] > 0)
    orders, _ = order_offer(at, here, yes, no)
    spokes, _ = stage_offer(at, here, yes, there, orders)
    tie, spot, other = (
        (orders.tie, orders.spot, spokes.spot)
        if name == "buyers"
        else (spokes.tie, spokes.spot, orders.spot)
    )
    apart = np.maximum(spot, np.maximum(here.floor, (here.floor + other) / 2))
    return np.asarray(np.where(np.isfinite(tie), tie - apart, 0.0))


def _collapse(at: At, name: str) -> float | None:
    """The yearly hazard above which nothing enforces itself, by halving."""
    plain = {k: v for k, v in at.items() if not k.startswith("weight_")}

    def holds(hazard: float) -> bool:
        return float(_sides({**plain, "h": np.array([hazard])}, name)[3][0]) > 0

    low, high = 0.0, HIGHEST
    if not holds(low):
        return 0.0
    if holds(high):
        return None
    for _ in range(HALVINGS):
        half = (low + high) / 2
        low, high = (half, high) if holds(half) else (low, half)
    return low


def period(name: str) -> str:
    """The period of a relationship in words."""
    return {12: "month", 4: "quarter", 1: "year"}[PERIODS[name]]
