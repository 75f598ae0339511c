"""Cost as the grid grows: a point's time from 10^3 to 10^8 points, block by block, and memory.

    python -m benchmarks.growth POWER

prints one line of it, from a process of its own, so that memory is that of this grid alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.ours import load_game
from benchmarks.timing import most_held, print_table, shown
from coopgame.tables.evaluator import stream
from coopgame.tables.measures import column_names
from coopgame.tables.plans import read_plan
from coopgame.tables.tasks import compiled_for


def main(power: int) -> None:
    """Every block is evaluated and dropped, as by one who writes it to a file."""
    solution = load_game("inspection").solve()
    side = round(10 ** (power / 2))
    vary = {"e": ("0.1", "6", side), "c": ("0.1", "6", side)}
    seconds = float("inf")
    for _ in range(2):
        start = time.perf_counter()
        plan, rest = read_plan(solution.domain, vary, {})
        compiled = compiled_for(solution, plan, rest, column_names([solution], None))
        for _ in stream(compiled, plan):
            pass
        seconds = min(seconds, time.perf_counter() - start)
    print(json.dumps({"rows": plan.rows, "seconds": seconds, "megabytes": most_held()}))


def run(most: int) -> None:
    lines = []
    for power in range(3, most + 1):
        command = [sys.executable, "-m", "benchmarks.growth", str(power)]
        root = Path(__file__).parent.parent
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
        found = json.loads(done.stdout)
        rows, seconds = found["rows"], found["seconds"]
        memory = f"{found['megabytes']:.0f} MB"
        lines.append([f"{rows:,}", shown(seconds), shown(seconds / rows), memory])
    print_table(
        "inspection, all equilibria and outcomes, streamed (memory: the most held)",
        ["points", "time", "a point", "memory"],
        lines,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
