"""Contracts: one party chooses a mode and its terms, subject to what the others will stand for.

    chooser = "principal"
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
Solved by enumerating active constraints (`methods.contract.programme`) and comparing modes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.simplify import neat
from coopgame.derivation import Derivation
from coopgame.forms.base import Header, assemble
from coopgame.gamefile import Section
from coopgame.methods.contract.argument import Choice, argument
from coopgame.methods.contract.comparison import (
    best_where,
    infeasible_where,
    is_best,
    unbounded_where,
)
from coopgame.methods.contract.modes import Mode, read_modes
from coopgame.methods.contract.programme import Candidate, Limit, Optimum, optimise
from coopgame.methods.contract.verification import is_unbounded, shortfall
from coopgame.parameters import Domain
from coopgame.printing import symbol, to_text
from coopgame.proofs import Verdict, implies
from coopgame.showing import as_html, as_latex, as_text
from coopgame.solution import Branch, Point, Provenance, Solution

INFEASIBLE = "infeasible"
UNBOUNDED = "unbounded"


@dataclass(frozen=True)
class Contract:
    """The choice among `modes` by `chooser`, who takes the highest objective."""

    header: Header
    chooser: str
    modes: tuple[Mode, ...]

    _repr_html_, _repr_latex_, __str__ = as_html, as_latex, as_text

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.header.info.name}>"

    def solve(self) -> Solution:
        """Every best mode with its terms and exact conditions.

        Branches named `infeasible` and `<mode>_unbounded` say where there is no best contract.
        """
        domain = self.header.domain
        optima = [optimise(mode.programme(domain)) for mode in self.modes]
        branches = [*self._best(optima), *self._without_best(optima)]
        return assemble(self, branches, self._provenance(optima, branches))

    def substitute(self, values: Mapping[str, sympy.Rational]) -> Self:
        """The same game with some parameters fixed."""
        at = {symbol(name): value for name, value in values.items()}
        header = replace(self.header, domain=self.header.domain.substitute(values))
        return replace(self, header=header, modes=tuple(m.substitute(at) for m in self.modes))

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """What the best feasible mode and terms would add at a point, or by how much a constraint
        is broken: decided by Z3 over the primitives, without the solver's first-order conditions.
        """
        at = {symbol(name): value for name, value in point.items()}
        programmes = {m.name: m.substitute(at).programme(Domain()) for m in self.modes}
        chosen = equilibrium.strategies["mode"]
        if equilibrium.name == f"{chosen}_{UNBOUNDED}":
            return sympy.S.Zero if is_unbounded(programmes[chosen]) else sympy.oo
        value, broken = -sympy.oo, sympy.S.Zero
        if chosen in programmes:
            terms = {symbol(t): v for t, v in equilibrium.strategies.items() if t != "mode"}
            value = programmes[chosen].objective.subs(terms)
            broken = max(
                (shortfall_of(limit, terms) for limit in programmes[chosen].limits), default=broken
            )
        return sympy.Max(broken, *(shortfall(p, value) for p in programmes.values()))

    def derivation(self, equilibrium: Branch) -> Derivation:
        """The argument that a mode and its terms are the best where the branch holds."""
        domain, mode = self.header.domain, equilibrium.strategies["mode"]
        optima = [optimise(each.programme(domain)) for each in self.modes]
        own = next((o for o in optima if o.programme.name == mode), optima[0])
        named = {_name(c, len(own.candidates)): c for c in own.candidates}
        terms = {term.name for each in self.modes for term in each.terms}
        taken = {*domain.names, *terms}
        return argument(Choice(optima, own, named.get(equilibrium.name), taken), equilibrium)

    def describe(self) -> list[tuple[str, str]]:
        """Who chooses, the terms, and each mode's objective and constraints."""
        terms = {term.name: term for mode in self.modes for term in mode.terms}
        shown = [
            (f"term {t.name}", f"{t.meaning} ({t.unit}), {t.interval}") for t in terms.values()
        ]
        modes = [(f"mode {mode.name}", _shown(mode)) for mode in self.modes]
        return [("chooser", self.chooser), *shown, *modes]

    def _best(self, optima: Sequence[Optimum]) -> Iterator[Branch]:
        for mode, optimum in zip(self.modes, optima, strict=True):
            for candidate in optimum.candidates:
                conditions = best_where(candidate, optimum, optima, self.header.domain)
                if sympy.false not in conditions:
                    name = _name(candidate, len(optimum.candidates))
                    yield self._branch(name, mode, candidate, conditions)

    def _branch(
        self, name: str, mode: Mode, candidate: Candidate, conditions: tuple[Boolean, ...]
    ) -> Branch:
        terms, domain = candidate.terms, self.header.domain

        def put(expressions: Mapping[str, sympy.Expr]) -> dict[str, sympy.Expr]:
            return {key: neat(e.subs(terms), domain) for key, e in expressions.items()}

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

    def _provenance(self, optima: Sequence[Optimum], branches: Sequence[Branch]) -> Provenance:
        domain = self.header.domain
        notes = [note for optimum in optima for note in self._open_questions(optimum, branches)]
        some = sympy.Or(*(sympy.And(*branch.conditions) for branch in branches))
        covered = implies(domain.constraints, some, domain.integers)
        if covered.verdict is not Verdict.PROVED:
            notes.append(f"that some branch holds everywhere is {covered.verdict.value}")
        method = "active constraints (Karush, Kuhn, Tucker); modes compared by value"
        return Provenance(method, not any(o.unsolved for o in optima), tuple(notes))

    def _open_questions(self, optimum: Optimum, branches: Sequence[Branch]) -> Iterator[str]:
        name = optimum.programme.name
        if not optimum.candidates and optimum.attained:
            yield f"{name}: infeasible at every point of the domain (proved)"
        for active in optimum.unsolved:
            yield f"{name}: no closed form with {', '.join(active)} binding"
        for branch in branches:
            if branch.strategies["mode"] == name and not optimum.sufficient and branch.payoffs:
                best = is_best(optimum.programme, branch.payoffs[self.chooser], branch.conditions)
                if best is not Verdict.PROVED:
                    yield f"{branch.name}: not concave; that no other terms are better is {best}"


def shortfall_of(limit: Limit, terms: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    """By how much a constraint is broken, zero if it is met."""
    gap = sympy.N(limit.gap.subs(terms), 50)
    return abs(gap) if limit.exact else sympy.Max(-gap, 0)


def _name(candidate: Candidate, of: int) -> str:
    binding = "_".join(candidate.active) or "interior"
    return candidate.programme if of == 1 else f"{candidate.programme}_{binding}"


def _empty(name: str, mode: str, conditions: tuple[Boolean, ...], note: str) -> Branch:
    none: dict[str, Any] = {}
    return Branch(name, "terms", "no optimum", {"mode": mode}, none, none, conditions, note=note)


def _shown(mode: Mode) -> str:
    limits = [f"{limit.name}: {to_text(limit.condition)}" for limit in mode.constraints]
    return "\n".join([f"objective: {to_text(mode.objective)}", *limits])


def read(section: Section, header: Header) -> Contract:
    """The keys `chooser`, `[definitions]`, `[terms]` and `[modes]` of a game file."""
    chooser = section.text("chooser")
    return Contract(header, chooser, read_modes(section, header, chooser))
