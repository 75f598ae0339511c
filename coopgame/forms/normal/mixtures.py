"""Profiles of mixed strategies: what they are worth, what they are called, branches of them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, Protocol

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.linear import cancelled, factored
from coopgame.forms.normal.tables import Actions, Payoffs, Players
from coopgame.language.printing import symbol
from coopgame.language.reals import sign_of
from coopgame.solution import Branch

Mixture = Mapping[str, sympy.Expr]
TIES = " ties "  # in a name, before replies that are as good and not given


class PayoffTable(Protocol):
    """Players with their actions, the payoffs of every profile, and named outcomes."""

    @property
    def players(self) -> Players: ...
    @property
    def payoffs(self) -> Payoffs: ...
    @property
    def named_outcomes(self) -> Mapping[str, sympy.Expr]: ...


def expected(table: PayoffTable, player: str, strategies: Mapping[str, Mixture]) -> sympy.Expr:
    """The expected payoff of a player when each plays her mixture (actions may be left out)."""
    place = list(table.players).index(player)
    mixtures = [strategies[name] for name in table.players]
    total = sympy.S.Zero
    for profile in product(*mixtures):
        weight = math.prod(mix[action] for mix, action in zip(mixtures, profile, strict=True))
        total += weight * table.payoffs[profile][place] if weight != 0 else 0
    return total


def gains(table: PayoffTable, strategies: Mapping[str, Mixture]) -> list[sympy.Expr]:
    """What each player would gain by each of her actions instead of her mixture."""
    found = []
    for player, actions in table.players.items():
        instead = [{**strategies, player: {action: sympy.S.One}} for action in actions]
        values = [expected(table, player, strategy) for strategy in instead]
        shares = [strategies[player].get(action, 0) for action in actions]
        mean = sum(share * value for share, value in zip(shares, values, strict=True))
        found += [value - mean for value in values]
    return found


def indifference(
    table: PayoffTable, supports: Mapping[str, Actions]
) -> tuple[dict[str, dict[str, sympy.Expr]], list[sympy.Symbol], list[sympy.Expr]]:
    """Mixtures on the supports in unknowns, and what is zero where each is indifferent on hers."""
    strategies: dict[str, dict[str, sympy.Expr]] = {}
    unknowns: list[sympy.Symbol] = []
    for player, actions in supports.items():
        free = [sympy.Symbol(f"{player}_{action}", real=True) for action in actions[:-1]]
        strategies[player] = dict(zip(actions, [*free, 1 - sympy.Add(*free)], strict=True))
        unknowns += free
    equations = []
    for player, actions in supports.items():
        values = [
            expected(table, player, {**strategies, player: {a: sympy.S.One}}) for a in actions
        ]
        equations += [sympy.expand(values[0] - value) for value in values[1:]]
    return strategies, unknowns, equations


def flaw(mixture: Mixture) -> sympy.Expr:
    """0 for a probability distribution, 1 for anything else."""
    total = sympy.Add(*mixture.values()) - 1
    # Decimals (of equilibria without a closed form) are right to some digits only.
    whole = total.equals(0) if total.has(sympy.Float) else sign_of(total) == 0
    valid = whole and all(sign_of(share) != -1 for share in mixture.values())
    return sympy.Integer(0 if valid else 1)


def make_branch(
    table: PayoffTable,
    strategies: Mapping[str, Mixture],
    payoffs: Mapping[str, sympy.Expr],
    conditions: tuple[Boolean, ...] = (),
    ties: Mapping[str, Actions] | None = None,
) -> Branch:
    """The branch of a profile of mixtures (actions of probability zero may be left out).

    `ties` are replies that its name tells of: see `profile_name`.
    """
    full = {
        player: {action: strategies[player].get(action, sympy.S.Zero) for action in actions}
        for player, actions in table.players.items()
    }
    values: dict[Any, Any] = {symbol(f"{p}_payoff"): payoff for p, payoff in payoffs.items()}
    values |= {symbol(f"{p}_{a}"): share for p in full for a, share in full[p].items()}
    return Branch(
        name=profile_name(table.players, strategies, ties or {}),
        kind="mixed",
        concept="Nash",
        strategies=full,
        payoffs=payoffs,
        outcomes={name: shortest(put(o, values)) for name, o in table.named_outcomes.items()},
        conditions=conditions,
    )


def put(expression: sympy.Expr, at: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    """Values for symbols: at once, but where some piece of the expression may be dead.

    `xreplace` is many times faster than `subs`, but works out every piece, 1/0 included.
    """
    return expression.subs(at) if expression.has(sympy.Piecewise) else expression.xreplace(at)


def shortest(expression: sympy.Expr) -> sympy.Expr:
    """The expression cancelled, and factored where that is shorter."""
    if expression.is_Rational:
        return expression
    plain = cancelled(expression)
    # Not SymPy's own: exp(1/1000003) is a power of a thousandth root to it, a polynomial as long.
    product = factored(plain)
    return product if product.count_ops() < plain.count_ops() else plain


def profile_name(
    players: Players, strategies: Mapping[str, Mixture], ties: Mapping[str, Actions]
) -> str:
    """`work,trust` for actions, `mixed` where all are used, else `mixed{work,shirk|trust}`.

    `ties` has for a player the replies that she could as well give and does not.

    >>> mixtures = {"a": {"l": 1}, "b": {"l": 1, "r": 0}}
    >>> profile_name({"a": ("l", "r"), "b": ("l", "r")}, mixtures, {})
    'l,l'
    """
    supports = {
        player: [action for action in actions if strategies[player].get(action, 0) != 0]
        for player, actions in players.items()
    }
    if all(len(support) == 1 for support in supports.values()):
        return ",".join(support[0] for support in supports.values())
    if list(supports.values()) == [list(actions) for actions in players.values()]:
        return "mixed"
    parts = []
    for player, support in supports.items():
        idle = ties.get(player, ())
        parts.append(",".join(support) + (TIES + ",".join(idle) if idle else ""))
    return f"mixed{{{'|'.join(parts)}}}"


def telling_ties(
    players: Players, supports: Sequence[Collection[int]], best: Sequence[Collection[int]]
) -> dict[str, Actions]:
    """The replies to be told of in the name of an extreme equilibrium of two players.

    A mixture is fixed by its support and by the replies that are best against it: where some of
    these are not given, another mixture of the same support may belong to other ones. Not so
    where one action is played for sure, or where every reply is best.
    """
    found: dict[str, Actions] = {}
    for place, (player, actions) in enumerate(players.items()):
        mixed = len(supports[1 - place]) > 1
        if mixed and len(best[place]) < len(actions):
            idle = sorted(set(best[place]) - set(supports[place]))
            found[player] = tuple(actions[i] for i in idle)
    return found


def ties_told(name: str, players: Iterable[str]) -> dict[str, Actions]:
    """The replies that a name tells of, by player.

    >>> ties_told("mixed{l,r|l ties m}", ["a", "b"])
    {'b': ('m',)}
    """
    parts = name.removeprefix("mixed{").rpartition("}")[0].split("|")
    return {
        player: tuple(part.split(TIES)[1].split(","))
        for player, part in zip(players, parts, strict=False)
        if TIES in part
    }


def distinct(branches: Sequence[Branch]) -> list[Branch]:
    """The branches with equal names told apart: the second of a name gets ` 2`, and so on."""
    count: dict[str, int] = {}
    found = []
    for each in branches:
        count[each.name] = count.get(each.name, 0) + 1
        suffix = f" {count[each.name]}" if count[each.name] > 1 else ""
        found.append(replace(each, name=each.name + suffix))
    return found
