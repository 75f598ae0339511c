"""A table written to Parquet, however large: into one file, or part by part into a folder.

A folder is gone on with: parts that are finished stay, and the whole is byte for byte what one
uninterrupted run writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.reading.folders import is_folder
from coopgame.tables.distributing import on_cluster
from coopgame.tables.evaluator import Told, in_silence
from coopgame.tables.folder import Folder, opened, write_bytes
from coopgame.tables.job import PART, Job, prepare_job
from coopgame.tables.parquet import Summary, ends, read_summary, require
from coopgame.tables.sweep import certify
from coopgame.tables.tasks import Request, Task
from coopgame.tables.threads import Part, local

ENGINES = ("threads", "dask")
Engine = Callable[
    [Job, Iterator[int], Callable[[int], None]], AbstractContextManager[Iterator[Part]]
]


@dataclass(frozen=True)
class Written:
    """A table that stands on the disk: its rows, how many of them are undecided, and its parts."""

    path: Path
    rows: int
    undecided: int
    parts: int


@dataclass(frozen=True)
class Means:
    """By what a table is worked out, and in parts of about how many rows.

    `engine` is "threads" (this machine), or "dask": at the address of a `scheduler`, or else with
    worker processes of its own on this machine.
    """

    engine: str = "threads"
    scheduler: str | None = None
    part_rows: int = PART


USUAL = Means()


def write_table(
    game: Game,
    path: Path | str,
    request: Request,
    means: Means = USUAL,
    told: Told = in_silence,
) -> Written:
    """The table that is asked for as Parquet, of any size.

    A `path` that ends in .parquet is one file where the table has no more rows than a part;
    otherwise it is a folder of parts, of which those that are finished are kept. `told` hears how
    many points of how many are done. Raises InputError as `coopgame.tables.sweep.table` does, and
    where the folder holds another table or cannot be written; MissingExtra where a package is
    missing.
    """
    require()
    engine = engine_for(means)
    job, tasks = prepare_job(game, request, means.part_rows)
    target = Path(path)
    if is_file(target, job):
        return write_file(target, job, tasks, engine, told)
    return write_parts(target, job, tasks, engine, told)


def is_file(path: Path, job: Job) -> bool:
    """Whether a job is written to this path as one file."""
    return path.suffix.lower() == ".parquet" and not is_folder(path) and job.parts == 1


def engine_for(means: Means) -> Engine:
    """What works out the parts."""
    if means.engine not in ENGINES:
        raise InputError(f"unknown engine {means.engine!r}", f"use {' or '.join(ENGINES)}")
    if means.engine == "dask":
        return lambda job, numbers, told: on_cluster(job, numbers, told, means.scheduler)
    if means.scheduler is not None:
        raise InputError("a scheduler is of use to Dask alone", "add --engine dask")
    return local


def write_file(
    path: Path, job: Job, tasks: Sequence[Task], engine: Engine, told: Told = in_silence
) -> Written:
    """The one part of a job as one file."""
    with engine(job, iter([0]), _counted(0, job, told)) as parts:
        for _, data in parts:
            write_bytes(path, data)
    return _checked(path, job, tasks, [read_summary(path, job.digest)])


def write_parts(
    path: Path, job: Job, tasks: Sequence[Task], engine: Engine, told: Told = in_silence
) -> Written:
    """The parts of a job that a folder does not have yet; what is there is kept."""
    with opened(path, job) as folder:
        missing = list(folder.missing())
        done = job.total - sum(_points(job, number) for number in missing)
        if missing:
            with engine(job, iter(missing), _counted(done, job, told)) as parts:
                for number, data in parts:
                    folder.write(number, data)
        return _checked(path, job, tasks, _summaries(folder))


def _counted(done: int, job: Job, told: Told) -> Callable[[int], None]:
    """Tells how many points of how many are done, as each few more are."""
    told(done, job.total)
    lock = Lock()

    def heard(points: int) -> None:
        nonlocal done
        with lock:
            done += points
            told(done, job.total)

    return heard


def _points(job: Job, number: int) -> int:
    return min(job.points, job.total - number * job.points)


def _summaries(folder: Folder) -> Iterator[Summary | None]:
    return map(folder.summary, range(folder.job.parts))


def _checked(
    path: Path, job: Job, tasks: Sequence[Task], summaries: Iterable[Summary | None]
) -> Written:
    """Every branch certified at the first and the last point where it holds, in the whole table."""
    rows = undecided = 0
    inside, held = False, list[tuple[int, str, int, int]]()
    for summary in summaries:
        if summary is None:
            raise InputError(f"a part of {path} changed while it was written", "run it again")
        rows, undecided = rows + summary.rows, undecided + summary.undecided
        inside, held = inside or summary.inside, list(ends([*held, *summary.held]))
    if not inside:
        raise InputError("no grid point lies inside the domain", "vary or set other values")
    for panel, branch, first, last in held:
        for row in {first, last}:
            certify(tasks[panel], branch, row)
    return Written(path, rows, undecided, job.parts)
