"""A long run as plain data: what is evaluated, how it is cut into parts, and what identifies it.

The rows of all panels count on from each other; a part is a stretch of them. What a part holds is a
function of the job and its number, in whichever process it is worked out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import metadata
from typing import Any

from coopgame.errors import InputError
from coopgame.forms.base import Game, Header
from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.reading.info import VERSION
from coopgame.tables.compiled import Compiled
from coopgame.tables.grids import Axis, Listed
from coopgame.tables.measures import ELASTICITY
from coopgame.tables.plans import Grid, Plan
from coopgame.tables.tasks import Request, Task, prepare

FORMAT = 1
PART = 1 << 21
BLOCK = 1 << 18
WRITTEN_WITH = ("numpy", "pyarrow", "scipy")


@dataclass(frozen=True)
class JobPanel:
    """What is evaluated under one set of macro rules, or under none."""

    rules: str | None
    compiled: Compiled
    plan: Plan


@dataclass(frozen=True)
class Stretch:
    """Rows start to stop - 1 of a panel's plan."""

    panel: int
    start: int
    stop: int


@dataclass(frozen=True)
class Field:
    """A column of numbers: its name, what it means, and its unit where that is stated."""

    name: str
    meaning: str
    unit: str


@dataclass(frozen=True)
class Job:
    """A table to be written in parts of `points` points of its panels; can be pickled.

    `told` says in JSON what the table is of: the game with its digest, the values, the plan, and
    the packages that wrote it. `digest` identifies all that the result's bytes depend on.
    """

    panels: tuple[JobPanel, ...]
    varied: tuple[Field, ...]
    outcomes: tuple[Field, ...]
    points: int
    told: str

    @property
    def branches(self) -> tuple[str, ...]:
        names = [b.name for panel in self.panels for b in panel.compiled.alternatives]
        return tuple(dict.fromkeys(names))

    @property
    def total(self) -> int:
        """The points of all panels together."""
        return sum(panel.plan.rows for panel in self.panels)

    @property
    def parts(self) -> int:
        return -(-self.total // self.points)

    @property
    def digest(self) -> str:
        return sha256(f"{self.points}\n{self.told}".encode()).hexdigest()

    def stretches(self, part: int) -> Iterator[Stretch]:
        """The rows of a part, panel by panel, cut into blocks that fit the memory."""
        first, last, before = part * self.points, (part + 1) * self.points, 0
        for number, panel in enumerate(self.panels):
            start, stop = max(first - before, 0), min(last - before, panel.plan.rows)
            size = _whole_lines(BLOCK // max(1, len(panel.compiled.alternatives)), panel.plan)
            for begin in range(start, stop, size):
                yield Stretch(number, begin, min(begin + size, stop))
            before += panel.plan.rows


def _whole_lines(points: int, plan: Plan) -> int:
    """About so many points, in whole lines of the plan where one fits; at least one."""
    lines = points // plan.width
    return max(1, lines * plan.width or points)


def prepare_job(game: Game, request: Request, part_rows: int = PART) -> tuple[Job, list[Task]]:
    """The job for a table, its parts of about so many rows, and the tasks behind it.

    Raises InputError as `coopgame.tables.tasks.prepare` does.
    """
    if part_rows < 1:
        raise InputError(f"parts cannot have {part_rows} rows", "give a positive number")
    tasks = list(prepare(game, request))
    widest = max(len(task.compiled.alternatives) for task in tasks)
    points = _whole_lines(max(1, part_rows // max(1, widest)), tasks[0].plan)
    panels = tuple(JobPanel(task.rules, task.compiled, task.plan) for task in tasks)
    varied = tuple(_parameter(tasks[0].solution.domain, name) for name in tasks[0].plan.names)
    outcomes = tuple(_outcome(name) for name in tasks[0].outcomes)
    told = json.dumps(_told(game.header, request, tasks), sort_keys=True, ensure_ascii=False)
    return Job(panels, varied, outcomes, points, told), tasks


# --- what a table says of itself ---------------------------------------------------------------


def _parameter(domain: Domain, name: str) -> Field:
    parameter = domain[name]
    return Field(name, parameter.meaning, parameter.unit)


def _outcome(name: str) -> Field:
    match = ELASTICITY.match(name)
    if match:
        return Field(name, f"per cent that {match[1]} moves per per cent of {match[2]}", "1")
    if name.startswith("payoff_"):
        return Field(name, f"payoff of {name.removeprefix('payoff_')}", "")
    return Field(name, f"{name}, as the equilibrium has it", "")


def _told(header: Header, request: Request, tasks: Sequence[Task]) -> dict[str, Any]:
    """The provenance of a table, and all that its values depend on."""
    info = header.info
    return {
        "format": FORMAT,
        "game": info.name,
        "title": info.title,
        "digest": info.digest,
        "select": request.select,
        "plan": _plan(tasks[0].plan),
        "panels": [_panel(task, request) for task in tasks],
        "outcomes": list(tasks[0].outcomes),
        "written_with": versions(),
    }


def _panel(task: Task, request: Request) -> dict[str, Any]:
    digests = {rules.info.name: rules.info.digest for rules in request.rules}
    return {
        "rules": task.rules,
        "rules_digest": digests.get(task.rules or ""),
        "values": {name: to_text(value) for name, value in task.fixed.items()},
        "equilibria": [branch.name for branch in task.compiled.alternatives],
        "left_out": list(task.solution.provenance.left_out),
    }


def _plan(plan: Plan) -> dict[str, Any]:
    """The points, exactly and in few words."""
    found: dict[str, Any] = {"points": plan.rows}
    if isinstance(plan, Grid):
        return {**found, "grid": {name: _axis(axis) for name, axis in plan.axes.items()}}
    drawn: Any = plan
    ranges: Mapping[str, Any] = drawn.ranges
    return {
        **found,
        "ranges": {name: [to_text(end) for end in ends] for name, ends in ranges.items()},
        "draws": {"kind": drawn.draws.kind, "seed": drawn.draws.seed},
    }


def _axis(axis: Axis) -> Any:
    if isinstance(axis, Listed):
        return [to_text(value) for value in axis]
    ends = {"from": to_text(axis[0]), "to": to_text(axis[len(axis) - 1]), "count": len(axis)}
    return {**ends, "scale": type(axis).__name__.lower()}


def versions() -> dict[str, str]:
    """The packages whose versions the bytes of a part may depend on."""
    found = {"coopgame": VERSION}
    for name in WRITTEN_WITH:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "(not installed)"
    return found
