"""Grim with public randomisation: the best strongly symmetric equilibrium under noisy signals.

After a bad signal both turn to defection for good only with probability phi, drawn in public.
The incentive constraint is linear in phi; the least phi that satisfies it costs least on the
path and gives, where p0 and p1 are the chances of a bad signal after co-operation and after one
deviation, the payoff R - p0*(T - R)/(p1 - p0) a period (Abreu, Milgrom and Pearce 1991). It
exists exactly where grim itself is an equilibrium, phi = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sympy

from coopgame.algebra.linear import cancelled
from coopgame.errors import InputError
from coopgame.forms.repeated.automata import Context, grim
from coopgame.forms.repeated.play import (
    Pair,
    RepeatedSetting,
    one_shot_gaps,
    starts,
    without_restarts,
)
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol

FORGIVING = "forgiving_grim"
FORGIVEN = " (forgiven)"
PHI = symbol("chance of punishment")


@dataclass(frozen=True)
class Forgiving:
    """The randomised setting and its automata, with the chance that a bad signal is forgiven."""

    setting: RepeatedSetting
    pair: Pair
    forgiveness: sympy.Expr


def forgiving(setting: RepeatedSetting, context: Context, domain: Domain) -> Forgiving:
    """Grim with the least punishment that keeps both from deviating, in one regime.

    Raises InputError where two deviations ask for different punishments, so that no strongly
    symmetric equilibrium leaves both players just willing.
    """
    pair = forgiving_pair(context)
    plain = without_restarts(randomised(setting, context, PHI), domain)
    gaps = one_shot_gaps(plain.setting, pair)[starts(plain.setting, pair)[0]]
    roots = [_root(gap) for gap in gaps]
    chances = {root for root in roots if root is not None}
    if len(chances) != 1 or None in roots:
        raise InputError(f"{FORGIVING} needs a symmetric game in which each has one deviation",
                         "use grim")  # fmt: skip
    phi = cancelled(chances.pop().subs(plain.stands_for))
    return Forgiving(randomised(setting, context, phi), pair, cancelled(1 - phi))


def forgiving_pair(context: Context) -> Pair:
    """Both players' grim automata over the signals that the public draw splits in two."""
    forgiven = {y + FORGIVEN for y in context.signals if y not in context.agreed}
    split = replace(
        context,
        signals=(*context.signals, *sorted(forgiven)),
        agreed=context.agreed | forgiven,
    )
    first, second = (
        replace(grim(split, player, split.regimes), name=FORGIVING) for player in (0, 1)
    )
    return first, second


def randomised(setting: RepeatedSetting, context: Context, phi: sympy.Expr) -> RepeatedSetting:
    """The setting in which a signal that is not agreed is forgiven with chance 1 - phi."""

    def split(row: Mapping[str, sympy.Expr]) -> dict[str, sympy.Expr]:
        bad = {y: chance for y, chance in row.items() if y not in context.agreed}
        forgiven = {y + FORGIVEN: chance * (1 - phi) for y, chance in bad.items()}
        return {**row, **{y: chance * phi for y, chance in bad.items()}, **forgiven}

    return replace(setting, chances={p: split(row) for p, row in setting.chances.items()})


def _root(gap: sympy.Expr) -> sympy.Expr | None:
    """The chance of punishment at which a deviation neither gains nor loses."""
    numerator = sympy.Poly(sympy.fraction(gap)[0], PHI)
    if numerator.degree() != 1:
        return None
    slope, constant = numerator.all_coeffs()
    return cancelled(-constant / slope)
