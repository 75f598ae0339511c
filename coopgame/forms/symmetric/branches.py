"""Equilibria of identical players as branches: their names, strategies, payoffs and outcomes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import sympy

from coopgame.algebra.binomial import K, resolved
from coopgame.algebra.chances import DENOMINATOR, DIGITS, X, power_basis
from coopgame.algebra.simplify import neat
from coopgame.forms.symmetric.gains import Crossing
from coopgame.forms.symmetric.headcounts import Headcount
from coopgame.forms.symmetric.mixes import Mix
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.solution import Branch

# A second mixture of the same players bears its stability or its place.
MARK = r"(?:_stable|_unstable|_[1-9][0-9]?)?"
CONCEPT = "Nash equilibrium"
STABILITY = {True: "unstable", False: "stable", None: ""}
MEETING = "where a stable and an unstable mixture meet"


@dataclass(frozen=True)
class SymmetricSetting:
    """What a file says: players, actions, payoffs in k, and further outcomes, over a domain."""

    players: sympy.Expr
    actions: tuple[str, str]
    payoffs: tuple[sympy.Expr, sympy.Expr]
    outcomes: Mapping[str, sympy.Expr]
    mixed_outcomes: Mapping[str, sympy.Expr]
    domain: Domain

    def measured(self, share: sympy.Expr, welfare: sympy.Expr) -> dict[str, sympy.Expr]:
        """Co-operation, welfare, and the outcomes of the file that follow from them."""
        known = {symbol("cooperation"): share, symbol("welfare"): welfare}
        stated = {name: self.neat(value.subs(known)) for name, value in self.outcomes.items()}
        return {"cooperation": share, "welfare": welfare, **stated}

    def neat(self, value: sympy.Expr) -> sympy.Expr:
        return neat(value, self.domain) if value.free_symbols else value


# --- names -------------------------------------------------------------------------------------


def count_name(actions: tuple[str, str], label: str) -> str:
    """`all_give`, `all_keep`, `one_give`, `3_give`, ... of a label of `Headcount`."""
    first, second = actions
    if label == "none":
        return f"all_{second}"
    return f"{label[3:]}_{first}" if label.startswith("of_") else f"{label}_{first}"


def mixture_names(kinds: Sequence[bool | None], alone: str = "mixed") -> list[str]:
    """Names of mixtures in the order of their chances, by which way the mean gain goes there.

    One alone has the plain name, but where the mean gain only touches zero: there a stable and an
    unstable one meet, and it has the name of the stable one.

    >>> mixture_names([True, False]), mixture_names([False]), mixture_names([None])
    (['mixed_unstable', 'mixed_stable'], ['mixed'], ['mixed_stable'])
    """
    if len(kinds) == 1:
        return [alone if kinds[0] is not None else f"{alone}_stable"]
    labels = [STABILITY[kind] for kind in kinds]
    unique = [label if label and labels.count(label) == 1 else "" for label in labels]
    return [f"{alone}_{label or i}" for i, label in enumerate(unique, start=1)]


def may_be_called(name: str, actions: tuple[str, str], most: sympy.Expr) -> bool:
    """Whether a branch of a game of at most so many players can have this name."""
    first, second = actions
    if name in {f"all_{first}", f"all_{second}"}:
        return True
    if name in {f"{who}_{first}" for who in ("one", "some", "all_but_one")}:
        return True
    split = rf"(?:(\d+)_{first}_)?(?:(\d+)_{second}_)?(\d+)_mix(?:_(\d+)_mix)?"
    for pattern, least in ((rf"(\d+)_{first}", 2), (split + MARK, 1), ("mixed" + MARK, 1)):
        found = re.fullmatch(pattern, name)
        if found:
            numbers = [int(number) for number in found.groups() if number]
            size = sum(numbers) + (least == 2)  # a number between none and all is below all
            return all(number >= least for number in numbers) and bool(size <= most)
    return False


def split_name(actions: tuple[str, str], mix: Mix) -> str:
    """`2_wait_2_mix`: who is sure of what, and how many mix."""
    sure = [f"{c}_{a}" for c, a in zip(mix.sure, actions, strict=True) if c]
    return "_".join([*sure, *(f"{size}_mix" for size, _ in mix.groups)])


# --- how many co-operate -----------------------------------------------------------------------


def counted(setting: SymmetricSetting, state: Headcount, name: str = "") -> Branch:
    """A number of players take the first action, and all others the second."""
    m, n = state.number, setting.players
    first, second = setting.actions
    payoffs = {}
    if m != 0:
        payoffs[first if m != n else "each"] = _payoff(setting, 0, m - 1, state)
    if m != n:
        payoffs[second if m != 0 else "each"] = _payoff(setting, 1, m, state)
    numbers = (m, n - m) if len(payoffs) == 2 else (n,)
    total = sum(a * b for a, b in zip(numbers, payoffs.values(), strict=True))
    return Branch(
        name=name or count_name(setting.actions, state.label),
        kind="symmetric",
        concept=CONCEPT,
        strategies={"count": {first: m, second: n - m}},
        payoffs={player: setting.neat(value) for player, value in payoffs.items()},
        outcomes=setting.measured(m / n, setting.neat(total / n)),
        conditions=state.conditions,
    )


def _payoff(
    setting: SymmetricSetting, action: int, others: sympy.Expr, state: Headcount
) -> sympy.Expr:
    premises = [*setting.domain.constraints, *state.conditions]
    return resolved(setting.payoffs[action].subs(K, others), premises, setting.domain)


# --- who mixes ---------------------------------------------------------------------------------


def mixed(setting: SymmetricSetting, name: str, crossing: Crossing, payoff: sympy.Expr) -> Branch:
    """All players mix with one chance."""
    chance, (first, second) = crossing.chance, setting.actions
    payoff = setting.neat(_condensed(payoff))
    return Branch(
        name=name,
        kind="symmetric",
        concept=CONCEPT,
        strategies={"each": {first: chance, second: 1 - chance}},
        payoffs={"each": payoff},
        outcomes={**setting.measured(chance, payoff), **_of_mixtures(setting, chance, payoff)},
        conditions=crossing.conditions,
        implicit={} if crossing.implicit is None else {"cooperation": crossing.implicit},
        note=STABILITY[crossing.rising],
    )


def _of_mixtures(
    setting: SymmetricSetting, chance: sympy.Expr, payoff: sympy.Expr
) -> dict[str, sympy.Expr]:
    known = {symbol("chance"): chance, symbol("cooperation"): chance, symbol("welfare"): payoff}
    stated = {name: value.subs(known) for name, value in setting.mixed_outcomes.items()}
    return {name: _condensed(value) for name, value in stated.items()}


def _condensed(expression: sympy.Expr) -> sympy.Expr:
    """Powers of powers joined where exponents are symbols: the bases are chances."""
    symbolic = any(power.exp.free_symbols for power in expression.atoms(sympy.Pow))
    return sympy.powdenest(expression, force=True) if symbolic else expression


def at_numbers(
    setting: SymmetricSetting, rows: Sequence[tuple[sympy.Expr, sympy.Expr]], mix: Mix, name: str
) -> Branch:
    """An equilibrium in which two or more mix and the others, if any, are sure.

    The outcomes of mixtures in the file speak of one chance that all players share, so that they
    are given only where all do.
    """
    n, alike = len(rows), sum(mix.sure) == 0 and len(mix.groups) == 1
    ones = (sympy.S.One, sympy.S.Zero)
    parts = [
        (f"{size}_{action}", action, size, chance, _sure(rows, i, mix))
        for i, (action, size, chance) in enumerate(
            zip(setting.actions, mix.sure, ones, strict=True)
        )
        if size
    ]
    for i, (size, chance) in enumerate(mix.groups):
        who = "each" if alike else ("mix", "others")[i]
        parts.append((who if alike else f"{size}_{who}", who, size, chance, _worth(rows, mix, i)))
    share = sum((size * chance for _, _, size, chance, _ in parts), sympy.S.Zero) / n
    total = sum((size * worth for _, _, size, _, worth in parts), sympy.S.Zero)
    welfare = parts[0][4] if len(parts) == 1 else total / n
    outcomes = setting.measured(share, _tidied(welfare, mix.exact))
    if alike:
        outcomes |= _of_mixtures(setting, share, outcomes["welfare"])
    touches = mix.rising is None and len(mix.groups) == 1
    return Branch(
        name=name,
        kind="symmetric",
        concept=CONCEPT,
        strategies={
            key: dict(zip(setting.actions, (chance, 1 - chance), strict=True))
            for key, _, _, chance, _ in parts
        },
        payoffs={who: _tidied(worth, mix.exact) for _, who, _, _, worth in parts},
        outcomes={key: _tidied(value, mix.exact) for key, value in outcomes.items()},
        note=MEETING if touches else STABILITY[mix.rising],
    )


def _sure(rows: Sequence[tuple[sympy.Expr, sympy.Expr]], action: int, mix: Mix) -> sympy.Expr:
    """What a player gets who is sure: one of the first action has one such fewer beside her."""
    start = mix.sure[0] - (1 - action)
    return _over([row[action] for row in rows[max(start, 0) :]], mix.groups)


def _worth(rows: Sequence[tuple[sympy.Expr, sympy.Expr]], mix: Mix, group: int) -> sympy.Expr:
    """What those of a group who mix get: either action pays that, in the shorter of two ways."""
    others = [(size - (i == group), chance) for i, (size, chance) in enumerate(mix.groups)]
    start = mix.sure[0]
    ways = [_over([row[action] for row in rows[start:]], others) for action in (0, 1)]
    return min(ways, key=lambda way: int(way.count_ops()))


def _over(values: Sequence[sympy.Expr], groups: Sequence[tuple[int, sympy.Expr]]) -> sympy.Expr:
    """E values[K], K the number in the groups who take the first action."""
    (size, chance), *rest = groups
    if not rest:
        return exact_mean(values[: size + 1], chance)
    count = sum(other for other, _ in rest)
    return exact_mean([_over(values[c:], groups[:1]) for c in range(count + 1)], rest[0][1])


def exact_mean(values: Sequence[sympy.Expr], chance: sympy.Expr) -> sympy.Expr:
    """E values[K], K binomial, written in powers of the chance; of an algebraic one, few of them.

    >>> exact_mean([sympy.S(0), sympy.S(1), sympy.S(2)], sympy.Rational(1, 3))
    2/3
    """
    power = power_basis(values)
    if chance.is_Rational and all(c.is_Rational for c in power):
        return _at_fraction(power, chance)
    if len(power) == 1 or chance.is_Rational:
        return sum((c * chance**j for j, c in enumerate(power)), sympy.S.Zero)
    if isinstance(chance, sympy.CRootOf) and all(c.is_Rational for c in power):
        polynomial = sympy.Poly(list(reversed(power)), X, domain="QQ")
        minimal = sympy.Poly(chance.poly.as_expr().xreplace({chance.poly.gen: X}), X, domain="QQ")
        return polynomial.rem(minimal).as_expr().xreplace({X: chance})
    expression = sum((c * chance**j for j, c in enumerate(power)), sympy.S.Zero)
    return sympy.radsimp(sympy.expand(expression)) if len(power) <= 6 else expression


def _at_fraction(power: Sequence[sympy.Rational], chance: sympy.Rational) -> sympy.Rational:
    """A polynomial in whole numbers, by Horner's rule: reduced once, and not at each of its terms.

    >>> _at_fraction([sympy.S(1), sympy.S(2)], sympy.Rational(1, 3))
    5/3
    """
    scale = lcm(*(int(c.q) for c in power))
    top, bottom, total = int(chance.p), int(chance.q), 0
    for step, c in enumerate(reversed(power)):
        total = total * top + int(c * scale) * bottom**step
    return sympy.Rational(total, scale * bottom ** (len(power) - 1))


def _tidied(value: sympy.Expr, exact: bool) -> sympy.Expr:
    """What follows from a root known to 30 digits, to no more digits than that."""
    if exact or value.free_symbols or not value.is_number:
        return value
    near = Fraction(str(sympy.N(value, DIGITS)))
    return sympy.Rational(near.limit_denominator(DENOMINATOR))
