"""What actions are worth to one another, as tables of numbers: for a search in floats.

Differences are taken exactly and only then rounded, so that a difference of zero is zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import sympy

from coopgame.forms.normal.boxes import Worths
from coopgame.forms.normal.mixtures import PayoffTable
from coopgame.forms.normal.tables import Actions, Players

DIGITS = 60
ZERO = Fraction(1, 10**45)  # differences of irrational payoffs below this are taken for zero


@dataclass(frozen=True)
class Rows:
    """The rows that are zero (`equal`) and not negative (`weak`) at an equilibrium on supports.

    `excluded`: some row has one sign wherever all actions are used, so that there is none.
    `degenerate`: some player is indifferent whatever the others do.
    """

    sizes: tuple[int, ...]
    equal: tuple[Worths, ...]
    weak: tuple[Worths, ...]
    excluded: bool
    degenerate: bool


@dataclass(frozen=True)
class Numbers:
    """The payoffs of a game of numbers as one array of fractions a player.

    Irrational payoffs stand as fractions within 1e-60; `are_rational` says that there are none.
    """

    players: Players
    payoffs: Mapping[str, Any]
    are_rational: bool

    @classmethod
    def of(cls, table: PayoffTable) -> Numbers:
        shape = [len(actions) for actions in table.players.values()]
        arrays = {}
        for place, player in enumerate(table.players):
            values = np.empty(len(table.payoffs), dtype=object)
            values[:] = [_fraction(us[place]) for us in _in_order(table)]
            arrays[player] = values.reshape(shape)
        rational = all(u.is_Rational for us in table.payoffs.values() for u in us)
        return cls(table.players, arrays, rational)

    def rows(self, supports: Mapping[str, Actions]) -> Rows:
        """The differences that decide about an equilibrium on these supports."""
        mixing = [player for player in supports if len(supports[player]) > 1]
        equal, weak = [], []
        excluded = degenerate = False
        for player in self.players:
            inside, outside = self._differences(player, supports, mixing)
            excluded |= any(_one_sided(row) for row in inside)
            excluded |= any((row <= 0).all() and (row < 0).any() for row in outside)
            degenerate |= any((row == 0).all() for row in inside)
            owner = mixing.index(player) if player in mixing else None
            if inside:
                equal.append(Worths(owner, _scaled(inside)))
            telling = [row for row in outside if (row < 0).any()]
            if telling:
                weak.append(Worths(owner, _scaled(telling)))
        sizes = tuple(len(supports[player]) for player in mixing)
        return Rows(sizes, tuple(equal), tuple(weak), excluded, degenerate)

    def _differences(
        self, player: str, supports: Mapping[str, Actions], mixing: Sequence[str]
    ) -> tuple[list[Any], list[Any]]:
        """What the first action of her support is worth above the others: inside it, outside it.

        Each has an axis for each mixing player, of length 1 for the player herself.
        """
        places = {p: [self.players[p].index(a) for a in supports[p]] for p in supports}
        first = places[player][0]
        found: tuple[list[Any], list[Any]] = ([], [])
        for place in range(len(self.players[player])):
            if place == first:
                continue
            pair = []
            for own in (first, place):
                index = np.ix_(*({**places, player: [own]}[p] for p in self.players))
                pair.append(self.payoffs[player][index])
            row = pair[0] - pair[1]
            if not self.are_rational:
                row[abs(row) < ZERO] = Fraction(0)
            shape = [1 if p == player else len(places[p]) for p in mixing]
            found[place not in places[player]].append(row.reshape(shape))
        return found


def _in_order(table: PayoffTable) -> list[tuple[sympy.Expr, ...]]:
    return [table.payoffs[profile] for profile in product(*table.players.values())]


def _fraction(payoff: sympy.Expr) -> Fraction:
    if payoff.is_Rational:
        return Fraction(int(payoff.p), int(payoff.q))
    value = sympy.Rational(sympy.N(payoff, DIGITS))
    return Fraction(int(value.p), int(value.q))


def _one_sided(row: Any) -> bool:
    return bool(((row >= 0).all() or (row <= 0).all()) and (row != 0).any())


def _scaled(rows: Sequence[Any]) -> Any:
    """Each row divided by its largest entry, in floats."""
    scaled = [row / (abs(row).max() or 1) for row in rows]
    return np.stack([np.asarray(row, dtype=float) for row in scaled])
