"""Reading macro rules from the tables of a rule file, and the regimes of a chain from any file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sympy

from coopgame.errors import InputError
from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.domains import read_domain
from coopgame.reading.info import Info
from coopgame.reading.kinds import KINDS as FILE_KINDS
from coopgame.reading.section import Section, read_info
from coopgame.rules.estimates import Learning, estimate_rate
from coopgame.rules.inflation import Inflation
from coopgame.rules.macro import MacroRules, Regime

MAX_REGIMES = 12
# Beyond these a period or a rate says nothing of firms, and exp(-rate*years) cannot be written out.
LEAST_YEARS, MOST_YEARS = sympy.Rational(1, 1000), 1000
MOST_RATE = 100  # a year
KINDS = FILE_KINDS["rules"].keys


def read_rules(section: Section, name: str, digest: str) -> MacroRules:
    """The macro rules that a file's top section states; faults are noted in the section."""
    info = read_info(section, name, digest)
    stated = [kind for kind in KINDS if kind in section]
    if len(stated) != 1:
        found = " and ".join(stated) or "none of them"
        problem = f"exactly one of {', '.join(KINDS)} is needed, found {found}"
        section.fault("", problem, "keep or add one")
        return MacroRules(info)
    rules = replace(_READERS[stated[0]](section, info), inflation=_read_inflation(section))
    section.finish()
    return rules


def _read_period(section: Section, rules: MacroRules) -> MacroRules:
    years = section.number("years_per_period", default="1")
    if not LEAST_YEARS <= years <= MOST_YEARS:
        problem = "is not positive" if years <= 0 else "is no length of a period"
        mend = f"give a length in years, {LEAST_YEARS} to {MOST_YEARS}"
        section.fault("years_per_period", problem, mend)
        years = sympy.S.One
    rate = None
    if "annual_discount_rate" in section:
        rate = section.number("annual_discount_rate")
        if not 0 < rate <= MOST_RATE:
            problem = "is not positive" if rate <= 0 else f"is more than {MOST_RATE} a year"
            section.fault("annual_discount_rate", problem, "write 0.1 for 10 % a year")
            rate = None
    return replace(rules, years_per_period=years, discount_rate=rate)


def _read_hazard(section: Section, info: Info) -> MacroRules:
    hazard = section.number("hazard")
    per = section.choice("per", ("year", "period"))
    if not 0 <= hazard < 1:
        section.fault("hazard", f"{hazard} lies outside [0, 1)", "give a probability below 1")
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
    misdated = bool(section.faults)
    rules = replace(_read_period(section, MacroRules(info)), learning=_read_learning(section))
    if misdated:
        return rules
    learns = "learning" in section  # a fault in it is told there
    try:
        return replace(rules, estimate=estimate_rate(dates, window, learns), dates=tuple(dates))
    except InputError as error:
        section.adopt("events", error)
        return rules


def _read_learning(section: Section) -> Learning | None:
    if "learning" not in section:
        return None
    table = section.table("learning")
    events, years = table.number("events"), table.number("years")
    for key, value in (("events", events), ("years", years)):
        if value <= 0:
            table.fault(key, "is not positive", "write events = 1, years = 10 for one in ten years")
    view = table.choice("view", ("expected", "cautious"))
    table.finish()
    if events <= 0 or years <= 0:
        return None
    return Learning(events, years, view == "cautious")


def _read_inflation(section: Section) -> Inflation | None:
    if "inflation" not in section:
        return None
    table = section.table("inflation")
    rate = table.number("rate")
    parts = [table.number(key, default="0") for key in ("discounting", "noise")]
    for key, value in zip(("rate", "discounting", "noise"), (rate, *parts), strict=True):
        if value < 0:
            table.fault(key, "is negative", "rate = 1/2 stands for 50 % a year")
    if not table.faults and not any(parts):
        table.fault("", "does nothing", "state discounting, noise or both")
    if rate * max(parts) > MOST_RATE:
        problem = f"multiplies to more than {MOST_RATE} a year with discounting or noise"
        table.fault("rate", problem, "rate = 1/2 stands for 50 % a year")
        rate = sympy.S.Zero
    table.finish()
    return Inflation(rate, *parts)


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
        section.fault(
            "regimes", f"{problem}; found {', '.join(labels)}", "rename, add or drop some"
        )
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
            where = f", as at {at}" if at else ""
            entry.fault(key, f"{to_text(value)} leaves [0, 1]{where}", "bound its parameters")
