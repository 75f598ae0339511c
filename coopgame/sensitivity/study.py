"""Sobol indices of an outcome of a game, or of a cluster's type, in its parameters.

What is varied is independent and uniform over its range (a probability: in its odds), so that the
indices speak of these ranges alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy

from coopgame.choosing import chosen
from coopgame.clusters.case import Case, Phase, phase_at, placed, revised
from coopgame.clusters.codebook import middle
from coopgame.clusters.equilibria import equilibria
from coopgame.clusters.maps import span
from coopgame.clusters.relationships import RELATIONSHIPS
from coopgame.clusters.typology import kinds as types_of
from coopgame.engine.tracks import OUTSIDE, UNDECIDED, VALUE, Track
from coopgame.engine.whole import run
from coopgame.errors import InputError, LimitReached, unknown
from coopgame.expressions import exact
from coopgame.forms.base import Game
from coopgame.grids import Floats
from coopgame.info import Info
from coopgame.measures import column_names
from coopgame.parameters import Interval, Parameter
from coopgame.sensitivity.indices import Index, Sampling, indices, unit_sample
from coopgame.sensitivity.points import Points
from coopgame.sensitivity.spans import Given, Point, Span, spans
from coopgame.solution import Solution
from coopgame.tasks import compiled_for

WIDTH = 0.2
LEAST_WIDTH = 0.02
TYPE = "type"
AT_ONCE = 4000


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
    spans: tuple[Span, ...]
    held: Point
    width: float
    narrowed: bool
    sampling: Sampling
    results: tuple[Result, ...]

    @property
    def evaluations(self) -> int:
        return self.sampling.draws * (len(self.spans) + 2)


# --- of a game ---------------------------------------------------------------------------------


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
    return _answer(game.header.info, "", (moving, point), (width, asked), columns)


def _spans(game: Game, point: Point, asked: Asked, width: float) -> tuple[Span, ...]:
    """The ranges of what is not set by hand."""
    faults = [name for name in asked.ranges if name in asked.values]
    if faults:
        raise InputError(f"{faults[0]} has both a range and a value", "drop the one or the other")
    free = {name: value for name, value in point.items() if name not in asked.values}
    return _some(spans(game.header.domain, free, asked.ranges, width))


def _some(moving: tuple[Span, ...]) -> tuple[Span, ...]:
    if not moving:
        raise InputError("nothing varies", "give a range, as in --range h=0:0.5")
    return moving


def _tracks(
    game: Game,
    solution: Solution,
    names: Collection[str],
    asked: Asked,
    place: tuple[tuple[Span, ...], Point],
) -> tuple[Track, ...]:
    """The equilibria at every draw."""
    moving, point = place
    plan = Points(tuple(span.name for span in moving), _draws(moving, asked.sampling))
    rest = {name: value for name, value in point.items() if name not in plan.names}
    selected = chosen(game, solution, asked.select) if asked.select else None
    return run(compiled_for(solution, plan, rest, tuple(names), selected), plan)


def _draws(moving: tuple[Span, ...], sampling: Sampling) -> Floats:
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


# --- of a cluster ------------------------------------------------------------------------------


def of_case(case: Case, phase: Phase, asked: Asked) -> Sensitivity:
    """The indices of whether a cluster has its most likely type, or of other outcomes.

    Every parameter runs over all that the phase's answers allow, or over a range that is given;
    questions and parameters that are set stay. An outcome is `type` (1 where the type is the most
    likely one, else 0; the default), a type (1 where the cluster is of it, else 0) or a kind of
    co-operation (its level).
    """
    changed = revised(case, asked.values)
    (_, here) = phase_at(changed, phase.year)
    kinds = [profile.type for profile in case.profiles]
    names = asked.outcomes or (TYPE,)
    for name in names:
        if name not in (TYPE, *kinds, *RELATIONSHIPS):
            raise unknown("outcome", name, (TYPE, *kinds, *RELATIONSHIPS))
    answers = {name: answer.letters for name, answer in here.answers.items()}
    point = placed(changed, middle(case.codebook, answers))
    moving = _some(_case_spans(changed, here, asked))
    drawn = _draws(moving, asked.sampling)
    at = {name: np.full(len(drawn), value[0]) for name, value in point.items()}
    at |= {span.name: drawn[:, j] for j, span in enumerate(moving)}
    found = _cluster_outcomes(at, kinds, case, names)
    held = {n: sympy.Rational(str(round(float(v[0]), 9))) for n, v in point.items()}
    where = f"{here.name} ({here.year})"
    return _answer(case.info, where, (moving, held), (asked.width, asked), found)


def _case_spans(case: Case, phase: Phase, asked: Asked) -> tuple[Span, ...]:
    """What the answers of a phase allow each parameter, from its lowest value to its highest."""
    ends: dict[str, tuple[float, float]] = {}
    for question in case.codebook.questions:
        answer = phase.answers.get(question.name)
        letters = tuple(question.answers) if answer is None else answer.letters
        for allowed in question.allows:
            within = [allowed.by_answer[letter] for letter in letters]
            ends[allowed.name] = min(i.low for i in within), max(i.high for i in within)
    for allowed in case.codebook.common:
        (always,) = allowed.by_answer.values()
        ends[allowed.name] = always.low, always.high
    for name, given in asked.ranges.items():
        if name in case.overrides:
            raise InputError(f"{name} has both a range and a value", "drop the one or the other")
        ends[name] = span(case.codebook, name, (float(exact(given[0])), float(exact(given[1]))))
    found = (
        _case_span(case, name, *pair)
        for name, pair in ends.items()
        if pair[0] < pair[1] and name not in case.overrides
    )
    return tuple(found)


def _case_span(case: Case, name: str, low: float, high: float) -> Span:
    allowed = case.codebook.parameters[name]
    first, last = (sympy.Rational(str(round(end, 9))) for end in (low, high))
    interval = Interval(first, last, lower_open=False, upper_open=False)
    parameter = Parameter(name, allowed.meaning, allowed.unit, interval, first, "codebook")
    return Span(parameter, low, high)


def _cluster_outcomes(
    at: Mapping[str, Floats], kinds: list[str], case: Case, names: Iterable[str]
) -> dict[str, Floats]:
    parts = [slice(first, first + AT_ONCE) for first in range(0, len(at["h"]), AT_ONCE)]
    outs = []
    for part in parts:
        table = equilibria({name: column[part] for name, column in at.items()})
        outs.append(table.outcomes(table.selected()))
    out = {name: np.concatenate([each[name] for each in outs]) for name in outs[0]}
    types = types_of(case.profiles, out)
    most = kinds[int(np.bincount(types).argmax())]
    found = {}
    for name in names:
        if name in RELATIONSHIPS:
            found[name] = out[name]
        else:
            kind = most if name == TYPE else name
            found[kind] = (types == kinds.index(kind)).astype(float)
    return found


def _answer(
    info: Info,
    where: str,
    place: tuple[tuple[Span, ...], Point],
    drawn: tuple[float, Asked],
    columns: Mapping[str, Floats],
) -> Sensitivity:
    (moving, point), (width, asked) = place, drawn
    sampling, narrowed = asked.sampling, width < asked.width
    names = [span.name for span in moving]
    results = tuple(
        Result(name, float(y.mean()), float(y.std()), indices(names, y, sampling))
        for name, y in columns.items()
    )
    held = {name: value for name, value in point.items() if name not in names}
    return Sensitivity(info, where, moving, held, width, narrowed, sampling, results)
