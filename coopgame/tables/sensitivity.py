"""Sobol indices of an outcome of a game in its parameters.

What is varied is independent and uniform over its range (a probability: in its odds), so that the
indices speak of these ranges alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coopgame.errors import InputError, LimitReached
from coopgame.forms.base import Game
from coopgame.reading.info import Info
from coopgame.solution import Solution
from coopgame.tables.choosing import chosen
from coopgame.tables.evaluator import run
from coopgame.tables.grids import Floats
from coopgame.tables.indices import Index, Sampling, indices, unit_sample
from coopgame.tables.measures import column_names
from coopgame.tables.points import Points
from coopgame.tables.spans import Given, ParameterRange, Point, spans
from coopgame.tables.tasks import compiled_for
from coopgame.tables.tracks import OUTSIDE, UNDECIDED, VALUE, Track

WIDTH = 0.2
LEAST_WIDTH = 0.02


@dataclass(frozen=True)
class Asked:
    """What of (`outcomes`), over which ranges, and drawn how.

    `ranges` maps parameters to (low, high); the others move by `width` around the point that
    `values` over the defaults (or a phase's values) make. `select` picks one of several equilibria
    as in a table; without it the one with the most of the outcome counts.
    """

    outcomes: tuple[str, ...] = ()
    ranges: Given = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    width: float = WIDTH
    select: str | None = None
    sampling: Sampling = field(default_factory=Sampling)


@dataclass(frozen=True)
class Result:
    """One outcome: its mean and standard deviation over the draws, and the indices."""

    outcome: str
    mean: float
    deviation: float
    indices: tuple[Index, ...]


@dataclass(frozen=True)
class Sensitivity:
    """The indices of some outcomes over ranges; `held` are parameters that could not move.

    `width` is how far those without a range of their own moved: less than was asked for
    (`narrowed`) where the assumptions of the game do not hold all over wider ranges.
    """

    info: Info
    where: str
    spans: tuple[ParameterRange, ...]
    held: Point
    width: float
    narrowed: bool
    sampling: Sampling
    results: tuple[Result, ...]

    @property
    def evaluations(self) -> int:
        return self.sampling.draws * (len(self.spans) + 2)


def of_game(game: Game, asked: Asked) -> Sensitivity:
    """The indices of a game's outcomes, by default of the first that its file shows.

    Raises InputError where ranges leave the domain, or where no equilibrium has the outcome at
    some draw; LimitReached where exact arithmetic could not tell; MissingExtra without SALib.
    """
    solution = game.solve()
    names = column_names([solution], asked.outcomes or game.header.shown[:1] or None)
    names = names if asked.outcomes else names[:1]
    point = {**solution.domain.defaults, **solution.domain.read(asked.values)}
    width = asked.width
    while True:
        moving = _spans(game, point, asked, width)
        tracks = _tracks(game, solution, names, asked, (moving, point))
        outside = int((tracks[0].status == OUTSIDE).sum())
        if not outside:
            break
        width /= 2
        if width < LEAST_WIDTH or len(asked.ranges) == len(moving):
            told = f"{outside} of {len(tracks[0].status)} draws break an assumption of the game"
            raise InputError(told, "narrow the ranges, or set other values")
    columns = {name: _outcome(tracks, name) for name in names}
    return answer(game.header.info, "", (moving, point), (width, asked), columns)


def _spans(game: Game, point: Point, asked: Asked, width: float) -> tuple[ParameterRange, ...]:
    """The ranges of what is not set by hand."""
    faults = [name for name in asked.ranges if name in asked.values]
    if faults:
        raise InputError(f"{faults[0]} has both a range and a value", "drop the one or the other")
    free = {name: value for name, value in point.items() if name not in asked.values}
    return some(spans(game.header.domain, free, asked.ranges, width))


def some(moving: tuple[ParameterRange, ...]) -> tuple[ParameterRange, ...]:
    """The ranges, of which there has to be one."""
    if not moving:
        raise InputError("no parameter varies", "give a range, as in --range h=0:0.5")
    return moving


def _tracks(
    game: Game,
    solution: Solution,
    names: Collection[str],
    asked: Asked,
    place: tuple[tuple[ParameterRange, ...], Point],
) -> tuple[Track, ...]:
    """The equilibria at every draw."""
    moving, point = place
    plan = Points(tuple(span.name for span in moving), drawn(moving, asked.sampling))
    rest = {name: value for name, value in point.items() if name not in plan.names}
    selected = chosen(game, solution, asked.select) if asked.select else None
    return run(compiled_for(solution, plan, rest, tuple(names), selected), plan)


def drawn(moving: tuple[ParameterRange, ...], sampling: Sampling) -> Floats:
    """The draws, one a row."""
    shares = unit_sample(len(moving), sampling)
    return np.stack([span.at(shares[:, j]) for j, span in enumerate(moving)], axis=1)


def _outcome(tracks: Iterable[Track], name: str) -> Floats:
    """The outcome at each draw: the most of it among the equilibria selected there."""
    found, undecided = None, 0
    for track in tracks:
        undecided += int((track.status == UNDECIDED).sum())
        if name in track.outcomes:
            here = np.where(track.status == VALUE, track.outcomes[name], np.nan)
            found = here if found is None else np.fmax(found, here)
    if undecided:
        raise LimitReached(f"{undecided} draws could not be decided: narrow the ranges")
    missing = int(np.isnan(found).sum()) if found is not None else 0
    if found is None or missing:
        told = f"at {missing} draws no equilibrium that is selected has the outcome {name!r}"
        raise InputError(told, "narrow the ranges, or take another outcome or selection")
    return found


def answer(
    info: Info,
    where: str,
    place: tuple[tuple[ParameterRange, ...], Point],
    scope: tuple[float, Asked],
    columns: Mapping[str, Floats],
) -> Sensitivity:
    """The indices of some columns of values at the draws."""
    (moving, point), (width, asked) = place, scope
    sampling, narrowed = asked.sampling, width < asked.width
    names = [span.name for span in moving]
    results = tuple(
        Result(name, float(y.mean()), float(y.std()), indices(names, y, sampling))
        for name, y in columns.items()
    )
    held = {name: value for name, value in point.items() if name not in names}
    return Sensitivity(info, where, moving, held, width, narrowed, sampling, results)
