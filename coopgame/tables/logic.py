"""What is known of conditions, given what is known of their gaps: holds, fails, or neither."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from coopgame.tables.compiled import Tree


class GapSign(NamedTuple):
    """Where a gap is certainly above zero, below it, and zero: flags, or arrays of flags."""

    above: Any
    below: Any
    zero: Any = False


class Known(NamedTuple):
    """Where a condition certainly holds and where it certainly fails."""

    holds: Any
    fails: Any


def both(left: Any, right: Any) -> Any:
    """Flags that are set in both; a single flag costs nothing."""
    if left is False or right is False:
        return False
    return right if left is True else left if right is True else np.logical_and(left, right)


def either(left: Any, right: Any) -> Any:
    """Flags that are set in one or the other."""
    if left is True or right is True:
        return True
    return right if left is False else left if right is False else np.logical_or(left, right)


def everywhere(flags: Any) -> bool:
    """Whether flags are set in all rows."""
    return bool(flags is True or (flags is not False and flags.all()))


def known(tree: Tree, signs: Callable[[int], GapSign | None]) -> Known:
    """Three-valued logic over the signs of gaps; a gap without a sign is no real number.

    Parts are asked for in their order, until all rows are settled.
    """
    if isinstance(tree, bool):
        return Known(tree, not tree)
    word, *rest = tree
    if word == "gap":
        return _compared(rest[1], signs(rest[0]))
    if word == "not":
        holds, fails = known(rest[0], signs)
        return Known(fails, holds)
    usual = word == "and"
    every, some = True, False
    for part in rest[0]:
        found = known(part, signs)
        every = both(every, found.holds if usual else found.fails)
        some = either(some, found.fails if usual else found.holds)
        if everywhere(some):
            break
    return Known(every, some) if usual else Known(some, every)


def _compared(relation: str, sign: GapSign | None) -> Known:
    if sign is None:
        return Known(False, True)
    above, below, zero = sign
    if relation == "gt":
        return Known(above, either(below, zero))
    if relation == "lt":
        return Known(below, either(above, zero))
    if relation == "ge":
        return Known(either(above, zero), below)
    if relation == "le":
        return Known(either(below, zero), above)
    off = either(above, below)
    return Known(zero, off) if relation == "eq" else Known(off, zero)
