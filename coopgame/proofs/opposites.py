"""Where a condition fails: its opposite, or what it is about is no real number."""

from __future__ import annotations

from collections.abc import Callable

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.language.functions import outside_of


def fails(condition: Boolean, poles: bool = False) -> tuple[Boolean, ...]:
    """The alternatives of which one holds exactly where a condition does not.

    A comparison does not hold where a root in it is not real, which its opposite does not say;
    with `poles`, where a denominator in it vanishes, too. (Those who divide by what may vanish
    say so beside it, so that only what is to be proved need be asked about that.)

    >>> a = sympy.Symbol("a", real=True)
    >>> fails(sympy.sqrt(a) >= 2), fails(1 / a >= 2, poles=True)
    ((sqrt(a) < 2, a < 0), (1/a < 2, Eq(a, 0)))
    """
    if condition in (sympy.true, sympy.false):
        return () if condition == sympy.true else (sympy.true,)
    if isinstance(condition, sympy.And):
        ways = (way for part in condition.args for way in fails(part, poles))
        return tuple(dict.fromkeys(ways))
    if isinstance(condition, sympy.Or):
        return (sympy.And(*(sympy.Or(*fails(part, poles)) for part in condition.args)),)
    return (sympy.Not(condition), *unreal(condition, poles))


def unreal(expression: sympy.Basic, poles: bool = False) -> tuple[Boolean, ...]:
    """Where some root or logarithm in an expression is no real number: one of these holds there.

    With `poles`, where some denominator vanishes, too. Of a piecewise expression only the piece
    that is taken counts.

    >>> a = sympy.Symbol("a", real=True)
    >>> unreal(sympy.Piecewise((sympy.sqrt(a), a > -1), (0, True)))
    ((a > -1) & (a < 0),)
    """
    return _ways(expression, _valueless if poles else _unreal_itself)


def imaginary(expression: sympy.Basic) -> tuple[Boolean, ...]:
    """Where some root or logarithm in an expression is imaginary; poles are left out.

    >>> a = sympy.Symbol("a", real=True)
    >>> imaginary(1 / a + 1 / sympy.sqrt(a))
    (a < 0,)
    """
    return _ways(expression, _beyond_reals)


def _ways(expression: sympy.Basic, itself: Callable[[sympy.Basic], Boolean]) -> tuple[Boolean, ...]:
    if not isinstance(expression, sympy.Piecewise):
        inner = [way for part in expression.args for way in _ways(part, itself)]
        own = itself(expression)
        return tuple(dict.fromkeys([*([] if own == sympy.false else [own]), *inner]))
    found, before = [], sympy.true
    for value, condition in expression.args:
        found += [sympy.And(before, way) for way in _ways(condition, itself)]
        found += [sympy.And(before, condition, way) for way in _ways(value, itself)]
        before = sympy.And(before, sympy.Not(condition))
    return tuple(dict.fromkeys(way for way in found if way != sympy.false))


def _valueless(part: sympy.Basic) -> Boolean:
    if isinstance(part, sympy.Pow) and part.exp.is_Integer and part.exp.is_negative:
        return sympy.Eq(part.base, 0)
    return _unreal_itself(part)


def _unreal_itself(part: sympy.Basic) -> Boolean:
    if isinstance(part, sympy.Pow) and part.exp.is_Rational and not part.exp.is_Integer:
        return part.base < 0 if part.exp.is_positive else part.base <= 0
    return outside_of(part)


def _beyond_reals(part: sympy.Basic) -> Boolean:
    if isinstance(part, sympy.Pow) and part.exp.is_Rational and not part.exp.is_Integer:
        return part.base < 0
    # A function may have a pole at an end of its domain, as the logarithm has, but is real there.
    strict = {sympy.Le: sympy.Lt, sympy.Ge: sympy.Gt}
    return outside_of(part).replace(lambda c: c.func in strict, lambda c: strict[c.func](*c.args))


def guards(expression: sympy.Basic) -> tuple[Boolean, ...]:
    """What must hold for the roots and logarithms in an expression to be real numbers."""
    found = [
        (sympy.Ge if power.exp.is_positive else sympy.Gt)(power.base, 0)
        for power in expression.atoms(sympy.Pow)
        if power.exp.is_Rational and not power.exp.is_Integer and power.base.free_symbols
    ]
    found += [sympy.Not(outside_of(part)) for part in expression.atoms(sympy.Function)]
    plain = (guard for guard in found if guard not in (sympy.true, sympy.false))
    return tuple(sorted(dict.fromkeys(plain), key=sympy.default_sort_key))
