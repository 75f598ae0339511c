"""The argument that two automata are an equilibrium, step by step, from the solver's own parts.

What each state of play is worth, the one-shot deviations there (or, for a Nash equilibrium that is
not subgame-perfect, the stationary replies from the start), and what that asks of the parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.forms.derivation import (
    ArgumentTable,
    Derivation,
    Line,
    Role,
    Step,
    at_least,
    at_most,
    condition_step,
    equal,
    fresh,
    payoff_grid,
    positive,
    put,
)
from coopgame.forms.repeated.automata import Context, describe
from coopgame.forms.repeated.deviations import NASH
from coopgame.forms.repeated.forgiveness import forgiving_pair, randomised
from coopgame.forms.repeated.play import (
    Node,
    Pair,
    RepeatedSetting,
    following,
    prescribed,
    reachable,
    starts,
)
from coopgame.forms.repeated.policies import from_start, replies
from coopgame.forms.repeated.valuation import AutomataPlay, ValueTable, in_letters, simplified
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.solution import Branch

PATIENCE = (
    "A change of rules wipes the history out, whatever was played, so that a breach only costs "
    "what survives into the next period: incentives discount with"
)


def argument(setting: RepeatedSetting, pair: Pair, domain: Domain, branch: Branch) -> Derivation:
    """Why the pair is the equilibrium that the branch says it is."""
    play = in_letters(setting, pair, domain)
    perfect = branch.concept != NASH
    nodes = reachable(play.setting, pair, deviations=perfect)
    table = ValueTable.of(play, nodes)
    steps = [
        _stage(setting),
        _candidate(play),
        *_patience(play),
        table.equations(),
        table.solution(),
    ]
    steps += list(table.deviations() if perfect else _replies(play))
    steps += [condition_step(branch.conditions), _worth(branch)]
    return Derivation(branch.name, branch.concept, tuple(steps))


def forgiving_argument(
    setting: RepeatedSetting, context: Context, domain: Domain, branch: Branch
) -> Derivation:
    """Why grim with the least punishment that deters is an equilibrium where the branch says."""
    phi = fresh("phi", domain.names)
    pair = forgiving_pair(context)
    play = in_letters(randomised(setting, context, phi), pair, domain)
    table = ValueTable.of(play, reachable(play.setting, pair, deviations=True))
    solved = table.solution()
    values_of = {line.statement.args[0]: line.statement.args[1] for line in solved.lines}
    binding, *others = next(iter(table.deviations())).lines
    least = sympy.solve(_gap(put(binding.statement, values_of)), phi)[0]
    steps = [_stage(setting), _candidate(play), *_patience(play), table.equations(), solved]
    steps += _least_punishment(phi, positive(least, play.domain), binding, others)
    steps += [condition_step(branch.conditions), _worth(branch)]
    return Derivation(branch.name, branch.concept, tuple(steps))


def _least_punishment(
    phi: sympy.Symbol, least: sympy.Expr, binding: Line, others: Sequence[Line]
) -> Iterator[Step]:
    text = (
        f"After a bad signal the punishment begins only with the chance {phi}, drawn in public. "
        "Punishing less costs less, so the chance is the least that deters: nobody gains or loses "
        "by the deviation,"
    )
    tie = equal(*binding.statement.args)
    yield Step("The incentive constraint", text, (Line(tie, binding.about),), Role.SYSTEM)
    text = "which is linear in that chance, once the values are put in:"
    yield Step("The least punishment", text, (Line(equal(phi, least)),), Role.SOLVED)
    chance = (
        Line(at_least(phi, sympy.S.Zero), "a chance is not negative"),
        Line(at_most(phi, sympy.S.One), "and at most one"),
    )
    text = "A punishment that deters exists where this is a chance, and nobody gains otherwise:"
    yield Step("The constraint, simplified", text, (*chance, *others), Role.INCENTIVE)


def _gap(comparison: Boolean) -> sympy.Expr:
    left, right = comparison.args
    return sympy.numer(sympy.together(left - right))


# --- the game and the candidate ----------------------------------------------------------------


def _stage(setting: RepeatedSetting) -> Step:
    """The stage game, and what is seen of it."""
    one, two = setting.players
    players = dict(zip(setting.players, setting.actions, strict=True))
    grids = [
        payoff_grid(
            players,
            {p: both for (r, p), both in setting.payoffs.items() if r == regime.name},
            regime.name and f"in regime {regime.name}",
        )
        for regime in setting.regimes
    ]
    signals = tuple(dict.fromkeys(y for row in setting.chances.values() for y in row))
    if any(len(row) > 1 for row in setting.chances.values()):
        rows = tuple(
            (",".join(p), *(row.get(y, sympy.S.Zero) for y in signals))
            for p, row in setting.chances.items()
        )
        grids.append(ArgumentTable(("played", *signals), rows, "what is seen, with which chance"))
    text = f"Each period {one} and {two} play this stage game; payoffs in that order:"
    return Step("The stage game", text, grids=tuple(grids))


def _candidate(play: AutomataPlay) -> Step:
    told: dict[tuple[str, ...], str] = {}
    for player, automaton in zip(play.setting.players, play.pair, strict=True):
        lines = tuple(rules(describe(automaton)))
        told[lines] = f"{told[lines]} and {player}" if lines in told else player
    remarks = [f"{who}: {line}" for lines, who in told.items() for line in lines]
    names = " against ".join(dict.fromkeys(automaton.name for automaton in play.pair))
    text = f"The candidate is {names}: each player follows a rule with finitely many states."
    return Step("The candidate", text, remarks=tuple(remarks))


def rules(machine: Mapping[str, Any]) -> Iterator[str]:
    """One sentence a state of a described automaton: what it plays and where signals lead."""
    for state, rule in machine["states"].items():
        begins = "start in" if state == machine["start"] else "in"
        if "action" in rule:
            yield f"{begins} {state}: {_rule(state, rule)}"
        else:
            each = "; ".join(f"under {r} {_rule(state, one)}" for r, one in rule.items())
            yield f"{begins} {state}: {each}"


def _rule(state: str, rule: Mapping[str, Any]) -> str:
    leading: dict[str, list[str]] = {}
    for signal, successor in rule["next"].items():
        leading.setdefault(successor, []).append(signal)
    if list(leading) == [state]:
        return f"play {rule['action']}, for ever"
    if len(leading) == 1:
        return f"play {rule['action']}, then go to {next(iter(leading))}"
    many = max(leading, key=lambda to: len(leading[to]))
    moves = [
        f"{'stay' if to == state else f'go to {to}'} after {' or '.join(signals)}"
        for to, signals in leading.items()
        if to != many
    ]
    otherwise = "stay" if many == state else f"go to {many}"
    return f"play {rule['action']}; {', '.join(moves)}, otherwise {otherwise}"


def _patience(play: AutomataPlay) -> Iterator[Step]:
    if play.stands_for:
        lines = tuple(Line(equal(D, meant)) for D, meant in play.stands_for.items())
        yield Step("The weight of the next period", f"{PATIENCE}:", lines, Role.GIVEN)


# --- Nash only ---------------------------------------------------------------------------------


def _replies(play: AutomataPlay) -> Iterator[Step]:
    """The stationary replies to the other's automaton from the start of play."""
    lines: dict[Boolean, Line] = {}
    setting, pair = play.setting, play.pair
    for start, player in product(starts(setting, pair), play.players):
        own = positive(from_start(setting, pair, player, start), play.domain)
        anew = f" from a new start under {start[2]}" if start[2] in setting.anew else ""
        for against in replies(setting, pair, player, start):
            other = positive(from_start(setting, against, player, start), play.domain)
            path = _path(play, against, player, start)
            if own != other:
                gain = at_least(own, other)
                about = f"{play.whose(player)}{anew}: rather than {path}"
                lines.setdefault(gain, Line(gain, about))
    text = (
        "After some histories the threats are not credible, so this is a Nash equilibrium but not "
        "subgame-perfect. It is enough to compare with the best fixed plans against the other's "
        "strategy:"
    )
    yield Step("The incentive constraint", text, tuple(lines.values()), Role.INCENTIVE)
    yield simplified(play, list(lines))


def _path(play: AutomataPlay, pair: Pair, player: int, start: Node) -> str:
    """What a player does period by period, as `D, C, D, C ...`."""
    node: Node = (pair[0].start, pair[1].start, start[2])
    seen: list[Node] = []
    actions: list[str] = []
    while node not in seen:
        seen.append(node)
        actions.append(prescribed(pair, node)[player])
        found = following(play.setting, pair, node, prescribed(pair, node))
        if len(found) != 1:
            return "another policy"
        node = next(iter(found))
    first = seen.index(node)
    cycle = actions[first:]
    begins = f"{', '.join(actions[:first])}, then " if first else ""
    return f"{begins}{', '.join(cycle)} for ever" if len(cycle) == 1 else (
        f"{begins}{', '.join(cycle)} in turn"
    )  # fmt: skip


def _worth(branch: Branch) -> Step:
    lines = [
        Line(equal(symbol(f"value_{player}"), worth)) for player, worth in branch.payoffs.items()
    ]
    text = (
        "From the start of play, and with a relation that begins again after a change of rules, "
        "the equilibrium is worth:"
    )
    return Step("What it is worth", text, tuple(lines), Role.VALUE)
