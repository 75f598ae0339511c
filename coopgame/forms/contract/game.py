"""Contracts: one party chooses a mode and its terms, subject to what the others will stand for.

    chooser = "principal"
    patience = "D"                       # what a next period weighs, if the future has weight
    [definitions]                        # shorthands, if any
    [terms]
    w = { meaning = "wage", unit = "money per period", domain = "[0, oo)" }
    [modes.employ]
    terms = ["w"]
    objective = "y - w"
    [modes.employ.constraints]
    participation = "w >= e + u"
    [modes.employ.payoffs]               # of the other parties
    agent = "w - e"
    [modes.employ.outcomes]
    rent = "w - e - u"
    [modes.abstain]
    objective = "0"

A constraint without terms says when its mode is open at all (that a relation enforces itself).
Solved by enumerating active constraints (`forms.contract.candidates`) and comparing modes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.cache import remembered
from coopgame.forms.base import Header, assemble, playable, substituted
from coopgame.forms.contract.comparison import best_where, infeasible_where, unbounded_where
from coopgame.forms.contract.derive import ModeChoice, argument
from coopgame.forms.contract.limits import Optimum, StationaryTerms
from coopgame.forms.contract.modes import Mode, read_modes
from coopgame.forms.contract.naming import recognised
from coopgame.forms.contract.programme import listed, optimise
from coopgame.forms.contract.readable import brief
from coopgame.forms.contract.unlisted import Gaps, gaps_of, remarks
from coopgame.forms.contract.verification import broken, is_approached, is_unbounded, shortfall
from coopgame.forms.derivation import Derivation
from coopgame.forms.vocabulary import read_vocabulary
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol, to_text
from coopgame.language.putting import put_in
from coopgame.reading.section import Section
from coopgame.solution import Branch, Point, Provenance, Solution

INFEASIBLE = "infeasible"
UNBOUNDED = "unbounded"
UNATTAINED = "unattained"

Named = tuple[StationaryTerms, str]


@playable
@dataclass(frozen=True)
class Contract:
    """The choice among `modes` by `chooser`, who takes the highest objective.

    `patience` is what a next period weighs in the constraints, None where the file does not say.
    `origin` is the game of the file, where this one has values put for some of its parameters:
    equilibria are called there what they are called in it.
    """

    header: Header
    chooser: str
    modes: tuple[Mode, ...]
    patience: sympy.Expr | None = None
    origin: Contract | None = None
    fixed: Mapping[str, sympy.Rational] = field(default_factory=dict)

    @property
    def players(self) -> dict[str, tuple[str, ...]]:
        """Who chooses, with the modes, and the others that a mode pays."""
        return {
            self.chooser: tuple(mode.name for mode in self.modes),
            **{name: () for mode in self.modes for name in mode.payoffs if name != self.chooser},
        }

    @remembered()
    def solve(self) -> Solution:
        """Every best mode with its terms and exact conditions.

        Branches named `infeasible`, `<mode>_unbounded` and `<mode>_unattained` say where there is
        no best contract.
        """
        optima = self._optima()
        branches = [*self._best(optima), *self._without_best(optima)]
        gaps = gaps_of(self.chooser, optima, branches, self.header.domain)
        told = self._provenance(optima, gaps)
        solution = assemble(self, gaps.branches, told, written=True)
        return replace(solution, partial=gaps.where)

    def substitute(self, values: Mapping[str, sympy.Rational]) -> Self:
        """The same game with some parameters fixed."""
        fixed = {**self.fixed, **values}
        return substituted(self, values, origin=self.origin or self, fixed=fixed)

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """What the best feasible mode and terms would add at a point, or by how much a constraint
        is broken: decided by Z3 over the primitives, without the solver's first-order conditions.
        """
        at = {symbol(name): value for name, value in point.items()}
        programmes = {m.name: put_in(m, at).programme(Domain()) for m in self.modes}
        chosen = equilibrium.strategies["mode"]
        if equilibrium.name == f"{chosen}_{UNBOUNDED}":
            return sympy.S.Zero if is_unbounded(programmes[chosen]) else sympy.oo
        value, missed = -sympy.oo, sympy.S.Zero
        if equilibrium.name.startswith(f"{chosen}_{UNATTAINED}"):
            value = equilibrium.outcomes["approached"]
            missed = sympy.S.Zero if is_approached(programmes[chosen], value) else sympy.oo
        elif chosen in programmes:
            terms = {symbol(t): v for t, v in equilibrium.strategies.items() if t != "mode"}
            value = programmes[chosen].objective.subs(terms)
            missed = broken(programmes[chosen], terms)
        return sympy.Max(missed, *(shortfall(p, value) for p in programmes.values()))

    def derivation(self, equilibrium: Branch) -> Derivation:
        """The argument that a mode and its terms are the best where the branch holds."""
        optima = self._optima()
        mode = equilibrium.strategies["mode"]
        own = next((o for o in optima if o.programme.name == mode), optima[0])
        names = {name: candidate for candidate, name in self._named(own)}
        terms = {term.name for each in self.modes for term in each.terms}
        taken = {*self.header.domain.names, *terms}
        return argument(ModeChoice(optima, own, names.get(equilibrium.name), taken), equilibrium)

    def describe(self) -> list[tuple[str, str]]:
        """Who chooses, the terms, and each mode: objective, constraints, payoffs, outcomes."""
        terms = {term.name: term for mode in self.modes for term in mode.terms}
        shown = [
            (f"term {t.name}", f"{t.meaning} ({t.unit}), {t.interval}") for t in terms.values()
        ]
        modes = [(f"mode {mode.name}", _shown(mode)) for mode in self.modes]
        return [("chooser", self.chooser), *shown, *modes]

    def _optima(self) -> list[Optimum]:
        return [optimise(mode.programme(self.header.domain)) for mode in self.modes]

    def _named(self, optimum: Optimum) -> list[Named]:
        """The candidates of a mode with their names."""
        origin = self.origin or self
        name, domain = optimum.programme.name, origin.header.domain
        mode = next(mode for mode in origin.modes if mode.name == name)
        values = {symbol(parameter): value for parameter, value in self.fixed.items()}
        known, _ = listed(mode.programme(domain))
        return recognised(optimum, known, domain, values)

    def _best(self, optima: Sequence[Optimum]) -> Iterator[Branch]:
        domain = self.header.domain
        for mode, optimum in zip(self.modes, optima, strict=True):
            approached: list[tuple[StationaryTerms, tuple[Boolean, ...]]] = []
            for candidate, name in self._named(optimum):
                conditions = best_where(candidate, optimum, optima, domain)
                if sympy.false in conditions:
                    continue
                if candidate.reached:
                    yield self._branch(name, mode, candidate, conditions)
                else:
                    approached.append((candidate, conditions))
            for i, (candidate, conditions) in enumerate(approached):
                number = f"_{i + 1}" * (len(approached) > 1)
                yield _unattained(f"{mode.name}_{UNATTAINED}{number}", candidate, conditions)

    def _branch(
        self, name: str, mode: Mode, candidate: StationaryTerms, conditions: tuple[Boolean, ...]
    ) -> Branch:
        terms, domain = candidate.terms, self.header.domain
        region = [*domain.constraints, *conditions]

        def put(expressions: Mapping[str, sympy.Expr]) -> dict[str, sympy.Expr]:
            return {key: brief(e.subs(terms), region, domain) for key, e in expressions.items()}

        named = {variable.name: value for variable, value in terms.items()}
        return Branch(
            name=name,
            kind="terms",
            concept="optimal contract",
            strategies={"mode": mode.name, **named},
            payoffs={self.chooser: candidate.value, **put(mode.payoffs)},
            outcomes={**named, "value": candidate.value, **put(mode.outcomes)},
            conditions=conditions,
            note=f"binding: {', '.join(candidate.active)}" if candidate.active else "",
        )

    def _without_best(self, optima: Sequence[Optimum]) -> Iterator[Branch]:
        domain = self.header.domain
        for optimum in optima:
            mode, conditions = optimum.programme.name, unbounded_where(optimum, domain)
            if conditions is not None:
                note = "feasible, and its objective grows without bound: there is no best contract"
                yield _empty(f"{mode}_{UNBOUNDED}", mode, conditions, note)
        conditions = infeasible_where(optima, domain)
        if conditions is not None:
            yield _empty(INFEASIBLE, "none", conditions, "no mode has terms that meet all limits")

    def _provenance(self, optima: Sequence[Optimum], gaps: Gaps) -> Provenance:
        notes = [n for optimum in optima for n in remarks(self.chooser, optimum, gaps.branches)]
        method = "active constraints (Karush, Kuhn, Tucker); modes compared by value"
        exact = all(c.exact for o in optima for c in o.candidates)
        exact = exact and not any(o.unsolved for o in optima)
        return Provenance(method, exact, tuple(notes), gaps.notes)


def _empty(name: str, mode: str, conditions: tuple[Boolean, ...], note: str) -> Branch:
    none: dict[str, Any] = {}
    return Branch(name, "terms", "no optimum", {"mode": mode}, none, none, conditions, note=note)


def _unattained(name: str, candidate: StationaryTerms, conditions: tuple[Boolean, ...]) -> Branch:
    note = f"open at {', '.join(candidate.active)}: its value is approached and never reached"
    mode, outcomes = {"mode": candidate.programme}, {"approached": candidate.value}
    return Branch(name, "terms", "no optimum", mode, {}, outcomes, conditions, note=note)


def _shown(mode: Mode) -> str:
    limits = [f"{limit.name}: {to_text(limit.condition)}" for limit in mode.constraints]
    earned = [f"payoff of {who}: {to_text(value)}" for who, value in mode.payoffs.items()]
    told = [f"{name} = {to_text(value)}" for name, value in mode.outcomes.items()]
    return "\n".join([f"objective: {to_text(mode.objective)}", *limits, *earned, *told])


def read(section: Section, header: Header) -> Contract:
    """The keys `chooser`, `patience`, `[definitions]`, `[terms]` and `[modes]` of a game file."""
    chooser = section.text("chooser")
    known = read_vocabulary(section, header.domain.names)
    patience = known.expression(section, "patience") if "patience" in section else None
    return Contract(header, chooser, read_modes(section, header, chooser, known), patience)
