"""A stage game played again and again by two players whose strategies are finite automata.

The answer has a branch for each listed profile that is an equilibrium somewhere, with the exact
conditions; the concept says whether it is subgame-perfect, or Nash only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy

from coopgame.cache import remembered
from coopgame.errors import InputError
from coopgame.forms.base import Header, assemble, playable, substituted
from coopgame.forms.checking import check_headline
from coopgame.forms.derivation import Derivation
from coopgame.forms.paytables import Bimatrix
from coopgame.forms.repeated.automata import Context, build, expand, from_description
from coopgame.forms.repeated.branches import PERFECT_PUBLIC, automaton_branch, forgiving_branch
from coopgame.forms.repeated.contexts import read_context
from coopgame.forms.repeated.derive import argument, forgiving_argument
from coopgame.forms.repeated.deviations import NASH, SUBGAME_PERFECT, Incentives, incentives
from coopgame.forms.repeated.forgiveness import FORGIVING, forgiving, forgiving_pair, randomised
from coopgame.forms.repeated.payoffset import PayoffSet, payoff_set
from coopgame.forms.repeated.play import Pair, RepeatedSetting
from coopgame.forms.repeated.replies import regret
from coopgame.forms.repeated.spelling import spelled
from coopgame.forms.repeated.stages import (
    joined,
    read_outcomes,
    read_setting,
    regime_payoffs,
    stage_table,
)
from coopgame.forms.repeated.starting import Starting, belief, criticals, starting
from coopgame.language.printing import symbol
from coopgame.language.putting import put_in
from coopgame.reading.section import Section
from coopgame.rules.macro import MacroRules
from coopgame.solution import Branch, Point, Provenance, Solution

METHOD = "automata: values by linear algebra, one-shot deviations, stationary best replies"
DEFECTION = "always_defect"
# Names the part of a Nash equilibrium's region where it is subgame-perfect too.
PERFECT = f", {SUBGAME_PERFECT}"


@playable
@dataclass(frozen=True)
class Repeated:
    """A repeated two-player game with the strategy profiles that it is asked about.

    `profiles` name one automaton for both players, or two as "grim / tit_for_tat"; `context` is
    what they agree on; `named_outcomes` are expressions in the parameters, in `cooperation`, in
    `average_payoff` and in `value_<player>`. `whole` is the game before any parameter was fixed:
    a profile that over its domain is Nash here and subgame-perfect there has two branches, and
    they are called the same at every point.
    """

    header: Header
    setting: RepeatedSetting
    context: Context
    profiles: tuple[str, ...]
    named_outcomes: Mapping[str, sympy.Expr]
    whole: Repeated | None = field(default=None, repr=False, compare=False)

    @property
    def players(self) -> dict[str, tuple[str, ...]]:
        """The two players of the stage game, with their actions."""
        return dict(zip(self.setting.players, self.setting.actions, strict=True))

    @remembered()
    def solve(self) -> Solution:
        """Every listed profile that is an equilibrium somewhere, with its exact conditions."""
        notes = [self._scope()]
        candidates = [
            branch for name in self.branch_names() for branch in self._branches(name, notes)
        ]
        provenance = Provenance(METHOD, notes=tuple(notes))
        solution = assemble(self, candidates, provenance, written=True)
        solution = replace(solution, headline=self._headline(solution))
        if len(self.setting.regimes) > 1:
            return solution
        return replace(solution, criticals=criticals(self.starting, solution))

    def _scope(self) -> str:
        """What the answer is about, and what says more."""
        told = "equilibria among the profiles listed; there may be others"
        sees_all = all(len(row) == 1 for row in self.setting.chances.values())
        covered = len(self.setting.regimes) == 1 and sees_all
        return f"{told} (payoff_set in Python: what any can reach)" if covered else told

    def _headline(self, solution: Solution) -> str:
        """The branch that thresholds speak of: subgame-perfect, where that is more than an edge."""
        plain = self.header.headline.removesuffix(PERFECT)
        there = {branch.name: branch for branch in solution.branches}
        perfect = there.get(plain + PERFECT)
        stated = plain != self.header.headline
        if perfect and (stated or not any(isinstance(c, sympy.Eq) for c in perfect.conditions)):
            return perfect.name
        return plain

    def branch_names(self) -> list[str]:
        """The profiles, each once, grim expanded to each set of regimes where there is a chain."""
        regimes = self.context.regimes
        return list(dict.fromkeys(n for spelled in self.profiles for n in expand(spelled, regimes)))

    def pair(self, name: str) -> Pair:
        """The two automata of a profile. Raises InputError for an unknown name."""
        if name == FORGIVING:
            return forgiving_pair(self.context)
        first, _, second = (part.strip() for part in name.partition("/"))
        return build(first, self.context, 0), build(second or first, self.context, 1)

    @cached_property
    def starting(self) -> Starting | None:
        """What starting the headline takes against constant defection, where both are listed."""
        headline = self.header.headline.removesuffix(PERFECT)
        both = {headline, DEFECTION}
        plain = headline != FORGIVING and len(self.setting.regimes) == 1
        if len(both) < 2 or not both <= set(self.profiles) or not plain:
            return None
        trusting, defecting = self.pair(headline), self.pair(DEFECTION)
        return starting(self.setting, self.header.domain, trusting, defecting)

    def substitute(self, values: Mapping[str, sympy.Rational]) -> Repeated:
        """The same game with some parameters fixed."""
        return substituted(self, values, context=self.context, whole=self.whole or self)

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """The most a player gains at a point, by policy iteration against the other's automaton.

        From the start of play; after every history where the branch is subgame-perfect.
        """
        at = {symbol(name): value for name, value in point.items()}
        first, second = (
            from_description(equilibrium.strategies[player]) for player in self.setting.players
        )
        setting = self.setting
        forgiveness = equilibrium.strategies[setting.players[0]].get("forgiveness")
        if forgiveness is not None:
            setting = randomised(setting, self.context, 1 - forgiveness)
        everywhere = equilibrium.concept in (SUBGAME_PERFECT, PERFECT_PUBLIC)
        return regret(put_in(setting, at), (first, second), everywhere)

    def derivation(self, equilibrium: Branch) -> Derivation:
        """The argument that a branch is an equilibrium exactly where its conditions hold."""
        domain, name = self.header.domain, equilibrium.name
        if name == FORGIVING:
            return forgiving_argument(self.setting, self.context, domain, equilibrium)
        name = name.removesuffix(PERFECT)
        return argument(self.setting, self.pair(name), domain, equilibrium)

    def payoff_set(self, **values: Any) -> PayoffSet:
        """The payoffs a period of all pure-strategy subgame-perfect equilibria at a point.

        Defaults fill what `values` leave out. Under perfect monitoring, with public
        randomisation; see `coopgame.forms.repeated.payoffset`.
        """
        point = self.header.domain.point(values)
        return payoff_set(put_in(self.setting, {symbol(k): v for k, v in point.items()}))

    def bimatrix(self) -> Bimatrix | None:
        """The stage game's payoffs as a table; None under a chain of regimes."""
        return stage_table(self.setting)

    def with_regimes(self, rules: MacroRules) -> Repeated:
        """The same game under a chain of regimes, which takes the place of its hazard.

        The profile `grim` then stands for grim on every set of regimes; only it and constant
        defection are kept. Raises InputError where the rules hold no chain, or where their
        parameters have names that the game uses.
        """
        old, chain = self.setting, rules.chain
        if not chain or len(old.regimes) > 1:
            raise InputError(
                f"{rules.info.name} cannot take the place of the hazard of {self.header.info.name}",
                "give rules with a chain to a game with a constant hazard",
            )
        stage = {profile: payoffs for (_, profile), payoffs in old.payoffs.items()}
        setting = replace(old, payoffs=regime_payoffs(stage, chain), regimes=chain)
        labels = [regime.name for regime in chain]
        domain = joined(self.header.domain, rules.domain, setting, self.named_outcomes.values())
        headline = expand(self.header.headline, labels)[-1]
        return replace(
            self,
            header=replace(self.header, domain=domain, headline=headline, expected=()),
            setting=setting,
            context=replace(self.context, regimes=tuple(labels)),
            profiles=tuple(name for name in self.profiles if name in (DEFECTION, "grim")),
            whole=None,
        )

    def describe(self) -> list[tuple[str, str]]:
        """Players, stage payoffs, signals, discount factor, regimes and profiles."""
        return [*spelled(self.setting, self.context), ("profiles", ", ".join(self.profiles))]

    def _branches(self, name: str, notes: list[str]) -> Iterator[Branch]:
        setting, context, domain = self.setting, self.context, self.header.domain
        if name == FORGIVING:
            forgiven = forgiving_branch(setting, context, domain)
            yield from [] if forgiven is None else [self._with_outcomes(forgiven)]
            return
        pair = self.pair(name)
        for found in self._incentives(name):
            notes += [f"{name}: {found.note}"] if found.note else []
            branch = self._with_outcomes(
                automaton_branch(setting, name, pair, found, context, domain)
            )
            yield replace(branch, name=name + PERFECT) if found.variant else branch

    def _incentives(self, name: str) -> list[Incentives]:
        """Where a profile is an equilibrium, as one branch or as two; asked once."""
        if name not in self._asked:
            found = incentives(self.setting, self.pair(name), self.header.domain)
            alike = len(found) == 1 and found[0].concept == SUBGAME_PERFECT
            if alike and self.whole is not None and len(self.whole._incentives(name)) > 1:
                found = [replace(found[0], concept=NASH), replace(found[0], variant=True)]
            self._asked[name] = found
        return self._asked[name]

    @cached_property
    def _asked(self) -> dict[str, list[Incentives]]:
        return {}

    def _with_outcomes(self, branch: Branch) -> Branch:
        """The branch with the outcomes that the file states, and the belief it takes to start."""
        own, name = branch.outcomes, branch.name
        known = {symbol(f"value_{player}"): value for player, value in branch.payoffs.items()}
        known |= {symbol(outcome): own[outcome] for outcome in ("cooperation", "average_payoff")}
        stated = {key: outcome.subs(known) for key, outcome in self.named_outcomes.items()}
        if self.starting is not None and name in (self.header.headline, DEFECTION):
            needed = belief(self.starting, self.header.domain, name != DEFECTION)
            stated |= {"belief": needed} if needed is not None else {}
        return replace(branch, outcomes={**own, **stated})


