"""Comparative statics: which way every outcome moves in every parameter, proved or refuted.

Three kinds of row, told apart by `outcome` and `branch`:

- an outcome on a branch: the sign of its derivative (for an integer parameter, of its forward
  difference) wherever the branch holds;
- an outcome over `ALL` branches, where the solution defines it as the greatest or least element
  of a set: proved by the set's growing or shrinking, jumps between branches included;
- `EXISTS` on a branch: whether the region in which the branch is an equilibrium grows ("+") or
  shrinks ("-") as the parameter rises.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.conditions import tidy
from coopgame.errors import InputError, unknown
from coopgame.expressions import parse_condition
from coopgame.forms.base import Game, leaders
from coopgame.growth import TURNED, existence_sign, region_sign, set_sign
from coopgame.info import Info
from coopgame.parameters import Domain, Parameter
from coopgame.proofs import (
    QUICK,
    Sign,
    Verdict,
    Witness,
    feasible,
    holds,
    sign,
)
from coopgame.showing import as_html, as_latex, as_text
from coopgame.solution import Branch, Critical, Extremum, Implicit, Solution

ALL = "all"
EXISTS = "exists"
CRITICAL = "critical "


@dataclass(frozen=True)
class SignRow:
    """How one outcome moves in one parameter.

    `sign` is "+" (nowhere falls, somewhere rises), "-", "0" or "?"; `strict` says that it moves
    everywhere. A refuted "?" has a witness for each direction, and `rises_where` the exact
    condition that settles it, where there is one. In a witness about a region (`EXISTS`, `ALL`)
    the name with an apostrophe is the parameter's second value.
    """

    outcome: str
    branch: str
    parameter: str
    sign: str
    strict: bool
    verdict: Verdict
    witnesses: tuple[Mapping[str, sympy.Rational], ...] = ()
    rises_where: Boolean | None = None


@dataclass(frozen=True)
class Statics:
    """The table of signs of a game; `assumed` are the assumptions added to its domain."""

    info: Info
    rows: tuple[SignRow, ...]
    assumed: tuple[Boolean, ...] = ()

    _repr_html_, _repr_latex_, __str__ = as_html, as_latex, as_text

    def __repr__(self) -> str:
        return f"<Statics of {self.game}: {len(self.rows)} signs>"

    @property
    def game(self) -> str:
        """The name of the game."""
        return self.info.name

    def row(self, outcome: str, parameter: str, branch: str = ALL) -> SignRow:
        """The row of one outcome, parameter and branch."""
        for row in self.rows:
            if (row.outcome, row.parameter, row.branch) == (outcome, parameter, branch):
                return row
        raise InputError(f"no row for {outcome!r} in {parameter!r} on {branch!r}")


def statics(
    game: Game,
    outcomes: Collection[str] = (),
    branches: Collection[str] = (),
    assume: Iterable[str] = (),
    progress: Callable[[str], None] | None = None,
) -> Statics:
    """The signs of a game's outcomes in all its parameters.

    `outcomes` defaults to those the game file shows (all, where it does not say), plus `EXISTS`
    where no outcome is defined over all branches; `branches` to all; `assume` adds conditions in
    the parameters, such as "m == 0". `progress` is told each outcome begun.
    Raises InputError for an unknown outcome or branch, or assumptions that leave no point.
    """
    solution = game.solve()
    assumed = tuple(parse_condition(text, solution.domain.names) for text in assume)
    domain = solution.domain.extend(assumptions=assumed)
    if assumed and feasible(domain.constraints, domain.integers).exists is False:
        raise InputError("no point of the domain satisfies the assumptions", "assume less")
    wanted = tuple(outcomes) or (*_shown(game, solution), *([] if solution.extrema else [EXISTS]))
    _check_known(solution, wanted, branches)
    rows: list[SignRow] = []
    for outcome in wanted:
        if progress is not None:
            progress(outcome)
        rows += _outcome_rows(solution, domain, outcome, tuple(branches), domain.parameters)
    return Statics(solution.info, tuple(rows), assumed)


def _shown(game: Game, solution: Solution) -> Iterable[str]:
    """The outcomes that the game file shows, or all there are where it does not say."""
    every = dict.fromkeys(name for branch in solution.branches for name in branch.outcomes)
    return game.header.shown or every


def sign_row(solution: Solution, outcome: str, parameter: str, branch: str = ALL) -> SignRow:
    """The one row of the table of signs that is asked for, without the work of the others.

    `branch` is `ALL`, a branch's name, or "critical NAME" where `outcome` is a critical value of
    the parameter NAME. Raises InputError where there is no such row.
    """
    check_sign(solution, outcome, parameter, branch)
    named = () if branch.startswith(CRITICAL) else (branch,)
    wanted = [of for of in solution.domain.parameters if of.name == parameter]
    rows = _outcome_rows(solution, solution.domain, outcome, named, wanted)
    return next(row for row in rows if row.branch == branch)


def check_sign(solution: Solution, outcome: str, parameter: str, branch: str = ALL) -> None:
    """Raises InputError where the table of signs has no such row, as `sign_row` reads it."""
    _check_known(solution, (outcome,), () if branch.startswith(CRITICAL) else (branch,))
    known = [ALL] if outcome in solution.extrema else []
    known += [b.name for b in solution.branches if outcome == EXISTS or outcome in b.outcomes]
    known += [f"{CRITICAL}{c.parameter}" for c in solution.criticals if c.name == outcome]
    if branch not in known or parameter not in solution.domain.names:
        raise InputError(
            f"no sign of {outcome!r} in {parameter!r} on {branch!r}",
            f"branches with one: {', '.join(known)}; the outcome of a region is {EXISTS!r}",
        )


def _check_known(solution: Solution, outcomes: Collection[str], branches: Collection[str]) -> None:
    known = {name for branch in solution.branches for name in branch.outcomes} | {EXISTS}
    known |= {critical.name for critical in solution.criticals}
    for outcome in outcomes:
        if outcome not in known:
            raise unknown("outcome", outcome, sorted(known))
    for branch in branches:
        if branch != ALL:
            solution[branch]


def _outcome_rows(
    solution: Solution,
    domain: Domain,
    outcome: str,
    branches: Sequence[str],
    parameters: Sequence[Parameter],
) -> Iterator[SignRow]:
    by_branch = [
        _branch_row(branch, domain, outcome, parameter, solution.extrema.get(outcome))
        for branch in solution.branches
        if (outcome == EXISTS or outcome in branch.outcomes)
        and (not branches or branch.name in branches or ALL in branches)
        for parameter in parameters
    ]
    if outcome in solution.extrema and (not branches or ALL in branches):
        for parameter in parameters:
            of_parameter = [row for row in by_branch if row.parameter == parameter.name]
            yield _extremum_row(solution.extrema[outcome], domain, outcome, parameter, of_parameter)
    yield from (row for row in by_branch if not branches or row.branch in branches)
    for critical in solution.criticals:
        if critical.name == outcome:
            yield from _critical_rows(critical, domain, parameters)


# --- an outcome on a branch --------------------------------------------------------------------


def _branch_row(
    branch: Branch,
    domain: Domain,
    outcome: str,
    parameter: Parameter,
    extremum: Extremum | None = None,
) -> SignRow:
    if outcome == EXISTS:
        return _row(existence_sign(branch, domain, parameter), outcome, branch.name, parameter)
    tie = branch.implicit.get(outcome)
    change = _change(branch.outcomes[outcome], tie, parameter)
    tied = [] if tie is None else [sympy.Eq(tie.equation, 0), *tie.conditions]
    few, all_ = [*domain.constraints, *tied], [*domain.constraints, *branch.conditions, *tied]
    if parameter.interval.integer:
        step = _step(tie, parameter)
        all_ += [c.xreplace(step) for c in all_]
        known = _weakly_known(branch, outcome, domain, parameter, extremum)
        found = known or sign(change, all_, domain.integers)
    else:
        found = _cheapest_sign(change, few, all_, domain)
    if tie is not None and tie.partial:
        found = replace(found, strict=False)
    row = _row(found, outcome, branch.name, parameter)
    if row.verdict is not Verdict.REFUTED:
        return row
    rises = tidy(sympy.Gt(change, 0), all_, leaders(domain), domain.integers)
    return replace(row, rises_where=rises)


def _weakly_known(
    branch: Branch,
    outcome: str,
    domain: Domain,
    parameter: Parameter,
    extremum: Extremum | None,
) -> Sign | None:
    """The sign that an outcome has as extremum of a set, with a step at which it moves."""
    found = set_sign(extremum, domain, parameter)
    if found is None or found.verdict is not Verdict.PROVED or found.sign not in "+-":
        return None
    step = _step(None, parameter)
    region = [*domain.constraints, *branch.conditions]
    region += [c.xreplace(step) for c in region]
    change = branch.outcomes[outcome].xreplace(step) - branch.outcomes[outcome]
    if change.is_zero:
        return Sign("0", False, Verdict.PROVED)
    moved = change > 0 if found.sign == "+" else change < 0
    example = feasible(region, domain.integers)
    if example.witness is None or not holds(moved, example.witness):
        example = feasible([*region, moved], domain.integers)
    if not example.exists:
        return Sign("?", False, Verdict.UNDECIDED)
    return replace(found, witnesses=(example.witness,) if example.witness else ())


def _cheapest_sign(
    change: sympy.Expr, few: Sequence[Boolean], all_: Sequence[Boolean], domain: Domain
) -> Sign:
    """The sign given `all_` premises; one that is strict given a `few` of them is so a fortiori."""
    if change.is_zero:
        return Sign("0", False, Verdict.PROVED)
    for direction, opposite in (("+", sympy.Le), ("-", sympy.Ge)):
        if feasible([*few, opposite(change, 0)], domain.integers, QUICK).exists is False:
            example = feasible(all_, domain.integers, QUICK).witness
            return Sign(direction, True, Verdict.PROVED, (example,) if example else ())
    return sign(change, all_, domain.integers)


def _change(expression: sympy.Expr, tie: Implicit | None, parameter: Parameter) -> sympy.Expr:
    """An expression with the sign of the outcome's change as the parameter rises."""
    variable = parameter.symbol
    if parameter.interval.integer:
        tied = expression if tie is None else tie.variable
        return tied.xreplace(_step(tie, parameter)) - tied
    if tie is None:
        return _derivative(expression, variable)
    slope = sympy.diff(tie.equation, tie.variable)
    return -sympy.diff(tie.equation, variable) / slope


