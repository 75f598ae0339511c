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
    return (sympy.Not(condition), *unreal(condition))


def unreal(expression: sympy.Basic) -> tuple[Boolean, ...]:
    """Where some root or logarithm in an expression is no real number: one of these holds there.

    Of a piecewise expression only the piece that is taken counts.

    >>> a = sympy.Symbol("a", real=True)
    >>> unreal(sympy.Piecewise((sympy.sqrt(a), a > -1), (0, True)))
    ((a > -1) & (a < 0),)
    """
    if not isinstance(expression, sympy.Piecewise):
        inner = [way for part in expression.args for way in unreal(part)]
        own = _unreal_itself(expression)
        return tuple(dict.fromkeys([*own, *inner]))
    found, before = [], sympy.true
    for value, condition in expression.args:
        found += [sympy.And(before, way) for way in unreal(condition)]
        found += [sympy.And(before, condition, way) for way in unreal(value)]
        before = sympy.And(before, sympy.Not(condition))
    return tuple(dict.fromkeys(way for way in found if way != sympy.false))


def _unreal_itself(part: sympy.Basic) -> tuple[Boolean, ...]:
    if isinstance(part, sympy.Pow) and part.exp.is_Rational and not part.exp.is_Integer:
        found = part.base < 0 if part.exp.is_positive else part.base <= 0
    elif isinstance(part, sympy.log):
        found = part.args[0] <= 0
    else:
        return ()
    return () if found == sympy.false else (found,)


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
