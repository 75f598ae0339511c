"""Along which parameter, and from where to where, a picture is drawn.

The ends are exact. Where a parameter has no bound of its own, the span reaches beyond the value
given and beyond the borders between branches that lie near it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from coopgame.errors import InputError
from coopgame.language.comparisons import atoms, gap
from coopgame.language.deciding import number
from coopgame.language.numerals import exact
from coopgame.language.parameters import Domain, Parameter
from coopgame.pictures.crossings import Values, gaps, real_roots
from coopgame.solution import Branch, Solution
from coopgame.tables.tasks import Request

MARGIN = sympy.Rational(1, 1000)
FAR = 10
BEYOND = sympy.Rational(5, 4)
NEARBY = 1e-6
ORDER = ("hazard", "discount", "policy", "trust", "payoff", "cost", None, "size")


@dataclass(frozen=True)
class Wanted:
    """A parameter asked for, perhaps with the ends between which it is to run."""

    name: str
    low: Any = None
    high: Any = None


def over_axes(request: Request) -> tuple[str, dict[str, Any]]:
    """The wish for a picture of what a table holds: along its one axis, or over its first two."""
    ends = []
    for name, values in request.vary.items():
        known = sorted(values if isinstance(values, list) else values[:2], key=exact)
        ends.append(Wanted(name, known[0], known[-1]))
    facing = {"values": request.set, "rules": request.rules[0] if request.rules else None}
    if len(ends) == 1:
        outcome = next(iter(request.outcomes or ()), None)
        return "outcome", {**facing, "along": ends[0], "outcome": outcome}
    return "phase", {**facing, "x": ends[0], "y": ends[1]}


@dataclass(frozen=True)
class Span:
    """A parameter and the exact ends between which it runs."""

    parameter: Parameter
    low: sympy.Rational
    high: sympy.Rational

    @property
    def name(self) -> str:
        return self.parameter.name

    @property
    def ends(self) -> tuple[float, float]:
        return number(self.low), number(self.high)

    @property
    def width(self) -> sympy.Rational:
        return self.high - self.low

    def values(self, count: int) -> list[sympy.Rational]:
        """Exact values in equal steps; of an integer parameter the integers, thinned if many."""
        if self.parameter.interval.integer:
            step = max(1, -(-int(self.width) // count))
            return [sympy.Integer(i) for i in range(int(self.low), int(self.high) + 1, step)]
        return [self.low + self.width * sympy.Rational(i, count - 1) for i in range(count)]

    def floats(self, count: int) -> NDArray[np.float64]:
        return np.array([number(value) for value in self.values(count)])


def span_of(solution: Solution, wanted: Wanted, values: Values) -> Span:
    """The span of a parameter; `values` are those of all parameters, its own included.

    Raises InputError for an unknown parameter, or ends that are outside its interval or turned.
    """
    domain = solution.domain
    parameter = domain[wanted.name]
    low, high = _usual(solution, parameter, values)
    low = low if wanted.low is None else _inside(parameter, wanted.low)
    high = high if wanted.high is None else _inside(parameter, wanted.high)
    if low >= high:
        raise InputError(
            f"{parameter.name} cannot run from {low} to {high}", "give the lower end first"
        )
    return Span(parameter, low, high)


def preferred(solution: Solution, values: Values, telling: Iterable[str] = ()) -> Iterator[str]:
    """The parameters in the order in which a picture is best drawn along them.

    First those whose change moves an equilibrium in or out, then those that are `telling`, then the
    rest; in each group hazards, discount factors, what policy moves, trust, payoffs and costs.
    """
    domain, told = solution.domain, set(telling)
    ordered = sorted(domain.names, key=lambda name: ORDER.index(_role(domain[name])))
    rest = []
    for name in ordered:
        if _moves(solution, name, values):
            yield name
        else:
            rest.append(name)
    yield from sorted(rest, key=lambda name: name not in told)


def _role(parameter: Parameter) -> str | None:
    return parameter.role if parameter.role in ORDER else None


def _moves(solution: Solution, name: str, values: Values) -> bool:
    """Whether some branch begins or ends along a parameter's usual span."""
    parameter = solution.domain[name]
    low, high = _usual(solution, parameter, values)
    others = _others(values, name)
    return (
        low < high
        and next(_borders(solution.branches, parameter, others, low, high), None) is not None
    )


