"""Where a condition fails: its opposite, or what it is about is no real number."""

from __future__ import annotations

import sympy
from sympy.logic.boolalg import Boolean


def fails(condition: Boolean) -> tuple[Boolean, ...]:
    """The alternatives of which one holds exactly where a condition does not.

    A comparison does not hold where a root in it is not real, which its opposite does not say.

    >>> a = sympy.Symbol("a", real=True)
    >>> fails(sympy.sqrt(a) >= 2)
    (sqrt(a) < 2, a < 0)
    """
    if condition in (sympy.true, sympy.false):
        return () if condition == sympy.true else (sympy.true,)
    if isinstance(condition, sympy.And):
        ways = (way for part in condition.args for way in fails(part))
        return tuple(dict.fromkeys(ways))
    if isinstance(condition, sympy.Or):
        return (sympy.And(*(sympy.Or(*fails(part)) for part in condition.args)),)
    return (sympy.Not(condition), *(sympy.Not(guard) for guard in guards(condition)))


def guards(expression: sympy.Basic) -> tuple[Boolean, ...]:
    """What must hold for the roots and logarithms in an expression to be real numbers."""
    found = [
        (sympy.Ge if power.exp.is_positive else sympy.Gt)(power.base, 0)
        for power in expression.atoms(sympy.Pow)
        if power.exp.is_Rational and not power.exp.is_Integer and power.base.free_symbols
    ]
    found += [sympy.Gt(log.args[0], 0) for log in expression.atoms(sympy.log)]
    plain = (guard for guard in found if guard not in (sympy.true, sympy.false))
    return tuple(sorted(dict.fromkeys(plain), key=sympy.default_sort_key))
