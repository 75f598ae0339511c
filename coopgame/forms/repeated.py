"""A stage game played again and again by two players whose strategies are finite automata.

The answer has a branch for each listed profile that is an equilibrium somewhere, with the exact
conditions; the concept says whether it is subgame-perfect, or Nash only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import sympy

from coopgame.errors import InputError
from coopgame.forms.algebra import cancelled
from coopgame.forms.automata import Context, build, describe, expand, from_description
from coopgame.forms.base import Header, assemble
from coopgame.forms.deviations import SUBGAME_PERFECT, Incentives, incentives
from coopgame.forms.play import Pair, Setting, discounted, prescribed, reachable, values
from coopgame.forms.replies import regret
from coopgame.forms.stages import label, read_setting, regime_payoffs
from coopgame.forms.starting import Starting, belief, criticals, starting
from coopgame.gamefile import Section
from coopgame.parameters import Domain
from coopgame.printing import symbol, to_text
from coopgame.rules import MacroRules
from coopgame.solution import Branch, Point, Provenance, Solution

METHOD = "automata: values by linear algebra, one-shot deviations, stationary best replies"
DEFECTION = "always_defect"


@dataclass(frozen=True)
class Repeated:
    """A repeated two-player game with the strategy profiles that it is asked about.

    `profiles` name one automaton for both players, or two as "grim / tit_for_tat"; `cooperate`
    and `punish` are what the built-in automata play; `outcomes` are named expressions in the
    parameters, in `cooperation` and in `value_<player>`.
    """

    header: Header
    setting: Setting
    profiles: tuple[str, ...]
    cooperate: tuple[str, str]
    punish: tuple[str, str]
    outcomes: Mapping[str, sympy.Expr]

    def solve(self) -> Solution:
        """Every listed profile that is an equilibrium somewhere, with its exact conditions."""
        notes: list[str] = []
        candidates = []
        for name in self.branch_names():
            pair = self.pair(name)
            for found in incentives(self.setting, pair, self.header.domain):
                candidates.append(self._branch(name, pair, found))
                notes += [f"{name}: {found.note}"] if found.note else []
        provenance = Provenance(METHOD, notes=tuple(notes))
        solution = assemble(self, candidates, provenance, written=True)
        if len(self.setting.regimes) > 1:
            return solution
        return replace(solution, criticals=criticals(self.starting, solution))

    def branch_names(self) -> list[str]:
        """The profiles, grim expanded to each set of regimes where there is a chain."""
        regimes = self.context.regimes
        return [name for spelled in self.profiles for name in expand(spelled, regimes)]

    def pair(self, name: str) -> Pair:
        """The two automata of a profile. Raises InputError for an unknown name."""
        first, _, second = (part.strip() for part in name.partition("/"))
        return build(first, self.context, 0), build(second or first, self.context, 1)

    @cached_property
    def context(self) -> Context:
        """What the built-in automata need to know."""
        seen = {label(profile): profile for profile in self.setting.chances}
        return Context(
            regimes=tuple(regime.name for regime in self.setting.regimes),
            signals=tuple(seen),
            agreed=frozenset({label(self.cooperate)}),
            cooperate=self.cooperate,
            punish=self.punish,
            seen=seen,
        )

    @cached_property
    def starting(self) -> Starting | None:
        """What starting the headline takes against constant defection, where both are listed."""
        both = {self.header.headline, DEFECTION}
        if len(both) < 2 or not both <= set(self.profiles):
            return None
        trusting, defecting = self.pair(self.header.headline), self.pair(DEFECTION)
        return starting(self.setting, self.header.domain, trusting, defecting)

    def substitute(self, values: Mapping[str, sympy.Rational]) -> Repeated:
        """The same game with some parameters fixed."""
        at = {symbol(name): value for name, value in values.items()}
        return replace(
            self,
            header=replace(self.header, domain=self.header.domain.substitute(values)),
            setting=self.setting.substitute(at),
            outcomes={name: outcome.subs(at) for name, outcome in self.outcomes.items()},
        )

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """The most a player gains at a point, by policy iteration against the other's automaton.

        From the start of play; after every history where the branch is subgame-perfect.
        """
        at = {symbol(name): value for name, value in point.items()}
        first, second = (
            from_description(equilibrium.strategies[player]) for player in self.setting.players
        )
        everywhere = equilibrium.concept == SUBGAME_PERFECT
        return regret(self.setting.substitute(at), (first, second), everywhere)

    def with_regimes(self, rules: MacroRules) -> Repeated:
        """The same game under a chain of regimes, which takes the place of its hazard.

        The profile `grim` then stands for grim on every set of regimes; only it and constant
        defection are kept. Raises InputError where the rules hold no chain, or where their
        parameters have names that the game uses.
        """
        return _with_regimes(self, rules)

    def describe(self) -> list[tuple[str, str]]:
        """Players, stage payoffs, discount factor, hazards and profiles, as label and text."""
        setting = self.setting
        lines = [("players", ", ".join(setting.players)), ("discount", to_text(setting.discount))]
        for (regime, profile), payoffs in setting.payoffs.items():
            where = f" ({regime})" if regime else ""
            lines.append((f"payoffs at {label(profile)}{where}", ", ".join(map(to_text, payoffs))))
        for stated in setting.regimes:
            name = f"hazard ({stated.name})" if stated.name else "hazard"
            lines.append((name, to_text(stated.hazard)))
        return [*lines, ("profiles", ", ".join(self.profiles))]

    def _branch(self, name: str, pair: Pair, found: Incentives) -> Branch:
        nodes = reachable(self.setting, pair, deviations=False)
        players = self.setting.players
        payoffs = {
            player: self._readable(values(self.setting, pair, i, nodes)[nodes[0]])
            for i, player in enumerate(players)
        }
        listed = f"{name}, {SUBGAME_PERFECT}" if found.knife_edge else name
        return Branch(
            name=listed,
            kind="automaton",
            concept=found.concept,
            strategies={p: describe(a) for p, a in zip(players, pair, strict=True)},
            payoffs=payoffs,
            outcomes=self._outcomes(name, pair, payoffs),
            conditions=found.conditions,
        )

    def _outcomes(
        self, name: str, pair: Pair, payoffs: Mapping[str, sympy.Expr]
    ) -> dict[str, sympy.Expr]:
        found = {"cooperation": self._cooperation(pair)}
        known = {symbol(f"value_{player}"): value for player, value in payoffs.items()}
        known[symbol("cooperation")] = found["cooperation"]
        found |= {key: outcome.subs(known) for key, outcome in self.outcomes.items()}
        if self.starting is not None and name in (self.header.headline, DEFECTION):
            needed = belief(self.starting, self.header.domain, name != DEFECTION)
            found |= {"belief": needed} if needed is not None else {}
        return found

    def _cooperation(self, pair: Pair) -> sympy.Expr:
        """The share of periods, discounted, in which both co-operate on the path of play."""
        nodes = reachable(self.setting, pair, deviations=False)
        agreed = {n: sympy.Integer(prescribed(pair, n) == self.cooperate) for n in nodes}
        total = discounted(self.setting, pair, nodes, agreed)[nodes[0]]
        return self._readable((1 - self.setting.discount) * total)

    def _readable(self, value: sympy.Expr) -> sympy.Expr:
        """The value as one fraction with a denominator that is positive at the defaults."""
        top, bottom = sympy.fraction(cancelled(value))
        at = {symbol(name): default for name, default in self.header.domain.defaults.items()}
        return -top / sympy.factor(-bottom) if bottom.subs(at) < 0 else top / sympy.factor(bottom)


# --- regimes -----------------------------------------------------------------------------------


def _with_regimes(game: Repeated, rules: MacroRules) -> Repeated:
    if not rules.chain or len(game.setting.regimes) > 1:
        raise InputError(
            f"{rules.info.name} cannot take the place of the hazard of {game.header.info.name}",
            "give rules with a chain to a game with a constant hazard",
        )
    setting = game.setting
    stage = {profile: payoffs for (_, profile), payoffs in setting.payoffs.items()}
    payoffs = regime_payoffs(stage, rules.chain)
    setting = replace(setting, payoffs=payoffs, regimes=rules.chain)
    labels = [regime.name for regime in rules.chain]
    header = replace(
        game.header,
        domain=_joined(game.header.domain, rules.domain, setting, game.outcomes.values()),
        headline=expand(game.header.headline, labels)[-1],
        expected=(),
    )
    profiles = tuple(name for name in game.profiles if name in (DEFECTION, "grim"))
    return replace(game, header=header, setting=setting, profiles=profiles)


def _joined(
    domain: Domain, added: Domain, setting: Setting, outcomes: Iterable[sympy.Expr]
) -> Domain:
    """The game's domain with that of the rules, without the hazard that nothing uses any more."""
    expressions = [*outcomes, setting.discount, *domain.assumptions]
    expressions += [payoff for both in setting.payoffs.values() for payoff in both]
    used = set().union(*(expression.free_symbols for expression in expressions))
    kept = tuple(p for p in domain.parameters if p.role != "hazard" or p.symbol in used)
    clash = {p.name for p in kept} & set(added.names)
    if clash:
        raise InputError(
            f"both the game and the rules name a parameter {', '.join(sorted(clash))}",
            "rename it in one of the files",
        )
    return replace(domain, parameters=kept).extend(added.parameters, added.assumptions)


