"""What two players agree on, as a file states it: profiles, signals and automata of its own."""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from coopgame.forms.repeated.automata import Context
from coopgame.forms.repeated.play import Profile, RepeatedSetting
from coopgame.forms.repeated.stages import label
from coopgame.forms.repeated.written import read_automata
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import implies
from coopgame.reading.section import Section


def read_context(section: Section, setting: RepeatedSetting, domain: Domain) -> Context:
    """The agreed, the punishing and the minimax profile, the signals, and the file's automata.

    By default both play their first action as agreed and their last as punishment, and the
    minimax profile is the one proved to be such over the whole domain, if there is one.
    """
    first, last = ((own[0], own[-1]) for own in setting.actions)
    cooperate = _read_profile(section, "cooperation", setting, (first[0], last[0]))
    punish = _read_profile(section, "punishment", setting, (first[1], last[1]))
    perfect = "monitoring" not in section
    signals = tuple(dict.fromkeys(y for row in setting.chances.values() for y in row))
    agreed = frozenset({label(cooperate)}) if perfect else _read_agreed(section, signals)
    asked = any("minimax" in name for name in section.strings("profiles", default=()))
    held = minimax_profile(setting, domain) if asked and not section.faults else None
    if "minimax" in section:
        held = _read_profile(section, "minimax", setting, punish)
    return Context(
        regimes=tuple(regime.name for regime in setting.regimes),
        signals=signals,
        agreed=agreed,
        cooperate=cooperate,
        punish=punish,
        seen={label(profile): profile for profile in setting.chances} if perfect else {},
        minimax=held,
        own=read_automata(section, setting),
    )


def _read_profile(
    section: Section, key: str, setting: RepeatedSetting, default: Profile
) -> Profile:
    text = section.text(key, default=label(default))
    known = {label(profile): profile for profile in setting.chances}
    if text not in known:
        section.fault(key, f"{text!r} is not a profile", f"use one of {'; '.join(known)}")
    return known.get(text, default)


def _read_agreed(section: Section, signals: Sequence[str]) -> frozenset[str]:
    table = section.table("monitoring")
    agreed = table.strings("agreed")
    for name in sorted(set(agreed) - set(signals)):
        table.fault("agreed", f"{name!r} is not a signal", f"signals: {', '.join(signals)}")
    table.used.add("chances")
    table.finish()
    return frozenset(agreed)


def minimax_profile(setting: RepeatedSetting, domain: Domain) -> Profile | None:
    """The profile in which each holds the other to their pure minimax payoff in every regime.

    None where it is not the same over the whole domain.
    """
    holding = [_holding_action(setting, domain, player) for player in (0, 1)]
    return None if None in holding else (str(holding[0]), str(holding[1]))


def _holding_action(setting: RepeatedSetting, domain: Domain, player: int) -> str | None:
    """The action of a player against which the other's best payoff is proved lowest."""
    levels = {
        (action, regime.name): _best_against(setting, player, action, regime.name)
        for action in setting.actions[player]
        for regime in setting.regimes
    }
    for action in setting.actions[player]:
        lowest = [
            sympy.Le(levels[action, regime], other)
            for (_, regime), other in levels.items()
            if levels[action, regime] != other
        ]
        if all(
            implies(domain.constraints, condition, domain.integers).proved for condition in lowest
        ):
            return action
    return None


def _best_against(setting: RepeatedSetting, player: int, action: str, regime: str) -> sympy.Expr:
    """The other's best stage payoff when `player` takes an action."""
    profiles = [
        (action, other) if player == 0 else (other, action) for other in setting.actions[1 - player]
    ]
    return sympy.Max(*(setting.payoffs[regime, profile][1 - player] for profile in profiles))
