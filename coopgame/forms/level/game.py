"""Relations with a level of co-operation that must enforce itself: the form `level`.

A level a in [0, 1] enforces itself iff F(a) = (1-D)*G(a) - q*D*(pi(a) - u) <= 0, which is the
one-shot deviation principle where a breach that is found out (probability q) ends the relation
(Friedman 1971; with D = delta*(1-h) the repeated negotiations of Goldluecke and Kranz). Levels
above the joint optimum are of no use to anybody, so the levels of interest are
{a : 0 < a <= 1, pi'(a) >= 0, F(a) <= 0}: `level` is the greatest of them and `tipping_point` the
least. All those between are equilibria as well, and so is no co-operation at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import sympy

from coopgame.algebra.quadratics import shortest
from coopgame.cache import remembered
from coopgame.forms.base import Candidate, Header, assemble, playable, substituted
from coopgame.forms.checking import check_headline
from coopgame.forms.derivation import Derivation
from coopgame.forms.level.agreements import (
    branch_of,
    check_probability,
    check_rational,
    read_variable,
    shortfall,
)
from coopgame.forms.level.collapse import criticals
from coopgame.forms.level.derive import argument
from coopgame.forms.level.isolated import HighestLevel, in_coefficients
from coopgame.forms.level.news import Memory, NewsBound
from coopgame.forms.level.regions import standings
from coopgame.forms.level.sets import extrema, members
from coopgame.forms.level.standing import Standing, peak_of
from coopgame.forms.level.temptation import Incentive
from coopgame.language.printing import symbol, to_text
from coopgame.language.putting import put_in
from coopgame.reading.section import Section
from coopgame.solution import Branch, Point, Provenance, Solution

BRANCHES = ("none", "constrained", "optimum", "full")
PROBABILITIES = ("discount", "detection")
STEADY = (
    "level and tipping_point are those of a single breach, which is necessary only; what is exact "
    "(exact_level, exact_bound) is known under a constant hazard alone and left out"
)
NECESSARY = (
    "level and tipping_point are those of a single breach, which is necessary only: a firm may go "
    "on cheating partners who have not heard; exact_level and exact_bound allow for that"
)


@playable
@dataclass(frozen=True)
class LevelGame:
    """A symmetric relation with a level of co-operation; `social` is the payoff to society.

    `floor` is the level that residual trust (kin, acquaintance) keeps up whatever happened.
    `notes` say what of the answer needs saying.
    """

    header: Header
    incentive: Incentive
    social: sympy.Expr
    floor: sympy.Expr
    named_outcomes: Mapping[str, sympy.Expr] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def patience(self) -> sympy.Expr:
        """What a next period weighs."""
        return self.incentive.discount

    @property
    def cap(self) -> sympy.Expr:
        """The joint optimum within [0, 1]: nobody wants a higher level."""
        return peak_of(self.incentive.payoff, self.incentive.variable, self.header.domain)

    @property
    def social_first_best(self) -> sympy.Expr:
        """The level in [0, 1] at which the payoff to society is greatest."""
        return peak_of(self.social, self.incentive.variable, self.header.domain)

    @property
    def trust_floor(self) -> sympy.Expr | None:
        """The floor of trust, from which co-operation begins again; None where there is none."""
        return None if self.floor == 0 else self.floor

    @property
    def at_constant_stakes(self) -> LevelGame:
        """The game without what a chain of breaches decides, each with other partners at stake."""
        kept = {n: value for n, value in self.named_outcomes.items() if not value.has(NewsBound)}
        return (
            self
            if kept == self.named_outcomes
            else replace(self, named_outcomes=kept, notes=(STEADY,))
        )

    @property
    def players(self) -> dict[str, tuple[str, ...]]:
        """Each of the two partners: they choose a level, so that no actions are listed."""
        return {"each": ()}

    @remembered()
    def solve(self) -> Solution:
        """The branches none, constrained, optimum and full, of which one holds at every point."""
        side, domain = self.incentive, self.header.domain
        method, found = standings(side, domain)
        return assemble(
            self,
            [Candidate(s.name, s.conditions, partial(_branch, self, s)) for s in found],
            Provenance(method, notes=self.notes),
            extrema([side], side.payoff, domain, found),
            criticals(side, self.floor, domain),
            written=True,
        )

    def substitute(self, values: Mapping[str, sympy.Rational]) -> LevelGame:
        """The same relation with some parameters fixed."""
        return substituted(self, values)

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """By how much the claimed extreme levels miss the true ones, or reneging on them pays.

        The true ones come from isolating the real roots of F in numbers, not from the solver's
        formulas.
        """
        side = put_in(self.incentive, {symbol(k): v for k, v in point.items()})
        return shortfall(equilibrium, [side], side.payoff)

    def derivation(self, equilibrium: Branch) -> Derivation:
        """The argument that a level is the highest that enforces itself where it is said to be."""
        return argument({"": self.incentive}, self.header.domain, equilibrium)

    def describe(self) -> list[tuple[str, str]]:
        """The primitives, labelled."""
        side = self.incentive
        return [
            ("payoff at level " + side.variable.name, to_text(side.payoff)),
            ("gain from reneging", to_text(side.gain)),
            ("outside option", to_text(side.outside)),
            ("weight of the next period", to_text(side.discount)),
            ("probability that a breach is found out", to_text(side.detection)),
            ("payoff to society", to_text(self.social)),
            ("floor of trust", to_text(self.floor)),
        ]


# --- branches ----------------------------------------------------------------------------------


def _branch(game: LevelGame, found: Standing) -> Branch:
    side = game.incentive
    alone = found.tipping_point is None
    payoff = side.outside if alone else shortest(side.payoff.subs(side.variable, found.level))
    own = {n: value.subs(side.variable, found.level) for n, value in game.named_outcomes.items()}
    return branch_of(
        found,
        payoffs={"each": payoff},
        outcomes={"social_first_best": game.social_first_best, "payoff": payoff, **own},
        sides=[side],
        levels=members([side], side.payoff, game.header.domain) if alone else (),
    )


# --- reading -----------------------------------------------------------------------------------


def read(section: Section, header: Header) -> LevelGame:
    """The relation that the `[level]` and `[outcomes]` tables of a file state."""
    table = section.table("level")
    domain = header.domain
    variable = read_variable(table, domain)
    known = {*domain.names, variable.name}
    incentive = Incentive(
        variable,
        payoff=table.expression("payoff", known),
        gain=table.expression("gain", known),
        outside=table.expression("outside", domain.names, default="0"),
        discount=table.expression("discount", domain.names),
        detection=table.expression("detection", domain.names, default="1"),
    )
    social = table.expression("social", known) if "social" in table else incentive.payoff
    floor = table.expression("floor", domain.names, default="0")
    named = section.table("outcomes", required=False)
    outcomes = {name: named.expression(name, known) for name in named}
    game = LevelGame(header, incentive, social, floor, outcomes)
    if "news" in table:
        game = _with_news(game, table.table("news"))
    table.finish()
    check_headline(section, header.headline, BRANCHES)
    if not section.faults:
        _check(table, game)
    return game


def _with_news(game: LevelGame, table: Section) -> LevelGame:
    """The game among many partners: a breach costs those of them that hear of it."""
    names, side = game.header.domain.names, game.incentive
    memory = Memory(
        partners=table.expression("partners", names),
        spread=table.expression("spread", names),
        public=table.choice("together", ("yes", "no"), default="no") == "yes",
    )
    table.finish()
    check_probability(table, "spread", memory.spread, game.header.domain)
    bound = memory.exact_bound(side.discount, side.detection)
    exact = side.gain - bound * (side.payoff - side.outside)
    known = replace(side, detection=side.detection * memory.share)
    outcomes = {
        "necessary_bound": known.detection * side.discount / (1 - side.discount),
        "exact_bound": bound,
        "exact_level": HighestLevel(*in_coefficients([exact], side.payoff, side.variable)),
    }
    return replace(
        game,
        incentive=known,
        named_outcomes={**outcomes, **game.named_outcomes},
        notes=(NECESSARY,),
    )


def _check(table: Section, game: LevelGame) -> None:
    """Note what keeps the game from being solved: no rational functions, or no probabilities."""
    side, domain = game.incentive, game.header.domain
    parts = {key: getattr(side, key) for key in ("payoff", "gain", *PROBABILITIES, "outside")}
    check_rational(table, parts | {"social": game.social}, side.variable, domain)
    for key in PROBABILITIES:
        check_probability(table, key, parts[key], domain)
