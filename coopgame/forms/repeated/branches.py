"""The branch of a pair of automata: what it pays, what co-operation it brings, where it holds."""

from __future__ import annotations

from dataclasses import replace

import sympy

from coopgame.algebra.linear import cancelled, factors
from coopgame.forms.repeated.automata import Context, build, describe
from coopgame.forms.repeated.deviations import (
    SUBGAME_PERFECT,
    Incentives,
    at_least_zero,
    incentives,
)
from coopgame.forms.repeated.forgiveness import FORGIVING, forgiving
from coopgame.forms.repeated.play import (
    Pair,
    RepeatedSetting,
    discounted,
    prescribed,
    reachable,
    values,
)
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.proofs.conditions import reduce
from coopgame.solution import Branch

PERFECT_PUBLIC = "perfect public"


def automaton_branch(
    setting: RepeatedSetting,
    name: str,
    pair: Pair,
    found: Incentives,
    context: Context,
    domain: Domain,
) -> Branch:
    """The branch of two automata, with the share of periods in which both co-operate.

    That share is discounted, as the average payoff of a period is: (1 - delta) times a sum.
    """
    nodes, players = reachable(setting, pair, deviations=False), setting.players
    agreed = {node: sympy.Integer(prescribed(pair, node) == context.cooperate) for node in nodes}
    share = discounted(setting, pair, nodes, agreed)[nodes[0]]
    payoffs = {
        player: _readable(values(setting, pair, i, nodes)[nodes[0]], domain)
        for i, player in enumerate(players)
    }
    average, period = sympy.Add(*payoffs.values()) / len(payoffs), 1 - setting.discount
    perfect = found.concept == SUBGAME_PERFECT and not context.seen
    return Branch(
        name=name,
        kind="automaton",
        concept=PERFECT_PUBLIC if perfect else found.concept,
        strategies={p: describe(a) for p, a in zip(players, pair, strict=True)},
        payoffs=payoffs,
        outcomes={
            "cooperation": _readable(period * share, domain),
            "average_payoff": _readable(period * average, domain),
        },
        conditions=found.conditions,
    )


def forgiving_branch(setting: RepeatedSetting, context: Context, domain: Domain) -> Branch | None:
    """Grim with public randomisation: an equilibrium exactly where grim is one."""
    plain = incentives(setting, (build("grim", context, 0), build("grim", context, 1)), domain)
    if not plain:
        return None
    found = forgiving(setting, context, domain)
    chance = at_least_zero([1 - found.forgiveness], domain, ())
    asked = (*plain[-1].conditions, *chance)
    if domain.parameters:
        asked = reduce(asked, domain.constraints, domain.integers).conditions
    strictest = replace(plain[-1], conditions=asked)
    branch = automaton_branch(found.setting, FORGIVING, found.pair, strictest, context, domain)
    told = {"forgiveness": found.forgiveness}
    strategies = {player: {**rules, **told} for player, rules in branch.strategies.items()}
    return replace(branch, strategies=strategies, outcomes={**branch.outcomes, **told})


def _readable(value: sympy.Expr, domain: Domain) -> sympy.Expr:
    """The value as one fraction, each factor below turned to be positive at the defaults."""
    top, bottom = sympy.fraction(cancelled(value))
    at = {symbol(name): default for name, default in domain.defaults.items()}
    constant, below_line = factors(bottom)
    below = sympy.Integer(1)
    for factor, power in below_line:
        negative = bool(factor.subs(at) < 0)
        constant *= (-1) ** power if negative else 1
        below *= (-factor if negative else factor) ** power
    return (top / constant) / below
