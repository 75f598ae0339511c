"""Macro rules: how often the rules of the game change and wipe out every relationship's history.

A rule file states one of three things: a hazard per year or per period; dated events, from which
the hazard is estimated; or a chain of regimes, each with a hazard of its own. A game takes them
by the roles of its parameters (`hazard`, `discount`), whatever their names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sympy

from coopgame.errors import InputError
from coopgame.language.numerals import exact
from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.domains import read_domain
from coopgame.reading.info import Info
from coopgame.reading.kinds import KINDS as FILE_KINDS
from coopgame.reading.section import Section, read_info
from coopgame.rules.estimates import Estimate, decimal, describe_estimate, estimate_rate, rounded

MAX_REGIMES = 12
KINDS = FILE_KINDS["rules"].keys


@dataclass(frozen=True)
class Regime:
    """A regime of the macro rules: its hazard, where it leads, and the parameters it changes."""

    name: str
    hazard: sympy.Expr
    next: tuple[sympy.Expr, ...]
    changes: Mapping[str, sympy.Expr] = field(default_factory=dict)

    def substitute(self, at: Mapping[sympy.Symbol, sympy.Expr]) -> Regime:
        """The regime with expressions substituted for symbols."""
        return replace(
            self,
            hazard=self.hazard.subs(at),
            next=tuple(probability.subs(at) for probability in self.next),
            changes={name: value.subs(at) for name, value in self.changes.items()},
        )


@dataclass(frozen=True)
class MacroRules:
    """The rules of the game as one rule file states them.

    `given` is a hazard per `given_years` years; `chain` the regimes with their own `domain` of
    parameters. Hazard and discount factor per period follow from `years_per_period`, rounded to
    four decimals, so that every later step is exact. `dates` are those of dated events.
    """

    info: Info
    given: sympy.Rational | None = None
    given_years: sympy.Rational = sympy.S.One
    estimate: Estimate | None = None
    dates: tuple[date, ...] = ()
    chain: tuple[Regime, ...] = ()
    domain: Domain = field(default_factory=Domain)
    years_per_period: sympy.Rational = sympy.S.One
    discount_rate: sympy.Rational | None = None

    @property
    def hazard(self) -> sympy.Rational | None:
        """The probability that the rules change within one period; None for a chain."""
        if self.estimate is not None:
            return self._per_period(self.estimate.rate)
        if self.given is None:
            return None
        survival = (1 - self.given) ** (self.years_per_period / self.given_years)
        return rounded(1 - survival)

    @property
    def hazard_interval(self) -> tuple[sympy.Rational, sympy.Rational] | None:
        """The hazards per period at both ends of the estimate's interval."""
        if self.estimate is None:
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

    def with_period(self, years: Any) -> MacroRules:
        """The same rules for periods of another length, in years."""
        length = exact(years)
        if self.chain:
            raise InputError(f"{self.info.name} states its chain per period", "edit its file")
        if length <= 0:
            raise InputError(f"a period of {to_text(length)} years", "give a positive length")
        return replace(self, years_per_period=length)

    def describe(self) -> dict[str, Any]:
        """What the rules say, in texts and numbers that go into JSON."""
        told: dict[str, Any] = {"name": self.info.name, "title": self.info.title}
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
        if self.estimate is not None:
            told["estimate"] = describe_estimate(self.estimate)
            told["hazard_interval"] = [decimal(bound) for bound in self.hazard_interval or ()]
        return told


def bind(
    domain: Domain, rules: MacroRules, explicit: Mapping[str, Any] | None = None
) -> dict[str, sympy.Rational]:
    """The values that rules give to a game's parameters, by role.

    `explicit` are values the user has set; a different one for the same parameter is a conflict.
    Raises InputError on a conflict, where no parameter has a role the rules speak of, and for a
    chain of regimes, which changes the game itself.
    """
    if rules.chain:
        raise InputError(
            f"{rules.info.name} switches between regimes", "only a repeated game can take it"
        )
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
    return domain.read(bound)


# --- reading a rule file -----------------------------------------------------------------------


def read_rules(section: Section, name: str, digest: str) -> MacroRules:
    """The macro rules that a file's top section states; faults are noted in the section."""
    info = read_info(section, name, digest)
    stated = [kind for kind in KINDS if kind in section]
    if len(stated) != 1:
        found = " and ".join(stated) or "none"
        section.fault("", f"exactly one of {', '.join(KINDS)} is needed, found {found}")
        return MacroRules(info)
    rules = _READERS[stated[0]](section, info)
    section.finish()
    return rules


