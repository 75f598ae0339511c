"""One block of a plan: its rows as arrays, a pure function of compiled solution, plan and rows.

What a row gets does not depend on the block it falls into: every status is decided exactly where
floating point cannot tell, and every outcome is computed by the same steps.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coopgame.engine.compiled import Compiled
from coopgame.engine.filling import Loop, fill_piece
from coopgame.engine.running import Runner
from coopgame.engine.tracks import Sheet, Track, blank
from coopgame.plans import Plan

BLOCK = 1 << 20
BUFFER = 256


def evaluate(compiled: Compiled, plan: Plan, start: int, stop: int) -> tuple[Track, ...]:
    """The rows start to stop - 1 of a plan: one track a branch.

    Depends on its arguments alone, and in no way on how rows are cut into blocks.
    """
    sheet = blank(compiled, stop - start)
    fill(Runner(compiled.steps), plan, (start, stop), sheet)
    return sheet.tracks


def fill(
    runner: Runner, plan: Plan, block: tuple[int, int], sheet: Sheet, loop: Loop | None = None
) -> None:
    """Evaluate a block into a sheet that has room for just its rows.

    NumPy's own buffers are kept shorter than a line of a tile: it would copy into them what is
    the same along a line, at twice the cost of the arithmetic.
    """
    usual = np.setbufsize(BUFFER)
    try:
        with np.errstate(all="ignore"):
            for piece in plan.pieces(*block):
                rows = slice(piece.rows.start - block[0], piece.rows.stop - block[0])
                fill_piece(runner, piece, sheet.rows(rows.start, rows.stop), loop)
    finally:
        np.setbufsize(usual)


def blocks(plan: Plan, size: int = BLOCK) -> Iterator[tuple[int, int]]:
    """The rows of a plan cut into blocks of whole lines: start and stop of each."""
    size = max(size // plan.width * plan.width, 1) if plan.width <= size else size
    for start in range(0, plan.rows, size):
        yield start, min(start + size, plan.rows)
