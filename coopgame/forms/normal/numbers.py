"""All there is in a two-player game of numbers: extreme equilibria, and what lies between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy

from coopgame.errors import InputError, LimitReached
from coopgame.forms.normal.extremes import (
    Extremes,
    connected,
    extremes_of_reals,
    nash_subsets,
)
from coopgame.forms.normal.mixtures import (
    PayoffTable,
    distinct,
    expected,
    make_branch,
    telling_ties,
)
from coopgame.forms.normal.polytopes import Corner
from coopgame.language.printing import to_text
from coopgame.language.reals import sign_of
from coopgame.solution import Branch, Component, Provenance

PURE = "best replies in pure actions"
METHOD = "enumeration of the vertices of both best-response polytopes"
Pair = tuple[Corner, Corner]


@dataclass(frozen=True)
class Everything:
    """The extreme equilibria of a game of numbers, its continua, and how they were found."""

    branches: tuple[Branch, ...]
    components: tuple[Component, ...]
    provenance: Provenance


def matrices(table: PayoffTable) -> list[list[list[sympy.Expr]]]:
    """The payoff matrix of each of two players: a row for each action of the first."""
    rows, columns = table.players.values()
    return [
        [[table.payoffs[row, column][place] for column in columns] for row in rows]
        for place in (0, 1)
    ]


def at_numbers(table: PayoffTable) -> Everything:
    """All equilibria of a game of exact real numbers.

    Where the game is too large for its mixed equilibria, those in pure actions, and a note that
    says so. Raises InputError for a payoff that is no real number.
    """
    for profile, payoffs in table.payoffs.items():
        for payoff in payoffs:
            if not payoff.is_extended_real or not payoff.is_finite:
                told = f"the payoff {to_text(payoff)} of {','.join(profile)} is no real number"
                raise InputError(told, "set other values")
    first, second = matrices(table)
    try:
        found = extremes_of_reals(first, second)
    except LimitReached as limit:
        return _pure(table, first, second, str(limit))
    return _told(table, found)


def _told(table: PayoffTable, found: Extremes) -> Everything:
    named = dict(zip(found.pairs, distinct([_branch(table, p) for p in found.pairs]), strict=True))
    components: list[Component] = []
    notes: list[str] = []
    for group in connected(found.pairs):
        if len(group) > 1:
            component, note = _component(group, named)
            components.append(component)
            notes += note
    if not found.exact:
        notes.append("a tie of irrational payoffs was decided by their first 300 digits")
    provenance = Provenance(METHOD, found.exact, tuple(notes))
    return Everything(tuple(named.values()), tuple(components), provenance)


def _pure(
    table: PayoffTable,
    first: Sequence[Sequence[sympy.Expr]],
    second: Sequence[Sequence[sympy.Expr]],
    limit: str,
) -> Everything:
    """The equilibria in pure actions: each the best in its column and in its row."""
    rows, columns = table.players.values()
    tops = [_best(column) for column in zip(*first, strict=True)]
    sides = [_best(row) for row in second]
    branches = [
        make_branch(
            table,
            dict(zip(table.players, ({row: sympy.S.One}, {column: sympy.S.One}), strict=True)),
            dict(zip(table.players, table.payoffs[row, column], strict=True)),
        )
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
        if i in tops[j] and j in sides[i]
    ]
    note = f"only equilibria in pure actions are listed: {limit}"
    return Everything(tuple(branches), (), Provenance(PURE, left_out=(note,)))


def _best(payoffs: Sequence[sympy.Expr]) -> set[int]:
    """The places of the greatest payoff."""
    top = payoffs[0]
    for payoff in payoffs[1:]:
        top = payoff if sign_of(payoff - top) == 1 else top
    return {place for place, payoff in enumerate(payoffs) if not sign_of(payoff - top)}


def _branch(table: PayoffTable, pair: Pair) -> Branch:
    strategies = {
        player: {
            action: share if isinstance(share, sympy.Basic) else sympy.Rational(share)
            for action, share in zip(actions, corner.strategy, strict=True)
            if share != 0
        }
        for (player, actions), corner in zip(table.players.items(), pair, strict=True)
    }
    payoffs = {player: expected(table, player, strategies) for player in table.players}
    row, column = pair
    best = (column.best, row.best)
    ties = telling_ties(table.players, (row.support, column.support), best)
    return make_branch(table, strategies, payoffs, ties=ties)


def _component(
    group: Sequence[Pair], named: Mapping[Pair, Branch]
) -> tuple[Component, tuple[str, ...]]:
    extremes = tuple(named[pair] for pair in group)
    order = {pair: place for place, pair in enumerate(group)}
    subsets = []
    try:
        for rows, columns in nash_subsets(group):
            inside = sorted(((r, c) for r in rows for c in columns), key=order.__getitem__)
            subsets.append(tuple(named[pair].name for pair in inside))
    except LimitReached as limit:
        return Component((), extremes, ()), (f"{limit}: they are left out",)
    return Component((), extremes, tuple(subsets)), ()
