"""Values put in for symbols, where a part may have no real value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import sympy
from sympy.core.relational import Relational

from coopgame.language.roots import ImplicitRoot

At = Mapping[sympy.Symbol, sympy.Expr]
Value = TypeVar("Value")


def put(expression: sympy.Basic, at: At) -> sympy.Basic:
    """Substitute; quickly where no piece is dead and no variable bound.

    Away from its branch a formula may have no real value. It is nan there, and a comparison with
    it does not hold, which must not keep the alternatives beside it from being looked at.

    >>> x = sympy.Symbol("x", real=True)
    >>> put(sympy.Max(0, sympy.sqrt(x)), {x: sympy.S.NegativeOne})
    nan
    """
    if isinstance(expression, sympy.And | sympy.Or):
        return expression.func(*(put(part, at) for part in expression.args))
    if isinstance(expression, Relational):
        left, right = (put(side, at) for side in expression.args)
        if sympy.nan in (left, right):
            return sympy.false
        try:
            return expression.func(left, right)
        except TypeError:
            return sympy.false
    lazy = expression.has(sympy.Piecewise, ImplicitRoot)
    try:
        return expression.subs(at) if lazy else expression.xreplace(dict(at))
    except (TypeError, ValueError):  # maxima of what is not real, and the like
        return _put_by_parts(expression, at)


def _put_by_parts(expression: sympy.Basic, at: At) -> sympy.Basic:
    if isinstance(expression, sympy.Piecewise):
        pieces = ((value, put(holds, at)) for value, holds in expression.args)
        live = [(put(value, at), holds) for value, holds in pieces if holds != sympy.false]
        return sympy.Piecewise(*live) if live else sympy.nan
    try:
        return expression.func(*(put(part, at) for part in expression.args))
    except (TypeError, ValueError):
        return sympy.nan


def _subs(expression: sympy.Basic, at: At) -> sympy.Basic:
    return expression.subs(at)


def put_in(
    value: Value, at: At, put: Callable[[sympy.Basic, At], sympy.Basic] = _subs, *kept: str
) -> Value:
    """A value with expressions put for symbols in all of it: mappings, tuples and dataclasses.

    Of a dataclass the fields `kept` stay as they are.

    >>> x = sympy.Symbol("x")
    >>> put_in({"a": (x, 2 * x), "b": "x"}, {x: sympy.S.One})
    {'a': (1, 2), 'b': 'x'}
    """
    found: Any = value
    if isinstance(value, sympy.Basic):
        found = put(value, at)
    elif isinstance(value, Mapping):
        found = {key: put_in(part, at, put) for key, part in value.items()}
    elif isinstance(value, tuple | list):
        found = tuple(put_in(part, at, put) for part in value)
    elif is_dataclass(value) and not isinstance(value, type):
        own = [f.name for f in fields(value) if f.name not in kept]
        found = replace(value, **{name: put_in(getattr(value, name), at, put) for name in own})
    whole: Value = found
    return whole
