"""What it takes to start co-operating: the belief needed, and risk dominance.

Between a co-operative automaton and constant defection each player faces a 2x2 game. With a the
value of co-operating with a co-operator, c of defecting on one, b of co-operating with a defector
and d of defecting on one, co-operation is a best reply from the belief

    p* = (d - b) / (d - b + a - c)

on, and risk-dominates (Harsanyi and Selten 1988) where the product of the players' a - c is at
least that of their d - b. All values are normalised by 1 - delta.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.linear import cancelled
from coopgame.errors import InputError
from coopgame.forms.base import leaders
from coopgame.forms.repeated.deviations import SUBGAME_PERFECT
from coopgame.forms.repeated.play import (
    Pair,
    RepeatedSetting,
    reachable,
    starts,
    values,
    without_restarts,
)
from coopgame.language.comparisons import atoms
from coopgame.language.parameters import Domain
from coopgame.proofs.conditions import tidy
from coopgame.proofs.questions import implies
from coopgame.solution import Branch, Critical, Solution

RISK_DOMINANCE = "risk_dominance"


@dataclass(frozen=True)
class Starting:
    """For each player: what defecting on a co-operator costs, and co-operating with a defector."""

    kept: tuple[sympy.Expr, sympy.Expr]
    lost: tuple[sympy.Expr, sympy.Expr]


def starting(setting: RepeatedSetting, domain: Domain, trusting: Pair, defecting: Pair) -> Starting:
    """The choice between two automata, for both players, under a constant hazard."""
    plain = without_restarts(setting, domain)
    discount = next(iter(plain.stands_for))
    kept, lost = [], []
    for player in (0, 1):
        a, d = (_value(plain.setting, pair, player) for pair in (trusting, defecting))
        one, other = (trusting[0], defecting[1]), (defecting[0], trusting[1])
        mixed = (one, other) if player == 0 else (other, one)
        b, c = (_value(plain.setting, pair, player) for pair in mixed)
        kept.append(_normalised(a - c, discount).subs(plain.stands_for))
        lost.append(_normalised(d - b, discount).subs(plain.stands_for))
    return Starting((kept[0], kept[1]), (lost[0], lost[1]))


def _normalised(difference: sympy.Expr, discount: sympy.Expr) -> sympy.Expr:
    """The difference times 1 - discount, with that factor shown where it divides the rest."""
    found = cancelled((1 - discount) * difference)
    if not (found.has(discount) and found.is_polynomial(discount)):
        return found
    quotient, remainder = sympy.div(found, 1 - discount, discount)
    return (1 - discount) * quotient if remainder == 0 else sympy.collect(found, discount)


def _value(setting: RepeatedSetting, pair: Pair, player: int) -> sympy.Expr:
    nodes = reachable(setting, pair, deviations=False)
    return values(setting, pair, player, nodes)[starts(setting, pair)[0]]


def belief(choice: Starting, domain: Domain, is_equilibrium: bool) -> sympy.Expr | None:
    """The belief in a co-operative partner from which both are willing to start.

    1 where co-operation is no equilibrium. None where defection is not proved to be a strict
    equilibrium, so that nothing stands in the way of a start.
    """
    needed = []
    for kept, lost in zip(choice.kept, choice.lost, strict=True):
        certain = implies(domain.constraints, lost > 0, domain.integers)
        if not certain.proved:
            return None
        gained = kept if is_equilibrium else sympy.Max(0, kept)
        if (lost + gained).is_zero:  # `kept` is negative: it is better to defect on a co-operator
            return sympy.S.One
        needed.append(lost / (lost + gained))
    return sympy.Max(*needed)


def risk_dominance(choice: Starting) -> Boolean:
    """Where co-operation risk-dominates constant defection, given that it is an equilibrium."""
    (kept, kept2), (lost, lost2) = choice.kept, choice.lost
    if (kept, lost) == (kept2, lost2):
        return sympy.Ge(kept - lost, 0)
    return sympy.And(sympy.Ge(kept * kept2 - lost * lost2, 0), kept >= 0, kept2 >= 0)


def criticals(choice: Starting | None, solution: Solution) -> tuple[Critical, ...]:
    """The headline's threshold in the discount factor, and that of risk dominance.

    Where the headline is subgame-perfect only on a part of the region in which it is Nash, both
    thresholds are told. None where the condition is no lower bound on the discount factor.
    """
    found: list[Critical] = []
    for parameter in solution.domain.by_role("discount")[:1]:
        for branch in _concepts(solution):
            threshold = _from_here_on(solution, parameter.name, branch.name)
            if threshold is None:
                continue
            nash = branch.name != solution.headline
            name = "critical_discount_nash" if nash else "critical_discount"
            profile = branch.name.removesuffix(f", {SUBGAME_PERFECT}")
            meaning = f"from here on {profile} is a {branch.concept} equilibrium"
            found.append(Critical(name, parameter.name, threshold, meaning))
        if choice is not None and found:
            found += _risk_threshold(choice, solution, parameter.name)
    return tuple(found)


def _concepts(solution: Solution) -> list[Branch]:
    """The headline's branch, and the one in which the same profile is Nash, where that differs."""
    nash = solution.headline.removesuffix(f", {SUBGAME_PERFECT}")
    names = dict.fromkeys([solution.headline, nash])
    return [b for name in names for b in solution.branches if b.name == name]


def _from_here_on(solution: Solution, parameter: str, branch: str) -> sympy.Expr | None:
    """The least value of the parameter from which a branch holds, where there is such a one."""
    try:
        lower, upper = solution.bounds(parameter, branch)
    except InputError:
        return None
    return lower if upper is None else None


def _risk_threshold(choice: Starting, solution: Solution, parameter: str) -> list[Critical]:
    condition = risk_dominance(choice)
    domain = solution.domain
    conditions = tuple(
        tidy(part, domain.constraints, leaders(domain), domain.integers)
        for part in atoms(condition)
    )
    stand_in = Branch(RISK_DOMINANCE, "automaton", "", {}, {}, {}, conditions)
    asked = replace(solution, branches=(stand_in,), criticals=())
    threshold = _from_here_on(asked, parameter, RISK_DOMINANCE)
    if threshold is None:
        return []
    profile = solution.headline.removesuffix(f", {SUBGAME_PERFECT}")
    meaning = f"from here on {profile} risk-dominates constant defection"
    return [Critical(RISK_DOMINANCE, parameter, threshold, meaning)]
