"""What is asked of a table, and what it takes to evaluate it: a solution compiled for a plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.comparative.scenario import bound, told, under
from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol, to_text
from coopgame.language.putting import put
from coopgame.rules.macro import MacroRules
from coopgame.solution import Point, Solution
from coopgame.tables.choosing import chosen
from coopgame.tables.compiled import Compiled, WantedBranch, compile_for
from coopgame.tables.draws import Draws
from coopgame.tables.measures import column, column_names
from coopgame.tables.plans import Plan, read_plan


@dataclass(frozen=True)
class Request:
    """What a table should show; see `coopgame.tables.sweep.table` for what each part may be."""

    vary: Mapping[str, Any]
    set: Mapping[str, Any] = field(default_factory=dict)
    outcomes: Collection[str] | None = None
    rules: tuple[MacroRules, ...] = ()
    select: str = "all"
    draws: Draws | None = None


@dataclass(frozen=True, eq=False)
class Task:
    """One panel of a table, ready to be evaluated.

    `compiled` and `plan` are plain data: pickled, they let any process evaluate any rows with
    `coopgame.tables.evaluator.evaluate(compiled, plan, start, stop)`. `solution` is for certifying,
    and with `select` for points that are solved one by one.
    """

    rules: str | None
    fixed: Point
    plan: Plan
    outcomes: tuple[str, ...]
    compiled: Compiled
    solution: Solution
    select: str = "all"


def prepare(game: Game, request: Request) -> tuple[Task, ...]:
    """The tasks of a request: one, or one under each of its macro rules.

    Raises InputError as `coopgame.tables.sweep.table` does, but for a plan all outside the domain.
    """
    solution = game.solve()
    found = []
    for rules in request.rules or (None,):
        facing = under(game, rules)
        own = told(solution if facing is game else facing.solve(), game, rules)
        values = bound(facing, request.set, rules) if rules else request.set
        found.append((rules, facing, own, values))
    names = column_names([own for _, _, own, _ in found], request.outcomes)
    return tuple(_task(own, facing, values, names, request, rules)
                 for rules, facing, own, values in found)  # fmt: skip


def _task(
    solution: Solution,
    game: Game,
    values: Mapping[str, Any],
    names: tuple[str, ...],
    request: Request,
    rules: MacroRules | None,
) -> Task:
    plan, rest = read_plan(solution.domain, request.vary, values, request.draws)
    selected = chosen(game, solution, request.select)
    compiled = compiled_for(solution, plan, rest, names, selected)
    label = rules.info.name if rules else None
    fixed = {**solution.point, **rest}
    return Task(label, fixed, plan, names, compiled, solution, request.select)


def compiled_for(
    solution: Solution,
    plan: Plan,
    rest: Point,
    outcomes: Sequence[str],
    selected: Mapping[str, Boolean] | None = None,
) -> Compiled:
    """The solution compiled for a plan, with all other parameters put in.

    A branch is selected wherever it exists, unless `selected` says where.
    """
    at = {symbol(name): value for name, value in rest.items()}
    wanted = []
    for branch in solution.branches:
        own = {name: column(branch, name) for name in outcomes}
        columns = {n: put(e, at) for n, e in own.items() if e is not None}
        exists = tuple(put(condition, at) for condition in branch.conditions)
        kept = put((selected or {}).get(branch.name, sympy.true), at)
        wanted.append(WantedBranch(branch.name, exists, kept, columns))
    domain = assumptions(solution.domain, at)
    return compile_for(plan.names, plan.outer, domain, wanted, positive(solution.domain))


def positive(domain: Domain) -> list[str]:
    """The parameters that are nowhere negative."""
    return [p.name for p in domain.parameters if p.interval.lower >= 0]


def assumptions(domain: Domain, at: Mapping[sympy.Symbol, sympy.Expr]) -> list[Boolean]:
    """What binds the varied parameters together; their intervals hold already."""
    left = [constraint.subs(at) for constraint in domain.constraints]
    broken = [c for c, now in zip(domain.constraints, left, strict=True) if now == False]  # noqa: E712
    if broken:
        raise InputError(f"{to_text(broken[0])} does not hold", "set other values")
    intervals = {c for p in domain.parameters for c in p.interval.conditions(p.symbol)}
    return [now for c, now in zip(domain.constraints, left, strict=True) if c not in intervals]
