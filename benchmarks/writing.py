"""A table written to Parquet from 10^6 to 10^8 points: throughput and the most memory held.

    python -m benchmarks.writing POWER

prints one line of it, from a process of its own, so that memory is that of this run alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.ours import load_game
from benchmarks.timing import most_held, print_table, shown
from coopgame.tables.storing import write_table
from coopgame.tables.tasks import Request


def main(power: int) -> None:
    """From the game to the last part on the disk; the solving is left out."""
    game = load_game("inspection")
    game.solve()
    side = round(10 ** (power / 2))
    request = Request({"e": ("0.1", "6", side), "c": ("0.1", "6", side)})
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        found = write_table(game, f"{folder}/parts", request)
        seconds = time.perf_counter() - start
        size = sum(path.stat().st_size for path in Path(folder, "parts").iterdir())
    told = {"points": side**2, "rows": found.rows, "parts": found.parts, "seconds": seconds}
    print(json.dumps({**told, "megabytes": most_held(), "size": size / 1e6}))


def run(most: int) -> None:
    lines = []
    for power in range(6, most + 1):
        command = [sys.executable, "-m", "benchmarks.writing", str(power)]
        root = Path(__file__).parent.parent
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
        found = json.loads(done.stdout)
        points, seconds = found["points"], found["seconds"]
        rate, memory = shown(seconds / points), f"{found['megabytes']:.0f} MB"
        row = [f"{points:,}", f"{found['rows']:,}", str(found["parts"]), shown(seconds), rate]
        lines.append([*row, memory, f"{found['size']:.0f} MB"])
    print_table(
        "inspection, all equilibria and outcomes, written as Parquet (memory: the most held)",
        ["points", "rows", "parts", "time", "a point", "memory", "on the disk"],
        lines,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
