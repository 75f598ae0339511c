"""Two players' payoffs as a table, of a game in normal form or of a stage game."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy

from coopgame.language.printing import symbol
from coopgame.language.putting import put_in


@dataclass(frozen=True)
class Bimatrix:
    """Two players, the actions of each, and both payoffs for each pair of actions."""

    players: tuple[str, str]
    actions: tuple[tuple[str, ...], tuple[str, ...]]
    payoffs: Mapping[tuple[str, str], tuple[sympy.Expr, sympy.Expr]]
    is_stage: bool = False

    def at(self, values: Mapping[str, sympy.Expr]) -> Bimatrix:
        """The same with values put for parameters."""
        return put_in(self, {symbol(name): value for name, value in values.items()})
