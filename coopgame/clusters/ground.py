"""What a cluster is before anybody co-operates, and what each next period weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from coopgame.clusters.relationships import PERIODS, Column, Truth
from coopgame.clusters.trade import Capability

At = Mapping[str, Column]

BESIDE = 1 / 4  # part of a firm's time that informal sale beside other work takes


@dataclass(frozen=True)
class Ground:
    """What does not depend on who co-operates.

    `gathering` is what agglomeration adds to a firm that sells, `contract` what one costs, `floor`
    the better of other work and informal sale beside it (`informal`: the latter), `trust` the
    probability that a partner keeps its promise.
    """

    gathering: Column
    contract: Column
    floor: Column
    informal: Truth
    number: Column
    capability: Capability
    trust: Column


def ground(at: At) -> Ground:
    """The place at given parameters."""
    gathering = at["alpha"] * at["logn"]
    beside = BESIDE * (at["v_i"] + gathering) + (1 - BESIDE) * at["w"]
    return Ground(
        gathering=gathering,
        # Contracts are negotiated anew when the rules change (the paper's footnote 4).
        contract=at["f"] * (1 + at["h"]),
        floor=np.maximum(at["w"], beside),
        informal=at["v_i"] + gathering >= at["w"],
        number=10 ** at["logn"],
        capability=Capability(np.maximum(at["mu"] - at["sigma"], 0), at["mu"] + at["sigma"]),
        # Co-operation seen elsewhere takes away a part of the doubt.
        trust=at["p"] + at["seen"] * (1 - at["p"]),
    )


def weight(at: At, name: str) -> Column:
    """What a relationship's next period weighs: delta, hazard and exit by its own period.

    Rules that are a chain of regimes come as `weight_12`, `weight_4` and `weight_1`. A column
    `period` gives every relationship so many periods a year, in place of its own.
    """
    given = at.get(f"weight_{PERIODS[name]}")
    periods = at.get("period", np.asarray(float(PERIODS[name])))
    stays = (1 - at["x"]) ** (1 / periods) if name == "buyers" else 1.0
    if given is not None:
        return np.asarray(given * stays)
    return np.asarray((at["delta"] * (1 - at["h"])) ** (1 / periods) * stays)
