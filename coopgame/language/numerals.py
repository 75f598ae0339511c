"""Numbers as people write them and read them: exact at the door, three digits on the way out."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

import sympy

from coopgame.errors import InputError

MAX_DIGITS = 30
SIGNIFICANT = 3  # digits of a number that was worked out, as a person reads it
LEAST, MOST = 1e-4, 1e9  # sizes between which a number is told without a power of ten
ENDING = 12  # decimals of a number that is still told by them, and not as a fraction
DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?\Z")
COMMA = re.compile(r"([+-]?\d{1,9}),(\d{1,9})\Z")
PERCENT = re.compile(r"([+-]?\d{1,9})(?:[.,](\d{1,9}))?\s*%\Z")
LONG = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z|[+-]?\d+\s*/\s*\d+\Z")
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
        size = f"{MAX_DIGITS} digits at most, two of them in an exponent"
        what, write = "is not a finite number", "a number such as 3, 0.9, 9/10 or 2e-6"
        if LONG.match(text):
            what, write = "is too long a number", size
        elif meant := _meant(text):
            what, write = "is a percentage" if "%" in text else "has a comma", meant
        raise InputError(f"{text[:60]!r} {what}", f"write {write}")
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


def approximate(value: Any) -> str:
    """A number to a person: three significant digits, and those before the point in any case.

    Zeros at the end say that it was rounded; an exact number has none.

    >>> approximate(sympy.Rational(1, 2)), approximate(sympy.Rational(4999, 10000))
    ('0.5', '0.500')
    >>> approximate(sympy.sqrt(2) * 1000), approximate(2e-7 / 3), approximate(sympy.Integer(12345))
    ('1414', '6.67e-8', '12345')
    """
    near = float(sympy.N(value, 30)) if isinstance(value, sympy.Basic) else float(value)
    if not math.isfinite(near) or near == 0:
        return "0" if near == 0 else str(near)
    size = abs(near)
    digits = max(SIGNIFICANT, math.floor(math.log10(size)) + 1) if size < MOST else SIGNIFICANT
    # By hand, as formats of Python send a tie to the even digit: 0.3125 is 0.313 to a person.
    told = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(Decimal(near))
    if size < LEAST or size >= MOST:
        bare, _, power = f"{told:.{SIGNIFICANT - 1}e}".partition("e")
        return f"{bare.rstrip('0').rstrip('.')}e{int(power)}"
    text = f"{told:.0f}" if size >= 10 ** (SIGNIFICANT - 1) else f"{float(told):#.{SIGNIFICANT}g}"
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return short if _same(short, value) else text.removesuffix(".")


def _same(text: str, value: Any) -> bool:
    """Whether a text is the number itself; of a float, to within what a few steps round."""
    if isinstance(value, sympy.Basic):
        return bool(value.is_Rational and sympy.Rational(text) == value)
    return math.isclose(float(text), value, rel_tol=1e-12, abs_tol=1e-300)


def as_given(value: sympy.Expr | float) -> str:
    """A number that somebody gave, whole: by its decimals where they end soon, else a fraction.

    >>> as_given(sympy.Rational(5, 16)), as_given(sympy.Rational(2, 3)), as_given(0.9995)
    ('0.3125', '2/3', '0.9995')
    """
    if not isinstance(value, sympy.Rational):
        return str(value) if isinstance(value, sympy.Basic) else f"{value:.{ENDING}g}"
    scaled = value * 10**ENDING
    if value.is_Integer or not scaled.is_Integer or abs(scaled) > 10 ** (2 * ENDING):
        return str(value)
    return f"{Decimal(int(scaled)).scaleb(-ENDING).normalize():f}"
