"""One row of a table of signs: the sign of one outcome in one parameter, with what bears it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.clock import is_late
from coopgame.comparative.growth import TURNED, existence_sign, region_sign, set_sign
from coopgame.comparative.monotone import UNSEEN, moves, shown_to_move
from coopgame.comparative.paths import Path
from coopgame.comparative.ties import equations, is_vacant, moves_between, slope_of, tied_sign
from coopgame.forms.base import leaders
from coopgame.language.parameters import Domain, Parameter
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
    `tested` are the conditions of existence that the parameter enters, one of which is lost.
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
    tested: tuple[Boolean, ...] = ()


def branch_row(
    branch: Branch,
    domain: Domain,
    outcome: str,
    parameter: Parameter,
    extremum: Extremum | None = None,
) -> SignRow:
    if outcome == EXISTS:
        gone = existence_sign(branch, domain, parameter)
        tested = tuple(c for c in branch.conditions if c.has(parameter.symbol))
        return replace(_row(gone, outcome, branch.name, parameter), tested=tested)
    expression, tie = branch.outcomes[outcome], branch.implicit.get(outcome)
    if tie is not None and is_vacant(tie, branch, domain):
        tie = None
    found = None
    if parameter.interval.integer:
        found = _weakly_known(branch, outcome, domain, parameter, extremum)
    if found is None and tie is not None:
        found = tied_sign(tie, branch, expression, domain, parameter)
    found = found or moves(expression, parameter, domain, branch.conditions)
    if found.verdict is Verdict.UNDECIDED and not parameter.interval.integer:
        found = _weakly_known(branch, outcome, domain, parameter, extremum) or found
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
    """The sign that an outcome has as extremum of a set, with two points at which it moves.

    What nowhere falls over the whole domain does not fall where a branch holds.
    """
    found = set_sign(extremum, domain, parameter)
    if found is None or found.verdict is not Verdict.PROVED or found.sign not in "+-":
        return None
    path = Path(parameter, (*domain.constraints, *branch.conditions), domain.integers, 0.0)
    change = path.change(branch.outcomes[outcome])
    if change.is_zero:
        return flat(path.pairs, domain.integers)
    moved = change > 0 if found.sign == "+" else change < 0
    if not path.is_stepped:  # what has no closed form is beyond a proof that it never moves
        defaults = {each.symbol: each.default for each in domain.parameters}
        pair = path.example(moved) or path.near(defaults, moved)
        return None if pair is None else replace(found, witnesses=(pair,), strict=False)
    region = path.pairs
    example = feasible(region, domain.integers)
    if example.witness is None or not holds(moved, example.witness):
        example = feasible([*region, moved], domain.integers)
    if example.exists is False:
        return flat(region, domain.integers)
    if example.exists is None:
        return undecided(UNSEEN)
    return replace(found, witnesses=(example.witness,) if example.witness else ())


def in_time(
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


def critical_rows(
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


def extremum_row(
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
