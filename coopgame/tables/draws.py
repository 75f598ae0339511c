"""Draws: points spread over a box by Sobol's sequence or by Latin hypercubes, as exact fractions.

Every co-ordinate is a whole number over 2**30, so that a row can be recomputed exactly.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coopgame.errors import InputError, brief

BITS = 30
WHOLE = 2**BITS
KINDS = ("sobol", "latin")
MAX_LATIN = 10_000_000
MAX_DIMENSIONS = 64


@dataclass(frozen=True)
class Draws:
    """`count` draws of a kind (`sobol`: scrambled Sobol sequence; `latin`: Latin hypercube).

    The same seed gives the same draws. A Sobol sequence is best balanced at powers of two.

    Parameters
    ----------
    kind : {"sobol", "latin"}
        A scrambled Sobol sequence, or a Latin hypercube.
    count : int
        How many points.
    seed : int, default 0
        What they hang on.

    Raises
    ------
    InputError
        For an unknown kind, or numbers out of range.

    Examples
    --------
    >>> Draws("sobol", 64, seed=1).count
    64
    """

    kind: str
    count: int
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("count", "seed"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int):
                raise InputError(f"{brief(value)} is no whole number", f"give the {name}")
        if not isinstance(self.kind, str) or self.kind not in KINDS:
            raise InputError(f"unknown draws {brief(self.kind)}", f"use {' or '.join(KINDS)}")
        most = WHOLE if self.kind == "sobol" else MAX_LATIN
        if not 1 <= self.count <= most:
            raise InputError(f"{self.count} draws cannot be made", f"give 1 to {most}")
        if self.seed < 0:
            raise InputError(f"a seed cannot be {self.seed}", "give 0 or a positive whole number")


def numerators(draws: Draws, dimensions: int, start: int, stop: int) -> NDArray[np.int64]:
    """The draws numbered start to stop - 1, one a row, in units of 2**-30.

    A Sobol sequence is wound on to `start`; a Latin hypercube is drawn as a whole and kept.
    """
    if dimensions > MAX_DIMENSIONS:
        raise InputError(
            f"{dimensions} parameters are too many to draw", f"vary {MAX_DIMENSIONS} at most"
        )
    if draws.kind == "latin":
        return _hypercube(draws, dimensions)[start:stop].astype(np.int64)
    from scipy.stats import qmc  # takes half a second that a grid need not wait for

    sequence = qmc.Sobol(dimensions, scramble=True, bits=BITS, rng=draws.seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        if start:
            sequence.fast_forward(start)
        found = sequence.random(stop - start)
    return np.asarray(np.minimum(np.rint(found * WHOLE), WHOLE - 1), np.int64)


@lru_cache(maxsize=2)
def _hypercube(draws: Draws, dimensions: int) -> NDArray[np.int32]:
    from scipy.stats import qmc

    found = qmc.LatinHypercube(dimensions, rng=draws.seed).random(draws.count)
    return np.asarray(np.minimum(np.floor(found * WHOLE), WHOLE - 1), np.int32)