# --- reading a file ----------------------------------------------------------------------------


def read(section: Section, header: Header) -> Repeated:
    """The repeated game that a file states; faults are noted in the section."""
    setting = read_setting(section, header.domain)
    regimes = [regime.name for regime in setting.regimes]
    game = Repeated(
        header=replace(header, headline=expand(header.headline, regimes)[-1]),
        setting=setting,
        profiles=tuple(section.strings("profiles")),
        cooperate=(setting.actions[0][0], setting.actions[1][0]),
        punish=(setting.actions[0][-1], setting.actions[1][-1]),
        outcomes=_read_outcomes(section, setting, header.domain),
    )
    _check_profiles(section, game)
    return game


def _read_outcomes(section: Section, setting: Setting, domain: Domain) -> dict[str, sympy.Expr]:
    table = section.table("outcomes", required=False)
    known = {"cooperation", *(f"value_{player}" for player in setting.players)}
    for name in known & set(domain.names):
        section.fault(f"parameters.{name}", "is the name of an outcome", "rename the parameter")
    return {name: table.expression(name, {*domain.names, *known}) for name in table}


def _check_profiles(section: Section, game: Repeated) -> None:
    for i, name in enumerate(game.profiles):
        for expanded in expand(name, game.context.regimes):
            try:
                game.pair(expanded)
            except InputError as error:
                section.adopt(f"profiles[{i}]", error)
                break
    listed = game.branch_names()
    if listed and game.header.headline not in listed:
        section.fault("headline", f"{game.header.headline!r} is not among the profiles",
                      f"use one of {', '.join(listed)}")  # fmt: skip
