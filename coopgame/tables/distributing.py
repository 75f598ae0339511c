"""The parts of a job worked out by the workers of a Dask cluster: the only module that knows Dask.

A worker gets the job pickled (the compiled solution and the plan; never the game file) and sends
the bytes of a part back, so that it needs coopgame and pyarrow but no folder in common. A part
whose worker dies is given to another.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any

from coopgame.errors import CoopgameError, InputError, MissingExtra
from coopgame.tables.job import Job, versions
from coopgame.tables.parquet import part_bytes
from coopgame.tables.threads import Part, Told

RETRIES = 3
AHEAD = 2
PATIENCE = 10
MEMORY = "2GiB"


def worked_out(parcel: bytes, stated: dict[str, str], number: int) -> bytes:
    """One part of a pickled job: what a worker runs.

    Raises InputError where the worker has other versions of what the bytes depend on.
    """
    if versions() != stated:
        other = [f"{k} {v} here, {versions()[k]} there" for k, v in stated.items()
                 if versions()[k] != v]  # fmt: skip
        raise InputError(f"a worker has other packages: {', '.join(other)}", "install the same")
    return part_bytes(_job(parcel), number)


@lru_cache(maxsize=1)
def _job(parcel: bytes) -> Job:
    job: Job = pickle.loads(parcel)
    return job


@contextmanager
def on_cluster(
    job: Job, numbers: Iterator[int], told: Told, address: str | None = None
) -> Iterator[Iterator[Part]]:
    """The parts of these numbers as workers get them done; `told` hears of each part's points.

    Without an address, a cluster of worker processes on this machine, one for each processor.
    Raises MissingExtra without Dask and InputError where the scheduler does not answer.
    """
    with _client(address) as client:
        yield _in_turn(client, job, numbers, told)


def _lost(error: Exception) -> CoopgameError:
    told = f"the Dask cluster is lost: {error}".splitlines()[0]
    return CoopgameError(f"{told} (the same command goes on from the parts that are there)")


@contextmanager
def _client(address: str | None) -> Iterator[Any]:
    try:
        import distributed
    except ImportError:
        raise MissingExtra("dask.distributed", "distributed") from None
    if address is None:
        own = {"n_workers": os.cpu_count() or 1, "threads_per_worker": 1, "memory_limit": MEMORY}
        with (
            distributed.LocalCluster(dashboard_address=None, **own) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        mend = "is it running? as in --scheduler tcp://host:8786"
        raise InputError(f"no Dask scheduler at {address}: {reason}", mend) from None
    with client:
        yield client


def _in_turn(client: Any, job: Job, numbers: Iterator[int], told: Told) -> Iterator[Part]:
    """Submit a few more parts than there are threads; another whenever one is done."""
    from distributed import as_completed

    parcel = pickle.dumps(job)

    def submitted(count: int) -> list[Any]:
        return [
            client.submit(
                worked_out, parcel, versions(), n,
                key=f"coopgame-{job.digest[:16]}-{n}", retries=RETRIES, pure=False,
            )
            for n in islice(numbers, count)
        ]  # fmt: skip

    threads = sum(client.nthreads().values()) or 1
    waiting = as_completed(submitted(AHEAD * threads))
    for future in waiting:
        number = int(future.key.rpartition("-")[2])
        data = _result(future)
        future.release()
        told(sum(s.stop - s.start for s in job.stretches(number)))
        yield number, data
        for following in submitted(1):
            waiting.add(following)


def _result(future: Any) -> bytes:
    from distributed import KilledWorker

    try:
        data: bytes = future.result()
    except KilledWorker as error:
        told = f"a part was given up, as the workers that had it died: {error}".splitlines()[0]
        raise CoopgameError(f"{told} (have they enough memory?)") from None
    except (OSError, CancelledError) as error:
        raise _lost(error) from None
    return data