def _step(tie: Implicit | None, parameter: Parameter) -> dict[sympy.Symbol, sympy.Expr]:
    """An integer parameter's next value, and a new variable for what is tied to it there."""
    step = {parameter.symbol: parameter.symbol + 1}
    if tie is not None:
        step[tie.variable] = sympy.Symbol(f"{tie.variable.name}'", real=True)
    return step


def _derivative(expression: sympy.Expr, variable: sympy.Symbol) -> sympy.Expr:
    kinked = expression.has(sympy.Max, sympy.Min, sympy.Abs)
    smooth = expression.rewrite(sympy.Piecewise) if kinked else expression
    return sympy.diff(smooth, variable)


def _critical_rows(
    critical: Critical, domain: Domain, parameters: Sequence[Parameter]
) -> Iterator[SignRow]:
    """Which way the critical value of one parameter moves in the others."""
    for parameter in parameters:
        if parameter.name != critical.parameter:
            found = _critical_sign(critical, domain, parameter)
            yield _row(found, critical.name, f"{CRITICAL}{critical.parameter}", parameter)


def _critical_sign(critical: Critical, domain: Domain, parameter: Parameter) -> Sign:
    """By the region where there is one: where it grows, its bound on the parameter gives way.

    Otherwise by the derivative, wherever the critical value lies inside the parameter's interval.
    """
    of = domain[critical.parameter]
    if critical.region:
        own = region_sign(critical.region, domain, of)
        found = region_sign(critical.region, domain, parameter)
        if own.sign in "+-" and found.verdict is Verdict.PROVED:
            return found if own.sign == "-" else replace(found, sign=TURNED[found.sign])
    inside = of.interval.conditions(of.symbol)
    attained = [c.subs(of.symbol, critical.expression) for c in inside]
    change = _change(critical.expression, None, parameter)
    return sign(change, [*domain.constraints, *attained], domain.integers, QUICK)


