"""Roots without a formula, as an expression of their own."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy

from coopgame.errors import InputError
from coopgame.language.deciding import decide
from coopgame.language.printing import latex_call


class ImplicitRoot(sympy.Function):  # type: ignore[misc]
    """`ImplicitRoot(f, x, lower, upper)`: the least root between two bounds at which f rises in x.

    Stays symbolic while f has other symbols, becomes an exact algebraic number once f has rational
    coefficients, and is known to any precision where they are other numbers. Told as
    `root(f, x, lower, upper)`, which `parse` reads back.
    """

    nargs = 4
    is_real = True

    def _eval_subs(self, old: Any, new: Any) -> Any:
        """The variable is bound: a value for it elsewhere does not touch the root."""
        return self if old == self.args[1] else None

    @property
    def free_symbols(self) -> set[sympy.Symbol]:
        """The symbols of f and of the bounds, without the variable."""
        equation, variable, *bounds = self.args
        within = {symbol for bound in bounds for symbol in bound.free_symbols}
        return (set(equation.free_symbols) - {variable}) | within

    def _eval_derivative(self, parameter: Any) -> Any:
        """By the implicit function theorem; a bound that moves does not move the root."""
        equation, variable, *_ = self.args
        change = -sympy.diff(equation, parameter) / sympy.diff(equation, variable)
        return change.subs(variable, self)

    def _eval_evalf(self, prec: int) -> Any:
        """The root where all coefficients are numbers, by the roots of the whole polynomial."""
        equation, variable, lower, upper = self.args
        if self.free_symbols:
            return None
        with mpmath.workprec(2 * prec + 60):
            numbers = [
                c._to_mpmath(2 * prec + 60) for c in sympy.Poly(equation, variable).all_coeffs()
            ]
            slope = [c * (len(numbers) - 1 - i) for i, c in enumerate(numbers[:-1])]
            found = mpmath.polyroots(numbers, maxsteps=400, extraprec=4 * prec + 200)
            real = sorted(r.real for r in found if abs(r.imag) < mpmath.mpf(2) ** (-prec // 2))
            ends = [
                -mpmath.inf if lower == -sympy.oo else lower._to_mpmath(prec),
                mpmath.inf if upper == sympy.oo else upper._to_mpmath(prec),
            ]
            inside = (r for r in real if ends[0] <= r <= ends[1])
            rising = next((r for r in inside if mpmath.polyval(slope, r) > 0), None)
            return None if rising is None else sympy.Float._new(rising._mpf_, prec)

    def _sympystr(self, printer: Any) -> str:
        return f"root({', '.join(map(printer._print, self.args))})"

    def _latex(self, printer: Any, exp: Any = None) -> str:
        equation, variable, lower, upper = map(printer._print, self.args)
        return latex_call("root", [equation], rf"{variable} \in [{lower}, {upper}]", exp)

    @classmethod
    def read(cls, variable: sympy.Symbol, equation: sympy.Expr, *bounds: sympy.Expr) -> sympy.Expr:
        """The root that the arguments of `root(f, x, lower, upper)` in a text stand for."""
        if len(bounds) != 2 or not equation.is_polynomial(variable):
            raise InputError(
                "root takes a polynomial, its variable and two bounds",
                "as in root(x**2 - 2, x, 0, 2)",
            )
        return cls(equation, variable, *bounds)

    @classmethod
    def eval(cls, equation: Any, variable: Any, lower: Any, upper: Any) -> Any:
        if equation.free_symbols - variable.free_symbols or lower.free_symbols | upper.free_symbols:
            return None
        polynomial = sympy.Poly(equation, variable)
        if not all(coefficient.is_Rational for coefficient in polynomial.all_coeffs()):
            return None
        for root, times in polynomial.real_roots(multiple=False):
            inside = decide(sympy.Ge(root, lower)) and decide(sympy.Le(root, upper))
            steep = sympy.diff(equation, variable, times)
            if inside and times % 2 and decide(sympy.Gt(steep.subs(variable, root), 0)):
                return root
        return None
