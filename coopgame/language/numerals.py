"""Exact numbers at the door: what a number stands for that somebody wrote."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sympy

from coopgame.errors import InputError

MAX_DIGITS = 30
DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?\Z")
COMMA = re.compile(r"([+-]?\d{1,9}),(\d{1,9})\Z")
PERCENT = re.compile(r"([+-]?\d{1,9})(?:[.,](\d{1,9}))?\s*%\Z")
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
        meant = _meant(text) or f"a number such as 3, 0.9, 9/10 or 2e-6, of {size}"
        raise InputError(f"{text[:60]!r} is not a finite number", f"write {meant}")
    numerator, _, denominator = text.partition("/")
    if denominator and int(denominator) == 0:
        raise InputError(f"{text!r} divides by zero", "give a finite number")
    return sympy.Rational(numerator.strip()) / sympy.Rational(denominator.strip() or "1")


def _meant(text: str) -> str:
    """What was meant by a decimal comma or by per cent, as it is to be written; else nothing.

    >>> _meant("0,9"), _meant("1,000"), _meant("90%"), _meant("2,5 %"), _meant("nine")
    ('0.9', '1000 or 1.000', '0.9', '0.025', '')
    """
    if comma := COMMA.match(text):
        thousands = len(comma[2]) == 3 and int(comma[1]) != 0
        return f"{comma[1]}{comma[2]} or " * thousands + f"{comma[1]}.{comma[2]}"
    if percent := PERCENT.match(text):
        decimals = percent[2] or ""
        hundredths = Decimal(f"{percent[1]}{decimals}").scaleb(-2 - len(decimals))
        return f"{hundredths.normalize():f}"
    return ""
