"""Which stretch of a parameter's interval a slider runs over, and in which steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy

from coopgame.language.deciding import number
from coopgame.language.parameters import Domain, Parameter
from coopgame.language.printing import to_text
from coopgame.pictures.words import parameter_label

STEPS_WANTED, FINER = 200, 3
LEADING = (1, 2, 5)


@dataclass(frozen=True)
class Slider:
    """A parameter on a page: where its slider starts and ends, in which steps, and where it stands.

    The box beside it takes every value of the parameter's interval, also beyond the slider.
    """

    parameter: Parameter
    low: sympy.Rational
    high: sympy.Rational
    step: sympy.Rational
    value: sympy.Rational

    def record(self) -> dict[str, object]:
        """What the page's script needs to know."""
        interval = self.parameter.interval
        bounds = [None if b.is_infinite else number(b) for b in (interval.lower, interval.upper)]
        return {
            "name": self.parameter.name,
            "label": parameter_label(self.parameter),
            "value": number(self.value),
            "initial": number(self.value),
            "low": number(self.low),
            "high": number(self.high),
            "least": bounds[0],
            "most": bounds[1],
            "open": [interval.lower_open, interval.upper_open],
            "integer": interval.integer,
            "interval": self.interval,
        }

    @property
    def interval(self) -> str:
        """The interval of the parameter, to read."""
        return str(self.parameter.interval).replace("oo", "∞")


def sliders(domain: Domain, values: Mapping[str, sympy.Rational]) -> tuple[Slider, ...]:
    """A slider for each parameter, at `values`."""
    return tuple(_slider(p, domain, values[p.name]) for p in domain.parameters)


def _slider(p: Parameter, domain: Domain, value: sympy.Rational) -> Slider:
    low, high = _stretch(p, domain)
    low, high = min(low, value), max(high, value)
    step = _step(low, high, value, p.interval.integer)
    if p.interval.lower_open and low == p.interval.lower:
        low += step
    if p.interval.upper_open and high == p.interval.upper:
        high -= step
    return Slider(p, low, high, step, value)


def _stretch(p: Parameter, domain: Domain) -> tuple[sympy.Rational, sympy.Rational]:
    """The interval where it is bounded, else a few times the default or the like of it."""
    lower, upper = p.interval.lower, p.interval.upper
    alike = [abs(other.default) for other in domain.parameters if other.unit == p.unit]
    scale = max(alike) or sympy.S.One
    if lower.is_infinite and upper.is_infinite:
        return -nice_above(scale), nice_above(2 * scale)
    own = abs(p.default) or scale
    if upper.is_infinite:
        return lower, lower + nice_above(3 * own)
    return (upper - nice_above(3 * own) if lower.is_infinite else lower), upper


def _step(
    low: sympy.Rational, high: sympy.Rational, value: sympy.Rational, integer: bool
) -> sympy.Rational:
    """A round step, about 200 to the stretch; finer where only so the value lies on one."""
    if integer:
        return sympy.S.One
    wanted = (high - low) / STEPS_WANTED
    steps = [nice_above(wanted / 2**i) for i in range(FINER + 1)]
    return next((s for s in steps if ((value - low) / s).is_Integer), steps[0])


def nice_above(value: sympy.Rational) -> sympy.Rational:
    """The least of 1, 2, 5 times a power of ten that is not below a positive number.

    >>> nice_above(sympy.Rational(3, 50)), nice_above(sympy.Integer(10))
    (1/10, 10)
    """
    power = sympy.Integer(10) ** (sympy.floor(sympy.log(value, 10)) - 1)
    while True:
        for leading in LEADING:
            if leading * power >= value:
                return leading * power
        power *= 10


def shown(value: sympy.Rational) -> str:
    """A number for the attribute of an input: the shortest text of its float.

    >>> shown(sympy.Rational(19, 20)), shown(sympy.Integer(5))
    ('0.95', '5')
    """
    return to_text(value) if value.is_Integer else repr(number(value))
