"""F and the cap in letters: the quadratic that an incentive makes, and what bounds the level."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.quadratics import Quadratic
from coopgame.forms.derivation import (
    Line,
    Role,
    Step,
    above,
    applied,
    at_least,
    at_most,
    below,
    equal,
    fresh,
    letter,
    positive,
)
from coopgame.forms.level.standins import shape_of
from coopgame.forms.level.temptation import Incentive
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import QUICK, implies

ONE, ZERO = sympy.S.One, sympy.S.Zero
CAP = "The cap"
HIGHEST = "The highest self-enforcing level"


@dataclass(frozen=True)
class Side:
    """One constraint: the incentive with letters for what it is made of, and their definitions."""

    name: str
    incentive: Incentive
    weight: sympy.Expr
    detection: sympy.Expr
    outside: sympy.Expr
    lines: tuple[Line, ...]

    def function(self, stem: str) -> str:
        return f"{stem}_{self.name}" if self.name else stem

    def at(self, stem: str, level: sympy.Expr) -> sympy.Expr:
        """pi, G or F of this side at a level."""
        return applied(self.function(stem), level)

    @property
    def level(self) -> sympy.Symbol:
        return self.incentive.variable


def excess(side: Side) -> Line:
    """What F is: the gain from a breach beyond what being found out costs."""
    a, D, q = side.level, side.weight, side.detection
    kept = q * D * (side.at("pi", a) - side.outside)
    return Line(equal(side.at("F", a), (1 - D) * side.at("G", a) - kept))


@dataclass(frozen=True)
class SideCurve:
    """F of one side as a quadratic in letters, with the lines that say what the letters mean.

    `is_level_times_line` says that F(0) is 0 and the curvature open: then F has the sign of a line.
    """

    side: Side
    letters: Quadratic
    lines: tuple[Line, ...]
    convex: bool
    spontaneous: bool
    is_level_times_line: bool = False

    @classmethod
    def of(cls, side: Side, domain: Domain, taken: Collection[str]) -> SideCurve:
        a, own, D, q = side.level, side.incentive, side.weight, side.detection
        lines = [excess(side)]
        letters = []
        plain = (1 - D) * own.gain - q * D * (own.payoff - side.outside)
        for stem, coefficient in zip("ABC", Quadratic.of(plain, a).coefficients, strict=True):
            short = sympy.factor_terms(sympy.collect(sympy.expand(coefficient), D))
            name, defined = letter(side.function(stem), short, taken, "")
            letters.append(name)
            lines += defined
        powers = equal(side.at("F", a), Quadratic(*letters).at(a))
        lines.insert(1, Line(powers, "in powers of the level", Role.SYSTEM))
        constant = own.excess.subs(a, 0)
        shape, threatened = shape_of(own, domain), _proved(constant >= 0, domain)
        convex = shape.proved(shape.excess.square > 0)
        of_line = constant == 0 and not convex and not shape.proved(shape.excess.square <= 0)
        return cls(side, Quadratic(*letters), tuple(lines), convex, not threatened, of_line)

    def value(self, level: sympy.Expr) -> sympy.Expr:
        """F at a level; `told` says what it is in letters."""
        return self.side.at("F", level)

    def told(self, level: sympy.Expr) -> Line:
        return Line(equal(self.value(level), self.letters.at(level)))

    @property
    def root(self) -> sympy.Expr:
        """The root at which F rises."""
        if self.is_level_times_line:
            return -self.letters.slope / self.letters.square
        return self.letters.roots(self.convex)[1]

    @property
    def rooted(self) -> list[Boolean]:
        """The root at which F rises is real and positive."""
        A, B, C = self.letters.coefficients
        if self.is_level_times_line:
            return [below(B, ZERO)]
        if not self.convex:
            return [below(C, ZERO)]
        falls = below(B, ZERO)
        if self.spontaneous:
            falls = sympy.Or(falls, below(C, ZERO), evaluate=False)
        return [falls, at_least(B**2, 4 * A * C)]

    def below(self, cap: sympy.Expr) -> list[Boolean]:
        """The root at which a convex F rises lies below a cap."""
        return [above(self.value(cap), ZERO), above(self.letters.derivative(cap), ZERO)]

    def nowhere(self, cap: Cap) -> Iterator[Boolean]:
        """The ways for F to be positive all the way up to the cap."""
        A, B, C = self.letters.coefficients
        ways = [[self.over(cap)]]
        if self.is_level_times_line:
            # A line is positive between two ends where it is not negative at the one and positive
            # at the other.
            ways = [[at_least(B, ZERO), self.over(cap)]]
        if self.convex:
            ways = [[at_least(B, ZERO)], [below(B**2, 4 * A * C)]]
            ways += [
                [above(self.value(at), ZERO), at_most(self.letters.derivative(at), ZERO)]
                for at in cap.caps
            ]
        starts = [at_least(C, ZERO)] if self.spontaneous else []
        for way in ways:
            yield _all(*starts, *way)

    def over(self, cap: Cap) -> Boolean:
        """F is positive at the cap."""
        if cap.uncapped is None or cap.peak is None:
            return above(self.value(ONE), ZERO)
        inside = below(*cap.uncapped.args)
        at_one, at_peak = (above(self.value(at), ZERO) for at in (ONE, cap.peak))
        return sympy.Or(_all(cap.uncapped, at_one), _all(inside, at_peak), evaluate=False)


def _all(*conditions: Boolean) -> Boolean:
    return conditions[0] if len(conditions) == 1 else sympy.And(*conditions, evaluate=False)


def _proved(condition: Boolean, domain: Domain) -> bool:
    return implies(domain.constraints, condition, domain.integers, QUICK).proved


@dataclass(frozen=True)
class Cap:
    """Where useful levels end: the joint payoff's derivative at 0 and 1, and where it is zero."""

    starts: Boolean
    uncapped: Boolean | None
    peak: sympy.Expr | None
    step: Step
    level: sympy.Symbol

    @classmethod
    def of(cls, joint: sympy.Expr, a: sympy.Symbol, domain: Domain) -> Cap:
        payoff, taken = Quadratic.of(joint, a), {*domain.names, a.name}
        level = fresh("level", taken)
        if payoff.square == 0 or not _proved(payoff.square < 0, domain):
            text = "Nobody wants a level beyond the joint optimum, which is all or nothing here."
            starts = at_least(payoff.slope + payoff.square, ZERO)
            return cls(starts, None, None, Step(CAP, text), level)
        best = fresh("a_best", taken)
        text = (
            "Nobody wants a level beyond the joint optimum, where another little of co-operation "
            "adds nothing to the payoffs (or beyond 1, if that comes first):"
        )
        line = Line(equal(best, positive(payoff.peak, domain)), "the joint payoff's peak")
        return cls(
            above(payoff.slope, ZERO),
            at_least(payoff.derivative(ONE), ZERO),
            best,
            Step(CAP, text, (line,), Role.GIVEN),
            level,
        )

    @property
    def caps(self) -> list[sympy.Expr]:
        return [ONE] if self.peak is None else [ONE, self.peak]
