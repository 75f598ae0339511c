"""Under which conditions two automata are an equilibrium, and of which concept.

One-shot deviations at every node that some history reaches decide subgame perfection. A Nash
equilibrium needs best replies from the start only; those are found among the stationary policies
against the other's automaton. The one-shot conditions on the path are necessary for both, so
where they are proved to imply those off the path, the two concepts coincide.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.errors import LimitReached
from coopgame.forms.base import leaders
from coopgame.forms.repeated.play import (
    Node,
    Pair,
    Plain,
    RepeatedSetting,
    one_shot_gaps,
    starts,
    without_restarts,
)
from coopgame.forms.repeated.policies import reply_gaps
from coopgame.forms.repeated.reach import weights
from coopgame.forms.repeated.replies import is_rational, regret
from coopgame.language.deciding import decide
from coopgame.language.parameters import Domain
from coopgame.proofs.conditions import reduce, tidy
from coopgame.proofs.questions import feasible, is_redundant

SUBGAME_PERFECT = "subgame-perfect"
NASH = "Nash"
# In letters, comparisons longer than this in all take minutes to simplify, and pages to print.
MAX_OPERATIONS = 1500
Leads = tuple[sympy.Symbol, ...]


@dataclass(frozen=True)
class Incentives:
    """That two automata are an equilibrium of a concept exactly where the conditions hold.

    `variant` marks the part of a Nash equilibrium's region where it is subgame-perfect too.
    """

    concept: str
    conditions: tuple[Boolean, ...]
    variant: bool = False
    note: str = ""


def incentives(setting: RepeatedSetting, pair: Pair, domain: Domain) -> list[Incentives]:
    """Where the pair is an equilibrium: once, or as Nash and then as subgame-perfect.

    At numbers at most once, of the stronger concept.
    """
    question = _Question.of(setting, pair, domain)
    if not domain.parameters:
        return _at_numbers(setting, question)
    plain = question.plain
    found = [
        replace(one, conditions=_put_back(one.conditions, plain, domain))
        for one in _incentives(question)
    ]
    # That they are the same may show only now that each is written in its shortest form.
    if len(found) == 2 and set(found[0].conditions) == set(found[1].conditions):
        return [replace(found[1], variant=False)]
    return found


@dataclass(frozen=True)
class _Question:
    """Two automata where a reset ends the game, and the weight of each node that they can meet.

    On the path of play, and after every history.
    """

    pair: Pair
    plain: Plain
    leads: Leads
    on_path: Mapping[Node, sympy.Expr]
    anywhere: Mapping[Node, sympy.Expr]

    @classmethod
    def of(cls, setting: RepeatedSetting, pair: Pair, domain: Domain) -> _Question:
        plain = without_restarts(setting, domain)
        on_path, anywhere = (weights(setting, pair, domain, d) for d in (False, True))
        return cls(pair, plain, (*plain.stands_for, *leaders(domain)), on_path, anywhere)

    def reply_gaps(self, most: float = math.inf) -> set[sympy.Expr]:
        """What either loses by any stationary policy, from wherever play starts or starts anew.

        Raises LimitReached where there are too many, or more than `most` operations in all.
        """
        setting = self.plain.setting
        found: set[sympy.Expr] = set()
        length = 0
        for start, player in product(starts(setting, self.pair), (0, 1)):
            if start not in self.on_path:
                continue
            for gap in reply_gaps(setting, self.pair, player, start):
                weighed = self.on_path[start] * gap
                length += 0 if weighed in found else weighed.count_ops()
                found.add(weighed)
                if length > most:
                    told = f"what deviations bring takes more than {most} operations to write"
                    raise LimitReached(f"{told} in letters (at given values it is asked)")
        return found


def _put_back(conditions: Sequence[Boolean], plain: Plain, domain: Domain) -> tuple[Boolean, ...]:
    """The conditions in the game's own parameters, irredundant, each as it reads shorter."""
    stated = [condition.subs(plain.stands_for) for condition in conditions]
    kept = reduce(stated, domain.constraints, domain.integers).conditions
    return tuple(
        min(c, tidy(c, domain.constraints, leaders(domain), domain.integers), key=sympy.count_ops)
        for c in kept
    )


