"""Parts of expressions whose repetition costs the reader more than a letter for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import sympy
from sympy.utilities.iterables import topological_sort

from coopgame.language.printing import symbol

WORTH = 70  # characters saved, from which on a letter is worth looking up
SHORT = 30  # characters; what is shorter is read faster than a letter is looked up
Pick = tuple[sympy.Symbol, sympy.Expr]


def repeated_parts(expressions: Sequence[Any], most: int) -> list[Pick]:
    """Parts whose repetition costs the reader more than a look-up, the costliest first.

    Each is stated in the stand-ins of those picked before it.
    """
    picks: list[Pick] = []
    rest = list(expressions)
    while len(picks) < most:
        costs = _costs(rest)
        best = max(costs, key=lambda part: (costs[part], str(part)), default=None)
        if best is None:
            break
        picks.append((sympy.Dummy(real=True), best))
        rest = [best, *(with_letters(e, picks[-1:]) for e in rest)]
    return picks


def _costs(expressions: Iterable[Any]) -> dict[sympy.Expr, int]:
    """How many characters repeating each part costs, where that is worth a letter."""
    sizes: dict[Any, int] = {}
    counts: Counter[Any] = Counter()
    for part in chain.from_iterable(map(sympy.postorder_traversal, expressions)):
        counts[part] += 1
        inner = sum(sizes[argument] + 2 for argument in part.args)
        sizes[part] = inner or (1 if isinstance(part, sympy.Dummy) else len(str(part)))
    costs = {part: (counts[part] - 1) * sizes[part] for part in counts if sizes[part] >= SHORT}
    return {part: cost for part, cost in costs.items() if cost >= WORTH and _is_nameable(part)}


def _is_nameable(part: Any) -> bool:
    return isinstance(part, sympy.Expr) and not (part.is_Pow and part.exp.is_negative)


def with_letters(expression: Any, picks: Iterable[Pick]) -> Any:
    for stand_in, value in picks:
        expression = expression.xreplace({value: stand_in})
    return expression


def letters_for(picks: Sequence[Pick], letters: Sequence[str]) -> dict[sympy.Symbol, sympy.Symbol]:
    """Letters for the stand-ins, so that each is told before it is used."""
    values = definitions_of(picks)
    edges = [(s, t) for s, value in values.items() for t in value.free_symbols & values.keys()]
    ordered = topological_sort((list(values), edges), key=str)
    return dict(zip(reversed(ordered), map(symbol, letters), strict=False))


def definitions_of(picks: Sequence[Pick]) -> dict[sympy.Symbol, sympy.Expr]:
    """What each stand-in stands for, in terms of the others."""
    return {s: with_letters(value, picks[i + 1 :]) for i, (s, value) in enumerate(picks)}