def _sides(
    branches: Iterable[Branch], parameter: Parameter, others: Values, border: float
) -> tuple[list[bool], list[bool]]:
    """Which branches hold just below and just above a value."""
    step = NEARBY * max(1.0, abs(border))
    below, above = (
        {**others, parameter.name: sympy.Rational(str(round(border + side * step, 12)))}
        for side in (-1, 1)
    )
    held = [[branch.holds_at(values) for branch in branches] for values in (below, above)]
    return held[0], held[1]


def _others(values: Values, *names: str) -> dict[str, sympy.Expr]:
    return {key: value for key, value in values.items() if key not in names}


def _inside(parameter: Parameter, value: Any) -> sympy.Rational:
    found = exact(value)
    return Domain((parameter,)).read({parameter.name: found})[parameter.name]


def _usual(
    solution: Solution, parameter: Parameter, values: Values
) -> tuple[sympy.Rational, sympy.Rational]:
    """The interval of a parameter, cut by the assumptions, and to a size that is worth looking at.

    Ends that the parameter cannot take are left out by a thousandth of the width.
    """
    interval, here = parameter.interval, values[parameter.name]
    others = _others(values, parameter.name)
    least, most = _assumed(solution.domain, parameter, others, here)
    reach = _scale(solution.domain, parameter, values)
    near = least if least != -sympy.oo else here - FAR * reach
    far = min(most, here + FAR * reach)
    borders = [*_borders(solution.branches, parameter, others, near, far)]
    low, high = least, most
    if most == sympy.oo:
        high = _rounded(max([here + reach, *(b * BEYOND for b in borders if b > 0)]))
    elif borders:
        high = _cut(low, high, here, max(borders))
    if least == -sympy.oo:
        low = _rounded(min([here - reach, *(b * BEYOND for b in borders if b < 0)]))
    if interval.integer:
        high = min(high, here + 4 * reach) if high - low > FAR * reach else high
        return sympy.ceiling(low), sympy.floor(high)
    edge = (high - low) * MARGIN
    low_is_open = low == least and (low != interval.lower or interval.lower_open)
    high_is_open = high == most and (high != interval.upper or interval.upper_open)
    return low + edge * int(low_is_open), high - edge * int(high_is_open)


def _cut(low: sympy.Expr, high: sympy.Expr, here: sympy.Rational, last: float) -> sympy.Expr:
    """The upper end drawn nearer where nothing happens on the greater part of the way to it."""
    if low == -sympy.oo:
        return high
    enough = _rounded(max(last + (last - number(low)), number(here) * BEYOND))
    return enough if low < enough and (enough - low) * 2 < high - low else high


def _scale(domain: Domain, parameter: Parameter, values: Values) -> sympy.Rational:
    """The size of the values that a parameter without bounds stands among."""
    same = [p.name for p in domain.parameters if p.unit == parameter.unit]
    return max([*(abs(values[name]) for name in same), sympy.Rational(1, 10)])


def _assumed(
    domain: Domain, parameter: Parameter, others: Values, here: sympy.Rational
) -> tuple[sympy.Expr, sympy.Expr]:
    low, high = parameter.interval.lower, parameter.interval.upper
    at = {domain[name].symbol: value for name, value in others.items() if name in domain.names}
    for assumption in domain.assumptions:
        for atom in atoms(assumption):
            difference = gap(atom).subs(at)
            for root in real_roots(difference, parameter.symbol, low, high):
                value = sympy.Rational(str(round(number(root), 12)))
                low, high = (max(low, value), high) if value <= here else (low, min(high, value))
    return low, high


def _borders(
    branches: Iterable[Branch],
    parameter: Parameter,
    others: Values,
    low: sympy.Expr,
    high: sympy.Expr,
) -> Iterator[float]:
    """The values between two at which some branch begins or ends."""
    for difference in gaps(branches, others):
        for root in real_roots(difference, parameter.symbol, low, high):
            below, above = _sides(branches, parameter, others, number(root))
            if below != above:
                yield number(root)


def _rounded(value: sympy.Expr | float) -> sympy.Rational:
    """Two digits are enough for an end that nobody asked for."""
    return sympy.Rational(f"{number(value):.2g}")
