"""Parts of a table as Parquet: the only module that knows pyarrow.

Settings of the writer are fixed and no time is written, so that a part's bytes depend on the job
and the part's number alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coopgame.errors import MissingExtra
from coopgame.tables.evaluator import evaluate
from coopgame.tables.grids import Floats
from coopgame.tables.job import Field, Job, Stretch
from coopgame.tables.tracks import OUTSIDE, STATUSES, UNDECIDED, VALUE, Track

KEY = "coopgame"
PART_KEY = "coopgame.part"
DIGEST_KEY = "coopgame.digest"
SETTINGS = {
    "compression": "zstd",
    "compression_level": 1,
    "version": "2.6",
    "data_page_version": "1.0",
}
Told = Callable[[int], None]


@dataclass(frozen=True)
class Summary:
    """What a part came to: its rows, how many of them are undecided, whether any is in the domain.

    `held` gives, by panel and branch, the first and the last point at which a branch holds.
    """

    rows: int
    undecided: int
    inside: bool
    held: tuple[tuple[int, str, int, int], ...]


def require() -> Any:
    """pyarrow. Raises MissingExtra where it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtra("pyarrow") from None
    return pyarrow


# --- writing -----------------------------------------------------------------------------------


def part_bytes(job: Job, part: int, told: Told = lambda points: None) -> bytes:
    """A part of the job as a Parquet file; `told` hears of the points done, block by block.

    Depends on the job and the number of the part alone.
    """
    arrow = require()
    sink = arrow.BufferOutputStream()
    shape, tallies = schema(job), list[Tally]()
    with arrow.parquet.ParquetWriter(sink, shape, **SETTINGS) as writer:
        for stretch in job.stretches(part):
            panel = job.panels[stretch.panel]
            tracks = evaluate(panel.compiled, panel.plan, stretch.start, stretch.stop)
            batch = arrow.Table.from_arrays(list(_arrays(job, stretch, tracks)), schema=shape)
            writer.write_table(batch, row_group_size=max(1, batch.num_rows))
            tallies.append(_tally(stretch, tracks))
            told(stretch.stop - stretch.start)
        summary = json.dumps(asdict(_summary(tallies)), sort_keys=True)
        writer.add_key_value_metadata({PART_KEY: summary})
    return bytes(sink.getvalue())


def schema(job: Job) -> Any:
    """The columns with their meanings and units, and what the table says of itself."""
    arrow = require()
    texts = arrow.dictionary(arrow.int16(), arrow.string())
    rules = [arrow.field("rules", texts, False)] if job.panels[0].rules is not None else []
    fields = [
        *rules,
        *(_field(each, False) for each in job.varied),
        arrow.field("equilibrium", texts, False),
        arrow.field("status", texts, False),
        *(_field(each, True) for each in job.outcomes),
    ]
    return arrow.schema(fields, metadata={KEY: job.told, DIGEST_KEY: job.digest})


def _field(column: Field, nullable: bool) -> Any:
    arrow = require()
    told = {"meaning": column.meaning, "unit": column.unit}
    return arrow.field(column.name, arrow.float64(), nullable, metadata=told)


def _arrays(job: Job, stretch: Stretch, tracks: Sequence[Track]) -> Iterator[Any]:
    """The columns of some rows, every point once for each branch of the panel."""
    panel, count = job.panels[stretch.panel], len(tracks)
    points = stretch.stop - stretch.start
    if panel.rules is not None:
        names = [each.rules or "" for each in job.panels]
        yield _texts(np.full(points * count, stretch.panel, np.int16), names)
    for column in panel.plan.columns(stretch.start, stretch.stop):
        yield require().array(np.repeat(column, count))
    branches = job.branches
    own = np.array([branches.index(track.branch) for track in tracks], np.int16)
    yield _texts(np.tile(own, points), branches)
    status = np.stack([track.status for track in tracks], axis=1)
    yield _texts(status.astype(np.int16).ravel(), STATUSES)
    for each in job.outcomes:
        yield _numbers(status == VALUE, [track.outcomes.get(each.name) for track in tracks])


def _texts(codes: NDArray[np.int16], names: Sequence[str]) -> Any:
    arrow = require()
    return arrow.DictionaryArray.from_arrays(arrow.array(codes), arrow.array(names, arrow.string()))


def _numbers(valid: NDArray[np.bool_], columns: Sequence[Floats | None]) -> Any:
    """Numbers where a branch holds and has the outcome, null elsewhere."""
    arrow = require()
    values, kept = np.zeros(valid.shape), valid.copy()
    for k, column in enumerate(columns):
        if column is None:
            kept[:, k] = False
        else:
            values[:, k] = column
    bits = np.packbits(kept.ravel(), bitorder="little")
    buffers = [arrow.py_buffer(bits), arrow.py_buffer(values)]
    return arrow.Array.from_buffers(arrow.float64(), values.size, buffers)


# --- what a part came to -----------------------------------------------------------------------

Tally = tuple[Stretch, int, int, bool, dict[str, tuple[int, int]]]


def _tally(stretch: Stretch, tracks: Sequence[Track]) -> Tally:
    undecided = sum(int(np.count_nonzero(track.status == UNDECIDED)) for track in tracks)
    inside = any(bool((track.status != OUTSIDE).any()) for track in tracks)
    held = {}
    for track in tracks:
        holds = track.status == VALUE
        if holds.any():
            last = len(holds) - 1 - int(holds[::-1].argmax())
            held[track.branch] = (stretch.start + int(holds.argmax()), stretch.start + last)
    return stretch, len(tracks) * (stretch.stop - stretch.start), undecided, inside, held


def _summary(tallies: Sequence[Tally]) -> Summary:
    held = [
        (stretch.panel, branch, *ends)
        for stretch, _, _, _, own in tallies
        for branch, ends in own.items()
    ]
    return Summary(
        sum(rows for _, rows, *_ in tallies),
        sum(undecided for _, _, undecided, *_ in tallies),
        any(inside for _, _, _, inside, _ in tallies),
        ends(held),
    )


def ends(
    held: Sequence[tuple[int, str, int, int]],
) -> tuple[tuple[int, str, int, int], ...]:
    """The first and the last point at which each branch holds, of several stretches together."""
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for panel, branch, first, last in held:
        low, high = found.get((panel, branch), (first, last))
        found[panel, branch] = (min(low, first), max(high, last))
    return tuple((*key, *span) for key, span in found.items())


# --- reading back ------------------------------------------------------------------------------


def read_summary(path: Path, digest: str) -> Summary | None:
    """What a finished part came to; None where the file is no whole part of this job."""
    arrow = require()
    try:
        told = arrow.parquet.read_metadata(path).metadata or {}
        if told.get(DIGEST_KEY.encode()) != digest.encode():
            return None
        found = json.loads(told[PART_KEY.encode()])
    except (OSError, KeyError, ValueError, arrow.ArrowInvalid):
        return None
    held = tuple((int(p), str(b), int(i), int(j)) for p, b, i, j in found["held"])
    return Summary(int(found["rows"]), int(found["undecided"]), bool(found["inside"]), held)
