"""What is known of conditions, given what is known of their gaps: holds, fails, or neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from coopgame.engine.compiled import Tree


class Sign(NamedTuple):
    """Where a gap is certainly above zero, below it, and zero: flags, or arrays of flags."""

    above: Any
    below: Any
    zero: Any = False


class Known(NamedTuple):
    """Where a condition certainly holds and where it certainly fails."""

    holds: Any
    fails: Any


def sign_of(value: Any, low: Any, high: Any) -> Sign:
    """The sign of computed values that differ from zero by more than what separates low and high.

    Without any error, a zero is certain.
    """
    exact = np.asarray((low == 0) & (high == 0))
    return Sign(value > high, value < low, exact & (value == 0) if exact.any() else False)


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


def known(tree: Tree, signs: Callable[[int], Sign]) -> Known:
    """Three-valued logic over the signs of gaps."""
    if isinstance(tree, bool):
        return Known(tree, not tree)
    word, *rest = tree
    if word == "gap":
        return _compared(rest[1], signs(rest[0]))
    if word == "not":
        holds, fails = known(rest[0], signs)
        return Known(fails, holds)
    parts = [known(part, signs) for part in rest[0]]
    all_, any_ = (0, 1) if word == "and" else (1, 0)
    every = reduce(both, (part[all_] for part in parts))
    some = reduce(either, (part[any_] for part in parts))
    return Known(every, some) if word == "and" else Known(some, every)


def narrowed(tree: Tree, signs: Mapping[int, Sign]) -> Tree:
    """What is left of a tree where the signs of some gaps are certain."""
    if isinstance(tree, bool):
        return tree
    word, *rest = tree
    if word == "gap":
        return _compared(rest[1], signs[rest[0]]).holds if rest[0] in signs else tree
    if word == "not":
        part = narrowed(rest[0], signs)
        return not part if isinstance(part, bool) else ("not", part)
    parts = [narrowed(part, signs) for part in rest[0]]
    usual = word == "and"
    if (not usual) in parts:
        return not usual
    left = tuple(part for part in parts if part is not usual)
    return usual if not left else left[0] if len(left) == 1 else (word, left)


def _compared(relation: str, sign: Sign) -> Known:
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


def gaps_in(tree: Tree) -> Iterator[int]:
    """The numbers of the gaps in a tree."""
    if isinstance(tree, bool):
        return
    word, *rest = tree
    if word == "gap":
        yield rest[0]
    elif word == "not":
        yield from gaps_in(rest[0])
    else:
        for part in rest[0]:
            yield from gaps_in(part)
