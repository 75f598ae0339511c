"""Constraints and payoffs beyond degree two that bend one way only on [0, 1].

A convex F has one root at which it falls and one at which it rises, and a concave payoff has one
peak, so that what is said of quadratics holds of them too; where no formula states a root it stays
an isolated one (`ImplicitRoot`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.quadratics import Quadratic, is_quadratic, shortest
from coopgame.forms.level.shapes import Shape
from coopgame.forms.level.standins import premises_of
from coopgame.forms.level.temptation import Incentive
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import QUICK, feasible, implies
from coopgame.solution import ImplicitRoot

ONE, ZERO = sympy.S.One, sympy.S.Zero


@dataclass(frozen=True)
class Bowl:
    """A polynomial in `variable` that is convex on [0, 1]; read as a `Quadratic` is."""

    polynomial: sympy.Expr
    variable: sympy.Symbol
    vertex: sympy.Expr
    square: sympy.Expr = ONE  # the sign of its curvature

    def at(self, x: sympy.Expr) -> sympy.Expr:
        return sympy.sympify(self.polynomial.subs(self.variable, x))

    def derivative(self, x: sympy.Expr) -> sympy.Expr:
        return sympy.sympify(sympy.diff(self.polynomial, self.variable).subs(self.variable, x))

    @property
    def constant(self) -> sympy.Expr:
        return self.at(ZERO)

    @property
    def slope(self) -> sympy.Expr:
        return self.derivative(ZERO)

    @property
    def rooted(self) -> Boolean:
        """It has real roots on [0, 1] if it falls at 0 and rises at 1."""
        return sympy.Le(sympy.factor_terms(self.at(self.vertex)), 0)

    def roots(self, convex: bool = True) -> tuple[sympy.Expr, sympy.Expr]:
        """The root at which it falls and the one at which it rises."""
        falling = ImplicitRoot(-self.polynomial, self.variable, ZERO, ONE)
        return falling, ImplicitRoot(self.polynomial, self.variable, ZERO, ONE)


@dataclass(frozen=True)
class Hill:
    """A payoff that is concave on [0, 1], by its derivative and its peak.

    `bounded` is the peak within [0, 1], where the formula for `peak` may have no real value.
    """

    steep: sympy.Expr
    variable: sympy.Symbol
    peak: sympy.Expr
    bounded: sympy.Expr
    square: sympy.Expr = sympy.S.NegativeOne  # the sign of its curvature

    def derivative(self, x: sympy.Expr) -> sympy.Expr:
        return sympy.sympify(self.steep.subs(self.variable, x))

    @property
    def slope(self) -> sympy.Expr:
        return self.derivative(ZERO)


def bowl_shape(side: Incentive, domain: Domain) -> Shape | None:
    """The shape of an incentive whose F is convex and whose payoff is concave, by proof.

    None where either may be constant in the level: the cases below tell a curve that rises from
    one that falls, and a constant does neither.
    """
    a = side.variable
    hill = hill_of(side.payoff, a, domain)
    excess = sympy.expand(side.excess) if side.excess.is_polynomial(a) else None
    if hill is None or excess is None or sympy.degree(excess, a) < 2:
        return None
    if not _proved(sympy.diff(excess, a, 2) >= 0, a, domain):
        return None
    if any(_may_be_constant(curve, a, domain) for curve in (excess, side.payoff)):
        return None
    gathered = _gathered(side)
    steep = sympy.diff(gathered, a)
    vertex = crossing(steep, a, domain)
    if not is_total(vertex, domain):
        vertex = within(steep, a, domain)
    return Shape(
        Bowl(gathered, a, vertex),
        hill,
        side.discount,
        {},
        premises_of(domain, side.discount, side.detection),
        domain.integers,
    )


def hill_of(payoff: sympy.Expr, a: sympy.Symbol, domain: Domain) -> Hill | None:
    """A polynomial payoff that is proved to be concave on [0, 1], and not linear."""
    if not payoff.is_polynomial(a) or sympy.degree(payoff, a) < 2:
        return None
    if not _proved(sympy.diff(payoff, a, 2) <= 0, a, domain):
        return None
    steep = sympy.diff(payoff, a)
    peak = crossing(-steep, a, domain)
    return Hill(steep, a, peak, peak if is_total(peak, domain) else within(-steep, a, domain))


def _gathered(side: Incentive) -> sympy.Expr:
    """F with each coefficient gathered by D."""
    a, weight = side.variable, sympy.Dummy("D", real=True)
    expanded = sympy.Poly(replace(side, discount=weight).excess, a).terms()
    terms = (sympy.factor_terms(sympy.collect(sympy.expand(c), weight)) * a**i
             for (i,), c in expanded)  # fmt: skip
    return sum((term.subs(weight, side.discount) for term in terms), ZERO)


def is_total(root: sympy.Expr, domain: Domain) -> bool:
    """Whether a formula for a root has a real value at every point of the domain."""
    if root.is_number:
        return bool(root.is_real)
    if root.has(ImplicitRoot):
        return False
    powers = root.atoms(sympy.Pow)
    undefined = [p.base < 0 for p in powers if not p.exp.is_Integer]
    undefined += [sympy.Eq(p.base, 0) for p in powers if p.exp.is_negative]
    return all(_nowhere(condition, domain) for condition in undefined)


def within(rising: sympy.Expr, a: sympy.Symbol, domain: Domain) -> sympy.Expr:
    """Where in [0, 1] something that falls nowhere stops being negative: 0, 1, or its root.

    1 where it is zero all over: the highest of the levels at which a payoff is greatest.
    """
    root = crossing(rising, a, domain)
    low, high = (sympy.sympify(rising.subs(a, end)) for end in (ZERO, ONE))
    if is_total(root, domain):
        below_one = root if _nowhere(high < 0, domain) else sympy.Min(1, root)
        return below_one if _nowhere(low > 0, domain) else sympy.Max(0, below_one)
    ends = [(end, where) for end, where in ((ONE, high <= 0), (ZERO, low >= 0))
            if not _nowhere(where, domain)]  # fmt: skip
    return sympy.Piecewise(*ends, (root, True))


def _nowhere(condition: Boolean, domain: Domain) -> bool:
    return feasible([*domain.constraints, condition], domain.integers, QUICK).exists is False


def _may_be_constant(curve: sympy.Expr, a: sympy.Symbol, domain: Domain) -> bool:
    """Whether all powers of the level may vanish from a polynomial at once."""
    powers = [c for (power,), c in sympy.Poly(curve, a).terms() if power]
    return not _nowhere(sympy.And(*(sympy.Eq(c, 0) for c in powers)), domain)


def crossing(rising: sympy.Expr, a: sympy.Symbol, domain: Domain) -> sympy.Expr:
    """The root of what rises from a negative value at 0 to a positive one at 1, given it does."""
    terms = sympy.Poly(rising, a).terms()
    powers = [power for (power,), _ in terms]
    if len(terms) == 2 and powers[1] == 0:
        root: sympy.Expr = shortest(-terms[1][1] / terms[0][1]) ** sympy.Rational(1, powers[0])
        return root
    if is_quadratic(rising, a):
        quadratic = Quadratic.of(rising, a)
        bent = implies(domain.constraints, sympy.Ne(quadratic.square, 0), domain.integers, QUICK)
        if bent.proved:
            return sympy.factor_terms(quadratic.roots()[1])
    return ImplicitRoot(rising, a, ZERO, ONE)


def _proved(condition: Boolean, a: sympy.Symbol, domain: Domain) -> bool:
    """Whether a condition on the level is proved to hold all over [0, 1]."""
    return implies([*domain.constraints, a >= 0, a <= 1], condition, domain.integers, QUICK).proved
