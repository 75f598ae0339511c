"""Relations between two unequal sides with one level of co-operation: the form `tie`.

Side i earns pi_i(a) at level a, gains G_i(a) at once by reneging and u_i elsewhere. Without
transfers both sides' constraints must hold, (1-D)*G_i(a) <= q*D*(pi_i(a) - u_i). With transfers
the incentives pool: a level enforces itself iff (1-D)*(G_1+G_2) <= q*D*(pi_1+pi_2-u_1-u_2)
(MacLeod and Malcomson 1989; Levin 2003), because what one side has left over can be paid to the
other. Each side then gets what keeps it from reneging, and bargaining shares out what is left.
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
from coopgame.forms.level.derive import Pool, argument
from coopgame.forms.level.pairs import pair_standings
from coopgame.forms.level.regions import standings
from coopgame.forms.level.sets import extrema, members
from coopgame.forms.level.standing import Standing, peak_of
from coopgame.forms.level.temptation import Incentive
from coopgame.language.grammar import name_problem
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol, to_text
from coopgame.language.putting import put_in
from coopgame.reading.section import Section
from coopgame.solution import Branch, Point, Provenance, Solution


@playable
@dataclass(frozen=True)
class TieGame:
    """Two sides, a common level, D and detection; `share` is the first side's bargaining share.

    `share` is None where nothing can be paid across.
    """

    header: Header
    sides: Mapping[str, Incentive]
    social: sympy.Expr
    floor: sympy.Expr
    share: sympy.Expr | None = None
    named_outcomes: Mapping[str, sympy.Expr] = field(default_factory=dict)

    @property
    def patience(self) -> sympy.Expr:
        """What a next period weighs."""
        return self.pooled.discount

    @property
    def pooled(self) -> Incentive:
        """Both sides taken together."""
        one, two = self.sides.values()
        return replace(
            one,
            payoff=one.payoff + two.payoff,
            gain=one.gain + two.gain,
            outside=one.outside + two.outside,
        )

    @property
    def constraints(self) -> list[Incentive]:
        """The incentives that must hold: one pooled, or each side's own."""
        return list(self.sides.values()) if self.share is None else [self.pooled]

    @property
    def players(self) -> dict[str, tuple[str, ...]]:
        """The two sides: they agree on a level, so that no actions are listed."""
        return dict.fromkeys(self.sides, ())

    @remembered()
    def solve(self) -> Solution:
        """The branches of the common level; of those constrained, one for each side that binds."""
        domain, joint = self.header.domain, self.pooled.payoff
        if self.share is None:
            method, found = pair_standings(self.sides, joint, domain)
        else:
            method, found = standings(self.pooled, domain)
        return assemble(
            self,
            [Candidate(s.name, s.conditions, partial(_branch, self, s)) for s in found],
            Provenance(method),
            extrema(self.constraints, joint, domain, found),
            () if self.share is None else criticals(self.pooled, self.floor, domain),
            written=True,
        )

    def substitute(self, values: Mapping[str, sympy.Rational]) -> TieGame:
        """The same tie with some parameters fixed."""
        return substituted(self, values)

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """By how much the claimed levels miss the true ones, or a side gains by reneging.

        With transfers each side's own constraint is checked at the payoffs claimed for it.
        """
        at = {symbol(name): value for name, value in point.items()}
        needed = [put_in(side, at) for side in self.constraints]
        short = shortfall(equilibrium, needed, self.pooled.payoff.subs(at))
        level = equilibrium.outcomes["level"]
        if level == 0:
            return short
        own = [
            replace(put_in(side, at), payoff=equilibrium.payoffs[name])
            for name, side in self.sides.items()
        ]
        gains = [sympy.N(side.excess.subs(side.variable, level), 40) for side in own]
        return max([short, *gains], key=float)

    def derivation(self, equilibrium: Branch) -> Derivation:
        """The argument that a common level is the highest that both sides keep."""
        domain = self.header.domain
        if self.share is None:
            return argument(self.sides, domain, equilibrium)
        return argument({"": self.pooled}, domain, equilibrium, Pool(self.sides, self.share))

    def describe(self) -> list[tuple[str, str]]:
        """The primitives, labelled."""
        side = self.pooled
        told = [
            line
            for name, one in self.sides.items()
            for line in (
                (f"{name}: payoff at level {side.variable.name}", to_text(one.payoff)),
                (f"{name}: gain from reneging", to_text(one.gain)),
                (f"{name}: outside option", to_text(one.outside)),
            )
        ]
        share = "none" if self.share is None else f"yes; share of the first {to_text(self.share)}"
        return [
            *told,
            ("weight of the next period", to_text(side.discount)),
            ("probability that a breach is found out", to_text(side.detection)),
            ("payoff to society", to_text(self.social)),
            ("transfers", share),
        ]