# --- reading a file ----------------------------------------------------------------------------


def read(section: Section, header: Header) -> Repeated:
    """The repeated game that a file states; faults are noted in the section."""
    setting = read_setting(section, header.domain)
    context = read_context(section, setting, header.domain)
    game = Repeated(
        header=replace(header, headline=_expanded(header.headline, context)),
        setting=setting,
        context=context,
        profiles=tuple(section.strings("profiles")),
        named_outcomes=read_outcomes(section, setting, header.domain),
    )
    _check_profiles(section, game)
    return game


def _expanded(headline: str, context: Context) -> str:
    """The headline by the name of its branch: grim on the whole of a chain, where it is plain."""
    plain = headline.removesuffix(PERFECT)
    return expand(plain, context.regimes)[-1] + headline[len(plain) :]


def _check_profiles(section: Section, game: Repeated) -> None:
    for i, name in enumerate(game.profiles):
        for expanded in expand(name, game.context.regimes):
            try:
                game.pair(expanded)
                if expanded == FORGIVING and not section.faults:
                    forgiving(game.setting, game.context, game.header.domain)
            except InputError as error:
                section.adopt(f"profiles[{i}]", error)
                break
    listed = game.branch_names()
    if listed:
        told = f"'NAME{PERFECT}' is the part of a Nash equilibrium that is so"

        def is_part(name: str) -> bool:
            return name.endswith(PERFECT) and name.removesuffix(PERFECT) in listed

        check_headline(section, game.header.headline, listed, is_part, told)
