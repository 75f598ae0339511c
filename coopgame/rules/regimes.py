"""What a chain of regimes amounts to for a relationship that earns the same in every period.

Stakes of one unit a period are worth `V = (I - w*H*P)^-1 1` from each regime on, where H holds
1 - h of each regime, P the probabilities of the next and w is what a next period weighs before the
hazard. What a next period weighs after it is `D = 1 - 1/V`; a constant hazard weighs as much iff
`w*(1 - h) = D`, and everything that is known of a constant hazard then holds of the chain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import sympy

from coopgame.errors import InputError
from coopgame.rules.macro import Regime

MOST = 4  # as of a repeated game, whose grim trigger stands for each set of up to four regimes


def hazard_at_start(chain: Sequence[Regime], weight: sympy.Expr) -> sympy.Expr:
    """The constant hazard that the chain amounts to where play starts, if all regimes count."""
    return _hazards(chain, weight, range(len(chain)))[0]


def hazard_kept(chain: Sequence[Regime], weight: sympy.Expr) -> sympy.Expr:
    """The constant hazard that the chain amounts to for what must enforce itself.

    A relationship is kept in the first regime and perhaps in others. On each set of them that of
    its regimes binds in which the future weighs least; of all sets the best is kept. Raises
    InputError for a chain of more than four regimes that can be met.

    >>> from coopgame.rules.macro import Regime
    >>> fifth, half, tenth = sympy.Rational(1, 5), sympy.Rational(1, 2), sympy.Rational(1, 10)
    >>> chain = [Regime("one", tenth, (half, half)), Regime("other", tenth, (fifth, 1 - fifth))]
    >>> hazard_kept(chain, sympy.Rational(9, 10))
    1/10
    """
    met = reached(chain)
    if len(met) > MOST:
        raise InputError(
            f"{len(met)} regimes can be met, and only a repeated game or a cluster takes as many",
            f"state at most {MOST}",
        )
    sets = [(0, *rest) for n in range(len(met)) for rest in combinations(met[1:], n)]
    # Not evaluated: whether one long expression is the greater everywhere is nothing to find out.
    binding = [_one_of(sympy.Max, _hazards(chain, weight, kept)) for kept in sets]
    return _one_of(sympy.Min, binding)


def reached(chain: Sequence[Regime]) -> list[int]:
    """The regimes that can follow on the first, itself the first of them."""
    met: list[int] = [0]
    for here in met:
        met += [i for i, p in enumerate(chain[here].next) if p != 0 and i not in met]
    return [0, *sorted(met[1:])]


def _one_of(kind: Any, parts: Sequence[sympy.Expr]) -> sympy.Expr:
    different = list(dict.fromkeys(parts))
    whole = all(part.is_number for part in parts)
    return kind(*different, evaluate=whole) if len(different) > 1 else different[0]


def _hazards(
    chain: Sequence[Regime], weight: sympy.Expr, kept: Sequence[int]
) -> tuple[sympy.Expr, ...]:
    """For each regime of a set what constant hazard weighs as much, if it is kept on the set."""
    # A weight that may be a long expression is one letter while the values are worked out.
    w = weight if weight.is_number else sympy.Dummy("w")
    return tuple(
        sympy.factor(sympy.cancel(1 - (1 - 1 / value) / w)).xreplace({w: weight})
        for value in _values(chain, w, kept)
    )


def _values(
    chain: Sequence[Regime], weight: sympy.Expr, kept: Sequence[int]
) -> Iterator[sympy.Expr]:
    """What a unit a period is worth from each regime of a set on, if it is earned on the set."""
    size = len(chain)
    step = sympy.Matrix(size, size, lambda i, j: (1 - chain[i].hazard) * chain[i].next[j])
    earned = sympy.Matrix([sympy.Integer(i in kept) for i in range(size)])
    found = (sympy.eye(size) - weight * step).LUsolve(earned)
    return (sympy.cancel(found[i]) for i in kept)
