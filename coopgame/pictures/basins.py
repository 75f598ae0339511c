"""Where play leads to: the basins of two populations in a square, or those of one on a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import sympy

from coopgame.errors import InputError, LimitReached
from coopgame.language.deciding import decide, number
from coopgame.pictures.replies import Meeting, Path, meetings
from coopgame.pictures.setting import PictureSetting
from coopgame.pictures.words import Heading, number_text, readable
from coopgame.selection.basins import (
    basins,
    replicator_basins,
    replicator_border,
    reply_border,
    rest_points,
    state_name,
    two_strict,
)
from coopgame.selection.coordination import Binary, TwoByTwo, bernstein, viewed

ARROWS = 11  # along each side of the square
POINTS = 201  # of a curve
STILL = 1e-12  # no direction can be read off a motion slower than this


@dataclass(frozen=True)
class BasinSquare:
    """Two populations: which pairs of chances (p, q) lead to which strict equilibrium.

    `above` is what best replies take to the first of the two equilibria in `names`, all else goes
    to the second; `curve` is the border of the replicator dynamics, whose directions `arrows` show
    as (p, q, dp, dq) of length one. `shares` say in words how large each basin is. Without two
    strict equilibria there are arrows and equilibria alone.
    """

    heading: Heading
    players: tuple[str, str]
    actions: tuple[str, str]
    meetings: tuple[Meeting, ...]
    arrows: tuple[tuple[float, float, float, float], ...]
    names: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    above: Path = ()
    curve: Path = ()


@dataclass(frozen=True)
class BasinLine:
    """One population: what the first action pays more, over the share of those who take it.

    `rests` are the shares at which play rests, whether each attracts, and its name; `stretches`
    are the intervals between them, each with the place among the rests to which play moves.
    """

    heading: Heading
    action: str
    gains: Path
    rests: tuple[tuple[float, bool, str], ...]
    stretches: tuple[tuple[float, float, int], ...]


def unsuited(of: PictureSetting) -> str:
    """Why a game has no basins to be drawn; empty where it has."""
    try:
        seen = viewed(of.game.substitute(of.values))
        has_rests = isinstance(seen, TwoByTwo) or rest_points(seen)[0]
    except InputError as error:
        return error.faults[0].problem
    except LimitReached as error:
        return str(error)
    return "" if has_rests else "both actions always pay the same"


def basins_picture(of: PictureSetting) -> BasinSquare | BasinLine:
    """The basins at the values given. Raises InputError unless there are two actions each."""
    problem = unsuited(of)
    if problem:
        raise InputError(f"there are no basins to be drawn: {problem}", "use --kind outcome")
    fixed = of.game.substitute(of.values)
    seen = viewed(fixed)
    return _line(of, seen) if isinstance(seen, Binary) else _square(of, fixed, seen)


def _square(of: PictureSetting, game: Any, seen: TwoByTwo) -> BasinSquare:
    strict = two_strict(seen)
    first, second = game.players
    note = "Arrows: where the replicator dynamics moves."
    if strict is None:
        notes = [note, "There are not two strict equilibria, hence no two basins."]
        found: Mapping[str, Any] = {}
    else:
        notes = [note, "Shaded: basins under best replies; dashed: their border under the "
                 "replicator dynamics."]  # fmt: skip
        found = _basins(game, seen, *strict)
    return BasinSquare(
        of.heading("where play leads to", notes=notes, lacks=False),
        (first, second),
        (game.players[first][0], game.players[second][0]),
        meetings(of.solution.at(**of.values), game),
        tuple(_arrows(seen)),
        **found,
    )


def _basins(game: Any, seen: TwoByTwo, i: int, j: int) -> dict[str, Any]:
    """What the square says of two basins, in the chances of the first actions.

    The border is worked out in the chances of the actions i and j; i is always 0 where there are
    two strict equilibria, so that at most the second axis is turned round.
    """
    names = (seen.name(i, j), seen.name(1 - i, 1 - j))
    exact = {each.equilibrium: each.measure for each in basins(seen)}
    smooth = replicator_basins(game)
    left, turn, right = ((number(p), number(q)) for p, q in reply_border(seen, i, j))
    corners = ([(1.0, 0.0)] if right[1] <= 0 else []) + [(1.0, 1.0)]
    corners += [(0.0, 1.0)] if left[0] <= 0 else []
    p, q = replicator_border(seen, i, j)
    return {
        "names": names,
        "shares": tuple(
            f"{readable(name)}: {number_text(exact[name])} of all states by best replies, "
            f"{smooth[name]:.3f} by the replicator dynamics"
            for name in names
        ),
        "above": _turned([left, turn, right, *corners], j),
        "curve": _turned(zip(p.tolist(), q.tolist(), strict=True), j),
    }


def _turned(path: Any, j: int) -> Path:
    return tuple((p, 1 - q if j else q) for p, q in path)


def _arrows(game: TwoByTwo) -> Iterator[tuple[float, float, float, float]]:
    """The replicator dynamics: p*(1-p) and q*(1-q) times what the first action pays more."""
    rows = [[number(x) for x in game.losses(0, k)] for k in (0, 1)]
    columns = [[number(x) for x in game.losses(k, 0)] for k in (0, 1)]
    inside = np.linspace(0, 1, ARROWS + 2)[1:-1]
    for p in inside:
        for q in inside:
            up = p * (1 - p) * (q * rows[0][0] + (1 - q) * rows[1][0])
            along = q * (1 - q) * (p * columns[0][1] + (1 - p) * columns[1][1])
            length = float(np.hypot(up, along))
            if length > STILL:
                yield float(p), float(q), float(up / length), float(along / length)


def _line(of: PictureSetting, game: Binary) -> BasinLine:
    rests, rising = rest_points(game)
    moves = [place + 1 if rises else place for place, rises in enumerate(rising)]
    shares = np.linspace(0, 1, POINTS)
    gains = bernstein(tuple(map(number, game.advantages)), shares)
    sizes = dict.fromkeys(moves, sympy.S.Zero)
    for (low, high), place in zip(pairwise(rests), moves, strict=True):
        sizes[place] += high - low
    return BasinLine(
        of.heading("where play leads to", notes=["Basins are those of best replies and of the "
                   "replicator dynamics alike."], lacks=False),
        next(iter(of.game.players.values()))[0],
        tuple(zip(shares.tolist(), gains.tolist(), strict=True)),
        tuple(_rest(game, rest, sizes.get(place)) for place, rest in enumerate(rests)),
        tuple(
            (number(low), number(high), place)
            for (low, high), place in zip(pairwise(rests), moves, strict=True)
        ),
    )  # fmt: skip


def _rest(game: Binary, rest: sympy.Expr, size: sympy.Expr | None) -> tuple[float, bool, str]:
    name = readable(state_name(game, rest))
    told = "" if size is None else f": {number_text(size)} of all states"
    return number(rest), size is not None and bool(decide(size > 0)), f"{name}{told}"
