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
EVENT_TO_EVENT = "from the first event to the last: chi2(2k)/(2*years) at both ends"
FIXED_WINDOW = "over a fixed window: chi2(2k)/(2*years) and chi2(2k + 2)/(2*years)"


@dataclass(frozen=True)
class Estimate:
    """A yearly rate of rule changes, estimated from dated events as a Poisson process.

    `rate` is the maximum-likelihood rate `events/years`; `lower` and `upper` bound the exact
    95 % interval under `convention`. Between the first and the last event, the first opens the
    record and is not counted.
    """

    rate: sympy.Rational
    lower: sympy.Rational
    upper: sympy.Rational
    events: int
    years: sympy.Rational
    convention: str


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


def estimate_rate(dates: Sequence[date], window: tuple[date, date] | None = None) -> Estimate:
    """The yearly rate of the dated events, with its exact interval.

    Without a window the record runs from the first event to the last. Raises InputError for
    fewer than two events, or a window that is empty or leaves an event out.
    """
    if window is None and len(set(dates)) < 2:
        raise InputError("a rate needs two events on different days", "add dates or a window")
    first, last = window or (min(dates), max(dates))
    if first >= last:
        raise InputError(f"the window {first} to {last} is empty", "put the earlier date first")
    if any(not first <= day <= last for day in dates):
        raise InputError("an event lies outside the window", "widen the window or drop the event")
    years = sympy.Rational((last - first).days) / DAYS_PER_YEAR
    events = len(dates) if window else len(dates) - 1
    lower, upper = poisson_interval(events, years, window is not None)
    convention = FIXED_WINDOW if window else EVENT_TO_EVENT
    return Estimate(sympy.Rational(events) / years, lower, upper, events, years, convention)


def describe_estimate(estimate: Estimate) -> dict[str, Any]:
    """An estimate in texts and numbers that go into JSON."""
    return {
        "rate_per_year": decimal(rounded(estimate.rate)),
        "interval": [decimal(estimate.lower), decimal(estimate.upper)],
        "confidence": to_text(CONFIDENCE),
        "events": estimate.events,
        "years": decimal(rounded(estimate.years)),
        "convention": estimate.convention,
    }


def decimal(value: sympy.Rational | None) -> str:
    """A number rounded to four decimals, as text."""
    return f"{float(value or 0):.{DECIMALS}f}".rstrip("0").rstrip(".")
