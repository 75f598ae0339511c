"""Equilibria of a game of numbers in which three players or more mix.

Their indifference is a system of polynomials. Where it has few unknowns it is solved exactly, by a
Groebner basis and real roots; the rest is left to Gambit, and said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import sympy

from coopgame.algebra.systems import RealPoint, real_points
from coopgame.errors import LimitReached, MissingExtra
from coopgame.methods.normal.gambit import polynomial_equilibria
from coopgame.methods.normal.mixtures import Mixture, Table, expected, indifference, make_branch
from coopgame.methods.normal.tables import Actions
from coopgame.printing import to_text
from coopgame.proofs import feasible
from coopgame.solution import Branch

MAX_UNKNOWNS = {3: 5, 4: 4}  # free probabilities, by how many players mix
MAX_SYSTEMS = 400
EXACT = "Groebner bases and real roots where three or more mix"
FLOATING = "Gambit's enumpoly, polished to 25 digits, on larger supports"


@dataclass(frozen=True)
class Found:
    """Equilibria in which three or more mix, by which methods, and what was left open."""

    branches: tuple[Branch, ...]
    notes: tuple[str, ...] = ()
    method: str = EXACT
    exact: bool = True


def many_mix(table: Table) -> Found:
    """The equilibria in which three players or more mix; none for payoffs that are not rational.

    Supports with more free probabilities than `MAX_UNKNOWNS` are left to Gambit where it is
    installed, and to nobody where it is not; the notes say so.
    """
    if not all(u.is_Rational for payoffs in table.payoffs.values() for u in payoffs):
        note = "payoffs are not rational: equilibria in which three or more mix are not examined"
        return Found((), (note,))
    every = list(_supports(table))
    small = [supports for supports in every if _is_small(supports)][:MAX_SYSTEMS]
    branches: list[Branch] = []
    notes: list[str] = []
    for supports in small:
        found, open_questions = _on_supports(table, supports)
        branches += found
        notes += open_questions
    exactly = Found(tuple(branches), tuple(notes))
    left = [supports for supports in every if supports not in small]
    return _with_gambit(table, left, exactly) if left else exactly


def _with_gambit(table: Table, left: Sequence[Mapping[str, Actions]], found: Found) -> Found:
    """What was found, and what Gambit finds on the supports that are left."""
    try:
        profiles = polynomial_equilibria(table)
    except (MissingExtra, LimitReached) as why:
        note = f"{len(left)} combinations of larger supports are not examined: {why}"
        return replace(found, notes=(*found.notes, note))
    further = []
    for profile in profiles:
        if {player: tuple(mixture) for player, mixture in profile.items()} in left:
            payoffs = {player: expected(table, player, profile) for player in table.players}
            further.append(make_branch(table, profile, payoffs))
    method = f"{EXACT}; {FLOATING}"
    return replace(found, branches=(*found.branches, *further), method=method, exact=False)


def _is_small(supports: Mapping[str, Actions]) -> bool:
    mixing = [len(support) - 1 for support in supports.values() if len(support) > 1]
    return sum(mixing) <= MAX_UNKNOWNS.get(len(mixing), 0)


def _supports(table: Table) -> Iterator[dict[str, Actions]]:
    """Every choice of supports in which three players or more mix, the smallest first."""
    each = [
        [s for size in range(1, len(actions) + 1) for s in combinations(actions, size)]
        for actions in table.players.values()
    ]
    choices = [c for c in product(*each) if sum(len(support) > 1 for support in c) > 2]
    for chosen in sorted(choices, key=lambda choice: sum(map(len, choice))):
        yield dict(zip(table.players, chosen, strict=True))


def _on_supports(table: Table, supports: Mapping[str, Actions]) -> tuple[list[Branch], list[str]]:
    """The equilibria on just these supports, or a note that they are infinitely many."""
    strategies, unknowns, equations = indifference(table, supports)
    values = {
        player: [expected(table, player, {**strategies, player: {a: sympy.S.One}}) for a in actions]
        for player, actions in table.players.items()
    }
    worth = {p: values[p][table.players[p].index(supports[p][0])] for p in supports}
    positive = [share for p in supports for share in strategies[p].values() if share != 1]
    weak = [sympy.expand(worth[p] - value) for p in values for value in values[p]]
    points = real_points([e for e in equations if e != 0], unknowns)
    if points is None:
        return [], _continuum_note(table, supports, equations, positive, weak)
    inside = [
        point
        for point in points
        if all(point.sign(share) > 0 for share in positive)
        and all(point.sign(slack) >= 0 for slack in weak)
    ]
    return [_branch_at(table, strategies, worth, point) for point in inside], []


def _continuum_note(
    table: Table,
    supports: Mapping[str, Actions],
    equations: Sequence[sympy.Expr],
    positive: Sequence[sympy.Expr],
    weak: Sequence[sympy.Expr],
) -> list[str]:
    conditions = [sympy.Eq(e, 0) for e in equations if e != 0]
    inequalities = [sympy.Gt(share, 0) for share in positive]
    inequalities += [sympy.Ge(slack, 0) for slack in weak if not slack.is_number]
    if feasible([*conditions, *inequalities]).exists is False:
        return []
    shown = ", ".join(f"{to_text(c.lhs)} == 0" for c in conditions)
    where = "|".join(",".join(actions) for actions in supports.values())
    return [f"on the supports {where} there may be infinitely many equilibria: {shown}"]


def _branch_at(
    table: Table,
    strategies: Mapping[str, Mixture],
    worth: Mapping[str, sympy.Expr],
    point: RealPoint,
) -> Branch:
    exact = {
        player: {action: point.number(share) for action, share in mixture.items()}
        for player, mixture in strategies.items()
    }
    payoffs = {player: point.number(value) for player, value in worth.items()}
    return make_branch(table, exact, payoffs)
