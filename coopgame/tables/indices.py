"""Sobol indices: the only module that knows SALib.

Y is a function of independent X_1, ..., X_k. The first-order index of X_i is
Var(E[Y | X_i])/Var(Y), its total index E[Var(Y | all but X_i)]/Var(Y) (Sobol 2001; estimators of
Saltelli et al. 2010).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coopgame.errors import InputError, MissingExtra
from coopgame.tables.grids import Floats

CONFIDENCE = 0.95
RESAMPLES = 200
MOST_DRAWS = 1 << 20
ROUNDING = 1e-13


@dataclass(frozen=True)
class Sampling:
    """How many base draws, a power of two, and from which seed."""

    draws: int = 1024
    seed: int = 1998

    def __post_init__(self) -> None:
        if not 2 <= self.draws <= MOST_DRAWS or self.draws & (self.draws - 1):
            told = f"{self.draws} draws"
            raise InputError(told, f"give a power of two, as in 1024, up to {MOST_DRAWS}")


@dataclass(frozen=True)
class Index:
    """Estimates for one parameter, each with the half-width of its 95 % bootstrap interval.

    A half-width is None where too few of the draws differ to tell.
    """

    parameter: str
    first: float
    first_within: float | None
    total: float
    total_within: float | None


def unit_sample(count: int, sampling: Sampling) -> Floats:
    """Saltelli's sample of the unit cube: draws*(count + 2) rows, one column a parameter."""
    salib = _salib()
    problem = _problem([str(i) for i in range(count)])
    rows = salib.sample.sobol.sample(
        problem, sampling.draws, calc_second_order=False, seed=sampling.seed
    )
    return np.asarray(rows, float)


def indices(names: Sequence[str], values: Floats, sampling: Sampling) -> tuple[Index, ...]:
    """The indices of the values at the rows of `unit_sample(len(names), sampling)`.

    All are 0 where the values are the same throughout, up to rounding.
    """
    if np.ptp(values) <= ROUNDING * np.max(np.abs(values)):
        return tuple(Index(name, 0.0, 0.0, 0.0, 0.0) for name in names)
    with np.errstate(all="ignore"):
        found = _salib().analyze.sobol.analyze(
            _problem(names),
            values,
            calc_second_order=False,
            num_resamples=RESAMPLES,
            conf_level=CONFIDENCE,
            seed=sampling.seed,
        )
    columns = [np.asarray(found[key], float).tolist() for key in ("S1", "S1_conf", "ST", "ST_conf")]
    return tuple(
        Index(name, first, _known(first_within), total, _known(total_within))
        for name, first, first_within, total, total_within in zip(names, *columns, strict=True)
    )


def _known(width: float) -> float | None:
    return width if np.isfinite(width) else None


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _salib() -> Any:
    try:
        import SALib
        import SALib.analyze.sobol
        import SALib.sample.sobol
    except ImportError:
        raise MissingExtra("SALib") from None
    return SALib
