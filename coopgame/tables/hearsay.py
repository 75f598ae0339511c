"""The bound that the chain of partners lost sets on a breach, for many rows at once.

`coopgame.forms.level.news.News` says what is computed, in fractions; this is its Newton method on
arrays. Every value in it is a sum of products of positive numbers, but for one difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from coopgame.forms.level.news import MAX_PARTNERS
from coopgame.tables.grids import Floats

UNIT = 2.0**-53
# Each step of Newton's method takes up a better plan of breaches; a handful of steps is usual.
MOST_STEPS = 60
# Roundings of a plan's value: for each of N losses some ten operations and a sum of N terms.
ROUNDINGS = 24
# Rows worked on together: some arrays have a line for each partner.
TOGETHER = 1 << 11


def news_bound(partners: Any, spread: Any, weight: Any, detection: Any, public: Any) -> Floats:
    """The most that G/(pi-u) may be; NaN where N is no whole number within the limit."""
    given = np.broadcast_arrays(partners, spread, weight, detection, public)
    count, *rest = (np.array(part, float).ravel() for part in given)
    count[~((count == np.rint(count)) & (count >= 1) & (count <= MAX_PARTNERS))] = 0
    # Those with most partners first: those whose chain has ended drop out at the end.
    order = np.argsort(-count, kind="stable")
    found = np.empty(count.shape)
    for start in range(0, len(order), TOGETHER):
        rows = order[start : start + TOGETHER]
        found[rows] = _bound(count[rows], *(part[rows] for part in rest))
    return np.where(count > 0, found, np.nan).reshape(given[0].shape)


def bound_error(v: Any, parts: Sequence[Any], _: Any) -> tuple[Any, float]:
    """Of each plan the breach costs K = 1/(1-D) and gains c + s*G, c <= K at the bound.

    With c, s and K good to a relative e the bound moves by at most 2*e*K/s, and s, the gain from
    the first of all breaches at least, is not below 1/(1 - D*(1-q)).
    """
    count, spread, weight, detection, _ = parts
    far = max(spread.depth, weight.depth, detection.depth) + 1
    rest = 1 - weight.value
    # What is given may be off by more than its own rounding where it is a difference.
    sizes = 1 + spread.size + weight.size / rest + detection.size
    size = 2 * (1 - weight.value * (1 - detection.value)) / rest * sizes
    steps = ROUNDINGS * np.max(count.value, initial=1.0) * far
    return np.maximum(np.abs(v), size), float(steps) if np.isfinite(steps) else np.inf


def _bound(
    count: Floats, spread: Floats, weight: Floats, detection: Floats, public: Floats
) -> Floats:
    gain = detection * (spread + (1 - spread) / count) * weight / (1 - weight)
    falls = np.ones(gain.shape, bool)
    for _ in range(MOST_STEPS):
        constant, slope = _of_breach(count, gain, spread, weight, detection, public != 0)
        lower = -constant / slope
        falls = falls & (lower < gain * (1 - 4 * UNIT))
        if not falls.any():
            return np.asarray(gain)
        gain = np.where(falls, lower, gain)
    return np.where(falls, np.nan, gain)


def _of_breach(
    count: Floats, gain: Floats, spread: Floats, weight: Floats, detection: Floats, public: Any
) -> tuple[Floats, Floats]:
    """What the best plan that starts with a breach gains: constant and slope in G."""
    most, size = int(count.max(initial=0)), len(count)
    values, found = np.zeros((most + 1, 2, size)), np.full((2, size), np.nan)
    mouth, keep = np.ones((1, size)), 1 / (1 - weight)
    for left in range(1, most + 1):
        n = int(np.searchsorted(-count, -left, side="right"))
        met = left / count[:n]
        after = _after(left, mouth[:, :n], values[:left, :, :n], spread[:n], public[:n])
        stay = 1 - weight[:n] * (1 - met * detection[:n])
        breach = met * (1 + weight[:n] * detection[:n] * after) / stay
        ends = count[:n] == left
        found[:, :n][:, ends] = breach[:, ends]
        better = breach[0] + breach[1] * gain[:n] > met * keep[:n]
        values[left, :, :n] = np.where(better, breach, [met * keep[:n], 0 * met])
        mouth = _heard_by_one_more(mouth[:, :n], spread[:n])
    return found[0] - keep, found[1]


def _after(left: int, mouth: Floats, values: Floats, spread: Floats, public: Any) -> Floats:
    """What a firm is worth after a breach with `left` partners, by who else hears of it."""
    if left == 1:
        return np.asarray(values[0])
    together = np.asarray(spread * values[0] + (1 - spread) * values[left - 1])
    if public.all():
        return together
    alone = np.einsum("kr,kpr->pr", mouth, values)
    return np.asarray(np.where(public, together, alone))


def _heard_by_one_more(mouth: Floats, spread: Floats) -> Floats:
    """The chances that 0, 1, ... of the others still deal, once there is one other more."""
    more = np.zeros((len(mouth) + 1, mouth.shape[1]))
    more[:-1] = mouth * spread
    more[1:] += mouth * (1 - spread)
    return more