def _branch(game: TieGame, found: Standing) -> Branch:
    variable = game.pooled.variable
    domain = game.header.domain
    payoffs = _payoffs(game, found)
    own = {name: value.subs(variable, found.level) for name, value in game.named_outcomes.items()}
    favourites = {
        f"favourite_{name}": peak_of(side.payoff, variable, domain)
        for name, side in game.sides.items()
    }
    alone = found.tipping_point is None
    level = game.pooled.payoff.subs(variable, found.level)
    joint = game.pooled.outside if alone else shortest(level)
    transfer = {}
    if game.share is not None and not alone:
        name, side = next(iter(game.sides.items()))
        transfer["transfer"] = shortest(payoffs[name] - side.payoff.subs(variable, found.level))
    return branch_of(
        found,
        payoffs=payoffs,
        outcomes={
            "social_first_best": peak_of(game.social, variable, domain),
            **favourites,
            "joint_payoff": joint,
            **transfer,
            **own,
        },
        sides=game.constraints,
        levels=members(game.constraints, game.pooled.payoff, domain) if alone else (),
    )


def _payoffs(game: TieGame, found: Standing) -> dict[str, sympy.Expr]:
    """What each side earns a period: its outside option where there is no level.

    With transfers a side gets its outside option, what keeps it from reneging, and its share of
    what the pooled constraint leaves over.
    """
    if found.tipping_point is None:
        return {name: side.outside for name, side in game.sides.items()}
    variable = game.pooled.variable

    def put(expression: sympy.Expr) -> sympy.Expr:
        return shortest(expression.subs(variable, found.level))

    if game.share is None:
        return {name: put(side.payoff) for name, side in game.sides.items()}
    pooled = game.pooled
    stake = pooled.detection * pooled.discount
    left = sympy.S.Zero if found.binding is not None else -put(pooled.excess) / stake
    shares = (game.share, 1 - game.share)
    return {
        name: shortest(side.outside + (1 - side.discount) / stake * put(side.gain) + share * left)
        for (name, side), share in zip(game.sides.items(), shares, strict=True)
    }


# --- reading -----------------------------------------------------------------------------------


def read(section: Section, header: Header) -> TieGame:
    """The tie that the `[tie]`, `[tie.sides.NAME]` and `[outcomes]` tables of a file state."""
    table, domain = section.table("tie"), header.domain
    variable = read_variable(table, domain)
    known = {*domain.names, variable.name}
    discount = table.expression("discount", domain.names)
    detection = table.expression("detection", domain.names, default="1")
    shared = (discount, detection)
    sides = {
        name: _read_side(entry, variable, domain, shared) for name, entry in _read_sides(table)
    }
    transfers = table.choice("transfers", ("yes", "no"))
    share = table.expression("share", domain.names, default="1/2") if transfers == "yes" else None
    joint = sum((side.payoff for side in sides.values()), sympy.S.Zero)
    social = table.expression("social", known) if "social" in table else joint
    floor = table.expression("floor", domain.names, default="0")
    named = section.table("outcomes", required=False)
    outcomes = {name: named.expression(name, known) for name in named}
    table.finish()
    game = TieGame(header, sides, social, floor, share, outcomes)
    check_headline(section, header.headline, _branches(game))
    if not section.faults:
        _check(table, game, domain)
    return game


def _branches(game: TieGame) -> tuple[str, ...]:
    """The names that branches can have: with transfers one constraint, without them two."""
    binding = ("",) if game.share is not None else tuple(f"_{name}" for name in game.sides)
    return ("none", *(f"constrained{name}" for name in binding), "optimum", "full")


def _read_side(
    entry: Section, variable: sympy.Symbol, domain: Domain, shared: tuple[sympy.Expr, sympy.Expr]
) -> Incentive:
    known = {*domain.names, variable.name}
    payoff, gain = (entry.expression(key, known) for key in ("payoff", "gain"))
    outside = entry.expression("outside", domain.names, default="0")
    entry.finish()
    return Incentive(variable, payoff, gain, outside, *shared)


def _read_sides(table: Section) -> list[tuple[str, Section]]:
    """The two tables of the sides; a missing one reads as empty."""
    found = table.table("sides")
    names = list(found)
    for name in names:
        problem = name_problem(name)
        if problem:
            found.fault(name, problem, "choose another name")
    if len(names) != 2:
        found.fault("", f"a tie has two sides, found {len(names)}", "add [tie.sides.NAME] twice")
        names = [*names, "one", "two"][:2]
    return [(name, found.table(name)) for name in names]


def _check(table: Section, game: TieGame, domain: Domain) -> None:
    for name, side in game.sides.items():
        parts = {key: getattr(side, key) for key in ("payoff", "gain", "outside")}
        check_rational(table.table("sides").table(name), parts, side.variable, domain)
    pooled = game.pooled
    shared = {"discount": pooled.discount, "detection": pooled.detection, "social": game.social}
    check_rational(table, shared, pooled.variable, domain)
    for key in ("discount", "detection"):
        check_probability(table, key, shared[key], domain)
    if game.share is not None:
        check_probability(table, "share", game.share, domain)
