"""Macro rules: how often the rules of the game change and wipe out every relationship's history.

A rule file states one of three things: a hazard per year or per period; dated events, from which
the hazard is estimated; or a chain of regimes, each with a hazard of its own. A game takes them
by the roles of its parameters (`hazard`, `discount`), whatever their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sympy

from coopgame.errors import InputError
from coopgame.language.numerals import exact
from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.reading.info import Info
from coopgame.rules.estimates import (
    DAYS_PER_YEAR,
    Estimate,
    Learning,
    decimal,
    describe_estimate,
    rounded,
)
from coopgame.rules.inflation import Inflation


@dataclass(frozen=True)
class Regime:
    """A regime of the macro rules: its hazard, where it leads, and the parameters it changes."""

    name: str
    hazard: sympy.Expr
    next: tuple[sympy.Expr, ...]
    changes: Mapping[str, sympy.Expr] = field(default_factory=dict)


@dataclass(frozen=True)
class MacroRules:
    """The rules of the game as one rule file states them.

    `given` is a hazard per `given_years` years; `chain` the regimes with their own `domain` of
    parameters. Hazard and discount factor per period follow from `years_per_period`, rounded to
    four decimals, so that every later step is exact. `dates` are those of dated events; with
    `learning`, firms know of them only what lies in the past. `inflation` acts by itself.
    """

    info: Info
    given: sympy.Rational | None = None
    given_years: sympy.Rational = sympy.S.One
    estimate: Estimate | None = None
    dates: tuple[date, ...] = ()
    learning: Learning | None = None
    chain: tuple[Regime, ...] = ()
    domain: Domain = field(default_factory=Domain)
    years_per_period: sympy.Rational = sympy.S.One
    discount_rate: sympy.Rational | None = None
    inflation: Inflation | None = None

    @property
    def hazard(self) -> sympy.Rational | None:
        """The probability that the rules change within one period; None for a chain, or a record
        too short for a rate.

        Of firms that learn, what they expect at the end of the record.
        """
        if self.estimate is not None and self.learning is not None:
            return self._learned(self.learning, self.estimate, self.estimate.last)
        if self.estimate is not None:
            rate = self.estimate.rate
            return None if rate is None else self._per_period(rate)
        if self.given is None:
            return None
        survival = (1 - self.given) ** (self.years_per_period / self.given_years)
        return rounded(1 - survival)

    @property
    def hazard_interval(self) -> tuple[sympy.Rational, sympy.Rational] | None:
        """The hazards per period at both ends of the estimate's interval."""
        if self.estimate is None or self.learning is not None:
            return None
        return self._per_period(self.estimate.lower), self._per_period(self.estimate.upper)

    @property
    def discount(self) -> sympy.Rational | None:
        """The discount factor `exp(-rate*years)` of one period, where a yearly rate is given."""
        if self.discount_rate is None:
            return None
        return rounded(sympy.exp(-self.discount_rate * self.years_per_period))

    def _per_period(self, rate: sympy.Rational) -> sympy.Rational:
        return rounded(1 - sympy.exp(-rate * self.years_per_period))

    def known_in(self, year: int) -> MacroRules:
        """The rules as firms know them when a year begins; themselves where nothing is learned."""
        if self.learning is None or self.estimate is None:
            return self
        begins = date(year, 1, 1)
        found = self._learned(self.learning, self.estimate, begins)
        return replace(self, given=found, given_years=self.years_per_period, estimate=None)

    def _learned(self, learning: Learning, estimate: Estimate, on: date) -> sympy.Rational:
        """The hazard that firms expect on a day; before the record, by what they believed."""
        until = min(max(on, estimate.first), estimate.last)
        # From event to event the first opens the record and is not counted.
        opening = len(self.dates) - estimate.events
        seen = sum(day <= until for day in self.dates) - opening
        watched = sympy.Rational((until - estimate.first).days) / DAYS_PER_YEAR
        return learning.hazard(max(seen, 0), watched, self.years_per_period)

    def with_period(self, years: Any) -> MacroRules:
        """The same rules for periods of another length, in years."""
        length = exact(years)
        if self.chain:
            raise InputError(f"{self.info.name} states its chain per period", "edit its file")
        if length <= 0:
            raise InputError(
                f"a period cannot last {to_text(length)} years", "give a positive length"
            )
        return replace(self, years_per_period=length)

    def describe(self) -> dict[str, Any]:
        """What the rules say, in texts and numbers that go into JSON."""
        told: dict[str, Any] = {"name": self.info.name, "title": self.info.title}
        if self.inflation is not None:
            told["inflation"] = self.inflation.describe()
        if self.chain:
            told["regimes"] = {
                r.name: {"hazard": to_text(r.hazard), "next": [to_text(p) for p in r.next]}
                for r in self.chain
            }
            return told
        told |= {
            "hazard": decimal(self.hazard),
            "years_per_period": to_text(self.years_per_period),
        }
        if self.discount is not None:
            told["discount"] = decimal(self.discount)
        if self.learning is not None:
            believed = self.learning
            told["learning"] = {
                "events": to_text(believed.events),
                "years": to_text(believed.years),
                "view": "cautious" if believed.cautious else "expected",
            }
        if self.estimate is not None:
            told["estimate"] = describe_estimate(self.estimate)
            told["hazard_interval"] = [decimal(bound) for bound in self.hazard_interval or ()]
        return told


def bind(
    domain: Domain, rules: MacroRules, explicit: Mapping[str, Any] | None = None
) -> dict[str, sympy.Rational]:
    """The values that rules give to a game's parameters, by role.

    `explicit` are values the user has set; a different one for the same parameter is a conflict.
    A chain of regimes gives no hazard: it changes the game itself. Inflation lowers what is given,
    set or the default; what of it does not fit is told by `Inflation.told`. Raises InputError on
    a conflict, and where no parameter has a role the rules speak of.
    """
    bound: dict[str, Any] = {}
    for role, value in (("hazard", rules.hazard), ("discount", rules.discount)):
        fitting = domain.by_role(role)
        if value is not None and not fitting:
            raise InputError(
                f"{rules.info.name} gives a {role}, and the game has no parameter of that role",
                f'give one the role = "{role}"',
            )
        bound |= {parameter.name: value for parameter in fitting if value is not None}
    for name, value in (explicit or {}).items():
        if name in bound and exact(value) != bound[name]:
            raise InputError(
                f"{name} = {value} conflicts with {rules.info.name}: {decimal(bound[name])}",
                "drop the one or the other",
            )
    factors = rules.inflation.factors(rules.years_per_period) if rules.inflation else {}
    for role, factor in factors.items():
        for parameter in domain.by_role(role) if factor != 1 else ():
            before = bound.get(parameter.name, (explicit or {}).get(parameter.name))
            bound[parameter.name] = factor * exact(parameter.default if before is None else before)
    return domain.read(bound)
