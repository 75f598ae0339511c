"""Rows of a table at which the solution in symbols may lack equilibria, solved one by one.

A solution says by `partial` where that is: on the borders at which payoffs tie, or everywhere for
equilibria that a form finds at given values only. There the values are put into the game, which is
then solved as `solve --set` solves it, so that both list the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.forms.base import Game
from coopgame.language.deciding import decide, number
from coopgame.language.printing import symbol
from coopgame.language.putting import put
from coopgame.solution import Solution, solve_at
from coopgame.tables.choosing import chosen
from coopgame.tables.compiled import WantedBranch, compile_for
from coopgame.tables.evaluator import Told, in_silence, run
from coopgame.tables.measures import ELASTICITY, column
from coopgame.tables.tasks import Task, assumptions, positive
from coopgame.tables.tracks import ABSENT, OUTSIDE, UNDECIDED, UNSELECTED, VALUE, Track

# Tables with more points are told what they may lack, and not searched for the rows.
WATCHED = 200_000
# Solving a row takes 10 ms to 1 s: all are solved, or where they are many more, none.
MOST = 256

Rows = NDArray[np.int64]


def completed(
    task: Task, tracks: Sequence[Track], told: Told = in_silence
) -> tuple[tuple[Track, ...], tuple[str, ...]]:
    """The tracks of a task with all that its points have, and notes on what is still left out."""
    partial = task.solution.partial
    if partial == sympy.false or task.solution.game is None:
        return tuple(tracks), ()
    if task.plan.rows > WATCHED:
        return tuple(tracks), _left_out(task.solution)
    status = _status(task, partial)
    rows = np.flatnonzero((status == VALUE) | (status == UNDECIDED))
    if len(rows) > MOST:
        return tuple(tracks), tuple(
            f"at {len(rows)} of {task.plan.rows} points, {note}"
            for note in _left_out(task.solution)
        )
    found = []
    for i, row in enumerate(rows):
        found.append(_solved(task, int(row)))
        told(i + 1, len(rows))
    return _merged(task, tracks, rows, found, status == OUTSIDE), ()


def _left_out(solution: Solution) -> tuple[str, ...]:
    """What rows may lack: what is left out, or what the notes say of the points of `partial`."""
    return solution.provenance.left_out or solution.provenance.notes


def outside(task: Task) -> NDArray[np.bool_]:
    """At which rows of the plan the parameters lie outside the domain."""
    return np.asarray(_status(task, sympy.true) == OUTSIDE)


def _status(task: Task, condition: sympy.Basic) -> NDArray[np.int8]:
    """The status of a branch that holds under one condition, at every row."""
    at = {symbol(name): value for name, value in task.fixed.items()}
    here = (put(condition, at),)
    watch = WantedBranch("", here, sympy.true, {})
    own, plan = task.solution.domain, task.plan
    domain = assumptions(own, at)
    (track,) = run(compile_for(plan.names, plan.outer, domain, [watch], positive(own)), plan)
    return np.asarray(track.status)


def _solved(task: Task, row: int) -> Mapping[str, tuple[int, dict[str, float]]]:
    """The equilibria at a row: status and outcomes by name."""
    game = cast(Game, task.solution.game)
    point = {**task.fixed, **task.plan.point(row)}
    own = {name: point[name] for name in task.solution.domain.names}
    found = solve_at(game, own)
    selected = chosen(game.substitute(own), found, task.select)
    return {
        branch.name: (
            VALUE if decide(selected[branch.name]) else UNSELECTED,
            _outcomes(found, branch.name, task.outcomes),
        )
        for branch in found.branches
    }


def _outcomes(found: Solution, branch: str, names: Sequence[str]) -> dict[str, float]:
    """The columns at a point; elasticities need its neighbourhood, and have none."""
    wanted = {n: column(found[branch], n) for n in names if not ELASTICITY.match(n)}
    return {name: number(value) for name, value in wanted.items() if value is not None}


def _merged(
    task: Task,
    tracks: Sequence[Track],
    rows: Rows,
    found: Sequence[Mapping[str, tuple[int, dict[str, float]]]],
    outside: NDArray[np.bool_],
) -> tuple[Track, ...]:
    """The tracks with what was found at some rows in place of what the symbols say there."""
    known = {track.branch: track for track in tracks}
    merged = []
    for name in dict.fromkeys([*known, *(name for here in found for name in here)]):
        track = known.get(name)
        status = np.where(outside, OUTSIDE, ABSENT) if track is None else track.status
        status = np.array(status, np.int8)
        outcomes = {} if track is None else {n: np.array(v) for n, v in track.outcomes.items()}
        for row, here in zip(rows, found, strict=True):
            status[row], values = here.get(name, (ABSENT, {}))
            for outcome, value in values.items():
                blank = np.full(task.plan.rows, np.nan)
                outcomes.setdefault(outcome, blank)[row] = value
        merged.append(Track(name, status, outcomes))
    return tuple(merged)
