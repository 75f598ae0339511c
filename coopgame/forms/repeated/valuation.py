"""Two automata in letters: what each state of play is worth, and what deviating there would be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.forms.derivation import Line, Role, Step, at_least, equal, fresh, positive, put
from coopgame.forms.repeated.deviations import all_follow
from coopgame.forms.repeated.play import (
    Deviation,
    Node,
    Pair,
    RepeatedSetting,
    following,
    prescribed,
    reachable,
    values,
    without_restarts,
)
from coopgame.language.parameters import Domain
from coopgame.language.putting import put_in
from coopgame.proofs.conditions import tidy

LETTERS = ("V", "W")
ONE_SHOT = (
    "By the one-shot deviation principle it is enough that nobody, in any of these states, gains "
    "by deviating once and then following the automaton again"
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


def in_letters(setting: RepeatedSetting, pair: Pair, domain: Domain) -> AutomataPlay:
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
    play = AutomataPlay(put_in(plain.setting, renamed), pair, named, stands_for, taken)
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


@dataclass(frozen=True)
class ValueTable:
    """A letter for what each state of play is worth to each player."""

    play: AutomataPlay
    nodes: Sequence[Node]
    letters: Mapping[tuple[int, Node], sympy.Symbol]

    @classmethod
    def of(cls, play: AutomataPlay, nodes: Sequence[Node]) -> ValueTable:
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
        yield simplified(self.play, [put(gain, solved) for gain in lines])


def _where(node: Node) -> str:
    first, second, regime = node
    states = f"in state {first}" if first == second else f"in states {first} and {second}"
    return f"{states} under {regime}" if regime else states


def simplified(play: AutomataPlay, gains: Sequence[Boolean]) -> Step:
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
    return Step("The constraint, simplified", text, tuple(map(Line, kept)), Role.INCENTIVE)
