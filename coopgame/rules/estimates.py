"""The rate of rule changes estimated from dated events, with its exact Poisson interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sympy

from coopgame.errors import InputError
from coopgame.language.printing import to_text

DECIMALS = 4
CONFIDENCE = sympy.Rational(95, 100)
DAYS_PER_YEAR = sympy.Rational(1461, 4)
EVENT_TO_EVENT = "(k - 1)/years from the first event to the last: chi2(2k)/(2*years) at both ends"
FIXED_WINDOW = "k/years over a fixed window: chi2(2k)/(2*years) and chi2(2k + 2)/(2*years)"


@dataclass(frozen=True)
class Estimate:
    """A yearly rate of rule changes, estimated from dated events as a Poisson process.

    `rate` is unbiased: k/T for k events in a window of T years that was fixed beforehand, and
    (k - 1)/T where the record runs from one event to the k-th after it, since a record that ends
    because there was an event is short by selection (1/T has the mean rate/(k - 1) there). One
    such interval has no unbiased rate, as the mean of 1/T is infinite: `rate` is None.
    `lower` and `upper` bound the exact 95 % interval under `convention`; `first` and `last` are
    the ends of the record.
    """

    rate: sympy.Rational | None
    lower: sympy.Rational
    upper: sympy.Rational
    events: int
    years: sympy.Rational
    convention: str
    first: date
    last: date


def rounded(value: Any) -> sympy.Rational:
    """The number rounded to four decimals, as an exact rational (half rounds to even).

    >>> rounded(1 - sympy.exp(-1))
    6321/10000
    """
    return sympy.Rational(round(sympy.N(value, 40) * 10**DECIMALS), 10**DECIMALS)


def poisson_interval(
    events: int, years: sympy.Rational, window: bool
) -> tuple[sympy.Rational, sympy.Rational]:
    """The exact 95 % interval for a Poisson rate from `events` in `years` (Garwood 1936).

    Over a fixed window the upper end is a quantile of chi2 with 2k + 2 degrees of freedom; where
    the record runs from event to event the waiting time is gamma, and both ends use 2k.

    >>> poisson_interval(6, sympy.Rational(4060, 487), window=False)
    (2641/10000, 3499/2500)
    """
    from scipy.special import gammaincinv

    tail = float((1 - CONFIDENCE) / 2)
    lower = gammaincinv(events, tail) / float(years) if events else 0.0
    upper = gammaincinv(events + window, 1 - tail) / float(years)
    return rounded(lower), rounded(upper)


def estimate_rate(
    dates: Sequence[date], window: tuple[date, date] | None = None, learns: bool = False
) -> Estimate:
    """The yearly rate of the dated events, with its exact interval.

    Without a window the record runs from the first event to the last. Raises InputError for
    fewer than three events then, or a window that is empty or leaves an event out. Who `learns`
    needs no rate on record, whatever ended it, but two events: the first opens the record.
    """
    if window is None and len(set(dates)) < (2 if learns else 3):
        told = (
            "without a window the first event only opens the record that firms learn from"
            if learns
            else "without a window a rate needs three events on different days"
        )
        raise InputError(told, "add dates, or the window over which you looked for them")
    first, last = window or (min(dates), max(dates))
    if first >= last:
        raise InputError(f"the window {first} to {last} is empty", "put the earlier date first")
    if any(not first <= day <= last for day in dates):
        raise InputError("an event lies outside the window", "widen the window or drop the event")
    years = sympy.Rational((last - first).days) / DAYS_PER_YEAR
    events = len(dates) if window else len(dates) - 1
    lower, upper = poisson_interval(events, years, window is not None)
    convention = FIXED_WINDOW if window else EVENT_TO_EVENT
    counted = events if window else events - 1
    rate = sympy.Rational(counted) / years if window or counted else None
    return Estimate(rate, lower, upper, events, years, convention, first, last)


@dataclass(frozen=True)
class Learning:
    """What firms believe of the rate before the record begins, as a gamma distribution.

    It is as if `events` changes had been seen in `years` years. After n more in t years the belief
    is gamma with events + n and years + t, whatever their order. `cautious` firms act on the upper
    end of its 95 % interval, others on what they expect.
    """

    events: sympy.Rational
    years: sympy.Rational
    cautious: bool = False

    def hazard(self, seen: int, watched: sympy.Rational, period: sympy.Rational) -> sympy.Rational:
        """The probability of a change within a period of so many years, after a record.

        Expected over the belief that is 1 - ((b + t)/(b + t + y))**(a + n).

        >>> Learning(sympy.Integer(1), sympy.Integer(20)).hazard(0, sympy.S.Zero, sympy.S.One)
        119/2500
        """
        known, during = self.events + seen, self.years + watched
        if not self.cautious:
            return rounded(1 - (during / (during + period)) ** known)
        from scipy.special import gammaincinv

        rate = gammaincinv(float(known), float((1 + CONFIDENCE) / 2)) / float(during)
        return rounded(1 - sympy.exp(-sympy.Float(rate) * period))


def describe_estimate(estimate: Estimate) -> dict[str, Any]:
    """An estimate in texts and numbers that go into JSON."""
    return {
        "rate_per_year": None if estimate.rate is None else decimal(rounded(estimate.rate)),
        "interval": [decimal(estimate.lower), decimal(estimate.upper)],
        "confidence": to_text(CONFIDENCE),
        "events": estimate.events,
        "years": decimal(rounded(estimate.years)),
        "window": [estimate.first.isoformat(), estimate.last.isoformat()],
        "convention": estimate.convention,
    }


def decimal(value: sympy.Rational | None) -> str:
    """A number rounded to four decimals, as text."""
    return f"{float(value or 0):.{DECIMALS}f}".rstrip("0").rstrip(".")