def _extremum_row(
    extremum: Extremum,
    domain: Domain,
    outcome: str,
    parameter: Parameter,
    by_branch: Sequence[SignRow],
) -> SignRow:
    """The sign over the whole domain, or else from witnesses on branches."""
    found = set_sign(extremum, domain, parameter)
    if found is not None and found.verdict is Verdict.PROVED:
        return _row(replace(found, witnesses=()), outcome, ALL, parameter)
    moves = [row for row in by_branch if row.sign in "+-" or row.verdict is Verdict.REFUTED]
    up = [w for row in moves for w in row.witnesses[:1] if row.sign in "+?"]
    down = [w for row in moves for w in row.witnesses[-1:] if row.sign in "-?"]
    if up and down:
        settled = next((row.rises_where for row in moves if row.rises_where is not None), None)
        return SignRow(
            outcome, ALL, parameter.name, "?", False, Verdict.REFUTED, (up[0], down[0]), settled
        )
    return SignRow(outcome, ALL, parameter.name, "?", False, Verdict.UNDECIDED)


def _row(found: Sign, outcome: str, branch: str, parameter: Parameter) -> SignRow:
    return SignRow(
        outcome=outcome,
        branch=branch,
        parameter=parameter.name,
        sign=found.sign,
        strict=found.strict,
        verdict=found.verdict,
        witnesses=tuple(_named(witness) for witness in found.witnesses),
    )


def _named(witness: Witness) -> dict[str, sympy.Rational]:
    return {symbol.name: value for symbol, value in witness.items()}
