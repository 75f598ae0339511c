"""Basins of attraction: from how much of the state space play comes to an equilibrium.

In one population the state is the share x of players who take the first action; in two it is a
pair of shares. Best replies and the replicator dynamics have the same basins in one population,
as both move up exactly where the first action pays more; in two they differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import sympy

from coopgame.errors import InputError, LimitReached
from coopgame.language.deciding import decide, number
from coopgame.language.printing import to_text
from coopgame.selection.coordination import (
    Binary,
    Selection,
    TwoByTwo,
    bernstein,
    settled,
    two_by_two,
    viewed,
)

BASIN = "basin of attraction"
MAX_PLAYERS = 30
CELLS = 2000
HALVINGS = 60


def basins(game: Any) -> tuple[Selection, ...]:
    """Each attractor with the exact size of its basin (of 1) as `measure`, where it is one.

    `TwoByTwo` or a game in normal form: two populations under continuous best replies, between
    two strict equilibria. Play heads straight for the corner of best replies, so that the border
    is a broken line through the mixed equilibrium and the area a rational function of the payoffs.

    `Binary`: one population, best replies or replicator. Two players: in symbols. More: the roots
    of a polynomial of degree n - 1, exact, once the payoffs are numbers; InputError before, and
    LimitReached for more than 30 players.
    """
    seen = viewed(game)
    if isinstance(seen, TwoByTwo):
        return settled(_areas(seen), seen.domain)
    found = _intervals(seen) if seen.players == 2 else iter(_roots(seen))
    return settled(found, seen.domain)


def _areas(game: TwoByTwo) -> Iterator[Selection]:
    for i, j in game.outcomes:
        here, there = game.losses(i, j), game.losses(1 - i, 1 - j)
        if any(one + other == 0 for one, other in zip(here, there, strict=True)):
            continue  # then not both are positive, and no share turns the best reply
        strict = tuple(sympy.Gt(loss, 0) for loss in (*here, *there))
        # the share of the other population above which this equilibrium's action is the best reply
        p, q = (there[k] / (here[k] + there[k]) for k in (1, 0))
        measure = sympy.Piecewise((_narrow(p, q), p + q >= 1), (1 - _narrow(1 - p, 1 - q), True))
        yield Selection(game.name(i, j), BASIN, strict, measure)


def _narrow(p: sympy.Expr, q: sympy.Expr) -> sympy.Expr:
    """The area that flows to (1, 1) when best replies turn at (p, q) with p + q >= 1.

    All above and right of (p, q); and from the two mixed corners a triangle each, below the line
    from the opposite corner through (p, q): ((1-p)**2*(1-q)/p + (1-q)**2*(1-p)/q)/2.
    """
    corner = (1 - p) * (1 - q)
    return sympy.factor(corner * (1 + (1 - p) / (2 * p) + (1 - q) / (2 * q)))


def _intervals(game: Binary) -> Iterator[Selection]:
    low, high = game.advantages
    border = sympy.factor(-low / (high - low))
    first, second = game.names
    one = sympy.S.One
    yield Selection(first, BASIN, (sympy.Gt(high, 0), sympy.Lt(low, 0)), sympy.factor(1 - border))
    yield Selection(second, BASIN, (sympy.Gt(high, 0), sympy.Lt(low, 0)), border)
    yield Selection(first, BASIN, (high >= 0, low >= 0, sympy.Gt(high + low, 0)), one)
    yield Selection(second, BASIN, (high <= 0, low <= 0, sympy.Lt(high + low, 0)), one)
    yield Selection("mixed", BASIN, (sympy.Lt(high, 0), sympy.Gt(low, 0)), one)


def _roots(game: Binary) -> list[Selection]:
    """The attractors at a point: each interval between rest points flows to one of its ends."""
    rests, rising = rest_points(game)
    sizes = [sympy.S.Zero for _ in rests]
    for place, rises in enumerate(rising):
        sizes[place + 1 if rises else place] += rests[place + 1] - rests[place]
    return [
        Selection(state_name(game, rest), BASIN, (), size)
        for rest, size in zip(rests, sizes, strict=True)
        if size != 0
    ]


def rest_points(game: Binary) -> tuple[list[sympy.Expr], list[bool]]:
    """Where one population rests, and whether it moves up between each such share and the next.

    The shares are 0, 1, and the roots between them of what the first action pays more; both lists
    are empty where both actions always pay the same. Raises InputError unless all payoffs are
    rational numbers, and LimitReached for more than 30 players.
    """
    if game.players > MAX_PLAYERS:
        raise LimitReached(f"basins are worked out for up to {MAX_PLAYERS} players")
    if not all(gain.is_Rational for gain in game.advantages):
        problem = "basins of more than two players need payoffs that are rational numbers"
        raise InputError(problem, "fix all parameters")
    share = sympy.Dummy("x", real=True)
    advantage = sympy.Poly(bernstein(game.advantages, share), share)
    if advantage.is_zero:
        return [], []
    inner = [r for r in sorted(set(advantage.real_roots())) if decide(r > 0) and decide(r < 1)]
    rests = [sympy.S.Zero, *inner, sympy.S.One]
    middles = (sympy.Rational(number((low + high) / 2)) for low, high in pairwise(rests))
    return rests, [bool(advantage.eval(middle) > 0) for middle in middles]


def state_name(game: Binary, share: sympy.Expr) -> str:
    """How a state in which one population rests is called."""
    if share in (0, 1):
        return game.names[0 if share == 1 else 1]
    return f"mixed at {to_text(share) if share.is_Rational else format(number(share), '.6g')}"


def replicator_basins(game: Any) -> dict[str, float]:
    """The basins of two strict equilibria under two-population replicator dynamics, in floats.

    With l, m the losses at either equilibrium, l2*log(1-p) + m2*log(p) - l1*log(1-q) - m1*log(q) is
    constant along every path, so the border is its level through the mixed equilibrium (Hofbauer
    and Sigmund 1998, chapter 10). Accurate to about 1e-6; empty where there are no two strict
    equilibria. Raises InputError unless all payoffs are numbers.
    """
    view = two_by_two(game)
    if any(loss.free_symbols for i, j in view.outcomes for loss in view.losses(i, j)):
        raise InputError("replicator basins need numbers", "fix all parameters")
    strict = two_strict(view)
    if strict is None:
        return {}
    i, j = strict
    area = float(np.mean(1 - replicator_border(view, i, j)[1]))
    return {view.name(i, j): area, view.name(1 - i, 1 - j): 1 - area}


def two_strict(game: TwoByTwo) -> tuple[int, int] | None:
    """The first of two strict equilibria of a game of numbers; the other is across from it."""
    for i, j in ((0, 0), (0, 1)):
        if all(decide(x > 0) for x in (*game.losses(i, j), *game.losses(1 - i, 1 - j))):
            return i, j
    return None


def reply_border(game: TwoByTwo, i: int, j: int) -> tuple[tuple[sympy.Expr, sympy.Expr], ...]:
    """The broken line above which best replies lead to the strict equilibrium (i, j).

    Its three points are pairs of chances with which the players take their actions i and j. It
    turns at the mixed equilibrium; play in the two other quarters heads straight for the corner
    (1, 0) or (0, 1) and comes down on the side of the line on which it started.
    """
    here, there = game.losses(i, j), game.losses(1 - i, 1 - j)
    p, q = (there[k] / (here[k] + there[k]) for k in (1, 0))
    left = (sympy.S.Zero, q / (1 - p)) if decide(p + q <= 1) else (1 - (1 - p) / q, sympy.S.One)
    right = (sympy.S.One, 1 - (1 - q) / p) if decide(p + q >= 1) else (p / (1 - q), sympy.S.Zero)
    return left, (p, q), right


def replicator_border(game: TwoByTwo, i: int, j: int) -> tuple[Any, Any]:
    """The falling curve above which the replicator dynamics leads to (i, j): its shares p and q.

    Both are arrays of CELLS floats, the chances of the players' actions i and j.
    """
    here = tuple(map(number, game.losses(i, j)))
    there = tuple(map(number, game.losses(1 - i, 1 - j)))
    turn = there[1] / (here[1] + there[1])
    p = (np.arange(CELLS) + 0.5) / CELLS
    drop = _height(here[1], there[1], p) - _height(here[1], there[1], turn)
    rest = there[0] / (here[0] + there[0])
    top = _height(here[0], there[0], rest)

    def short(q: Any) -> Any:
        return _height(here[0], there[0], q) - top > drop

    inside = np.full(CELLS, rest)
    outside = np.where(p < turn, 1.0, 0.0)
    with np.errstate(divide="ignore"):
        return p, _bisect(short, inside, outside)


def _height(gain: float, loss: float, share: Any) -> Any:
    return gain * np.log1p(-share) + loss * np.log(share)


def _bisect(holds: Callable[[Any], Any], inside: Any, outside: Any) -> Any:
    """Where a condition that holds inside and fails outside changes, for every element."""
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        held = holds(middle)
        inside, outside = np.where(held, middle, inside), np.where(held, outside, middle)
    return inside
