"""Where a long run is written: a folder of parts with a manifest, or one file.

Every file is written aside, forced to the disk and renamed, so that a file under its own name is
whole, whenever the process is stopped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coopgame.errors import InputError
from coopgame.tables.job import Job
from coopgame.tables.parquet import Summary, read_summary

try:
    import fcntl
except ImportError:  # no advisory locks on this system
    fcntl = None  # type: ignore[assignment]

MANIFEST = "_manifest.json"
ASIDE = ".writing"
ENDING = ".parquet"


@dataclass(frozen=True)
class Folder:
    """The parts of one job in a folder of their own."""

    path: Path
    job: Job

    def part(self, number: int) -> Path:
        width = len(str(self.job.parts - 1))
        return self.path / f"part-{number:0{max(5, width)}d}{ENDING}"

    def summary(self, number: int) -> Summary | None:
        """What a part came to, where it is finished."""
        return read_summary(self.part(number), self.job.digest)

    def write(self, number: int, data: bytes) -> None:
        """Write a part, whole or not at all."""
        write_bytes(self.part(number), data)

    def missing(self) -> Iterator[int]:
        """The parts that are not finished, in order."""
        return (number for number in range(self.job.parts) if self.summary(number) is None)


@contextmanager
def opened(path: Path, job: Job) -> Iterator[Folder]:
    """The folder of a job, made or gone on with; nobody else can write to it meanwhile.

    Raises InputError where it holds another job, or anything that is no part of one.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise _refusal(path, error) from None
    try:
        _lock(handle, path)
        _claim(path, job)
        yield Folder(path, job)
    finally:
        os.close(handle)


def _lock(handle: int, path: Path) -> None:
    """Hold the folder until the handle is closed, by us or by the system."""
    if fcntl is None:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError(f"{path} is being written by another run", "wait for it") from None


def _claim(path: Path, job: Job) -> None:
    """Make the folder the job's, or see that it is; what an earlier run left half-written goes."""
    manifest = path / MANIFEST
    for aside in path.glob(f".*{ASIDE}"):
        aside.unlink()
    if not manifest.exists():
        strangers = sorted(each.name for each in path.iterdir())
        if strangers:
            told = f"{path} holds other files ({strangers[0]})"
            raise InputError(told, "give a folder that is new or empty")
        write_bytes(manifest, manifest_of(job))
    elif _stated(manifest).get("digest") != job.digest:
        raise InputError(
            f"{path} holds parts of another table: {_difference(_stated(manifest), job)}",
            "give another folder, or repeat the command that began this one",
        )


def manifest_of(job: Job) -> bytes:
    """The manifest: the digest that identifies the job, its parts, and what the table is of."""
    told = {
        "digest": job.digest,
        "parts": job.parts,
        "points": job.total,
        "points_in_a_part": job.points,
        "table": json.loads(job.told),
    }
    return (json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _stated(manifest: Path) -> dict[str, Any]:
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _difference(stated: dict[str, Any], job: Job) -> str:
    """The first thing in which a manifest differs from the job."""
    own = json.loads(manifest_of(job))
    table = stated.get("table")
    if isinstance(table, dict):
        for key, value in own["table"].items():
            if table.get(key) != value:
                return f"its {key.replace('_', ' ')} differs"
    return "its parts have another size" if isinstance(table, dict) else "its manifest is broken"


def write_bytes(path: Path, data: bytes) -> None:
    """Write a whole file or nothing: aside, forced to the disk, then renamed into place.

    Raises InputError where that cannot be done, as on a full disk. Whatever ends the writing,
    nothing half-written is left.
    """
    aside = path.with_name(f".{path.name}{ASIDE}")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)  # noqa: PTH105
    except OSError as error:
        raise _refusal(path, error) from None
    finally:
        with suppress(OSError):
            aside.unlink()
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Force the renaming itself to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refusal(path: Path, error: OSError) -> InputError:
    mend = "make room or choose another -o; the same command goes on from the parts that are there"
    return InputError(f"cannot write {path}: {error.strerror or error}", mend)