def _read_period(section: Section, rules: MacroRules) -> MacroRules:
    years = section.number("years_per_period", default="1")
    if years <= 0:
        section.fault("years_per_period", "is not positive", "give a length in years")
        years = sympy.S.One
    rate = None
    if "annual_discount_rate" in section:
        rate = section.number("annual_discount_rate")
        if rate <= 0:
            section.fault("annual_discount_rate", "is not positive", "0.1 stands for 10 % a year")
            rate = None
    return replace(rules, years_per_period=years, discount_rate=rate)


def _read_hazard(section: Section, info: Info) -> MacroRules:
    hazard = section.number("hazard")
    per = section.choice("per", ("year", "period"))
    if not 0 <= hazard < 1:
        section.fault("hazard", f"{hazard} lies outside [0, 1)", "it is a probability")
        hazard = sympy.S.Zero
    rules = _read_period(section, MacroRules(info, given=hazard))
    return replace(rules, given_years=sympy.S.One if per == "year" else rules.years_per_period)


def _read_events(section: Section, info: Info) -> MacroRules:
    dates = []
    for entry in section.tables("events"):
        entry.text("name")
        dates.append(_read_date(entry, "date", entry.value("date")))
        entry.finish()
    window = None
    if "window" in section:
        ends = section.value("window")
        if isinstance(ends, list) and len(ends) == 2:
            window = (
                _read_date(section, "window", ends[0]),
                _read_date(section, "window", ends[1]),
            )
        else:
            section.fault("window", "is not a pair of dates", 'write ["1986-01-01", "1994-12-31"]')
    rules = _read_period(section, MacroRules(info))
    if section.faults:
        return rules
    try:
        return replace(rules, estimate=estimate_rate(dates, window), dates=tuple(dates))
    except InputError as error:
        section.adopt("events", error)
        return rules


def _read_date(section: Section, key: str, found: Any) -> date:
    try:
        return found if type(found) is date else date.fromisoformat(found)
    except (TypeError, ValueError):
        section.fault(key, f"{found!r} is not a date", 'write it as "1986-02-28"')
        return date.min


def _read_regimes(section: Section, info: Info) -> MacroRules:
    domain = read_domain(section)
    return MacroRules(info, chain=read_chain(section, domain, domain.names), domain=domain)


_READERS = {"hazard": _read_hazard, "events": _read_events, "regimes": _read_regimes}


def read_chain(section: Section, domain: Domain, names: Collection[str]) -> tuple[Regime, ...]:
    """The chain of regimes in the `[[regimes]]` tables; the first is where play starts.

    A regime has a name, a hazard, `next` (regime -> probability, proved to be a distribution
    over the whole domain), and perhaps `changes` (parameter of the stage game -> expression).
    """
    entries = section.tables("regimes")
    labels = [entry.text("name") for entry in entries]
    if len(set(labels)) != len(labels) or not 2 <= len(labels) <= MAX_REGIMES:
        problem = f"a chain has 2 to {MAX_REGIMES} regimes, each with its own name"
        section.fault("regimes", problem, f"found {', '.join(labels)}")
        entries, labels = entries[:MAX_REGIMES], labels[:MAX_REGIMES]
    chain = tuple(_read_regime(entry, labels, names) for entry in entries)
    if not section.faults:
        for entry, regime in zip(entries, chain, strict=True):
            _check_probabilities(entry, regime, domain)
    return chain


def _read_regime(entry: Section, labels: Sequence[str], names: Collection[str]) -> Regime:
    hazard = entry.expression("hazard", names)
    table = entry.table("next")
    row = tuple(table.expression(label, names, default="0") for label in labels)
    table.finish()
    changed = entry.table("changes", required=False)
    changes = {name: changed.expression(name, names) for name in changed.keys()}  # noqa: SIM118
    entry.finish()
    return Regime(entry.text("name"), hazard, row, changes)


def _check_probabilities(entry: Section, regime: Regime, domain: Domain) -> None:
    if sympy.expand(sum(regime.next) - 1) != 0:
        entry.fault("next", "the probabilities do not sum to 1", "write the last as 1 - the rest")
    for key, value in (("hazard", regime.hazard), *(("next", p) for p in regime.next)):
        inside = sympy.And(value >= 0, value <= 1)
        proof = implies(domain.constraints, inside, domain.integers)
        if proof.verdict is Verdict.REFUTED:
            at = ", ".join(f"{s.name} = {v}" for s, v in (proof.witness or {}).items())
            entry.fault(key, f"{to_text(value)} leaves [0, 1]", f"as at {at}" if at else "")
