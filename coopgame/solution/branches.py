"""What a solution is made of: equilibria with conditions, and what is known of outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.errors import InputError, brief, fitting
from coopgame.language.deciding import evaluate
from coopgame.language.numerals import exact
from coopgame.language.printing import symbol
from coopgame.language.putting import put, put_in


@dataclass(frozen=True)
class Implicit:
    """A quantity tied to the parameters by `equation == 0` and by `conditions` on the variable.

    On its branch exactly one value of `variable` satisfies both. Signs are proved through it, so
    a quantity needs no closed form to have one.
    """

    variable: sympy.Symbol
    equation: sympy.Expr
    conditions: tuple[Boolean, ...] = ()


@dataclass(frozen=True)
class Extremum:
    """An outcome defined over the whole domain as the greatest or least element of a set.

    The set is `{variable : conditions}`; where it shrinks in a parameter, its greatest element
    falls and its least rises, jumps between branches included.
    """

    variable: sympy.Symbol
    conditions: tuple[Boolean, ...]
    greatest: bool


@dataclass(frozen=True)
class Critical:
    """A named critical value of one parameter, as an expression in the others.

    `region`, where a form gives it, are conditions that some value of their further symbols meets
    exactly on one side of the critical value; signs are then proved through it. `branches` are
    those that begin or end there, None where it is told of any headline.
    """

    name: str
    parameter: str
    expression: sympy.Expr
    meaning: str
    region: tuple[Boolean, ...] = ()
    branches: tuple[str, ...] | None = None

    def bounds(self, branch: str) -> bool:
        """Whether the critical value is the threshold of that branch."""
        return self.branches is None or branch in self.branches


@dataclass(frozen=True)
class Branch:
    """One equilibrium (strategies, payoffs, outcomes) and the conditions under which it is one.

    `kind` says how to read `strategies`: "mixed" (player -> action -> probability), "automaton",
    "level", "terms". `concept` is the equilibrium concept. At a point, values are numbers and
    `conditions` is empty. `implicit` ties outcomes to equations, where a form has them.
    `complement`, where a form gives it, are conditions that some value of their further symbols
    meets exactly where the branch does not hold.
    """

    name: str
    kind: str
    concept: str
    strategies: Mapping[str, Any]
    payoffs: Mapping[str, sympy.Expr]
    outcomes: Mapping[str, sympy.Expr]
    conditions: tuple[Boolean, ...] = ()
    implicit: Mapping[str, Implicit] = field(default_factory=dict)
    note: str = ""
    complement: tuple[Boolean, ...] = ()

    @fitting
    def holds_at(self, values: Mapping[str, sympy.Expr]) -> bool:
        """Whether all its conditions hold where every parameter has a value.

        Raises InputError where a parameter of a condition has none, or what is given is no number.
        """
        if not isinstance(values, Mapping):
            raise InputError(f"{brief(values)} are no values", 'as in {"delta": "9/10", "h": 0}')
        at = {
            symbol(str(name)): value if isinstance(value, sympy.Expr) else exact(value)
            for name, value in values.items()
        }
        lacking = {str(s) for c in self.conditions for s in c.free_symbols - at.keys()}
        if lacking:
            raise InputError(f"no value is given for {', '.join(sorted(lacking))}", "add it")
        return all(bool(evaluate(condition, at)) for condition in self.conditions)

    def told(self, way: Callable[[sympy.Expr], sympy.Expr]) -> Branch:
        """The branch with each expression of its strategies, payoffs and outcomes told that way."""
        parts = (self.strategies, self.payoffs, self.outcomes)
        strategies, payoffs, outcomes = put_in(parts, {}, lambda value, _: way(value))
        return replace(self, strategies=strategies, payoffs=payoffs, outcomes=outcomes)

    def substitute(self, at: Mapping[sympy.Symbol, sympy.Expr]) -> Branch:
        """The branch with expressions substituted for symbols everywhere."""
        ties = {name: put_in(tie, at, put, "variable") for name, tie in self.implicit.items()}
        return replace(put_in(replace(self, implicit={}), at, put), implicit=ties)


@dataclass(frozen=True)
class Component:
    """A connected set of equilibria that is more than one point, and where it appears.

    `conditions` are an equation between parameters (none where the game is degenerate on an open
    part of the domain), strict inequalities, and the piece of the payoffs, if these have several;
    on a border, what is given for it replaces the components
    without an equation that it contains. `extremes` are its extreme equilibria. Each of `subsets`
    names some of them: where every player plays a mixture of her strategies in these, that is an
    equilibrium too, and there are no others (maximal Nash subsets; Millham 1974).
    """

    conditions: tuple[Boolean, ...]
    extremes: tuple[Branch, ...]
    subsets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Provenance:
    """How an answer was obtained: the method, whether it is exact, and what was left open.

    `left_out` names the equilibria that the list lacks, or may lack; whatever shows branches
    (texts, tables, figures, pages) says it too. `notes` hold what else a reader should know, and
    `late` is how many candidates time ran out for.
    """

    method: str
    exact: bool = True
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    late: int = 0

    @property
    def complete(self) -> bool:
        """Whether the list is exact and lacks nothing: what alone may be called exact outright."""
        return self.exact and not self.left_out

    @property
    def told(self) -> tuple[str, ...]:
        """All that is said below an answer, what it lacks first."""
        return tuple(dict.fromkeys((*self.left_out, *self.notes)))
