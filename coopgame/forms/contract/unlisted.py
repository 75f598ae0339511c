"""What a contract in symbols leaves out: unsolved programmes, unproved optima, uncovered points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.forms.contract.comparison import is_best, others_as_good
from coopgame.forms.contract.limits import Optimum
from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.proofs.opposites import fails
from coopgame.proofs.questions import Existence, Verdict, feasible
from coopgame.solution import Branch


@dataclass(frozen=True)
class Gaps:
    """What is left out in words, and the condition under which a point may lack equilibria.

    `branches` are those of a list that nothing is known against.
    """

    notes: tuple[str, ...]
    where: Boolean
    branches: tuple[Branch, ...]


def gaps_of(
    chooser: str, optima: Sequence[Optimum], branches: Sequence[Branch], domain: Domain
) -> Gaps:
    """The gaps of a list of branches: anywhere if an optimum is in doubt, else where none holds."""
    left, kept = [note for optimum in optima for note in _unsolved(optimum)], []
    for branch in branches:
        notes, refuted = _unproved(chooser, branch, optima)
        left += notes
        if not refuted:
            kept.append(branch)
    none = sympy.And(*(sympy.Or(*fails(sympy.And(*b.conditions), poles=True)) for b in kept))
    uncovered = feasible([*domain.constraints, none], domain.integers)
    if uncovered.exists is False:
        return Gaps(tuple(left), sympy.true if left else sympy.false, tuple(kept))
    where = sympy.true if left else none
    return Gaps((*left, _uncovered(uncovered)), where, tuple(kept))


def _unsolved(optimum: Optimum) -> Iterator[str]:
    if optimum.unsolved:
        sets = "; ".join(", ".join(active) or "nothing" for active in optimum.unsolved[:5])
        more = f" and {len(optimum.unsolved) - 5} more" if len(optimum.unsolved) > 5 else ""
        name = optimum.programme.name
        yield f"{name}: no closed form was found with binding: {sets}{more}"


def _unproved(chooser: str, branch: Branch, optima: Sequence[Optimum]) -> tuple[list[str], bool]:
    """In words why a branch may be none of the best, and whether it is shown not to be somewhere.

    Where its mode or another one may have terms that no candidate stands for, these are asked for.
    """
    notes: list[str] = []
    for optimum in optima:
        known = optimum.sufficient and (optimum.attained or optimum.unbounded is not None)
        if known or not branch.payoffs:
            continue
        mode = optimum.programme.name
        best = is_best(optimum.programme, branch.payoffs[chooser], branch.conditions)
        if best is Verdict.REFUTED:
            beaten = f"at points where it would hold {mode} has better terms, which are not listed"
            return [f"{branch.name} is left out: {beaten}"], True
        if best is not Verdict.PROVED:
            notes.append(f"{branch.name}: that no other terms of {mode} are better is {best}")
    return notes, False


def remarks(chooser: str, optimum: Optimum, branches: Sequence[Branch]) -> Iterator[str]:
    """What to know of a mode's terms: that they are rounded, or that others are as good."""
    name = optimum.programme.name
    if optimum.possible == sympy.false:
        yield f"{name}: infeasible at every point of the domain (proved)"
    if not all(candidate.exact for candidate in optimum.candidates):
        yield f"{name}: no closed form; its terms are rounded to 40 digits"
    for branch in branches:
        if branch.strategies["mode"] != name or not branch.payoffs:
            continue
        others = others_as_good(optimum, branch.payoffs[chooser], branch.conditions)
        if others.exists:
            yield f"{branch.name}: {_elsewhere(others)}, and not listed"
        elif others.exists is None:
            yield f"{branch.name}: whether other terms can be worth as much is undecided"


def _uncovered(found: Existence) -> str:
    """The note that some points may have no branch: what is right there is found with values."""
    if found.exists is None:
        return "whether some equilibrium exists everywhere is undecided"
    if not found.witness:
        return "whether there is a best contract was not found out"
    at = _values(found.witness)
    return f"at some points no equilibrium is listed{at}: these are solved at given values only"


def _elsewhere(others: Existence) -> str:
    return f"other terms can be worth as much{_values(others.witness or {})}"


def _values(witness: Mapping[sympy.Symbol, sympy.Expr]) -> str:
    shown = ", ".join(f"{s.name} = {to_text(v)}" for s, v in witness.items())
    return f" (as at {shown})" if shown else ""
