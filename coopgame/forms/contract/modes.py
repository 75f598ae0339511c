"""The modes of a contract and their terms, and how a game file states them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sympy

from coopgame.errors import InputError
from coopgame.forms.base import Header
from coopgame.forms.checking import check_defined
from coopgame.forms.contract.limits import Limit, Programme
from coopgame.forms.vocabulary import Vocabulary
from coopgame.language.comparisons import gap
from coopgame.language.grammar import name_problem
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.reading.section import Section

MAX_TERMS = 4
MAX_CONSTRAINTS = 10
MAX_MODES = 8


@dataclass(frozen=True)
class Term:
    """A continuous quantity that the contract fixes: a wage, a share, how closely to watch."""

    name: str
    meaning: str
    unit: str
    interval: Interval

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The bounds of the interval, as constraints `<name>_min` and `<name>_max`."""
        variable, found = symbol(self.name), []
        if self.interval.lower.is_finite:
            below = variable - self.interval.lower
            found.append(Limit(f"{self.name}_min", below, self.interval.lower_open))
        if self.interval.upper.is_finite:
            above = self.interval.upper - variable
            found.append(Limit(f"{self.name}_max", above, self.interval.upper_open))
        return tuple(found)


@dataclass(frozen=True)
class Mode:
    """One way to arrange the transaction: what it is worth to the chooser, and its constraints."""

    name: str
    terms: tuple[Term, ...]
    objective: sympy.Expr
    constraints: tuple[Limit, ...]
    payoffs: Mapping[str, sympy.Expr]
    outcomes: Mapping[str, sympy.Expr]

    def programme(self, domain: Domain) -> Programme:
        """The choice of this mode's terms as a programme."""
        limits = (*self.constraints, *(limit for term in self.terms for limit in term.limits))
        variables = tuple(symbol(term.name) for term in self.terms)
        return Programme(self.name, variables, self.objective, limits, domain)


def read_modes(
    section: Section, header: Header, chooser: str, vocabulary: Vocabulary
) -> tuple[Mode, ...]:
    """The modes of a file, in its order; every fault is noted in the section."""
    terms = _read_terms(section.table("terms", required=False), header.domain)
    table = section.table("modes")
    if not 0 < len(table.keys()) <= MAX_MODES and "modes" in section:
        table.fault("", f"1 to {MAX_MODES} modes are needed", "write [modes.<name>]")
    reader = _ModeReader(header.domain, terms, vocabulary, chooser)
    modes = tuple(reader.mode(table.table(name), name) for name in table.keys()[:MAX_MODES])
    used = {term.name for mode in modes for term in mode.terms}
    for name in terms:
        if name not in used:
            section.table("terms").fault(name, "no mode uses this term", "list it under a mode")
    return modes


def _read_terms(table: Section, domain: Domain) -> dict[str, Term]:
    terms: dict[str, Term] = {}
    for name in table:
        entry = table.table(name)
        problem = name_problem(name)
        if problem:
            entry.refuse(name, problem, at="")
        elif name in domain.names or name == "mode":
            entry.fault("", "is already the name of something", "choose another name")
        term = _read_term(entry, name)
        if term is not None:
            terms[name] = term
    return terms


def _read_term(entry: Section, name: str) -> Term | None:
    meaning, unit, written = (entry.text(key) for key in ("meaning", "unit", "domain"))
    entry.finish()
    try:
        interval = Interval.parse(written)
    except InputError as error:
        if written:
            entry.adopt("domain", error)
        return None
    if interval.integer:
        entry.fault("domain", "terms are continuous", "leave out 'integers'")
    return Term(name, meaning, unit, interval)


@dataclass(frozen=True)
class _ModeReader:
    """Reads one mode after another, given what the file has stated so far."""

    domain: Domain
    terms: Mapping[str, Term]
    vocabulary: Vocabulary
    chooser: str

    def mode(self, section: Section, name: str) -> Mode:
        problem = name_problem(name)
        if problem:
            section.fault("", problem, "choose another name")
        terms = self._terms_of(section)
        known = self.vocabulary.with_names(term.name for term in terms)
        extended = self._extended(terms)
        mode = Mode(
            name=name,
            terms=terms,
            objective=known.expression(section, "objective"),
            constraints=self._constraints(section.table("constraints", False), known),
            payoffs=known.expressions(section.table("payoffs", False)),
            outcomes=known.expressions(section.table("outcomes", False)),
        )
        if self.chooser in mode.payoffs:
            section.fault(f"payoffs.{self.chooser}", "is the objective", "leave it out")
        section.finish()
        self._check(section, mode, extended)
        return mode

    def _terms_of(self, section: Section) -> tuple[Term, ...]:
        named = section.strings("terms", default=())
        for i, name in enumerate(named):
            if name not in self.terms:
                known = ", ".join(self.terms) or "none"
                section.fault(f"terms[{i}]", f"unknown term {name!r}", f"[terms] has: {known}")
        found = tuple(self.terms[name] for name in dict.fromkeys(named) if name in self.terms)
        if len(found) > MAX_TERMS:
            section.fault("terms", f"more than {MAX_TERMS} terms", "fix some as parameters")
        return found[:MAX_TERMS]

    def _extended(self, terms: Iterable[Term]) -> Domain:
        """The domain with the terms as further parameters, to see where expressions are defined."""
        return self.domain.extend(
            Parameter(t.name, t.meaning, t.unit, t.interval, sympy.S.Zero, "") for t in terms
        )

    def _constraints(self, table: Section, known: Vocabulary) -> tuple[Limit, ...]:
        if len(table.keys()) > MAX_CONSTRAINTS:
            table.fault("", f"more than {MAX_CONSTRAINTS} constraints", "join or drop some")
        found = []
        for name in table.keys()[:MAX_CONSTRAINTS]:
            condition = known.condition(table, name)
            if isinstance(condition, sympy.Gt | sympy.Ge | sympy.Lt | sympy.Le | sympy.Eq):
                strict = isinstance(condition, sympy.Gt | sympy.Lt)
                found.append(Limit(name, gap(condition), strict, isinstance(condition, sympy.Eq)))
            elif condition != sympy.true:
                table.fault(name, "is not one comparison", "write one such as 'w >= e'")
        return tuple(found)

    def _check(self, section: Section, mode: Mode, extended: Domain) -> None:
        if section.faults:
            return
        variables = [symbol(term.name) for term in mode.terms]
        stated = {"objective": mode.objective}
        stated |= {f"constraints.{limit.name}": limit.gap for limit in mode.constraints}
        for key, expression in stated.items():
            if variables and not expression.is_rational_function(*variables):
                section.fault(key, "is not rational in the terms", "use + - * / and powers only")
        stated |= {f"payoffs.{name}": value for name, value in mode.payoffs.items()}
        stated |= {f"outcomes.{name}": value for name, value in mode.outcomes.items()}
        for key, expression in stated.items():
            check_defined(section, key, expression, extended)
