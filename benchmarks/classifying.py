"""`coopgame classify CASE`: processor time after a warm cache, on one processor and on all."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Set
from pathlib import Path
from typing import Any

from benchmarks.timing import print_table, shown

DOOR = str(Path(__file__).parent.parent / "cli.py")
CASES = ("criciuma", "sinos_valley", "italy", "export_zone")
WANTED = 3.0  # seconds of processor time, with the usual 2 000 draws


def run(repeats: int) -> None:
    everywhere = os.sched_getaffinity(0)
    places = {"one": {min(everywhere)}, "all": everywhere}
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            first, types = _classified(case, everywhere, folder)  # fills the cache
            for name, where in places.items():
                runs = [_classified(case, where, folder) for _ in range(repeats)]
                least = min(seconds for seconds, _ in runs)
                lines.append([f"classify {case}", name, shown(first), shown(least), shown(WANTED)])
            with tempfile.TemporaryDirectory() as other:
                alone = _classified(case, places["one"], other)[1]
            if alone != types:
                raise SystemExit(f"{case}: one processor and all do not give the same answer")
    head = ["command", "processors", "first time", "again", "wanted below"]
    told = "2,000 draws: user and system time, the first time on all processors"
    print_table(told, head, lines)


def _classified(case: str, where: Set[int], folder: str) -> tuple[float, Any]:
    """Seconds that a process spends on the processors named, and the types that it prints."""
    command = [sys.executable, DOOR, "classify", case, "--format", "json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    printed = subprocess.run(
        command, check=True, capture_output=True, env={**os.environ, "XDG_CACHE_HOME": folder},
        preexec_fn=lambda: os.sched_setaffinity(0, where),
    ).stdout  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, [phase["distribution"] for phase in json.loads(printed)["phases"]]
