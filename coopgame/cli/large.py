"""Tables as Parquet: the options of a long run, and what it tells on the terminal."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coopgame.cli.documents import check_fragment, deliver_as, document_options
from coopgame.cli.door import bar, say
from coopgame.cli.options import Command, unlimited
from coopgame.errors import InputError
from coopgame.reading.folders import is_folder
from coopgame.report.formats import FORMATS, shape_of

if TYPE_CHECKING:
    from coopgame.forms.base import Game
    from coopgame.tables.tasks import Request

PARQUET = "parquet"
PART = 1 << 21


@dataclass(frozen=True)
class Delivery:
    """How a table is to be delivered: the format, where to, and by what means."""

    shape: str | None
    output: str | None
    engine: str
    scheduler: str | None
    part_rows: int

    @property
    def path(self) -> Path | None:
        return Path(self.output) if self.output else None

    @property
    def is_folder(self) -> bool:
        separators = tuple(filter(None, (os.sep, os.altsep)))
        return self.path is not None and (
            str(self.output).endswith(separators) or is_folder(self.path)
        )

    @property
    def is_parquet(self) -> bool:
        """Whether Parquet is asked for, in so many words or by the ending of the output."""
        ending = self.path is not None and self.path.suffix.lower() == f".{PARQUET}"
        return self.shape == PARQUET or (self.shape is None and (ending or self.is_folder))


def large(command: Command) -> Command:
    """`--format` with Parquet, `-o`, and the options of a long run, handed on as `way`."""

    @functools.wraps(command)
    def delivered(*arguments: Any, **options: Any) -> Any:
        way = Delivery(*(options.pop(name) for name in (f.name for f in fields(Delivery))))
        deliver_as(way.shape, way.path)
        return command(*arguments, way=checked(way), **options)

    for option in (
        click.option(
            "--part-rows", type=click.IntRange(1, 1 << 26), default=PART, show_default=True,
            help="About how many rows a part has.",
        ),
        click.option(
            "--scheduler", metavar="ADDRESS",
            help="With --engine dask, the cluster's address, as in tcp://host:8786; without, "
            "worker processes on this machine.",
        ),
        click.option(
            "--engine", type=click.Choice(("threads", "dask")), default="threads",
            show_default=True, help="What works out a table in Parquet.",
        ),
        click.option(
            "-o", "--output", type=click.Path(), metavar="FILE",
            help="Write to a file instead of the terminal; Parquet also to a folder DIR/, part by "
            "part. The same command goes on with a folder that was left unfinished.",
        ),
        click.option(
            "--format", "shape", type=click.Choice((*FORMATS, PARQUET)),
            help="How to show the answer; by default text, or what the ending of -o FILE says.",
        ),
    ):  # fmt: skip
        delivered = option(delivered)
    return document_options(delivered)


def checked(way: Delivery) -> Delivery:
    """The way, if its options fit together."""
    if not way.is_folder:
        shape = shape_of(way.shape, way.path, (f".{PARQUET}",))
        if shape in FORMATS:
            check_fragment(shape)
    if way.is_parquet and way.output is None:
        raise InputError("Parquet is not for the terminal", "add -o FILE.parquet or -o DIR/")
    if not way.is_parquet and way.is_folder:
        raise InputError(f"{way.output} is a folder", "add --format parquet, or name a file in it")
    if not way.is_parquet and (way.engine != "threads" or way.scheduler):
        raise InputError("--engine and --scheduler are for Parquet", "add -o DIR/")
    return way


def write_large(game: Game, request: Request, way: Delivery) -> int:
    """Write a table as Parquet, however long it takes; returns how many rows are undecided."""
    from coopgame.tables.storing import Means, write_table

    unlimited()
    means = Means(way.engine, way.scheduler, way.part_rows)
    try:
        with bar() as told:
            undecided = write_table(game, str(way.output), request, means, told).undecided
    except KeyboardInterrupt:
        say(f"stopped; finished parts stay in {way.output}, and the same command goes on from them")
        raise
    say(f"wrote {way.output}")
    return undecided
