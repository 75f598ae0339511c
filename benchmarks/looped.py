"""Our own tables of games, evaluated by NumPy and in the compiled loop: the same in less time."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.ours import prepared
from benchmarks.peers import CONTESTS, POINTS
from benchmarks.timing import print_table, shown
from coopgame.tables.tracks import VALUE
from coopgame.tables.evaluator import run


def compare(repeats: int, side: int = POINTS) -> None:
    """Both ways in turn; symbolic solutions, compiling and loading are left out."""
    lines = []
    for contest in CONTESTS:
        for draws in (False, True):
            _, _, _, plan, compiled = prepared(contest.game, contest.ranges, side, draws)
            times = {False: float("inf"), True: float("inf")}
            for _ in range(repeats + 1):
                tracks = {}
                for fused in times:
                    start = time.perf_counter()
                    tracks[fused] = run(compiled, plan, fused=fused)
                    times[fused] = min(times[fused], time.perf_counter() - start)
            for one, other in zip(tracks[False], tracks[True], strict=True):
                assert (one.status == other.status).all(), "statuses differ"
                valued = one.status == VALUE
                for name, numbers in one.outcomes.items():
                    alike = np.array_equal(numbers[valued], other.outcomes[name][valued])
                    assert alike, f"{name} differs"
            lines.append(
                [contest.size, "draws" if draws else "grid"]
                + [shown(seconds / plan.rows) for seconds in times.values()]
                + [f"{times[True] / times[False]:.2f}"]
            )
    print_table(
        f"All equilibria of {plan.rows:,} games, by NumPy and in the compiled loop: a game",
        ["games", "points", "NumPy", "the loop", "ratio"],
        lines,
    )
