"""The argument that a profile of mixtures is an equilibrium: indifference, and no better action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy

from coopgame.forms.derivation import (
    Derivation,
    Line,
    Role,
    Step,
    above,
    at_least,
    condition_step,
    equal,
    payoff_grid,
    positive,
)
from coopgame.forms.normal.mixtures import Mixture, PayoffTable, expected
from coopgame.forms.normal.tables import Actions
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.solution import Branch

INDIFFERENT = (
    "Whoever mixes must be indifferent between the actions mixed, or one of them would be dropped; "
    "the others' probabilities see to that"
)


def argument(table: PayoffTable, domain: Domain, branch: Branch) -> Derivation:
    """Why a branch is a Nash equilibrium exactly where its conditions hold."""
    supports = {
        player: tuple(action for action, share in mixture.items() if share != 0)
        for player, mixture in branch.strategies.items()
    }
    told = f"The payoffs, in the order {', '.join(table.players)}, are these:"
    grid = payoff_grid(table.players, table.payoffs)
    steps = [Step("The payoffs", told, grids=(grid,)), _candidate(supports)]
    if any(len(support) > 1 for support in supports.values()):
        steps += _mixing(table, domain, branch, supports)
    steps += [_no_better(table, supports), condition_step(branch.conditions)]
    worth = tuple(Line(equal(symbol(f"{p}_payoff"), v)) for p, v in branch.payoffs.items())
    steps.append(Step("What each earns", "In this equilibrium the players earn:", worth))
    return Derivation(branch.name, branch.concept, tuple(steps))


def _candidate(supports: Mapping[str, Actions]) -> Step:
    remarks = tuple(
        f"{player}: {support[0]}" if len(support) == 1 else f"{player}: mixes {_list(support)}"
        for player, support in supports.items()
    )
    text = "The candidate says which actions each player uses at all:"
    return Step("The candidate", text, remarks=remarks)


def _list(words: Actions) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


# --- mixtures ----------------------------------------------------------------------------------


def _unknowns(supports: Mapping[str, Actions]) -> dict[str, dict[str, sympy.Expr]]:
    """Each player's mixture: a symbol for every probability that is not 0 or 1."""
    return {
        player: {
            action: symbol(f"{player}_{action}") if len(support) > 1 else sympy.S.One
            for action in support
        }
        for player, support in supports.items()
    }


def _mixing(
    table: PayoffTable, domain: Domain, branch: Branch, supports: Mapping[str, Actions]
) -> Iterator[Step]:
    unknown = _unknowns(supports)
    remarks = tuple(
        f"{share}: the probability that {player} plays {action}"
        for player, mixture in unknown.items()
        for action, share in mixture.items()
        if not share.is_number
    )
    lines = tuple(_indifference(table, unknown))
    yield Step("Indifference", f"{INDIFFERENT}:", lines, Role.SYSTEM, remarks)
    solved = tuple(
        Line(equal(share, positive(branch.strategies[player][action], domain)))
        for player, mixture in unknown.items()
        for action, share in mixture.items()
        if not share.is_number
    )
    text = "These equations are linear in each player's probabilities; they give:"
    yield Step("The probabilities", text, solved, Role.SOLVED)
    used = tuple(Line(above(line.statement.args[0], sympy.S.Zero)) for line in solved)
    text = "Each of these actions is used, so that every probability is positive:"
    yield Step("They must be probabilities", text, used, Role.INCENTIVE)


def _indifference(table: PayoffTable, unknown: Mapping[str, Mixture]) -> Iterator[Line]:
    for player, mixture in unknown.items():
        first, *others = mixture
        for action in others:
            pays = [_pays(table, player, unknown, each) for each in (first, action)]
            yield Line(equal(*pays), f"{player}: {first} pays what {action} pays")
        if others:
            total = sympy.Add(*mixture.values())
            yield Line(equal(total, sympy.S.One), f"{player}: the probabilities add up")


def _pays(
    table: PayoffTable, player: str, strategies: Mapping[str, Mixture], action: str
) -> sympy.Expr:
    return expected(table, player, {**strategies, player: {action: sympy.S.One}})


# --- no better action --------------------------------------------------------------------------


def _no_better(table: PayoffTable, supports: Mapping[str, Actions]) -> Step:
    """That no action outside the support pays more, in the probabilities found."""
    unknown = _unknowns(supports)
    lines = tuple(
        Line(
            at_least(
                _pays(table, player, unknown, support[0]), _pays(table, player, unknown, action)
            ),
            f"{player}: {support[0]} rather than {action}",
        )
        for player, support in supports.items()
        for action in table.players[player]
        if action not in support
    )
    text = "No player gains by switching to another action:"
    if not lines:
        text = "No action is left out, so nobody can gain by another one."
    return Step("The incentive constraint", text, lines, Role.INCENTIVE)
