"""Where small firms sell and what large ones do, in closed form.

Small firms' capability is uniform on [0, 1]. A channel is open to those who reach its need, and
each firm takes the open channel that is worth most; so a channel holds the firms between its own
need and the least need of a channel worth more. Large local firms take the mode that is worth most
to them; small firms can work for them only where that is to subcontract. Everything here is stated
in a few symbols (`worth_lead`, `need_direct`, `value_make`, ...), which a cluster file fills.
"""

from __future__ import annotations

from functools import cache

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.language.printing import symbol

CHANNELS = ("local", "external", "lead", "direct")
MAKE, SUBCONTRACT, LEAVE = MODES = ("make", "subcontract", "leave")
INSIDE = "inside"

SIZE, PUT_OUT = symbol("size_of_large_firms"), symbol("share_put_out")


def worth(channel: str) -> sympy.Symbol:
    return symbol(f"worth_{channel}")


def need(channel: str) -> sympy.Symbol:
    return symbol(f"need_{channel}")


def output(channel: str) -> sympy.Symbol:
    """What a firm that sells through the channel produces, in outputs of a full-time firm."""
    return symbol(f"output_{channel}")


def value(mode: str) -> sympy.Symbol:
    return symbol(f"value_{mode}")


@cache
def modes() -> dict[str, Boolean]:
    """When large firms take each mode; of equal ones to subcontract, then to make."""
    make, buy, leave = map(value, MODES)
    return {
        MAKE: sympy.And(make > buy, make >= leave),
        SUBCONTRACT: sympy.And(buy >= make, buy >= leave),
        LEAVE: sympy.And(leave > make, leave > buy),
    }


@cache
def is_open(channel: str) -> Boolean:
    """Whether a channel exists: small firms work for large ones only if these subcontract."""
    if channel != "lead":
        return sympy.true
    return sympy.And(SIZE > 0, modes()[SUBCONTRACT])


@cache
def needs() -> dict[str, sympy.Expr]:
    """The capability each channel asks for; 1, out of reach, where it does not exist."""
    return {c: _where(is_open(c), need(c), sympy.S.One) for c in CHANNELS}


@cache
def shares() -> dict[str, sympy.Expr]:
    """The share of firms in each channel; of two worth the same, the earlier one is taken."""
    return {channel: _share(channel) for channel in CHANNELS}


def _share(channel: str) -> sympy.Expr:
    better = []
    for other in CHANNELS:
        if other != channel:
            comes_first = CHANNELS.index(other) < CHANNELS.index(channel)
            preferred = sympy.Ge if comes_first else sympy.Gt
            beats = preferred(worth(other), worth(channel))
            better.append(_where(beats, needs()[other], sympy.S.One))
    return sympy.Max(0, sympy.Min(1, *better) - sympy.Max(0, needs()[channel]))


@cache
def amounts() -> dict[str, sympy.Expr]:
    """What is sold through each channel, and what large firms make inside."""
    sold = {channel: shares()[channel] * output(channel) for channel in CHANNELS}
    kept = _where(modes()[SUBCONTRACT], 1 - PUT_OUT, sympy.S.One)
    sold[INSIDE] = _where(modes()[LEAVE], sympy.S.Zero, SIZE * kept)
    return sold


def _where(condition: Boolean, then: sympy.Expr, otherwise: sympy.Expr) -> sympy.Expr:
    if condition == sympy.true:
        return then
    return sympy.Piecewise((then, condition), (otherwise, True), evaluate=False)
