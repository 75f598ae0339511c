"""Choosing among equilibria: criteria of selection, as regions of the parameter space.

A game is first seen as `TwoByTwo` (two players, two actions each) or as `Binary` (identical
players, two actions); `two_by_two` and `binary` give the view of a game in normal form. Each
criterion returns what it selects as `Selection` values, with the exact conditions under which it
does; `as_solution` puts them back into a solution, so that thresholds and signs speak of them.
"""

from coopgame.selection.basins import basins, replicator_basins
from coopgame.selection.coordination import (
    Binary,
    Selection,
    TwoByTwo,
    as_solution,
    binary,
    two_by_two,
)
from coopgame.selection.dominance import most_cooperative, payoff_dominant, risk_dominant
from coopgame.selection.quantal import QuantalResponse, logit_path, symmetric_logit_path
from coopgame.selection.stochastic import adaptive_play, logit_stable, stochastically_stable

__all__ = [
    "Binary",
    "QuantalResponse",
    "Selection",
    "TwoByTwo",
    "adaptive_play",
    "as_solution",
    "basins",
    "binary",
    "logit_path",
    "logit_stable",
    "most_cooperative",
    "payoff_dominant",
    "replicator_basins",
    "risk_dominant",
    "stochastically_stable",
    "symmetric_logit_path",
    "two_by_two",
]
