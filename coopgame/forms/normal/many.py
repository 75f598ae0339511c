"""Equilibria of a game of numbers in which three players or more mix.

Their indifference is a system of polynomials for each choice of supports. A search by boxes finds
every solution, or tells that there is none; a solution is written exactly where it is a surd, or
where a Groebner basis gives it within the time allowed. What the search gives up is left to the
algebra, then to Gambit, and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import sympy

from coopgame.algebra.systems import real_points
from coopgame.errors import LimitReached, MissingExtra
from coopgame.forms.normal.boxes import solutions
from coopgame.forms.normal.effort import USUAL, Clock, Effort, TimeUp, limited
from coopgame.forms.normal.gambit import polynomial_equilibria
from coopgame.forms.normal.mixing import EXACT, Indifference, MixedEquilibria, Supports, shown
from coopgame.forms.normal.mixtures import PayoffTable, expected, make_branch
from coopgame.forms.normal.polishing import as_surds
from coopgame.forms.normal.tables import Actions
from coopgame.forms.normal.worths import Numbers, Rows
from coopgame.language.printing import to_text
from coopgame.proofs.questions import QUICK, feasible
from coopgame.solution import Branch

FLOATING = "Gambit's enumpoly, polished to 25 digits, where that was not enough"
SHOWN = 6
ALGEBRAIC_DIGITS = 120


def many_mix(table: PayoffTable, effort: Effort = USUAL) -> MixedEquilibria:
    """The equilibria in which three players or more mix, and what was left out.

    Payoffs may be any exact numbers; where some are irrational the probabilities are decimals, of
    25 digits and more. Nothing that was found is given up when the effort is used up.
    """
    clock = Clock.started(effort)
    numbers = Numbers.of(table)
    found = MixedEquilibria()
    every = list(_supports(table))
    for supports in every:
        spent = clock.left(1) <= 0
        found += (
            MixedEquilibria(left=(supports,))
            if spent
            else _examined(table, numbers, supports, clock)
        )
    return _with_gambit(table, found, len(every)) if found.left else found


def notes_on_pairs(table: PayoffTable, cut: Iterable[Supports]) -> list[str]:
    """On which of some supports two players mix in infinitely many ways, at numbers."""
    numbers = Numbers.of(table)
    notes: dict[str, None] = {}
    for supports in cut:
        smaller = [
            [s for size in range(min(2, len(own)), len(own) + 1) for s in combinations(own, size)]
            for own in supports.values()
        ]
        for chosen in product(*smaller):
            within = dict(zip(supports, chosen, strict=True))
            rows = numbers.rows(within)
            if not rows.excluded and not _determined(rows):
                notes |= dict.fromkeys(_many_or_none(table, within).left_out)
    return list(notes)


def _determined(rows: Rows) -> bool:
    """Whether the indifference of two players fixes the mixture of each (on both supports)."""
    if len(rows.equal) < len(rows.sizes):
        return False
    for worths in rows.equal:
        system = worths.rows.reshape(len(worths.rows), -1)
        whole = np.vstack([system, np.ones(system.shape[1])])
        if np.linalg.matrix_rank(whole) < system.shape[1]:
            return False
    return True


def _supports(table: PayoffTable) -> Iterator[dict[str, Actions]]:
    """Every choice of supports in which three players or more mix, the smallest first."""
    each = [
        [s for size in range(1, len(actions) + 1) for s in combinations(actions, size)]
        for actions in table.players.values()
    ]
    choices = [c for c in product(*each) if sum(len(support) > 1 for support in c) > 2]
    for chosen in sorted(choices, key=lambda choice: sum(map(len, choice))):
        yield dict(zip(table.players, chosen, strict=True))


def _examined(
    table: PayoffTable, numbers: Numbers, supports: Supports, clock: Clock
) -> MixedEquilibria:
    """The equilibria on just these supports."""
    rows = numbers.rows(supports)
    if rows.excluded:
        return MixedEquilibria()
    if rows.degenerate:
        return _many_or_none(table, supports)
    search = solutions(rows.sizes, rows.equal, rows.weak, clock.left(clock.effort.search))
    if not search.solutions and search.is_whole:
        return MixedEquilibria()
    system = Indifference.of(table, supports)
    if not search.is_whole:
        return _by_algebra(system, numbers, clock) or _partly(system, search.solutions)
    isolated = [system.at(rough) for rough in search.solutions]
    inside = [near for near in isolated if near is not None and system.holds(near)]
    if None in isolated:
        return _by_algebra(system, numbers, clock) or system.decimals(inside, left=True)
    return _written(system, numbers, inside)


def _partly(system: Indifference, rough: Iterable[Iterable[float]]) -> MixedEquilibria:
    """What a search found that was given up."""
    near = [system.at(each) for each in rough]
    return system.decimals([n for n in near if n is not None and system.holds(n)], left=True)


def _written(
    system: Indifference,
    numbers: Numbers,
    isolated: Sequence[Mapping[sympy.Symbol, sympy.Rational]],
) -> MixedEquilibria:
    """The isolated solutions: in fractions and square roots where that can be, else in decimals."""
    if not numbers.are_rational:
        return system.decimals(isolated)
    found = MixedEquilibria()
    for near in isolated:
        surd = as_surds(system.equations, near)
        found += (
            system.decimals([near]) if surd is None else MixedEquilibria((system.branch(surd),))
        )
    return found


def _by_algebra(system: Indifference, numbers: Numbers, clock: Clock) -> MixedEquilibria | None:
    """The same by a Groebner basis, within the time allowed; None where that does not do."""
    if not numbers.are_rational:
        return None
    try:
        with limited(clock.left(clock.effort.algebra)):
            points = real_points(system.equations, system.unknowns)
            inside = [p for p in points or () if system.holds_exactly(p)]
            values = [{u: p.number(u) for u in system.unknowns} for p in inside]
    except (TimeUp, ArithmeticError):
        return None
    if points is None:
        return _many_or_none(system.table, system.supports)
    if any(value.has(sympy.CRootOf) for each in values for value in each.values()):
        return system.decimals([{u: _near(v) for u, v in each.items()} for each in values])
    return MixedEquilibria(tuple(map(system.branch, values)))


def _near(value: sympy.Expr) -> sympy.Rational:
    return sympy.Rational(sympy.N(value, ALGEBRAIC_DIGITS))


def _many_or_none(table: PayoffTable, supports: Supports) -> MixedEquilibria:
    """A note that equilibria on these supports are infinitely many, unless there are none."""
    system = Indifference.of(table, supports)
    conditions = [sympy.Eq(e, 0) for e in system.equations]
    inequalities = [sympy.Gt(share, 0) for share in system.shares]
    inequalities += [sympy.Ge(slack, 0) for slack in system.slacks if slack != 0]
    exists = feasible([*conditions, *inequalities], budget=QUICK).exists
    if exists is False:
        return MixedEquilibria()
    verb = "are" if exists else "may be"
    equations = ", ".join(f"{to_text(c.lhs)} == 0" for c in conditions) or "whatever is mixed"
    where = shown(supports)
    told = f"on the supports {where} there {verb} infinitely many equilibria: {equations}"
    return MixedEquilibria(left_out=(told,))


def _with_gambit(table: PayoffTable, found: MixedEquilibria, whole: int) -> MixedEquilibria:
    """What was found, and what Gambit finds on the supports that are left."""
    count = f"{len(found.left)} of {whole} choices of supports on which three or more mix"
    some = "; ".join(map(shown, found.left[:SHOWN])) + ("; ..." * (len(found.left) > SHOWN))
    try:
        profiles = polynomial_equilibria(table)
    except (MissingExtra, LimitReached) as why:
        note = f"{count} are not examined to the end within the effort allowed ({some}): {why}"
        return replace(found, left_out=(*found.left_out, note), exact=False)
    further = []
    for profile in profiles:
        supports = {player: tuple(mixture) for player, mixture in profile.items()}
        payoffs = {player: expected(table, player, profile) for player in table.players}
        new = make_branch(table, profile, payoffs)
        if supports in found.left and not any(_same(new, old) for old in found.branches):
            further.append(new)
    note = f"{count} were left to Gambit, whose list may lack some ({some})"
    method = f"{EXACT}; {FLOATING}"
    left_out = (*found.left_out, note)
    branches = (*found.branches, *further)
    return replace(found, branches=branches, left_out=left_out, method=method, exact=False)


def _same(one: Branch, other: Branch) -> bool:
    """Whether two branches are one equilibrium, to twenty digits."""
    pairs = [
        (one.strategies[player][action], other.strategies[player][action])
        for player, mixture in one.strategies.items()
        for action in mixture
    ]
    return all(abs(sympy.N(a - b, 30)) < sympy.Rational(1, 10**20) for a, b in pairs)