def _incentives(question: _Question) -> list[Incentives]:
    domain, leads = question.plain.domain, question.leads
    gaps = one_shot_gaps(question.plain.setting, question.pair)

    def asked(weight: Mapping[Node, sympy.Expr]) -> tuple[Boolean, ...]:
        weighed = (w * gap for node, w in weight.items() for gap in gaps[node])
        return at_least_zero(weighed, domain, leads)

    on_path, everywhere = asked(question.on_path), asked(question.anywhere)
    if all_follow(on_path, everywhere, domain):
        return [Incentives(SUBGAME_PERFECT, on_path)]
    perfect = Incentives(SUBGAME_PERFECT, _equations(everywhere, domain), variant=True)
    try:
        replies = question.reply_gaps(MAX_OPERATIONS)
    except LimitReached as limit:
        note = f"whether it is Nash where it is not subgame-perfect was not asked: {limit}"
        return [Incentives(SUBGAME_PERFECT, everywhere, note=note)]
    return [Incentives(NASH, at_least_zero(replies, domain, leads)), perfect]


def _at_numbers(setting: RepeatedSetting, question: _Question) -> list[Incentives]:
    """The concept of which two automata are an equilibrium of a game in numbers, if of any."""
    gaps = one_shot_gaps(question.plain.setting, question.pair)

    def kept(weight: Mapping[Node, sympy.Expr]) -> bool:
        weighed = [w * gap for node, w in weight.items() for gap in gaps[node]]
        return all(decide(sympy.Ge(g.subs(question.plain.stands_for), 0)) for g in weighed)

    if not kept(question.on_path):
        return []
    if kept(question.anywhere):
        return [Incentives(SUBGAME_PERFECT, ())]
    if is_rational(setting):
        return [Incentives(NASH, ())] if regret(setting, question.pair, False) == 0 else []
    try:
        replies = [gap.subs(question.plain.stands_for) for gap in question.reply_gaps()]
    except LimitReached as limit:
        note = f"whether it is a Nash equilibrium was not asked: {limit}"
        return [Incentives(NASH, (sympy.false,), note=note)]
    held = all(decide(sympy.Ge(gap, 0)) for gap in replies)
    return [Incentives(NASH, ())] if held else []


def at_least_zero(gaps: Iterable[sympy.Expr], domain: Domain, leads: Leads) -> tuple[Boolean, ...]:
    """That no gap is negative: each once, led as reads shortest, none that always holds."""

    def written(gap: sympy.Expr, lead: Leads) -> Boolean:
        order = (*lead, *(other for other in leads if other not in lead))
        return tidy(sympy.Ge(gap, 0), domain.constraints, order, domain.integers)

    found = dict.fromkeys(
        min((written(gap, (lead,)) for lead in leads if gap.has(lead)), key=sympy.count_ops)
        if gap.has(*leads)
        else written(gap, ())
        for gap in sorted(set(gaps), key=sympy.default_sort_key)
    )
    return tuple(condition for condition in found if condition != sympy.true)


def all_follow(premises: Sequence[Boolean], wanted: Iterable[Boolean], domain: Domain) -> bool:
    """Whether all `wanted` conditions are proved to add nothing to the premises in the domain."""
    return all(
        is_redundant(w, [*domain.constraints, *premises], domain.integers)
        for w in wanted
        if w not in premises
    )


def _equations(conditions: Sequence[Boolean], domain: Domain) -> tuple[Boolean, ...]:
    """The conditions, with those that can only hold with equality written as equations."""
    if feasible([*domain.constraints, *conditions], domain.integers).exists is False:
        return (sympy.false,)
    kept = reduce(conditions, domain.constraints, domain.integers).conditions
    return tuple(
        sympy.Eq(c.lhs, c.rhs) if all_follow(kept, [sympy.Eq(c.lhs, c.rhs)], domain) else c
        for c in kept
    )
