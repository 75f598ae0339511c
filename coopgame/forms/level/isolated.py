"""Levels that have no closed form: exact at a point, from the isolated real roots of F.

Each function below takes the coefficients of polynomials and stays as it is while a parameter is
left in them; once all are rational numbers it becomes an exact algebraic number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from coopgame.forms.level.temptation import LevelRange, highest_peak, self_enforcing
from coopgame.language.printing import latex_call, symbol

LEVEL = sympy.Dummy("level", real=True)


def _no_float(*_: Any) -> float:
    """What stands for an isolated root in floating point: nothing, so that it is found exactly."""
    return float("nan")


def _no_closed_derivative(expression: Any, variable: Any) -> Any:
    """Signs of such levels are proved through their equation; a derivative stays as it stands."""
    if variable not in expression.free_symbols:
        return sympy.S.Zero
    return sympy.Derivative(expression, variable, evaluate=False)


def _written(expression: Any, *parts: Any) -> list[sympy.Expr]:
    """Polynomials of an applied function as expressions in a letter free in it, which is second."""
    taken = {free.name for free in expression.free_symbols}
    a = next(symbol(name) for name in ("a", "x", "y", "z", "level") if name not in taken)
    first, *rest = (part.xreplace({LEVEL: a}) for part in parts)
    return [first, a, *rest]


def _told(expression: Any) -> list[sympy.Expr]:
    """What a level is told by: constraints, if any, the letter for the level, and the payoff."""
    *excesses, payoff = expression.args
    constraints = map(_polynomial, excesses[0] if excesses else ())
    return _written(expression, *constraints, _quotient(payoff))


def _as_text(expression: Any, printer: Any) -> str:
    return f"{expression.told_as}({', '.join(map(printer._print, _told(expression)))})"


def _as_latex(expression: Any, printer: Any, exp: Any = None) -> str:
    first, a, *rest = map(printer._print, _told(expression))
    return latex_call(expression.told_as.replace("_", "\\ "), [first, *rest], a, exp)


def _read(cls: Any, variable: sympy.Symbol, *parts: sympy.Expr) -> sympy.Expr:
    """The function of constraints, if any, and a payoff in the variable, as text tells it."""
    *excesses, payoff = parts
    constraints, quotient = in_coefficients(excesses, payoff, variable)
    return cls(constraints, quotient) if excesses else cls(quotient)


class HighestLevel(sympy.Function):  # type: ignore[misc]
    """The highest level up to the joint optimum that enforces itself; 0 where none does.

    Arguments: the coefficients of each side's constraint F (leading first), and those of the
    numerator and denominator of the joint payoff.

    >>> half = sympy.Rational(1, 2)
    >>> HighestLevel(sympy.Tuple((1, -half, 0)), sympy.Tuple((1, 0), (1,)))
    1/2
    """

    nargs = 2
    is_real = True
    _imp_ = staticmethod(_no_float)
    _eval_derivative = _no_closed_derivative

    told_as = "highest_level"
    _sympystr, _latex, read = _as_text, _as_latex, classmethod(_read)

    @classmethod
    def eval(cls, excesses: Any, payoff: Any) -> Any:
        ranges = _ranges(excesses, payoff)
        return ranges if ranges is None else _end(ranges, -1, "high")


class LowestLevel(sympy.Function):  # type: ignore[misc]
    """The lowest positive level that enforces itself; 0 where every small one does, or none."""

    nargs = 2
    is_real = True
    _imp_ = staticmethod(_no_float)
    _eval_derivative = _no_closed_derivative

    told_as = "lowest_level"
    _sympystr, _latex, read = _as_text, _as_latex, classmethod(_read)

    @classmethod
    def eval(cls, excesses: Any, payoff: Any) -> Any:
        ranges = _ranges(excesses, payoff)
        return ranges if ranges is None else _end(ranges, 0, "low")


class LevelRanges(sympy.Function):  # type: ignore[misc]
    """The closed intervals of levels that enforce themselves, lowest first."""

    nargs = 2

    told_as = "levels"
    _sympystr, _latex, read = _as_text, _as_latex, classmethod(_read)

    @classmethod
    def eval(cls, excesses: Any, payoff: Any) -> Any:
        ranges = _ranges(excesses, payoff)
        if ranges is None:
            return None
        return sympy.Tuple(*(sympy.Tuple(found.low, found.high) for found in ranges))


class PeakLevel(sympy.Function):  # type: ignore[misc]
    """The level in [0, 1] at which a payoff (numerator, denominator) is greatest."""

    nargs = 1
    is_real = True
    _imp_ = staticmethod(_no_float)
    _eval_derivative = _no_closed_derivative

    told_as = "best_level"
    _sympystr, _latex, read = _as_text, _as_latex, classmethod(_read)

    @classmethod
    def eval(cls, payoff: Any) -> Any:
        return highest_peak(_quotient(payoff), LEVEL) if _in_numbers(payoff) else None


def slope_in(level: sympy.Expr, parameter: sympy.Symbol) -> sympy.Expr:
    """The derivative of one of the levels above, by the implicit function theorem.

    It follows the constraint that binds, the greatest F at the level, or the peak of the payoff; a
    level at 0 or 1 rests there. Where two bind at once, or a root is double, it says nothing.
    """
    *excesses, payoff = level.args
    if not excesses:
        return _corner(level, _root_slope(_numerator_slope(payoff), level, parameter))
    functions = [_polynomial(coefficients) for coefficients in excesses[0]]
    at = [f.subs(LEVEL, level) for f in functions]
    pieces = [
        (_root_slope(f, level, parameter), sympy.And(*(here > g for g in at if g != here)))
        for f, here in zip(functions, at, strict=True)
    ]
    inside = sympy.Piecewise(*pieces)
    cap = PeakLevel(payoff)
    if isinstance(level, HighestLevel):
        above = slope_in(cap, parameter) if isinstance(cap, PeakLevel) else sympy.S.Zero
        inside = sympy.Piecewise((above, level >= cap), (inside, True))
    return _corner(level, inside)


def _corner(level: sympy.Expr, inside: sympy.Expr) -> sympy.Expr:
    return sympy.Piecewise((0, level <= 0), (0, level >= 1), (inside, True))


def _root_slope(polynomial: sympy.Expr, root: sympy.Expr, parameter: sympy.Symbol) -> sympy.Expr:
    change = -sympy.diff(polynomial, parameter) / sympy.diff(polynomial, LEVEL)
    return change.subs(LEVEL, root)


def _numerator_slope(payoff: sympy.Tuple) -> sympy.Expr:
    """What is zero at a peak: the numerator of the derivative of the payoff."""
    top, bottom = map(_polynomial, payoff)
    return sympy.expand(sympy.diff(top, LEVEL) * bottom - top * sympy.diff(bottom, LEVEL))


def in_coefficients(
    excesses: Sequence[sympy.Expr], payoff: sympy.Expr, variable: sympy.Symbol
) -> tuple[sympy.Tuple, sympy.Tuple]:
    """Constraints and a payoff, given as expressions in the level, as the functions take them."""
    coefficients = (sign_coefficients(excess, variable) for excess in excesses)
    return sympy.Tuple(*coefficients), quotient_coefficients(payoff, variable)


def sign_coefficients(excess: sympy.Expr, variable: sympy.Symbol) -> sympy.Tuple:
    """The coefficients of a polynomial with the sign of F at positive levels.

    The denominator of F is never zero, and has no say where no coefficient of it is negative. Nor
    has a power of the level that divides F, and a root of its own at 0 that would have to be told
    from others nearby: it is left out.
    """
    top, bottom = sympy.fraction(sympy.together(excess))
    if not bottom.has(variable):
        top = excess
    elif not all(c.is_nonnegative for c in _coefficients(bottom, variable)):
        top = top * bottom
    found = _coefficients(top, variable)
    while len(found) > 1 and found[-1] == 0:
        found = found[:-1]
    return found


def quotient_coefficients(payoff: sympy.Expr, variable: sympy.Symbol) -> sympy.Tuple:
    """The coefficients of the numerator and of the denominator of a rational payoff."""
    return sympy.Tuple(
        *(_coefficients(part, variable) for part in sympy.fraction(sympy.together(payoff)))
    )


def _coefficients(polynomial: sympy.Expr, variable: sympy.Symbol) -> sympy.Tuple:
    return sympy.Tuple(*sympy.Poly(polynomial, variable).all_coeffs())


def _in_numbers(nested: Any) -> bool:
    if isinstance(nested, sympy.Tuple):
        return all(map(_in_numbers, nested))
    return bool(nested.is_number and nested.is_real)


def _ranges(excesses: Any, payoff: Any) -> tuple[LevelRange, ...] | None:
    if not (_in_numbers(excesses) and _in_numbers(payoff)):
        return None
    functions = [_polynomial(coefficients) for coefficients in excesses]
    return self_enforcing(functions, LEVEL, highest_peak(_quotient(payoff), LEVEL))


def _end(ranges: Sequence[LevelRange], place: int, end: str) -> sympy.Expr:
    return getattr(ranges[place], end) if ranges else sympy.S.Zero


def _polynomial(coefficients: Sequence[sympy.Expr]) -> sympy.Expr:
    return sympy.Poly(list(coefficients), LEVEL).as_expr()


def _quotient(payoff: Any) -> sympy.Expr:
    top, bottom = map(_polynomial, payoff)
    return top / bottom
