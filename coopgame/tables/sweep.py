"""Tables of numbers: equilibria over a plan of parameter points, one row a point and equilibrium.

The symbolic solution is compiled once and evaluated in several threads
(`coopgame.tables.evaluator`). Where a condition lies within its rounding error of the border, it
is decided in exact arithmetic; outcomes mean something only where their branch holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopgame.errors import InputError
from coopgame.forms.base import Game, Header
from coopgame.language.printing import symbol
from coopgame.language.showing import RENDERER, Elsewhere, shown
from coopgame.rules.macro import MacroRules
from coopgame.solution import Point
from coopgame.solution import certify as certify_at
from coopgame.tables.draws import Draws
from coopgame.tables.evaluator import Told, blocks, in_silence, run
from coopgame.tables.grids import Axis
from coopgame.tables.plans import Grid, Plan
from coopgame.tables.pointwise import completed, outside
from coopgame.tables.tasks import Request, Task, prepare
from coopgame.tables.tracks import OUTSIDE, STATUSES, UNDECIDED, VALUE, Track

MAX_POINTS = 10_000_000
FEW = 1 << 14


@dataclass(frozen=True, eq=False)
class Panel:
    """What the table holds under one set of macro rules, or under none.

    `fixed` are the exact values of the parameters that do not vary; `notes` name what is left out.
    """

    rules: str | None
    fixed: Point
    tracks: tuple[Track, ...] = field(repr=False)
    notes: tuple[str, ...] = ()


@shown
@dataclass(frozen=True, eq=False)
class Sweep:
    """A tidy table: one row a point of the plan and branch, the last parameter varying fastest.

    Under several macro rules it has a panel for each, one below the other, told apart by the
    column `rules`. `game` and `request` are what was tabulated and what was asked, if known.
    """

    to_xarray = Elsewhere(RENDERER, "cube")

    header: Header
    plan: Plan
    outcomes: tuple[str, ...]
    panels: tuple[Panel, ...]
    game: Game | None = field(default=None, repr=False)
    request: Request | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        return f"<Sweep of {self.header.info.name}: {self.points} points, {len(self)} rows>"

    @property
    def axes(self) -> Mapping[str, Axis]:
        """The values of each varied parameter, where they form a grid."""
        return self.plan.axes if isinstance(self.plan, Grid) else {}

    @property
    def fixed(self) -> Point:
        """The values of the other parameters, in the first panel."""
        return self.panels[0].fixed

    @property
    def tracks(self) -> tuple[Track, ...]:
        return tuple(track for panel in self.panels for track in panel.tracks)

    @property
    def under_rules(self) -> bool:
        return self.panels[0].rules is not None

    @property
    def names(self) -> tuple[str, ...]:
        rules = ("rules",) if self.under_rules else ()
        return (*rules, *self.plan.names, "equilibrium", "status", *self.outcomes)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the table lacks, in sentences."""
        return tuple(dict.fromkeys(note for panel in self.panels for note in panel.notes))

    @property
    def points(self) -> int:
        return self.plan.rows

    @property
    def undecided(self) -> int:
        """How many rows could not be decided."""
        return sum(int((track.status == UNDECIDED).sum()) for track in self.tracks)

    def __len__(self) -> int:
        return self.points * len(self.tracks)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row as a tuple; None stands where there is no value."""
        for panel in self.panels:
            rules = (panel.rules,) if self.under_rules else ()
            for start, stop in blocks(self.plan, FEW):
                places = [column.tolist() for column in self.plan.columns(start, stop)]
                parts = [track.rows(start, stop) for track in panel.tracks]
                for i, place in enumerate(zip(*places, strict=True)):
                    for track in parts:
                        yield (*rules, *place, track.branch, *_cells(track, i, self.outcomes))

    def columns(self) -> dict[str, list[Any]]:
        """The table by columns, ready for a data frame; None stands where there is no value."""
        return dict(zip(self.names, map(list, zip(*self.rows(), strict=True)), strict=True))


def _cells(track: Track, i: int, outcomes: Sequence[str]) -> Iterator[Any]:
    status = int(track.status[i])
    yield STATUSES[status]
    for name in outcomes:
        value = track.outcomes[name][i] if status == VALUE and name in track.outcomes else np.nan
        yield None if np.isnan(value) else float(value)


def table(
    game: Game,
    vary: Mapping[str, Any],
    set: Mapping[str, Any] | None = None,  # noqa: A002
    outcomes: Collection[str] | None = None,
    *,
    rules: Iterable[MacroRules] = (),
    select: str = "all",
    draws: Draws | None = None,
    told: Told = in_silence,
) -> Sweep:
    """The game's equilibria over a grid of parameter values, or over draws from their ranges.

    `vary` maps parameters to `(low, high, count)`, to `(low, high, count, "log")` or to a list of
    values; with `draws`, to `(low, high)`. `set` fixes others, and defaults fill the rest.
    `outcomes` (default: all that the branches name, else the payoffs as `payoff_PLAYER`) become
    columns; `PLAYER_ACTION` is a probability, `elasticity:OUTCOME:PARAMETER` an elasticity.
    `rules` put the table under each of some macro rules; `select` keeps some of the equilibria
    (see `coopgame.tables.choosing.chosen`); `told` hears how many rows of how many are done.
    Raises InputError, all faults at once, for unknown names, values outside their interval, or a
    grid that lies outside the domain altogether.
    """
    request = Request(vary, set or {}, outcomes, tuple(rules), select, draws)
    return tabled(game, request, told)


def tabled(game: Game, request: Request, told: Told = in_silence) -> Sweep:
    """`table` for a request that is at hand."""
    tasks = prepare(game, request)
    rows = sum(task.plan.rows for task in tasks)
    if rows > MAX_POINTS:
        mend = "vary in fewer steps, or write Parquet, which is streamed (-o FILE.parquet)"
        raise InputError(f"the grid has more than {MAX_POINTS} points", mend)
    panels: list[Panel] = []
    for task in tasks:
        after = _after(told, rows // len(tasks) * len(panels), rows)
        panels.append(panel(task, after))
    return Sweep(game.header, tasks[0].plan, tasks[0].outcomes, tuple(panels), game, request)


def _after(told: Told, before: int, rows: int) -> Told:
    """Tells how far a run is that comes after others."""
    return lambda done, _: told(before + done, rows)


def panel(task: Task, told: Told = in_silence) -> Panel:
    """All rows of a task, its branches certified where each first and last holds."""
    tracks = run(task.compiled, task.plan, told)
    nowhere = [bool((track.status == OUTSIDE).all()) for track in tracks]
    if all(nowhere) and (nowhere or outside(task).all()):
        raise InputError("no grid point lies inside the domain", "vary or set other values")
    for track in tracks:
        for row in _ends(track.status == VALUE):
            certify(task, track.branch, row)
    whole, notes = completed(task, tracks, told)
    return Panel(task.rules, task.fixed, whole, notes)


def _ends(held: NDArray[np.bool_]) -> set[int]:
    """The first and the last row at which a flag is set."""
    if not held.any():
        return set()
    return {int(held.argmax()), len(held) - 1 - int(held[::-1].argmax())}


def certify(task: Task, branch: str, row: int) -> None:
    """Certify a branch at a row of the plan by the game's own regret."""
    if task.solution.game is not None:
        point = {**task.fixed, **task.plan.point(row)}
        at = {symbol(name): value for name, value in point.items()}
        certify_at(task.solution.game, task.solution[branch].substitute(at), point)
