"""Values put in for symbols, where a part may have no real value."""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy.core.relational import Relational

from coopgame.language.roots import ImplicitRoot


def put(expression: sympy.Basic, at: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Basic:
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


def _put_by_parts(expression: sympy.Basic, at: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Basic:
    if isinstance(expression, sympy.Piecewise):
        pieces = ((value, put(holds, at)) for value, holds in expression.args)
        live = [(put(value, at), holds) for value, holds in pieces if holds != sympy.false]
        return sympy.Piecewise(*live) if live else sympy.nan
    try:
        return expression.func(*(put(part, at) for part in expression.args))
    except (TypeError, ValueError):
        return sympy.nan
