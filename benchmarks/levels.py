"""The grid of `relation`'s level against hand-written kernels for the same formula."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.kernel import at_points, levels
from benchmarks.ours import load_game
from benchmarks.timing import print_table, shown
from coopgame.engine.tracks import VALUE
from coopgame.engine.whole import run
from coopgame.plans import Grid, read_plan
from coopgame.tasks import compiled_for

SIDE = 3162
OTHERS = ("b", "c", "rho", "spill", "tau", "k", "m", "q", "delta", "x")


def compare(repeats: int, side: int = SIDE) -> None:
    """Interleaved, so that what else runs on the machine meets all alike."""
    solution = load_game("relation").solve()
    vary = {"h": ("0", "0.6", side), "u": ("0", "0.3", side)}
    plan, rest = read_plan(solution.domain, vary, {})
    assert isinstance(plan, Grid)
    compiled = compiled_for(solution, plan, rest, ["level"])
    others = tuple(float(rest[name]) for name in OTHERS)
    hazards, outsides = (axis.floats(0, side) for axis in plan.axes.values())
    rows = plan.columns(0, plan.rows)

    def by_hand(kernel: Callable[..., None], *columns: Any) -> Any:
        level, branch = np.empty(plan.rows), np.empty(plan.rows, np.int8)
        kernel(*columns, others, level, branch)
        return level

    tasks = {
        "ours": lambda: run(compiled, plan),
        "kernel, line by line": lambda: by_hand(levels, hazards, outsides),
        "kernel, point by point": lambda: by_hand(at_points, *rows),
    }
    for task in tasks.values():
        task()
    times = {name: float("inf") for name in tasks}
    for _ in range(max(5, repeats)):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            times[name] = min(times[name], time.perf_counter() - start)
    tracks = run(compiled, plan)
    own = sum(np.where(t.status == VALUE, t.outcomes["level"], 0.0) for t in tracks)
    assert np.abs(own - by_hand(levels, hazards, outsides)).max() < 1e-9, (
        "the kernel and the table do not agree"
    )
    lines = [
        [name, shown(seconds / plan.rows), f"{times['ours'] / seconds:.2f}"]
        for name, seconds in times.items()
    ]
    print_table(
        f"The level of relation at {plan.rows:,} points: statuses of four branches and the level",
        ["what", "a point", "ours is so many times slower"],
        lines,
    )
