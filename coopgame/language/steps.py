"""Whole numbers of steps: a ceiling and a floor that are exact at a tie and next to one.

SymPy's own take a number within about 1e-9 of an integer for that integer. The classes keep the
names of SymPy's, by which its printers know them.
"""

from __future__ import annotations

from typing import Any

import sympy

DIGITS = 60
CLOSE = sympy.Rational(1, 10**45)


class floor(sympy.floor):  # type: ignore[misc] # noqa: N801
    """The greatest integer not above a number.

    >>> floor(sympy.log(8) / sympy.log(2)), floor(sympy.log(8 - sympy.S(1) / 10**15) / sympy.log(2))
    (3, 2)
    """

    @classmethod
    def eval(cls, arg: Any) -> Any:
        return _floor(arg) if arg.is_number else None


class ceiling(sympy.ceiling):  # type: ignore[misc] # noqa: N801
    """The least integer not below a number.

    >>> ceiling(sympy.log(8 + sympy.S(1) / 10**15) / sympy.log(2))
    4
    """

    @classmethod
    def eval(cls, arg: Any) -> Any:
        return -_floor(-arg) if arg.is_number else None


def _floor(value: Any) -> sympy.Expr:
    if value.is_Rational:
        return sympy.Integer(value.p // value.q)
    if not value.is_real:  # complex, infinite or undefined
        return sympy.nan
    near = sympy.Integer(sympy.N(value, DIGITS).round())
    above = sympy.N(value - near, DIGITS)
    if abs(above) < CLOSE and (value - near).equals(0):
        return near
    return near - 1 if above < 0 else near
