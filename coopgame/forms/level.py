"""Relations with a level of co-operation that must enforce itself: the form `level`.

A level a in [0, 1] enforces itself iff F(a) = (1-D)*G(a) - q*D*(pi(a) - u) <= 0, which is the
one-shot deviation principle where a breach that is found out (probability q) ends the relation
(Friedman 1971; with D = delta*(1-h) the repeated negotiations of Goldluecke and Kranz). Levels
above the joint optimum are of no use to anybody, so the levels of interest are
{a : 0 < a <= 1, pi'(a) >= 0, F(a) <= 0}: `level` is the greatest of them and `tipping_point` the
least. All those between are equilibria as well, and so is no co-operation at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.expressions import name_problem
from coopgame.forms.base import Header, assemble, check_defined
from coopgame.forms.collapse import criticals
from coopgame.forms.quadratics import Quadratic, optimum
from coopgame.forms.shapes import at_optimum, cases_of, constrained, full, nowhere, shape_of
from coopgame.forms.temptation import Incentive, highest_peak, self_enforcing
from coopgame.gamefile import Section
from coopgame.parameters import Domain, Interval, Parameter
from coopgame.printing import symbol, to_text
from coopgame.proofs import Verdict, implies
from coopgame.solution import Branch, Extremum, Implicit, Point, Provenance, Solution

CONCEPT = "self-enforcing level (subgame-perfect; a breach found out ends the relation)"
CONTINUUM = (
    "a continuum: every level of the interval `self_enforcing` is an equilibrium too, and so is "
    "no co-operation"
)
ALONE = "no positive level enforces itself; each side takes its outside option"


@dataclass(frozen=True)
class LevelGame:
    """A symmetric relation with a level of co-operation; `social` is the payoff to society.

    `floor` is the level that residual trust (kin, acquaintance) keeps up whatever happened.
    """

    header: Header
    incentive: Incentive
    social: sympy.Expr
    floor: sympy.Expr
    outcomes: Mapping[str, sympy.Expr] = field(default_factory=dict)

    @property
    def cap(self) -> sympy.Expr:
        """The joint optimum within [0, 1]: nobody wants a higher level."""
        return optimum(Quadratic.of(self.incentive.payoff, self.incentive.variable))

    def solve(self) -> Solution:
        """The branches none, constrained, optimum and full, of which one holds at every point."""
        return assemble(
            self,
            _branches(self),
            Provenance("roots of the incentive constraint within the joint optimum"),
            _extrema(self.incentive),
            criticals(self.incentive, self.floor, self.header.domain),
            written=True,
        )

    def substitute(self, values: Mapping[str, sympy.Rational]) -> LevelGame:
        """The same relation with some parameters fixed."""
        at = {symbol(name): value for name, value in values.items()}
        return replace(
            self,
            header=replace(self.header, domain=self.header.domain.substitute(values)),
            incentive=self.incentive.substitute(at),
            social=self.social.subs(at),
            floor=self.floor.subs(at),
            outcomes={name: value.subs(at) for name, value in self.outcomes.items()},
        )

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        """By how much the claimed extreme levels miss the true ones, or reneging on them pays.

        The true ones come from isolating the real roots of F in numbers, not from the solver's
        formulas.
        """
        incentive = self.incentive.substitute({symbol(k): v for k, v in point.items()})
        cap = highest_peak(incentive.payoff, incentive.variable)
        ranges = self_enforcing(incentive.excess, incentive.variable, cap)
        level = equilibrium.outcomes["level"]
        if not ranges:
            return sympy.N(sympy.Abs(level), 40)
        tipping_point = equilibrium.outcomes.get("tipping_point", sympy.S.Zero)
        short = (
            sympy.Abs(ranges[-1].high - level),
            sympy.Abs(ranges[0].low - tipping_point),
            incentive.excess.subs(incentive.variable, level),
        )
        return max((sympy.N(part, 40) for part in short), key=float)

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


def best_response(game: LevelGame, trust: sympy.Expr) -> sympy.Expr:
    """phi(t): the highest level that is credible now if level t is expected ever after.

    `min(cap, G^-1(q*D/(1-D)*max(0, pi(t)-u)))`: reneging on it gains what the loss of a relation
    at level t is worth. Its fixed points are 0, the roots of F and, where it enforces itself, the
    cap. G must be a quadratic that rises on [0, 1] from G(0) = 0, and D below 1.
    """
    side = game.incentive
    gain = Quadratic.of(side.gain, side.variable)
    lost = sympy.Max(0, side.payoff.subs(side.variable, trust) - side.outside)
    worth = side.detection * side.discount / (1 - side.discount) * lost
    if gain.square == 0:
        return sympy.Min(game.cap, worth / gain.slope)
    root = sympy.sqrt(gain.slope**2 + 4 * gain.square * worth)
    return sympy.Min(game.cap, (root - gain.slope) / (2 * gain.square))


# --- branches ----------------------------------------------------------------------------------


def _branches(game: LevelGame) -> Iterator[Branch]:
    shape = shape_of(game.incentive, game.header.domain)
    cases = cases_of(shape)
    low, high = shape.excess.roots
    tipping_point = low if cases.spontaneous == sympy.false else sympy.Max(0, low)
    peak = shape.payoff.peak if shape.peaked else sympy.S.One
    one = sympy.S.One

    def made(name: str, conditions: tuple[Boolean, ...], *levels: sympy.Expr) -> Branch:
        meant = tuple(map(shape.meaning, conditions))
        return _positive(game, name, tuple(map(shape.meaning, levels)), meant)

    yield _none(game, tuple(map(shape.meaning, nowhere(cases, shape))))
    yield made("constrained", constrained(cases), high, tipping_point, sympy.Min(1, peak))
    if shape.peaked:
        yield made("optimum", at_optimum(cases), peak, tipping_point, peak)
    yield made("full", full(cases), one, tipping_point, one)


def _none(game: LevelGame, conditions: tuple[Boolean, ...]) -> Branch:
    alone = game.incentive.outside
    return Branch(
        name="none",
        kind="level",
        concept=CONCEPT,
        strategies={"level": sympy.S.Zero, "self_enforcing": ()},
        payoffs={"each": alone},
        outcomes=_outcomes(game, sympy.S.Zero, alone, game.cap),
        conditions=conditions,
        note=ALONE,
    )


def _positive(
    game: LevelGame,
    name: str,
    levels: tuple[sympy.Expr, ...],
    conditions: tuple[Boolean, ...],
) -> Branch:
    """The branch whose level, tipping point and joint optimum are given."""
    level, tipping_point, first_best = levels
    side = game.incentive
    payoff = side.payoff.subs(side.variable, level)
    return Branch(
        name=name,
        kind="level",
        concept=CONCEPT,
        strategies={"level": level, "self_enforcing": (tipping_point, level)},
        payoffs={"each": payoff},
        outcomes={
            **_outcomes(game, level, payoff, first_best),
            "tipping_point": tipping_point,
        },
        conditions=conditions,
        implicit=_implicit(side, constrained=name == "constrained"),
        note=CONTINUUM,
    )


def _outcomes(
    game: LevelGame, level: sympy.Expr, payoff: sympy.Expr, first_best: sympy.Expr
) -> dict[str, sympy.Expr]:
    variable = game.incentive.variable
    social = Quadratic.of(game.social, variable)
    own = {name: value.subs(variable, level) for name, value in game.outcomes.items()}
    return {
        "level": level,
        "cooperation": level,
        "first_best": first_best,
        "social_first_best": optimum(social),
        "payoff": payoff,
        **own,
    }


def _implicit(side: Incentive, constrained: bool) -> dict[str, Implicit]:
    """Level and tipping point as the roots of F at which it rises and falls."""
    a, excess = side.variable, side.excess
    slope = sympy.diff(excess, a)
    inside = (sympy.Gt(a, 0), sympy.Le(a, 1), sympy.Ge(sympy.diff(side.payoff, a), 0))
    ties = {"tipping_point": Implicit(a, excess, (slope < 0, *inside))}
    if constrained:
        ties |= {
            name: Implicit(a, excess, (slope > 0, *inside)) for name in ("level", "cooperation")
        }
    return ties


def _extrema(side: Incentive) -> dict[str, Extremum]:
    greatest = Extremum(side.variable, side.members, greatest=True)
    least = Extremum(side.variable, side.members, greatest=False)
    return {"level": greatest, "cooperation": greatest, "tipping_point": least}


# --- reading -----------------------------------------------------------------------------------


def read(section: Section, header: Header) -> LevelGame:
    """The relation that the `[level]` and `[outcomes]` tables of a file state."""
    table = section.table("level")
    domain = header.domain
    variable = _read_variable(table, domain)
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
    game = LevelGame(
        header,
        incentive,
        social,
        table.expression("floor", domain.names, default="0"),
        _read_outcomes(section.table("outcomes", required=False), known),
    )
    table.finish()
    if not section.faults:
        _check(table, game)
    return game


def _read_variable(table: Section, domain: Domain) -> sympy.Symbol:
    name = table.text("variable", default="a")
    problem = name_problem(name)
    if problem:
        table.fault("variable", problem, "choose another name")
        return symbol("a")
    if name in domain.names:
        table.fault("variable", f"{name!r} is a parameter", "choose another name for the level")
    return symbol(name)


def _read_outcomes(table: Section, known: set[str]) -> dict[str, sympy.Expr]:
    return {name: table.expression(name, known) for name in table}


def _check(table: Section, game: LevelGame) -> None:
    """Note what keeps the closed form from holding: shape, probabilities, division by zero."""
    side, domain = game.incentive, game.header.domain
    wide = domain.extend([_level_parameter(side.variable)])
    for key in ("payoff", "gain", "outside", "discount", "detection"):
        check_defined(table, key, getattr(side, key), wide)
    for key, expression in (("payoff", side.payoff), ("gain", side.gain), ("social", game.social)):
        if not expression.is_polynomial(side.variable) or (
            sympy.Poly(expression, side.variable).degree() > 2
        ):
            table.fault(key, f"is no polynomial of degree two in {side.variable}")
    if table.faults:
        return
    _prove(table, "discount", sympy.And(side.discount >= 0, side.discount < 1), domain)
    _prove(table, "detection", sympy.And(side.detection >= 0, side.detection <= 1), domain)
    for key, expression in (("payoff", side.payoff), ("social", game.social)):
        square = Quadratic.of(expression, side.variable).square
        if square != 0:
            _prove(table, key, square < 0, domain, f"must be concave in {side.variable}")
    _prove(table, "gain", sympy.diff(side.excess, side.variable, 2) > 0, domain,
           "with this gain the constraint is not convex")  # fmt: skip


def _prove(table: Section, key: str, condition: Boolean, domain: Domain, problem: str = "") -> None:
    proof = implies(domain.constraints, condition, domain.integers)
    if proof.verdict is Verdict.PROVED:
        return
    where = ", ".join(f"{s} = {to_text(v)}" for s, v in (proof.witness or {}).items())
    stated = problem or f"{to_text(condition)} is not proved"
    table.fault(key, stated, f"as at {where}" if where else "narrow the domains")


def _level_parameter(variable: sympy.Symbol) -> Parameter:
    unit = Interval(sympy.S.Zero, sympy.S.One, False, False)
    return Parameter(variable.name, "level", "level", unit, sympy.S.One, "")
