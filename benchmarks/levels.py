"""The grid of `relation`'s level against hand-written kernels for the same formula."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.kernel import at_points, levels
from benchmarks.ours import load_game
from benchmarks.timing import print_table, shown
from coopgame.tables.tracks import VALUE, Track
from coopgame.tables.evaluator import run
from coopgame.tables.plans import Grid, read_plan
from coopgame.tables.tasks import compiled_for

SIDE = 3162
PASSES = 20
OTHERS = ("b", "c", "rho", "spill", "tau", "k", "m", "q", "delta", "x")


Written = tuple[NDArray[np.float64], list[NDArray[np.int8]]]


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

    def by_hand(kernel: Callable[..., None], *columns: Any) -> Written:
        level = np.empty(plan.rows)
        statuses = [np.empty(plan.rows, np.int8) for _ in solution.branches]
        kernel(*columns, others, level, *statuses)
        return level, statuses

    tasks = {
        "ours, plain NumPy": lambda: run(compiled, plan),
        "ours, fused": lambda: run(compiled, plan, fused=True),
        "kernel, line by line": lambda: by_hand(levels, hazards, outsides),
        "kernel, point by point": lambda: by_hand(at_points, *rows),
    }
    for task in tasks.values():
        task()
    times = {name: float("inf") for name in tasks}
    for _ in range(max(PASSES, repeats)):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            times[name] = min(times[name], time.perf_counter() - start)
    for fused in (False, True):
        tracks = run(compiled, plan, fused=fused)
        for kernel, columns in ((levels, (hazards, outsides)), (at_points, rows)):
            _assert_alike(tracks, by_hand(kernel, *columns))
    ours = [name for name in times if name.startswith("ours")]
    lines = [
        [name, shown(seconds / plan.rows), *(f"{times[each] / seconds:.2f}" for each in ours)]
        for name, seconds in times.items()
    ]
    print_table(
        f"The level of relation at {plan.rows:,} points: statuses of four branches and the level",
        ["what", "a point", *(f"times of it: {each}" for each in ours)],
        lines,
    )


def _assert_alike(tracks: Sequence[Track], written: Written) -> None:
    """The same statuses, but at the few points on a border that only ours decides exactly."""
    level, statuses = written
    for track, status in zip(tracks, statuses, strict=True):
        alike = track.status == status
        assert alike.mean() > 1 - 1e-5, f"the kernel and the table do not agree: {track.branch}"
        if track.branch == "constrained":
            held = alike & (track.status == VALUE)
            assert np.abs(track.outcomes["level"] - level)[held].max() < 1e-9, "levels differ"
