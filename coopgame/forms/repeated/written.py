"""Automata that a file writes down: read, checked against the stage game, and given to a player.

The keys of `next` are signals. Under perfect monitoring they are profiles, seen from the side of
the player who follows the automaton, "own action,other's action", so that one text serves both
players of a symmetric game; with `keys = "profile"` they are profiles as `[stage]` names them,
"first player's action,second player's action", whoever follows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coopgame.forms.repeated.automata import Automaton, Builder, Context
from coopgame.forms.repeated.play import Profile, RepeatedSetting
from coopgame.forms.repeated.stages import label
from coopgame.reading.section import Section

MAX_STATES = 12
OTHERWISE = "otherwise"
OWN, PROFILE = "own", "profile"


@dataclass(frozen=True)
class StatedAutomaton:
    """An automaton as a file states it.

    `actions` maps a state to an action, or to one for each regime; `following` maps a state to
    signal -> state, where "otherwise" stands for the signals not named. `keys` says from which
    side the profiles that are signals are read.
    """

    name: str
    start: str
    actions: Mapping[str, Mapping[str, str]]
    following: Mapping[str, Mapping[str, str]]
    keys: str = OWN

    def action(self, state: str, regime: str) -> str:
        """What is played in a state and regime."""
        return _stated(self.actions[state], regime)

    def move(self, state: str, signal: str) -> str:
        """Where a signal leads, as the file names it."""
        return _stated(self.following[state], signal)

    def __call__(self, context: Context, player: int) -> Automaton:
        """The automaton as one of the players follows it."""
        mirrored = player == 1 and self.keys == OWN
        own = {y: label(reversed(p)) if mirrored else y for y, p in context.seen.items()}
        actions = {(s, r): self.action(s, r) for s in self.actions for r in context.regimes}
        moves = {
            (s, r, y): self.move(s, own.get(y, y))
            for s in self.actions
            for r in context.regimes
            for y in context.signals
        }
        return Automaton(self.name, self.start, actions, moves)


def _stated(entries: Mapping[str, str], key: str) -> str:
    return entries.get(key, entries.get(OTHERWISE, ""))


@dataclass(frozen=True)
class Sight:
    """What the players of a stage game can see and do, for the checks of an automaton.

    `seen` are the profiles where monitoring is perfect, and none where signals are.
    """

    actions: tuple[tuple[str, ...], tuple[str, ...]]
    regimes: tuple[str, ...]
    signals: tuple[str, ...]
    seen: tuple[Profile, ...]

    def keys(self, notation: str, player: int) -> list[str]:
        """The keys that `next` can have for one player."""
        if not self.seen:
            return list(self.signals)
        mirrored = notation == OWN and player == 1
        return [label(reversed(p) if mirrored else p) for p in self.seen]


def read_automata(section: Section, setting: RepeatedSetting) -> dict[str, Builder]:
    """The automata of a file by name; faults are noted in the section."""
    table = section.table("automata", required=False)
    signals = tuple(dict.fromkeys(y for row in setting.chances.values() for y in row))
    perfect = "monitoring" not in section
    seen = tuple(setting.chances) if perfect else ()
    regimes = tuple(regime.name for regime in setting.regimes)
    sight = Sight(setting.actions, regimes, signals, seen)
    users = _users(section.strings("profiles", default=()))
    found: dict[str, Builder] = {}
    for name in table:
        entry = table.table(name)
        written = _read_written(name, entry)
        _check(entry, written, sight, sorted(users.get(name, ())))
        found[name] = written
        entry.finish()
    return found


def _users(profiles: Iterable[str]) -> dict[str, set[int]]:
    """Which players follow each automaton in the listed profiles."""
    found: dict[str, set[int]] = {}
    for spelled in profiles:
        first, _, second = (part.strip() for part in spelled.partition("/"))
        found.setdefault(first, set()).add(0)
        found.setdefault(second or first, set()).add(1)
    return found


# --- reading -----------------------------------------------------------------------------------


def _read_written(name: str, entry: Section) -> StatedAutomaton:
    stated = entry.table("states")
    labels = list(stated)
    keys = entry.choice("keys", (OWN, PROFILE), default=OWN)
    if not 1 <= len(labels) <= MAX_STATES:
        stated.fault(
            "", f"an automaton cannot have {len(labels)} states", f"write 1 to {MAX_STATES}"
        )
        return StatedAutomaton(name, "", {}, {})
    start = entry.text("start", default=labels[0])
    if start not in labels:
        entry.fault("start", f"{start!r} is not a state", f"states: {', '.join(labels)}")
    actions, following = {}, {}
    for state in labels:
        row = stated.table(state)
        actions[state] = _texts(row, "action")
        following[state] = _texts(row, "next")
        for to in dict.fromkeys(following[state].values()):
            if to not in labels:
                row.fault("next", f"{to!r} is not a state", f"states: {', '.join(labels)}")
        row.finish()
    return StatedAutomaton(name, start if start in labels else labels[0], actions, following, keys)


def _texts(row: Section, key: str) -> dict[str, str]:
    """A text that always holds, or a table of texts."""
    found: Any = row.value(key)
    if isinstance(found, str):
        return {OTHERWISE: found}
    if isinstance(found, dict) and found and all(isinstance(t, str) for t in found.values()):
        return dict(found)
    row.fault(key, "is missing or not a text or a table of texts", f'write {key} = "..."')
    return {OTHERWISE: ""}


# --- checking ----------------------------------------------------------------------------------


def _check(entry: Section, written: StatedAutomaton, sight: Sight, users: Sequence[int]) -> None:
    """Note what a player who follows the automaton cannot see or do, and what is left open.

    An automaton that no profile names has to suit one of the players.
    """
    rows = entry.table("states")
    for state, actions in written.actions.items():
        row = rows.table(state)
        _check_actions(row, actions, sight, users)
        _check_signals(row, written, state, sight, users)


def _check_actions(
    row: Section, actions: Mapping[str, str], sight: Sight, users: Sequence[int]
) -> None:
    either = dict.fromkeys(action for own in sight.actions for action in own)
    known = [a for a in either if all(a in sight.actions[player] for player in users)]
    for regime, action in actions.items():
        place = "action" if regime == OTHERWISE else f"action.{regime}"
        if action and action not in known:
            whose = " of both players" if len(users) > 1 else ""
            there = f"actions here: {', '.join(known) or 'none'}"
            row.fault(place, f"{action!r} is not an action{whose}", there)
    _check_keys(row, "action", "a regime", actions, [r for r in sight.regimes if r])


def _check_signals(
    row: Section, written: StatedAutomaton, state: str, sight: Sight, users: Sequence[int]
) -> None:
    sides = [sight.keys(written.keys, player) for player in users or (0, 1)]
    keys = list(dict.fromkeys(key for side in sides for key in side))
    what = "a signal"
    if sight.seen:
        what = "a profile, own action first" if written.keys == OWN else "a profile of [stage]"
    _check_keys(row, "next", what, written.following[state], keys)


def _check_keys(
    row: Section, key: str, what: str, stated: Mapping[str, str], known: Collection[str]
) -> None:
    """Note each key that cannot occur, and the first of those that are left open."""
    there = f"keys here: {'; '.join([*known, OTHERWISE])}"
    for name in stated:
        if name != OTHERWISE and name not in known:
            row.fault(f"{key}.{name}", f"{name!r} is not {what}", there)
    missing = [name for name in known if name not in stated]
    if missing and OTHERWISE not in stated:
        row.fault(key, f"nothing is said of {missing[0]!r}", f'add it, or {OTHERWISE} = "..."')
