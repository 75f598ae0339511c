"""The comparisons that decide where the greatest self-enforcing level lies.

F is a quadratic, and so is the joint payoff pi. The cap is the joint optimum within [0, 1].
Comparisons are worked out in short stand-ins (D, the slope of pi, the drag u - pi(0)), so that they
are read and proved in those terms and not as polynomials of a hundred monomials.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import mul
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.algebra.quadratics import Quadratic
from coopgame.proofs.conditions import tidy
from coopgame.proofs.questions import QUICK, implies

ONE, ZERO = sympy.S.One, sympy.S.Zero


@dataclass(frozen=True)
class Shape:
    """F and pi as quadratics in stand-ins; `meant` says what each stands for.

    `weight` is the stand-in for D, and `premises` what is known of all. F is a power of the level
    times `excess`, a quadratic in t = a**power, or what is read
    as one. The derivative of pi has the sign of
    payoff.slope + 2*payoff.square*t**bend, and `rise` that of pi(1) - pi(0).
    """

    excess: Any
    payoff: Any
    weight: sympy.Expr
    meant: Mapping[sympy.Symbol, sympy.Expr]
    premises: tuple[Boolean, ...]
    integers: frozenset[sympy.Symbol] = field(default_factory=frozenset)
    concave: bool = True
    power: int = 1
    bend: sympy.Rational = ONE
    rise: sympy.Expr = ONE

    @property
    def peaked(self) -> bool:
        """The payoff first rises and then falls, so that its optimum may lie inside [0, 1]."""
        return bool(self.payoff.square != 0) and self.concave

    @property
    def peak(self) -> sympy.Expr:
        """Where the payoff is greatest, as a value of t."""
        return self.payoff.peak ** (1 / self.bend)

    @property
    def bounded(self) -> sympy.Expr:
        """The peak with a real value even where the payoff never rises."""
        if not isinstance(self.payoff, Quadratic):
            found: sympy.Expr = self.payoff.bounded
            return found
        if (self.bend == 1 and self.power == 1) or self.proved(self.payoff.slope >= 0):
            return self.peak
        return sympy.Piecewise((ZERO, self.payoff.slope <= 0), (self.peak, True))

    def level(self, t: sympy.Expr) -> sympy.Expr:
        """The level at which a**power is t."""
        return t ** sympy.Rational(1, self.power)

    @property
    def starts(self) -> Boolean:
        """The cap is positive: a little co-operation pays jointly, or else all of it does."""
        if self.peaked:
            return sympy.Gt(self.payoff.slope, 0)
        return sympy.Ge(self.rise, 0)

    @property
    def uncapped(self) -> Boolean:
        """The cap, where positive, is 1."""
        return self.payoff.derivative(ONE) >= 0 if self.peaked else sympy.true

    @property
    def at_peak(self) -> tuple[sympy.Expr, sympy.Expr]:
        """F and F' at the joint optimum -slope/(2*square), times its positive denominators."""
        f, pi = self.excess, self.payoff
        if self.bend != 1 or not isinstance(pi, Quadratic) or not isinstance(f, Quadratic):
            return f.at(self.bounded), f.derivative(self.bounded)
        value = f.square * pi.slope**2 - 2 * f.slope * pi.slope * pi.square
        value += 4 * f.constant * pi.square**2
        return value, f.square * pi.slope - f.slope * pi.square

    @property
    def caps(self) -> list[tuple[sympy.Expr, sympy.Expr]]:
        """F and F' at each level that may be the cap: 1, and the joint optimum."""
        at_one = (self.excess.at(ONE), self.excess.derivative(ONE))
        return [at_one, self.at_peak] if self.peaked else [at_one]

    def proved(self, condition: Boolean, given: Iterable[Boolean] = ()) -> bool:
        """Whether a condition in the stand-ins is proved."""
        return implies([*self.premises, *given], condition, self.integers, QUICK).proved

    @property
    def never_negative(self) -> set[sympy.Symbol]:
        """The symbols known to be zero or positive."""
        bounds = (p for p in self.premises if isinstance(p, sympy.Ge | sympy.Gt))
        return {p.lhs for p in bounds if p.lhs.is_Symbol and p.rhs.is_nonnegative}

    def tidied(self, condition: Boolean, *given: Boolean) -> Boolean:
        """A comparison in stand-ins, cleared of factors of certain sign, D in the lead."""
        known = [p for p in (*self.premises, *given) if p.free_symbols & condition.free_symbols]
        leaders = [self.weight] if self.weight.is_Symbol else []
        return _turned(tidy(condition, known, leaders, self.integers))

    def meaning(self, expression: sympy.Basic) -> sympy.Basic:
        """An expression with the stand-ins replaced by what they mean."""
        return evaluated(expression.xreplace(dict(self.meant)))


def evaluated(expression: sympy.Basic) -> sympy.Basic:
    """The expression built anew, as the parser would build it: 2*(x + y) is 2*x + 2*y."""
    if not expression.args:
        return expression
    if expression.is_Mul and expression.args[0].is_Integer:
        return reduce(mul, map(evaluated, expression.as_ordered_factors()))
    return expression.func(*map(evaluated, expression.args))


def _turned(relation: Boolean) -> Boolean:
    """`-x >= -y` as `x <= y`."""
    if isinstance(relation, Relational) and relation.rhs.could_extract_minus_sign():
        factors = sympy.Mul.make_args(relation.lhs)
        if sum(isinstance(factor, sympy.Add) for factor in factors) == 1:
            left = sympy.Mul(*(-f if isinstance(f, sympy.Add) else f for f in factors))
            return relation.reversed.func(left, -relation.rhs)
    return relation


@dataclass(frozen=True)
class Cases:
    """The comparisons that tell the branches apart, in stand-ins.

    `starts`: a little co-operation pays jointly. `uncapped`: so does all of it. `spontaneous`: F is
    negative at 0. `falls`: F falls at 0. `rooted`: F has real roots. `beyond`: for each level that
    may be the cap, whether F is positive there, and whether it rises there.
    """

    starts: Boolean
    uncapped: Boolean
    spontaneous: Boolean
    falls: Boolean
    rooted: Boolean
    beyond: tuple[tuple[Boolean, Boolean], ...]


def cases_of(shape: Shape) -> Cases:
    """The comparisons for a shape, each put as it should be read."""
    f, starts = shape.excess, shape.tidied(shape.starts)
    given = (starts,) if isinstance(starts, Relational) else ()
    threatened = shape.proved(f.constant >= 0)
    return Cases(
        starts=starts,
        uncapped=shape.tidied(shape.uncapped) if shape.peaked else sympy.true,
        spontaneous=sympy.false if threatened else shape.tidied(f.constant < 0),
        falls=shape.tidied(f.slope < 0),
        rooted=f.rooted if isinstance(f, Quadratic) else shape.tidied(f.rooted),
        beyond=tuple((shape.tidied(v > 0, *given), shape.tidied(d > 0, *given))
                     for v, d in shape.caps),
    )  # fmt: skip
