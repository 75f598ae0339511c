"""Three players and more: the equilibria in which at most two of them mix, in symbols.

Where one player mixes she is indifferent between actions against the others' pure ones: her
mixtures for which the others stay with theirs are a polytope, of which the corners are listed.
Where two mix and the others do not, both mixtures solve linear systems, as in a game of two; the
others' incentives are then rational in the parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.linear import cancelled
from coopgame.errors import LimitReached
from coopgame.forms.normal.cells import kinked_parts
from coopgame.forms.normal.extremes import nash_subsets
from coopgame.forms.normal.mixtures import Mixture, PayoffTable, expected, make_branch, telling_ties
from coopgame.forms.normal.supports import VertexPair, profiles, vertices
from coopgame.forms.normal.tables import Actions
from coopgame.language.deciding import decide
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import feasible
from coopgame.solution import Branch, Component


@dataclass(frozen=True)
class Few:
    """Equilibria in which at most two players mix.

    `cut` are the supports on which two may mix in infinitely many ways of which others bear some
    only: of those the ends alone are listed.
    """

    branches: tuple[Branch, ...]
    cut: tuple[Mapping[str, Actions], ...]


def few_mix(table: PayoffTable, domain: Domain) -> Few:
    """Every profile in which at most two players mix, with the conditions of an equilibrium."""
    branches = [*pure_equilibria(table), *_one_mixing(table, domain)]
    cut: list[Mapping[str, Actions]] = []
    for first, second in combinations(table.players, 2):
        for fixed in _played_by_others(table, (first, second)):
            found = _pair_profiles(table, (first, second), fixed, domain)
            both = [p for p in found if len(p.row.support) > 1 and len(p.column.support) > 1]
            branches += [_pair_branch(table, (first, second), fixed, each) for each in both]
            cut += _cut(table, (first, second), fixed, found)
    return Few(tuple(branches), tuple(cut))


def has_borders(table: PayoffTable, domain: Domain) -> bool:
    """Whether some player can be indifferent on a border: where an equation holds, not on a region.

    There, equilibria in which one player mixes appear that no region has.
    """
    gaps: dict[sympy.Expr, None] = {}
    for place, player in enumerate(table.players):
        for fixed in _played_by_others(table, (player,)):
            profiles = [_profile(table, fixed, (player,), (a,)) for a in table.players[player]]
            worths = [table.payoffs[profile][place] for profile in profiles]
            gaps |= dict.fromkeys(cancelled(one - other) for one, other in combinations(worths, 2))
    return any(
        feasible([*domain.constraints, sympy.Eq(gap, 0)], domain.integers).exists is not False
        for gap in gaps
        if gap.free_symbols
    )


def _played_by_others(table: PayoffTable, mixing: Sequence[str]) -> Iterator[dict[str, str]]:
    others = [name for name in table.players if name not in mixing]
    for actions in product(*(table.players[name] for name in others)):
        yield dict(zip(others, actions, strict=True))


def _one_mixing(table: PayoffTable, domain: Domain) -> Iterator[Branch]:
    for mixer in table.players:
        for fixed in _played_by_others(table, (mixer,)):
            yield from _one_mixes(table, mixer, fixed, domain)


def continua_between(players: Sequence[str], branches: Sequence[Branch]) -> tuple[Component, ...]:
    """The continua of equilibria in which one or two players mix, at numbers, by their ends.

    Equilibria that differ in one player's mixture alone span a continuum: against the others'
    actions all of it is best for her, and the others' incentives are linear in it. So do those
    that combine some mixtures of two players in all ways: the incentives are linear in each.
    """
    subsets: dict[frozenset[str], tuple[str, ...]] = {}
    for first, second in combinations(players, 2):
        others = [player for player in players if player not in (first, second)]
        groups: dict[Any, dict[tuple[Any, Any], str]] = {}
        for branch in branches:
            played = {p: tuple(branch.strategies[p].items()) for p in players}
            if all(sum(share != 0 for _, share in played[p]) == 1 for p in others):
                key = tuple(played[p] for p in others)
                groups.setdefault(key, {})[played[first], played[second]] = branch.name
        for named in groups.values():
            for rows, columns in _products(list(named)):
                names = tuple(n for (r, c), n in named.items() if r in rows and c in columns)
                subsets.setdefault(frozenset(names), names)
    largest = [key for key in subsets if len(key) > 1 and not any(key < other for other in subsets)]
    return tuple(_joined([subsets[key] for key in largest], branches))


def _products(pairs: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """The maximal Nash subsets; where they are too many, none but the pairs themselves."""
    try:
        return list(nash_subsets(pairs))
    except LimitReached:
        return [(frozenset([row]), frozenset([column])) for row, column in pairs]


def _joined(subsets: Sequence[tuple[str, ...]], branches: Sequence[Branch]) -> Iterator[Component]:
    """The subsets that share an equilibrium, together."""
    left = list(subsets)
    while left:
        group = [left.pop(0)]
        for subset in group:  # grows while it is walked through
            near = [other for other in left if set(other) & set(subset)]
            group += near
            left = [other for other in left if other not in near]
        extremes = tuple(b for b in branches if any(b.name in subset for subset in group))
        yield Component((), extremes, tuple(group))


def _pair_profiles(
    table: PayoffTable, pair: tuple[str, str], fixed: Mapping[str, str], domain: Domain
) -> list[VertexPair]:
    """The equilibria of the game that two players have while the others play `fixed`."""
    rows, columns = (table.players[player] for player in pair)
    places = [list(table.players).index(player) for player in pair]
    first, second = (
        [
            [table.payoffs[_profile(table, fixed, pair, (r, c))][place] for c in columns]
            for r in rows
        ]
        for place in places
    )
    return profiles(first, second, domain)


def _cut(
    table: PayoffTable, pair: tuple[str, str], fixed: Mapping[str, str], found: Sequence[VertexPair]
) -> Iterator[dict[str, Actions]]:
    """The supports on which two may mix in infinitely many ways that others do not all bear."""
    pairs = {(each.row, each.column): each for each in found}
    for rows, columns in _products(list(pairs)):
        used = [sorted({i for v in side for i in v.support}) for side in (rows, columns)]
        if min(map(len, used)) > 1 and len(rows) * len(columns) > 1:
            ends = [each for key, each in pairs.items() if key[0] in rows and key[1] in columns]
            if any(_conditions_of_others(table, pair, fixed, end) for end in ends):
                mixed = {
                    player: tuple(table.players[player][i] for i in places)
                    for player, places in zip(pair, used, strict=True)
                }
                yield {p: mixed.get(p) or (fixed[p],) for p in table.players}


def _conditions_of_others(
    table: PayoffTable, pair: tuple[str, str], fixed: Mapping[str, str], found: VertexPair
) -> bool:
    branch = _pair_branch(table, pair, fixed, found)
    return any(condition not in found.conditions for condition in branch.conditions)


def pure_equilibria(table: PayoffTable) -> Iterator[Branch]:
    """Each profile, with the condition that no player gains by another action."""
    for profile in product(*table.players.values()):
        strategies = {
            player: {action: sympy.S.One}
            for player, action in zip(table.players, profile, strict=True)
        }
        payoffs = dict(zip(table.players, table.payoffs[profile], strict=True))
        conditions = [
            condition
            for player in table.players
            for condition in _best_reply(table, player, strategies, payoffs[player])
        ]
        yield make_branch(table, strategies, payoffs, tuple(conditions))


def _best_reply(
    table: PayoffTable, player: str, strategies: Mapping[str, Mixture], payoff: sympy.Expr
) -> Iterator[Boolean]:
    """That no action outside her support is worth more to a player."""
    for action in table.players[player]:
        if action not in strategies[player]:
            other = expected(table, player, {**strategies, player: {action: sympy.S.One}})
            condition = sympy.Ge(cancelled(payoff - other), 0)
            if condition != sympy.true:
                yield condition


def _one_mixes(
    table: PayoffTable, mixer: str, fixed: Mapping[str, str], domain: Domain
) -> Iterator[Branch]:
    """The corners of the mixtures of one player against which the others' actions are best.

    They are equilibria where she is indifferent. That takes an equation between parameters unless
    it holds on a whole region; on the border where such an equation holds they are found at
    given values.
    """
    actions = table.players[mixer]
    place = list(table.players).index(mixer)
    worth = {a: table.payoffs[_profile(table, fixed, (mixer,), (a,))][place] for a in actions}
    for size in range(2, len(actions) + 1):
        for support in combinations(actions, size):
            ties = _ties([worth[action] for action in support], domain)
            if ties is None:
                continue
            best = [sympy.Ge(cancelled(worth[support[0]] - worth[a]), 0) for a in actions
                    if a not in support]  # fmt: skip
            conditions = (*ties, *(c for c in best if c != sympy.true))
            if sympy.false not in conditions:
                yield from _corners(table, mixer, support, fixed, conditions, domain)


def _ties(worths: Sequence[sympy.Expr], domain: Domain) -> tuple[Boolean, ...] | None:
    """Where all are equal, if that is a region or holds at numbers; None if at most a border."""
    ties = []
    for worth in worths[1:]:
        gap = cancelled(worths[0] - worth)
        if gap == 0 or (gap.is_number and decide(sympy.Eq(gap, 0))):
            continue
        in_steps = kinked_parts(gap) or (gap.free_symbols and gap.free_symbols <= domain.integers)
        tie = sympy.Eq(gap, 0)
        if not in_steps or feasible([*domain.constraints, tie], domain.integers).exists is False:
            return None
        ties.append(tie)
    return tuple(ties)


def _corners(
    table: PayoffTable,
    mixer: str,
    support: Sequence[str],
    fixed: Mapping[str, str],
    conditions: tuple[Boolean, ...],
    domain: Domain,
) -> Iterator[Branch]:
    """The mixtures on just this support at which as many others' incentives bind as fix them.

    What each other action of the others is worth more than theirs is a row; theirs is a row of
    zeros. The corners are the vertices, as of a game of two, to which the zeros are a best reply.
    """
    rows, instead_of = [[sympy.S.Zero] * len(support)], [("", "")]
    for other, action in fixed.items():
        place = list(table.players).index(other)
        kept = [table.payoffs[_profile(table, fixed, (mixer,), (a,))][place] for a in support]
        for instead in table.players[other]:
            if instead != action:
                moved = {**fixed, other: instead}
                others = [table.payoffs[_profile(table, moved, (mixer,), (a,))] for a in support]
                rows.append([us[place] - u for us, u in zip(others, kept, strict=True)])
                instead_of.append((other, instead))
    region = domain.extend(assumptions=conditions)
    for corner in vertices(rows, region, len(support)):
        if len(corner.support) == len(support) and 0 in corner.best:
            strategies = {p: {action: sympy.S.One} for p, action in fixed.items()}
            strategies[mixer] = dict(zip(support, corner.strategy, strict=True))
            payoffs = {p: cancelled(expected(table, p, strategies)) for p in table.players}
            ties: dict[str, Actions] = {}
            if len(corner.best) < len(rows):  # else there is no other corner on this support
                for other, instead in (instead_of[i] for i in sorted(corner.best) if i):
                    ties[other] = (*ties.get(other, ()), instead)
            yield make_branch(table, strategies, payoffs, (*conditions, *corner.conditions), ties)


def _pair_branch(
    table: PayoffTable, pair: tuple[str, str], fixed: Mapping[str, str], found: VertexPair
) -> Branch:
    strategies = {player: {action: sympy.S.One} for player, action in fixed.items()}
    for player, vertex in zip(pair, (found.row, found.column), strict=True):
        actions = table.players[player]
        strategies[player] = {actions[i]: vertex.strategy[i] for i in vertex.support}
    payoffs = {p: cancelled(expected(table, p, strategies)) for p in table.players}
    weak = [c for p in fixed for c in _best_reply(table, p, strategies, payoffs[p])]
    supports, best = (found.row.support, found.column.support), (found.column.best, found.row.best)
    ties = telling_ties({player: table.players[player] for player in pair}, supports, best)
    return make_branch(table, strategies, payoffs, (*found.conditions, *weak), ties)


def _profile(
    table: PayoffTable, fixed: Mapping[str, str], mixing: Sequence[str], actions: Sequence[str]
) -> Actions:
    chosen = {**fixed, **dict(zip(mixing, actions, strict=True))}
    return tuple(chosen[player] for player in table.players)
