"""What two players agree on, as a file states it: profiles, signals and automata of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sympy

from coopgame.errors import InputError
from coopgame.gamefile import Section
from coopgame.methods.repeated.automata import Automaton, Builder, Context
from coopgame.methods.repeated.play import Profile, Setting
from coopgame.methods.repeated.stages import label
from coopgame.parameters import Domain
from coopgame.proofs import Verdict, implies

MAX_STATES = 12
OTHERWISE = "otherwise"


def read_context(section: Section, setting: Setting, domain: Domain) -> Context:
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
        own=_read_automata(section),
    )


def _read_profile(section: Section, key: str, setting: Setting, default: Profile) -> Profile:
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


def minimax_profile(setting: Setting, domain: Domain) -> Profile | None:
    """The profile in which each holds the other to their pure minimax payoff in every regime.

    None where it is not the same over the whole domain.
    """
    holding = [_holding_action(setting, domain, player) for player in (0, 1)]
    return None if None in holding else (str(holding[0]), str(holding[1]))


def _holding_action(setting: Setting, domain: Domain, player: int) -> str | None:
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
            implies(domain.constraints, condition, domain.integers).verdict is Verdict.PROVED
            for condition in lowest
        ):
            return action
    return None


def _best_against(setting: Setting, player: int, action: str, regime: str) -> sympy.Expr:
    """The other's best stage payoff when `player` takes an action."""
    profiles = [
        (action, other) if player == 0 else (other, action) for other in setting.actions[1 - player]
    ]
    return sympy.Max(*(setting.payoffs[regime, profile][1 - player] for profile in profiles))


# --- automata written in a file ----------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """An automaton as a file states it, from its own player's side.

    `actions` maps a state to an action, or to one for each regime; `following` maps a state to
    signal -> state, where "otherwise" stands for the signals not named. Under perfect monitoring
    a signal is "own action,other's action".
    """

    name: str
    start: str
    actions: Mapping[str, Mapping[str, str]]
    following: Mapping[str, Mapping[str, str]]

    def action(self, state: str, regime: str) -> str:
        """What is played in a state and regime."""
        stated = self.actions[state]
        if regime not in stated and OTHERWISE not in stated:
            raise InputError(f"{self.name} has no action in {state} under {regime!r}", "add one")
        return stated.get(regime, stated.get(OTHERWISE, ""))

    def move(self, state: str, signal: str) -> str:
        """Where a signal, seen from the player's own side, leads."""
        stated = self.following[state]
        if signal not in stated and OTHERWISE not in stated:
            raise InputError(
                f"{self.name} has no next state in {state} after {signal!r}",
                'name it, or add otherwise = "..."',
            )
        return stated.get(signal, stated.get(OTHERWISE, ""))


def instantiate(written: Written, context: Context, player: int) -> Automaton:
    """A written automaton played by one of the players."""
    own = {y: label(reversed(p)) if player else y for y, p in context.seen.items()}
    actions = {(s, r): written.action(s, r) for s in written.actions for r in context.regimes}
    moves = {
        (s, r, y): written.move(s, own.get(y, y))
        for s in written.actions
        for r in context.regimes
        for y in context.signals
    }
    return Automaton(written.name, written.start, actions, moves)


def _read_automata(section: Section) -> dict[str, Builder]:
    table = section.table("automata", required=False)
    found: dict[str, Builder] = {}
    for name in table:
        entry = table.table(name)
        found[name] = partial(instantiate, _read_written(name, entry))
        entry.finish()
    return found


def _read_written(name: str, entry: Section) -> Written:
    stated = entry.table("states")
    labels = list(stated)
    if not 1 <= len(labels) <= MAX_STATES:
        stated.fault("", f"{len(labels)} states, and 1 to {MAX_STATES} are allowed")
        return Written(name, "", {}, {})
    start = entry.text("start", default=labels[0])
    if start not in labels:
        entry.fault("start", f"{start!r} is not a state", f"states: {', '.join(labels)}")
    actions, following = {}, {}
    for state in labels:
        row = stated.table(state)
        actions[state] = _texts(row, "action")
        following[state] = _texts(row, "next")
        for to in sorted(set(following[state].values()) - set(labels)):
            row.fault("next", f"{to!r} is not a state", f"states: {', '.join(labels)}")
        row.finish()
    return Written(name, start if start in labels else labels[0], actions, following)


def _texts(row: Section, key: str) -> dict[str, str]:
    """A text that always holds, or a table of texts."""
    found: Any = row.value(key)
    if isinstance(found, str):
        return {OTHERWISE: found}
    if isinstance(found, dict) and all(isinstance(text, str) for text in found.values()):
        return dict(found)
    row.fault(key, "is missing or not a text or a table of texts", f'write {key} = "..."')
    return {OTHERWISE: ""}
