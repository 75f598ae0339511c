"""The argument that two automata are an equilibrium, step by step, from the solver's own parts.

What each state of play is worth, the one-shot deviations there (or, for a Nash equilibrium that is
not subgame-perfect, the stationary replies from the start), and what that asks of the parameters.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from coopgame.forms.repeated.deviations import NASH, all_follow
from coopgame.forms.repeated.forgiveness import forgiving_pair, randomised
from coopgame.forms.repeated.play import (
    Deviation,
    Node,
    Pair,
    RepeatedSetting,
    following,
    from_start,
    prescribed,
    reachable,
    replies,
    starts,
    values,
    without_restarts,
)
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.proofs.conditions import tidy
from coopgame.solution import Branch

LETTERS = ("V", "W")
ONE_SHOT = (
    "By the one-shot deviation principle it is enough that nobody, in any of these states, gains "
    "by deviating once and then following the automaton again"
)
PATIENCE = (
    "A change of rules wipes the history out, whatever was played, so that a breach only costs "
    "what survives into the next period: incentives discount with"
)


@dataclass(frozen=True)
class AutomataPlay:
    """Two automata in a setting in which a reset ends the game, with a letter for each survival.

    `stands_for` says what the letters mean; `alike` that both players face the same problem.
    """

    setting: RepeatedSetting
    pair: Pair
    domain: Domain
    stands_for: Mapping[sympy.Symbol, sympy.Expr]
    taken: Collection[str]
    alike: bool = False

    @property
    def players(self) -> range:
        """The players whose equations are told: one stands for both where they are alike."""
        return range(1 if self.alike else 2)

    def whose(self, player: int) -> str:
        return "each" if self.alike else self.setting.players[player]


def argument(setting: RepeatedSetting, pair: Pair, domain: Domain, branch: Branch) -> Derivation:
    """Why the pair is the equilibrium that the branch says it is."""
    play = _play(setting, pair, domain)
    perfect = branch.concept != NASH
    nodes = reachable(play.setting, pair, deviations=perfect)
    table = _Table.of(play, nodes)
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
    play = _play(randomised(setting, context, phi), pair, domain)
    table = _Table.of(play, reachable(play.setting, pair, deviations=True))
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
    yield Step("What it asks", text, (*chance, *others), Role.INCENTIVE)


def _gap(comparison: Boolean) -> sympy.Expr:
    left, right = comparison.args
    return sympy.numer(sympy.together(left - right))


def _play(setting: RepeatedSetting, pair: Pair, domain: Domain) -> AutomataPlay:
    plain = without_restarts(setting, domain)
    several = len(plain.stands_for) > 1
    taken = list(domain.names)
    renamed: dict[sympy.Symbol, sympy.Expr] = {}
    for i, (stand_in, meant) in enumerate(plain.stands_for.items(), start=1):
        renamed[stand_in] = meant
        if not (meant.is_Symbol or meant.is_number):
            renamed[stand_in] = fresh(f"D{i}" if several else "D", taken)
            taken.append(renamed[stand_in].name)
    known = plain.domain.assumptions[len(domain.assumptions) :]
    named = domain.extend(assumptions=[c.xreplace(renamed) for c in known])
    stands_for = {renamed[s]: m for s, m in plain.stands_for.items() if renamed[s] != m}
    play = AutomataPlay(plain.setting.substitute(renamed), pair, named, stands_for, taken)
    return replace(play, alike=_alike(play))


def _alike(play: AutomataPlay) -> bool:
    """Whether the second player's problem is the first one's, with the states changed over."""
    nodes = reachable(play.setting, play.pair, deviations=True)
    mirrored = [(y, x, r) for x, y, r in nodes]
    if set(mirrored) != set(nodes) or play.setting.actions[0] != play.setting.actions[1]:
        return False
    one, two = (values(play.setting, play.pair, player, nodes) for player in (0, 1))
    stage = play.setting.payoffs
    return all(
        sympy.expand(mine - stage[regime, (b, a)][1]) == 0
        for (regime, (a, b)), (mine, _) in stage.items()
    ) and all(one[node] == two[other] for node, other in zip(nodes, mirrored, strict=True))


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


# --- values and deviations ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    """A letter for what each state of play is worth to each player."""

    play: AutomataPlay
    nodes: Sequence[Node]
    letters: Mapping[tuple[int, Node], sympy.Symbol]

    @classmethod
    def of(cls, play: AutomataPlay, nodes: Sequence[Node]) -> _Table:
        letters = {
            (player, node): fresh(f"{LETTERS[player]}{i}", play.taken)
            for player in play.players
            for i, node in enumerate(nodes, start=1)
        }
        return cls(play, nodes, letters)

    def ahead(self, player: int, node: Node, profile: tuple[str, str]) -> sympy.Expr:
        """What a profile pays now, and what follows is worth, in letters."""
        setting = self.play.setting
        found = following(setting, self.play.pair, node, profile)
        after = (chance * self.letters[player, to] for to, chance in found.items())
        now = setting.payoffs[node[2], profile][player]
        return now + setting.discount * sympy.Add(*after)

    def equations(self) -> Step:
        """What each state of play is worth, by what follows it."""
        pair = self.play.pair
        lines = [
            Line(equal(letter, self.ahead(player, node, prescribed(pair, node))))
            for (player, node), letter in self.letters.items()
        ]
        remarks = [
            f"{letter.name}: what it is worth to {self.play.whose(player)} {_where(node)}"
            for (player, node), letter in self.letters.items()
        ]
        text = (
            "What each state of play is worth, until the rules next change, is what it pays now "
            "and what the state that follows is worth:"
        )
        if not self.play.stands_for:
            text = text.replace(", until the rules next change,", "")
        return Step("The values", text, tuple(lines), Role.SYSTEM, tuple(remarks))

    def solution(self) -> Step:
        """The values as the linear system gives them."""
        play = self.play
        found = {p: values(play.setting, play.pair, p, self.nodes) for p in play.players}
        lines = tuple(
            Line(equal(letter, positive(found[player][node], play.domain)))
            for (player, node), letter in self.letters.items()
        )
        return Step("Their solution", "This is a linear system; its solution:", lines, Role.SOLVED)

    def deviations(self) -> Iterator[Step]:
        """The one-shot deviations everywhere, and what each asks of the parameters."""
        lines: dict[Boolean, Line] = {}
        for (player, node), letter in self.letters.items():
            played = prescribed(self.play.pair, node)[player]
            for action in self.play.setting.actions[player]:
                if action != played:
                    profile = Deviation(node, player, action).profile(self.play.pair)
                    gain = at_least(letter, self.ahead(player, node, profile))
                    about = f"{self.play.whose(player)} {_where(node)}: {action}, not {played}"
                    lines.setdefault(gain, Line(gain, about))
        text = ONE_SHOT + (" (both face the same):" if self.play.alike else ":")
        yield Step("The incentive constraint", text, tuple(lines.values()), Role.INCENTIVE)
        solved = {line.statement.args[0]: line.statement.args[1] for line in self.solution().lines}
        yield _simplified(self.play, [put(gain, solved) for gain in lines])


def _where(node: Node) -> str:
    first, second, regime = node
    states = f"in state {first}" if first == second else f"in states {first} and {second}"
    return f"{states} under {regime}" if regime else states


def _simplified(play: AutomataPlay, gains: Sequence[Boolean]) -> Step:
    """What the comparisons say in the parameters; those that always hold are only counted."""
    leads = tuple(play.stands_for) or tuple(play.domain.by_role("discount"))
    order = [lead if isinstance(lead, sympy.Symbol) else lead.symbol for lead in leads]
    domain = play.domain
    found = dict.fromkeys(
        tidy(sympy.Ge(gain.args[0] - gain.args[1], 0), domain.constraints, order, domain.integers)
        for gain in gains
    )
    kept = [c for c in found if c != sympy.true and not all_follow((), [c], domain)]
    always = len(found) - len(kept)
    put_in = "Put the values in and clear the fractions"
    text = f"{put_in}: every one of the comparisons holds in any case."
    if kept:
        rest = "; the others hold in any case" if always else ""
        text = f"{put_in}; this is what the comparisons ask{rest}:"
    return Step("What it asks", text, tuple(map(Line, kept)), Role.INCENTIVE)


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
        "Off the path the automata do not deter every deviation, so this is a Nash equilibrium "
        "only: from the start of play, no other way of playing against the other's automaton may "
        "pay more; as that has finitely many states, the stationary ones suffice:"
    )
    yield Step("The incentive constraint", text, tuple(lines.values()), Role.INCENTIVE)
    yield _simplified(play, list(lines))


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
