"""All equilibria of identical players where players and payoffs are numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import sympy

from coopgame.forms.symmetric.branches import (
    SymmetricSetting,
    at_numbers,
    counted,
    mixture_names,
    split_name,
)
from coopgame.forms.symmetric.headcounts import Headcount, stable_counts
from coopgame.forms.symmetric.mixes import (
    MOST_PLAYERS,
    UNEQUAL_PLAYERS,
    Free,
    Mix,
    all_mix,
    anyhow,
    leave_out_some,
    leave_out_unequal,
    some_mix,
    unequal,
)
from coopgame.forms.symmetric.tally import Tally
from coopgame.solution import Branch

SOME = f"equilibria in which some are sure and some mix are listed up to {MOST_PLAYERS} players"
UNEQUAL = (
    "equilibria in which players mix with different chances are listed up to "
    f"{UNEQUAL_PLAYERS} players"
)
NUMERIC = "chances without a formula here are given to 29 digits"


@dataclass(frozen=True)
class PointEquilibria:
    """The equilibria at a point, whether all their numbers are exact, and what else there is."""

    branches: tuple[Branch, ...]
    exact: bool
    notes: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def at_point(
    setting: SymmetricSetting, tally: Tally, between: Sequence[Headcount] = ()
) -> PointEquilibria:
    """The numbers of co-operators, the mixtures of all, and those in which some are sure."""
    gains, n = tally.gains, tally.players
    branches = [
        counted(setting, Headcount(_label(m, n, between), sympy.Integer(m), ()))
        for m in sorted(stable_counts(gains), key=lambda m: (m not in (0, n), m == 0, m))
    ]
    mixes = [*_named(all_mix(gains), setting)]
    if n <= MOST_PLAYERS:
        mixes += _named(some_mix(gains), setting)
    if n <= UNEQUAL_PLAYERS:
        mixes += _named(unequal(gains), setting)
    branches += [at_numbers(setting, tally.rows, mix, name) for name, mix in mixes]
    exact = all(mix.exact for _, mix in mixes)
    left = [SOME] if leave_out_some(gains) else []
    left += [UNEQUAL] if leave_out_unequal(gains) else []
    notes = [] if exact else [NUMERIC]
    notes += [_one_anyhow(name) for name, mix in mixes if mix.infinite]
    notes += [_anyhow(setting.actions, free, n) for free in anyhow(gains)]
    return PointEquilibria(tuple(branches), exact, tuple(notes), tuple(left))


def _label(m: int, players: int, between: Sequence[Headcount]) -> str:
    if m in (0, players):
        return "all" if m else "none"
    known = next((state.label for state in between if state.number == m), "")
    return known or ("one" if m == 1 else f"of_{m}")


def _named(mixes: Sequence[Mix], setting: SymmetricSetting) -> Iterator[tuple[str, Mix]]:
    """Those of one division of the players together, told apart by their stability."""
    for name, group in groupby(mixes, key=lambda mix: _division(mix, setting)):
        together = list(group)
        if len(together[0].groups) == 1:
            names = mixture_names([mix.rising for mix in together], name)
        else:
            several = len(together) > 1
            names = [f"{name}_{i}" if several else name for i in range(1, len(together) + 1)]
        yield from zip(names, together, strict=True)


def _division(mix: Mix, setting: SymmetricSetting) -> str:
    alike = len(mix.groups) == 1 and not any(mix.sure)
    return "mixed" if alike else split_name(setting.actions, mix)


def _one_anyhow(name: str) -> str:
    return f"{name}: where all others keep to it, one of those who mix may do anything"


def _anyhow(actions: tuple[str, str], free: Free, players: int) -> str:
    """A set of equilibria in words."""
    if free.anyhow == players:
        return "no action ever gains or costs anything: every profile is an equilibrium"
    sure = [f"{count} {action}" for count, action in zip(free.sure, actions, strict=True) if count]
    who = "the one other player" if free.anyhow == 1 else f"the {free.anyhow} others"
    return f"where {' and '.join(sure)} for sure, {who} may do anything: infinitely many equilibria"
