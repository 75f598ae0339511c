"""The range over which each parameter is varied, around a point or as given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import sympy

from coopgame.errors import Fault, InputError
from coopgame.language.deciding import number
from coopgame.language.numerals import exact
from coopgame.language.parameters import Domain, Parameter
from coopgame.tables.grids import Floats

NEARLY = 0.9
Point = Mapping[str, sympy.Rational]
Given = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class ParameterRange:
    """A parameter's range: uniform between its ends, or uniform in the odds p/(1 - p)."""

    parameter: Parameter
    low: float
    high: float
    in_odds: bool = False

    @property
    def name(self) -> str:
        return self.parameter.name

    def at(self, share: Floats) -> Floats:
        """The values at shares of the way from the low end to the high one."""
        if self.parameter.interval.integer:
            found = np.floor(self.low + share * (self.high - self.low + 1))
            return np.asarray(np.minimum(found, self.high))
        if not self.in_odds:
            return self.low + share * (self.high - self.low)
        low, high = self.low / (1 - self.low), self.high / (1 - self.high)
        odds = low + share * (high - low)
        return np.asarray(odds / (1 + odds))


def spans(domain: Domain, point: Point, given: Given, width: float) -> tuple[ParameterRange, ...]:
    """The ranges as given, and of all other parameters up to `width` (relatively) around the point.

    The latter move as in a cluster's robustness: a probability or a discount factor by its odds.
    Ends beyond the interval of a parameter are drawn in. What cannot move is left out. Raises
    InputError, all faults at once, for a range that is empty or leaves its parameter's interval.
    """
    faults: list[Fault] = []
    read: dict[str, ParameterRange] = {}
    for name, ends in given.items():
        try:
            read[name] = _given(domain[name], *ends)
        except InputError as error:
            faults += [Fault(f"--range {name}", f.problem, f.mend) for f in error.faults]
    if faults:
        raise InputError(faults)
    free = (p for p in domain.parameters if p.name in point or p.name in read)
    found = (read.get(p.name) or _around(p, point[p.name], width) for p in free)
    return _moving(found)


def _moving(found: Iterable[ParameterRange]) -> tuple[ParameterRange, ...]:
    return tuple(span for span in found if span.low < span.high)


def _given(parameter: Parameter, low: str, high: str) -> ParameterRange:
    first, last = exact(low), exact(high)
    if first >= last:
        raise InputError(f"{low}:{high} is empty", "put the smaller value first")
    for end in (first, last):
        if end not in parameter.interval:
            raise InputError(f"{end} lies outside {parameter.interval}", "stay inside it")
    return ParameterRange(parameter, number(first), number(last))


def _around(parameter: Parameter, value: sympy.Rational, width: float) -> ParameterRange:
    here = number(value)
    in_odds = parameter.moves_in_odds and 0 < here < 1
    low, high = sorted(_moved(here, by, in_odds) for by in (-width, width))
    if parameter.interval.integer:
        low, high = float(np.ceil(low)), float(np.floor(high))
    return ParameterRange(
        parameter, _drawn_in(parameter, here, low), _drawn_in(parameter, here, high), in_odds
    )


def _moved(value: float, by: float, in_odds: bool) -> float:
    if not in_odds:
        return value * (1 + by)
    odds = value / (1 - value) * (1 + by)
    return odds / (1 + odds)


def _drawn_in(parameter: Parameter, here: float, end: float) -> float:
    """The end, or the bound of the interval before it; nearly to an open one."""
    interval = parameter.interval
    bound, is_open = (
        (interval.upper, interval.upper_open)
        if end > here
        else (interval.lower, interval.lower_open)
    )
    edge = float(bound)
    beyond = end >= edge if end > here else end <= edge
    if not beyond:
        return end
    return here + NEARLY * (edge - here) if is_open else edge
