"""Quadratics in one variable with symbolic coefficients: roots, peak, discriminant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sympy
from sympy.logic.boolalg import Boolean


@dataclass(frozen=True)
class Quadratic:
    """`square*x**2 + slope*x + constant`, its coefficients free of x."""

    square: sympy.Expr
    slope: sympy.Expr
    constant: sympy.Expr

    @classmethod
    def of(cls, expression: sympy.Expr, variable: sympy.Symbol) -> Quadratic:
        """The coefficients of a polynomial of degree two at most, in the terms it is written in.

        >>> x, y, z = sympy.symbols("x y z", real=True)
        >>> Quadratic.of(3 * x * (y + z) - 1, x)
        Quadratic(square=0, slope=3*y + 3*z, constant=-1)
        """
        slope = sympy.diff(expression, variable)
        square = sympy.diff(slope, variable) / 2
        if sympy.expand(square) == 0:
            square = sympy.S.Zero
        return cls(square, slope.subs(variable, 0), expression.subs(variable, 0))

    def at(self, x: sympy.Expr) -> sympy.Expr:
        return self.square * x**2 + self.slope * x + self.constant

    def derivative(self, x: sympy.Expr) -> sympy.Expr:
        return 2 * self.square * x + self.slope

    @property
    def coefficients(self) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr]:
        return self.square, self.slope, self.constant

    @property
    def discriminant(self) -> sympy.Expr:
        return self.slope**2 - 4 * self.square * self.constant

    @property
    def rooted(self) -> Boolean:
        """It has real roots."""
        return sympy.Le(sympy.factor_terms(4 * self.square * self.constant), self.slope**2)

    def roots(self, convex: bool = True) -> tuple[sympy.Expr, sympy.Expr]:
        """The root at which the quadratic falls, and the one at which it rises.

        Where the constant is zero one of them is 0: the first of a convex quadratic that falls at
        0, the second of a concave one that rises there.
        """
        if self.square == 0:
            # A constant has no root; where it stands for one nothing can hold, and 0 is harmless.
            root = sympy.S.Zero if self.slope == 0 else -self.constant / self.slope
            return root, root
        if sympy.expand(self.constant) == 0:
            other = -self.slope / self.square
            return (sympy.S.Zero, other) if convex else (other, sympy.S.Zero)
        root = sympy.sqrt(self.discriminant)
        return (-self.slope - root) / (2 * self.square), (-self.slope + root) / (2 * self.square)

    @property
    def peak(self) -> sympy.Expr:
        """Where the derivative is zero, for a `square` that is not."""
        return self.slope / (-2 * self.square)


def is_quadratic(expression: sympy.Expr, variable: sympy.Symbol) -> bool:
    """Whether an expression is a polynomial of degree two at most in the variable."""
    if not expression.is_polynomial(variable):
        return False
    return bool(sympy.Poly(expression, variable).degree() <= 2)


def optimum(payoff: Quadratic) -> sympy.Expr:
    """The level in [0, 1] at which a concave payoff is greatest; 1 where it is constant."""
    if payoff.square == 0:
        return sympy.Piecewise((1, payoff.slope >= 0), (0, True))
    return sympy.Max(0, sympy.Min(1, shortest(payoff.peak)))


def shortest(expression: sympy.Expr) -> sympy.Expr:
    """The expression as it stands, or factored where it is rational and shorter so."""
    if not expression.is_rational_function(*expression.free_symbols):
        return expression
    return min(expression, sympy.factor(expression), key=lambda e: int(e.count_ops()))


def square_root(polynomial: sympy.Expr, never_negative: Collection[sympy.Symbol]) -> sympy.Expr:
    """The root of a polynomial, squares of what is never negative drawn out.

    Other squares stay inside, because the root of x**2 is |x|.
    """
    signed = {symbol: sympy.Dummy(nonnegative=True) for symbol in never_negative}
    constant, factors = sympy.factor_list(polynomial)
    outside, inside = sympy.sqrt(constant), sympy.S.One
    for factor, power in factors:
        drawn = power // 2 if factor.xreplace(signed).is_nonnegative else 0
        outside *= factor**drawn
        inside *= factor ** (power - 2 * drawn)
    return outside * sympy.sqrt(inside)
