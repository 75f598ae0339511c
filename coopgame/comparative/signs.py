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
from functools import partial

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.clock import is_late
from coopgame.comparative.growth import TURNED, existence_sign, region_sign, set_sign
from coopgame.comparative.monotone import UNSEEN, moves, shown_to_move
from coopgame.comparative.ties import equations, is_vacant, moves_between, slope_of, tied_sign
from coopgame.errors import InputError, LimitReached, unknown
from coopgame.forms.base import Game, leaders
from coopgame.language.expressions import parse_condition
from coopgame.language.parameters import Domain, Parameter
from coopgame.language.showing import as_html, as_latex, as_text
from coopgame.proofs.conditions import tidy
from coopgame.proofs.questions import (
    TOO_HARD,
    Sign,
    Verdict,
    Witness,
    feasible,
    flat,
    holds,
    undecided,
)
from coopgame.reading.info import Info
from coopgame.solution import Branch, Critical, Extremum, Solution

ALL = "all"
EXISTS = "exists"
CRITICAL = "critical "
TOO_LATE = "not reached within the time limit"


@dataclass(frozen=True)
class SignRow:
    """How one outcome moves in one parameter.

    `sign` is "+" (nowhere falls, somewhere rises), "-", "0" or "?"; `strict` says that it moves
    everywhere. A refuted "?" has a witness for each direction, and `rises_where` the exact
    condition that settles it, where there is one. In a witness of two points the name with an
    apostrophe is the parameter's second value. `reason` says why a sign is undecided, why a row
    speaks of no point at all, or along which stretches of the parameter a proved sign holds.
    """

    outcome: str
    branch: str
    parameter: str
    sign: str
    strict: bool
    verdict: Verdict
    witnesses: tuple[Mapping[str, sympy.Rational], ...] = ()
    rises_where: Boolean | None = None
    reason: str = ""


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
    the parameters, such as "m == 0". `progress` is told each outcome begun. Signs for which
    time runs out (`coopgame.clock`) are undecided, and say why.
    Raises InputError for an unknown outcome or branch, or assumptions that leave no point.
    """
    solution = game.solve()
    if solution.provenance.late:
        raise LimitReached("time ran out before the game was solved (--time-limit allows more)")
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
        _within(
            partial(_branch_row, branch, domain),
            outcome,
            parameter,
            branch.name,
            solution.extrema.get(outcome),
        )
        for branch in solution.branches
        if (outcome == EXISTS or outcome in branch.outcomes)
        and (not branches or branch.name in branches or ALL in branches)
        for parameter in parameters
    ]
    if outcome in solution.extrema and (not branches or ALL in branches):
        for parameter in parameters:
            of_parameter = [row for row in by_branch if row.parameter == parameter.name]
            of_all = partial(_extremum_row, solution, domain)
            yield _within(of_all, outcome, parameter, ALL, of_parameter)
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
    expression, tie = branch.outcomes[outcome], branch.implicit.get(outcome)
    if tie is not None and is_vacant(tie, branch, domain):
        tie = None
    found = None
    if parameter.interval.integer:
        found = _weakly_known(branch, outcome, domain, parameter, extremum)
    if found is None and tie is not None:
        found = tied_sign(tie, branch, expression, domain, parameter)
    found = found or moves(expression, parameter, domain, branch.conditions)
    row = _row(found, outcome, branch.name, parameter)
    change = slope_of(expression, tie, parameter)
    if row.verdict is not Verdict.REFUTED or change is None:
        return row
    premises = [*domain.constraints, *branch.conditions, *equations(tie)]
    rises = tidy(sympy.Gt(change, 0), premises, leaders(domain), domain.integers)
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
    step = {parameter.symbol: parameter.symbol + 1}
    region = [*domain.constraints, *branch.conditions]
    region += [c.xreplace(step) for c in region]
    change = branch.outcomes[outcome].xreplace(step) - branch.outcomes[outcome]
    if change.is_zero:
        return flat(region, domain.integers)
    moved = change > 0 if found.sign == "+" else change < 0
    example = feasible(region, domain.integers)
    if example.witness is None or not holds(moved, example.witness):
        example = feasible([*region, moved], domain.integers)
    if example.exists is False:
        return flat(region, domain.integers)
    if example.exists is None:
        return undecided(UNSEEN)
    return replace(found, witnesses=(example.witness,) if example.witness else ())


def _within(
    row: Callable[..., SignRow],
    outcome: str,
    parameter: Parameter,
    branch: str,
    *others: object,
) -> SignRow:
    """A row, if there is time for it."""
    if is_late():
        return _row(undecided(TOO_LATE), outcome, branch, parameter)
    return row(outcome, parameter, *others)


def _critical_rows(
    critical: Critical, domain: Domain, parameters: Sequence[Parameter]
) -> Iterator[SignRow]:
    """Which way the critical value of one parameter moves in the others."""
    for parameter in parameters:
        if parameter.name != critical.parameter:
            found = (
                undecided(TOO_LATE) if is_late() else _critical_sign(critical, domain, parameter)
            )
            yield _row(found, critical.name, f"{CRITICAL}{critical.parameter}", parameter)


def _critical_sign(critical: Critical, domain: Domain, parameter: Parameter) -> Sign:
    """By the region where there is one: where it grows, its bound on the parameter gives way.

    Otherwise by itself, wherever the critical value lies inside the parameter's interval.
    """
    of = domain[critical.parameter]
    inside = of.interval.conditions(of.symbol)
    attained = [c.subs(of.symbol, critical.expression) for c in inside]
    if critical.region:
        own = region_sign(critical.region, domain, of)
        found = region_sign(critical.region, domain, parameter)
        if own.sign in "+-" and found.verdict is Verdict.PROVED:
            turned = found if own.sign == "-" else replace(found, sign=TURNED[found.sign])
            return shown_to_move(critical.expression, turned, parameter, domain, attained)
    return moves(critical.expression, parameter, domain, attained)


def _extremum_row(
    solution: Solution,
    domain: Domain,
    outcome: str,
    parameter: Parameter,
    by_branch: Sequence[SignRow],
) -> SignRow:
    """The sign over the whole domain, or else from witnesses on branches.

    That the set grows or shrinks shows the direction; that the outcome moves at all is shown on a
    branch, or between two of them.
    """
    found = set_sign(solution.extrema[outcome], domain, parameter)
    moving = [row for row in by_branch if row.sign in "+-" or row.verdict is Verdict.REFUTED]
    if found is not None and found.verdict is Verdict.PROVED and found.sign in "0?":
        return _row(replace(found, witnesses=()), outcome, ALL, parameter)
    if not moving:
        still = _still(solution, domain, outcome, parameter, by_branch)
        if still is not None:
            return _row(still, outcome, ALL, parameter)
    if found is not None and found.verdict is Verdict.PROVED:
        return _row(replace(found, witnesses=()), outcome, ALL, parameter)
    up = [w for row in moving for w in row.witnesses[:1] if row.sign in "+?"]
    down = [w for row in moving for w in row.witnesses[-1:] if row.sign in "-?"]
    if up and down:
        settled = next((row.rises_where for row in moving if row.rises_where is not None), None)
        return SignRow(
            outcome, ALL, parameter.name, "?", False, Verdict.REFUTED, (up[0], down[0]), settled
        )
    reason = found.reason if found is not None and found.reason else TOO_HARD
    return _row(undecided(reason), outcome, ALL, parameter)


def _still(
    solution: Solution,
    domain: Domain,
    outcome: str,
    parameter: Parameter,
    by_branch: Sequence[SignRow],
) -> Sign | None:
    """The sign of an outcome that moves on no branch: None if it is shown to move between two."""
    branches = [branch for branch in solution.branches if outcome in branch.outcomes]
    jumps = moves_between(branches, outcome, parameter, domain)
    if jumps:
        return None
    verdicts = {row.verdict for row in by_branch}
    if jumps is None or Verdict.UNDECIDED in verdicts or not verdicts:
        return undecided(UNSEEN)
    if Verdict.PROVED in verdicts:
        return Sign("0", False, Verdict.PROVED)
    return Sign("?", False, Verdict.EMPTY, (), by_branch[0].reason)


def _row(found: Sign, outcome: str, branch: str, parameter: Parameter) -> SignRow:
    return SignRow(
        outcome=outcome,
        branch=branch,
        parameter=parameter.name,
        sign=found.sign,
        strict=found.strict,
        verdict=found.verdict,
        witnesses=tuple(_named(witness) for witness in found.witnesses),
        reason=found.reason,
    )


def _named(witness: Witness) -> dict[str, sympy.Rational]:
    return {symbol.name: value for symbol, value in witness.items()}
