"""A plan of listed points: each row's floats, taken at their exact values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sympy

from coopgame.tables.grids import Floats


@dataclass(frozen=True, eq=False)
class Points:
    """The rows of `values`, one column a name; a `coopgame.tables.plans.Plan`."""

    names: tuple[str, ...]
    values: Floats

    @property
    def rows(self) -> int:
        return len(self.values)

    @property
    def outer(self) -> int:
        return 0

    @property
    def width(self) -> int:
        return 1

    def columns(self, start: int, stop: int) -> list[Floats]:
        return [self.values[start:stop, j] for j in range(len(self.names))]

    def point(self, row: int) -> dict[str, sympy.Rational]:
        exact = (Fraction(value) for value in self.values[row].tolist())
        found = (sympy.Rational(value.numerator, value.denominator) for value in exact)
        return dict(zip(self.names, found, strict=True))
