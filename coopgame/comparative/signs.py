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

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from sympy.logic.boolalg import Boolean

from coopgame.cache import remembered
from coopgame.comparative.rows import (
    ALL,
    CRITICAL,
    EXISTS,
    SignRow,
    branch_row,
    critical_rows,
    extremum_row,
    in_time,
)
from coopgame.errors import InputError, LimitReached, unknown
from coopgame.forms.abilities import ability
from coopgame.forms.base import Game
from coopgame.language.expressions import parse_condition
from coopgame.language.parameters import Domain, Parameter
from coopgame.language.showing import shown
from coopgame.proofs.questions import (
    feasible,
)
from coopgame.reading.info import Info
from coopgame.solution import Solution

PAYOFF = "payoff_"


@shown
@dataclass(frozen=True)
class Statics:
    """The table of signs of a game, `of`; `assumed` are the assumptions added to its domain."""

    info: Info
    rows: tuple[SignRow, ...]
    assumed: tuple[Boolean, ...] = ()
    of: Game | None = field(default=None, repr=False, compare=False)

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
        raise InputError(
            f"no row for {outcome!r} in {parameter!r} on {branch!r}",
            "print the table to see its rows",
        )


@remembered("progress")
def statics(
    game: Game,
    outcomes: Collection[str] = (),
    branches: Collection[str] = (),
    assume: Iterable[str] = (),
    progress: Callable[[str], None] | None = None,
) -> Statics:
    """The signs of a game's outcomes in all its parameters.

    `outcomes` defaults to those the game file shows (all, where it does not say, and the payoffs
    where there are none), plus `EXISTS` where no outcome is defined over all branches; `branches`
    to all; `assume` adds conditions in the parameters, such as "m == 0". `progress` is told each
    outcome begun. Signs for which time runs out (`coopgame.clock`) are undecided, and say why.
    Raises InputError for an unknown outcome or branch, assumptions that leave no point, or a game
    under a chain of regimes.
    """
    chained = ability(game, "equal")
    if chained is not None:
        told = f"signs of {game.header.info.name} are proved under a constant hazard, not a chain"
        moved = ", ".join(sorted({str(s) for s in chained.free_symbols}))
        mend = f"ask without the chain: for all but {moved} they hold at every hazard"
        raise InputError(told, mend)
    solution = game.solve()
    outcomes = outcomes or _payoffs_alone(solution)
    solution = _with_payoffs(solution, outcomes)
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
        on = partial(_kept_rows, game, assumed, outcome, solution=solution, domain=domain)
        rows += _outcome_rows(solution, domain, outcome, tuple(branches), domain.parameters, on)
    return Statics(solution.info, tuple(rows), assumed, game)


def _payoffs_alone(solution: Solution) -> tuple[str, ...]:
    """What is asked of a game that states no outcomes: its payoffs, and where equilibria exist."""
    if any(branch.outcomes for branch in solution.branches):
        return ()
    players = dict.fromkeys(p for branch in solution.branches for p in branch.payoffs)
    return (*(PAYOFF + player for player in players), EXISTS)


def _with_payoffs(solution: Solution, outcomes: Collection[str]) -> Solution:
    """The solution with those payoffs among its outcomes that are asked for, as payoff_PLAYER."""
    if not any(outcome.startswith(PAYOFF) for outcome in outcomes):
        return solution
    told = tuple(
        replace(b, outcomes={**{PAYOFF + p: v for p, v in b.payoffs.items()}, **b.outcomes})
        for b in solution.branches
    )
    return replace(solution, branches=told)


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
    on = partial(_branch_rows, solution, solution.domain, wanted, outcome)
    rows = _outcome_rows(solution, solution.domain, outcome, named, wanted, on)
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
            f"equilibria with one: {', '.join(known)}; the outcome of a region is {EXISTS!r}",
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


@remembered("solution", "domain")
def _kept_rows(
    game: Game,
    assumed: tuple[Boolean, ...],
    outcome: str,
    branch: str,
    solution: Solution,
    domain: Domain,
) -> tuple[SignRow, ...]:
    """An outcome's signs on one branch, kept: tables of other outcomes or branches ask again.

    The solution and its domain follow from the game and what is assumed.
    """
    return _branch_rows(solution, domain, domain.parameters, outcome, branch)


def _branch_rows(
    solution: Solution,
    domain: Domain,
    parameters: Sequence[Parameter],
    outcome: str,
    branch: str,
) -> tuple[SignRow, ...]:
    of = partial(branch_row, solution[branch], domain)
    extremum = solution.extrema.get(outcome)
    return tuple(in_time(of, outcome, p, branch, extremum) for p in parameters)


def _outcome_rows(
    solution: Solution,
    domain: Domain,
    outcome: str,
    branches: Sequence[str],
    parameters: Sequence[Parameter],
    rows_on: Callable[[str], Sequence[SignRow]],
) -> Iterator[SignRow]:
    by_branch = [
        row
        for branch in solution.branches
        if (outcome == EXISTS or outcome in branch.outcomes)
        and (not branches or branch.name in branches or ALL in branches)
        for row in rows_on(branch.name)
    ]
    if outcome in solution.extrema and (not branches or ALL in branches):
        for parameter in parameters:
            of_parameter = [row for row in by_branch if row.parameter == parameter.name]
            of_all = partial(extremum_row, solution, domain)
            yield in_time(of_all, outcome, parameter, ALL, of_parameter)
    yield from (row for row in by_branch if not branches or row.branch in branches)
    for critical in solution.criticals:
        if critical.name == outcome:
            yield from critical_rows(critical, domain, parameters)
