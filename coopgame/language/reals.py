"""The sign of an exact real number: rationals, roots, exponentials and logarithms of such.

Digits decide wherever some are significant; only what they cannot tell from zero is looked at in
symbols, so that nothing is called zero, or not zero, for being small.
"""

from __future__ import annotations

from functools import lru_cache

import sympy

DIGITS = 60
MANY_DIGITS = 300
SHOWN = 10  # significant digits wanted of a sum, however much of it cancels


@lru_cache(maxsize=8192)
def sign_of(value: sympy.Expr) -> int | None:
    """The sign of a real number, exactly; None where no method here can tell it from zero.

    Raises TypeError for a number that is not real.

    >>> r = sympy.sqrt(2)
    >>> sign_of(sympy.sqrt(3 + 2 * r) - 1 - r), sign_of(r - sympy.Rational(141421, 100000))
    (0, 1)
    """
    if value.is_Rational:
        return int(value.p > 0) - int(value.p < 0)
    if value in (sympy.oo, -sympy.oo):
        return 1 if value is sympy.oo else -1
    near = _evaluated(value, DIGITS)
    if near is not None:
        return near
    return 0 if _vanishes(value) else _evaluated(value, MANY_DIGITS)


def plain(value: sympy.Expr) -> sympy.Expr:
    """A number with nested roots and logarithms taken apart, so that equal parts look equal.

    >>> plain(sympy.log(12) + sympy.sqrt(3 + 2 * sympy.sqrt(2)))
    1 + log(3) + 2*log(2) + sqrt(2)
    """
    if value.is_Rational:
        return value
    return sympy.expand(sympy.sqrtdenest(sympy.expand_log(value, force=True, factor=True)))


def _evaluated(value: sympy.Expr, digits: int) -> int | None:
    """The sign in arithmetic of many digits, where any of them is significant."""
    near, rest = value.evalf(SHOWN, maxn=digits).as_real_imag()
    # Real roots of cubics are written with complex ones, whose imaginary parts cancel.
    if rest != 0 and rest.is_comparable and abs(rest) > sympy.Float(10) ** (-SHOWN):
        raise TypeError(f"{value} is not a real number")
    # SymPy marks a sum whose digits all cancelled by a precision of one bit.
    if not near.is_Float or near._prec == 1 or near == 0:
        return None
    return 1 if near > 0 else -1


def _vanishes(value: sympy.Expr) -> bool:
    """Whether a number is shown to be zero: in transcendental parts, every coefficient is."""
    numerator, _ = sympy.fraction(sympy.together(value))
    if sympy.expand(numerator) == 0 or (expanded := plain(numerator)) == 0:
        return True
    parts = {part: sympy.Dummy() for part in _transcendental(expanded)}
    polynomial = expanded.xreplace(parts)
    if not polynomial.is_polynomial(*parts.values()):
        polynomial, _ = sympy.fraction(sympy.together(polynomial))
        polynomial = sympy.expand(polynomial)
    if not parts:
        return _algebraic_zero(polynomial)
    if not polynomial.is_polynomial(*parts.values()):
        return False
    coefficients = sympy.Poly(polynomial, *parts.values(), domain="EX").coeffs()
    return all(map(_algebraic_zero, coefficients))


def _transcendental(value: sympy.Expr) -> list[sympy.Expr]:
    """The logarithms, exponentials and the like that a number is made of."""
    found = [part for part in value.atoms(sympy.Function, sympy.NumberSymbol, sympy.Pow)
             if not part.is_algebraic]  # fmt: skip
    return [part for part in found if not (part.is_Pow and part.exp.is_Integer)]


def _algebraic_zero(value: sympy.Expr) -> bool:
    if value.is_Rational or not value.is_algebraic:
        return bool(value == 0)
    variable = sympy.Dummy()
    return bool(sympy.minimal_polynomial(value, variable) == variable)
