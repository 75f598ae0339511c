"""When two answers are the same, though SymPy built them in another order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import sympy


def alike(one: Any, other: Any) -> bool:
    """Equal, or equal once SymPy has built both anew, as it builds all that it unpickles.

    It makes (a + b)/2 then a/2 + b/2, which is the same expression and not the same tree.
    """
    if isinstance(one, sympy.Basic):
        return bool(one == other) or _anew(one) == _anew(other)
    if type(one) is not type(other):
        return False
    if is_dataclass(one):
        pairs = ((getattr(one, f.name), getattr(other, f.name)) for f in fields(one) if f.compare)
        return all(alike(*pair) for pair in pairs)
    if isinstance(one, Mapping):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


def _anew(expression: Any) -> Any:
    args = getattr(expression, "args", ())
    return expression.func(*map(_anew, args)) if args else expression
