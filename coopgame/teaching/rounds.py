"""Points of a domain with round numbers, drawn from a seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

import sympy

from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.solution import evaluate

Values = dict[str, sympy.Rational]

SHARES = tuple(sympy.Rational(i, 20) for i in range(1, 20))
TRIES = 1000
USUAL = sympy.Integer(3)
REACH = 4


def points(domain: Domain, random: Random, usual: float = 0.5) -> Iterator[Values]:
    """Round points of the domain, without end unless `TRIES` draws in a row miss it.

    A share `usual` of the parameters keep their defaults; more, the longer nothing fits, so that
    assumptions which bind many parameters together can still be met.
    """
    missed = 0
    while missed < TRIES:
        keep = max(usual, missed / TRIES)
        drawn = {
            p.name: p.default if random.random() < keep else drawn_value(p, random)
            for p in domain.parameters
        }
        fits = inside(domain, drawn)
        missed = 0 if fits else missed + 1
        if fits:
            yield drawn


def inside(domain: Domain, values: Values) -> bool:
    """Whether a full point satisfies every constraint of the domain."""
    at = {symbol(name): value for name, value in values.items()}
    return all(bool(evaluate(condition, at)) for condition in domain.constraints)


def drawn_value(parameter: Parameter, random: Random) -> sympy.Rational:
    """A round value of one parameter."""
    choices = round_values(parameter.interval, parameter.default)
    return random.choice(choices) if choices else parameter.default


def round_values(interval: Interval, default: sympy.Rational) -> Sequence[sympy.Rational]:
    """Round numbers of an interval: twentieths inside a short one; else whole numbers or quarters.

    Where the interval is long, those up to four times the default.

    >>> [str(x) for x in round_values(Interval.parse("(0, 1)"), sympy.Rational(1, 2))][:3]
    ['1/20', '1/10', '3/20']
    >>> [str(x) for x in round_values(Interval.parse("integers [2, 50]"), sympy.Integer(4))][:3]
    ['2', '3', '4']
    """
    lower, upper = interval.lower, interval.upper
    if upper - lower <= 1 and not interval.integer:
        return [lower + (upper - lower) * share for share in SHARES]
    scale = max(abs(default), sympy.Integer(1))
    whole = interval.integer or scale >= USUAL
    step = sympy.Integer(1) if whole else sympy.Rational(1, 4)
    reach = min(int(REACH * scale / step), 200)
    near = [i * step for i in range(-reach, reach + 1)]
    return [x for x in near if x in interval] or [default]
