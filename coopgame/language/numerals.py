"""Exact numbers at the door: what a number stands for that somebody wrote."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import sympy

from coopgame.errors import InputError

MAX_DIGITS = 30
DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?\Z")
FRACTION = re.compile(r"[+-]?\d+\s*/\s*\d+\Z")


def exact(value: Any) -> sympy.Rational:
    """The exact rational that `value` (int, float, Fraction, text, SymPy number) stands for.

    Floats are taken at their printed value.

    >>> exact(0.72), exact("9/10"), exact("1e-2")
    (18/25, 9/10, 1/100)
    """
    if isinstance(value, bool) or value is None:
        raise InputError(f"{value!r} is not a number", "write a number such as 3, 0.9 or 9/10")
    if isinstance(value, sympy.Rational) and value.is_finite:
        return value
    if isinstance(value, int | Fraction):
        return sympy.Rational(value)
    text = str(value).strip()
    well_formed = DECIMAL.match(text) or FRACTION.match(text)
    if not well_formed or sum(map(str.isdigit, text)) > MAX_DIGITS:
        size = f"{MAX_DIGITS} digits at most, two in an exponent"
        mend = f"write a number such as 3, 0.9, 9/10 or 2e-6, of {size}"
        raise InputError(f"{text[:60]!r} is not a finite number", mend)
    numerator, _, denominator = text.partition("/")
    if denominator and int(denominator) == 0:
        raise InputError(f"{text!r} divides by zero", "give a finite number")
    return sympy.Rational(numerator.strip()) / sympy.Rational(denominator.strip() or "1")
