"""Finite automata: the public strategies of a repeated game, built in or written by the user.

An automaton is in a state; the state and the regime of the macro rules say what it plays, and the
public signal (under perfect monitoring, the profile played) says where it goes. When the rules
change and history is wiped out, it restarts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from coopgame.errors import InputError, meant

MAX_PUNISHMENT = 12
MAX_SUBSETS = 4
SPELLED = re.compile(r"(\w+)(?:\((\d+)\))?(?:\{([^}]*)\})?\Z")


@dataclass(frozen=True)
class Automaton:
    """States with a start; what is played in a state and regime, and where a signal leads.

    `actions` maps (state, regime) to an action, `moves` maps (state, regime, signal) to a state.
    """

    name: str
    start: str
    actions: Mapping[tuple[str, str], str]
    moves: Mapping[tuple[str, str, str], str]


@dataclass(frozen=True)
class Context:
    """What the built-in automata are built for: regimes, signals, and the agreement.

    `cooperate` and `punish` are profiles (one action a player), `minimax` the one in which each
    holds the other down; `agreed` are the signals after which co-operation goes on; `seen` maps
    each signal to the profile it shows, under perfect monitoring, and is empty otherwise; `own`
    builds the automata that the file writes down.
    """

    regimes: tuple[str, ...]
    signals: tuple[str, ...]
    agreed: frozenset[str]
    cooperate: tuple[str, str]
    punish: tuple[str, str]
    seen: Mapping[str, tuple[str, str]]
    minimax: tuple[str, str] | None = None
    own: Mapping[str, Builder] = field(default_factory=dict)


Builder = Callable[[Context, int], Automaton]


def _machine(
    name: str,
    context: Context,
    states: Sequence[str],
    action: Callable[[str, str], str],
    move: Callable[[str, str, str], str],
) -> Automaton:
    """The automaton that starts in the first state and acts and moves by the two functions."""
    actions = {(s, r): action(s, r) for s in states for r in context.regimes}
    moves = {
        (s, r, y): move(s, r, y) for s in states for r in context.regimes for y in context.signals
    }
    return Automaton(name, states[0], actions, moves)


def always_defect(context: Context, player: int) -> Automaton:
    """Play the punishment action whatever happens."""
    defect = context.punish[player]
    return _machine("always_defect", context, ["defect"], lambda s, r: defect, lambda s, r, y: s)


def grim(context: Context, player: int, regimes: Sequence[str]) -> Automaton:
    """Co-operate in the given regimes until someone deviates there, then never again."""

    def action(state: str, regime: str) -> str:
        keeps = state == "trust" and regime in regimes
        return (context.cooperate if keeps else context.punish)[player]

    def move(state: str, regime: str, signal: str) -> str:
        broken = regime in regimes and signal not in context.agreed
        return "broken" if broken else state

    everywhere = tuple(regimes) == context.regimes
    name = "grim" if everywhere and len(regimes) == 1 else f"grim{{{','.join(regimes)}}}"
    return _machine(name, context, ["trust", "broken"], action, move)


def punish(context: Context, player: int, length: int) -> Automaton:
    """Co-operate; after a deviation punish for `length` periods, then co-operate again."""
    phases = [f"punish{i}" for i in range(1, length + 1)]
    following = dict(zip(phases, [*phases[1:], "trust"], strict=True))

    def action(state: str, regime: str) -> str:
        return (context.cooperate if state == "trust" else context.punish)[player]

    def move(state: str, regime: str, signal: str) -> str:
        if state == "trust":
            return "trust" if signal in context.agreed else phases[0]
        return following[state]

    return _machine(f"punish({length})", context, ["trust", *phases], action, move)


def minimax(context: Context, player: int, length: int) -> Automaton:
    """Co-operate; after a deviation hold each other down for `length` periods in a row.

    Whoever deviates from the punishment starts it anew (Fudenberg and Maskin 1986).
    """
    held = context.minimax
    if held is None or not context.seen:
        raise InputError("minimax(k) needs perfect monitoring and a minimax profile",
                         'write minimax = "..." with the profile')  # fmt: skip
    phases = [f"hold{i}" for i in range(1, length + 1)]
    following = dict(zip(["trust", *phases], ["trust", *phases[1:], "trust"], strict=True))

    def action(state: str, regime: str) -> str:
        return (context.cooperate if state == "trust" else held)[player]

    def move(state: str, regime: str, signal: str) -> str:
        kept = signal in context.agreed if state == "trust" else context.seen[signal] == held
        return following[state] if kept else phases[0]

    return _machine(f"minimax({length})", context, ["trust", *phases], action, move)


def tit_for_tat(context: Context, player: int) -> Automaton:
    """Co-operate first, then do what the other did last."""
    other = 1 - player
    return _remembering(
        "tit_for_tat", context, player, lambda seen: seen[other] == context.cooperate[other]
    )


def win_stay_lose_shift(context: Context, player: int) -> Automaton:
    """Co-operate first and then exactly after both did the same (Nowak and Sigmund 1993)."""
    alike = (context.cooperate, context.punish)
    return _remembering("win_stay_lose_shift", context, player, lambda seen: seen in alike)


def _remembering(
    name: str, context: Context, player: int, kind: Callable[[tuple[str, str]], bool]
) -> Automaton:
    """Co-operate after profiles that were kind, defect after the others."""
    if not context.seen:
        raise InputError(f"{name} needs perfect monitoring", "use grim, punish(k) or an automaton")

    def action(state: str, regime: str) -> str:
        return (context.cooperate if state == "cooperate" else context.punish)[player]

    def move(state: str, regime: str, signal: str) -> str:
        return "cooperate" if kind(context.seen[signal]) else "defect"

    return _machine(name, context, ["cooperate", "defect"], action, move)


SIMPLE: dict[str, Builder] = {
    "always_defect": always_defect,
    "tit_for_tat": tit_for_tat,
    "win_stay_lose_shift": win_stay_lose_shift,
}
COUNTED: dict[str, Callable[[Context, int, int], Automaton]] = {
    "punish": punish,
    "minimax": minimax,
}
BUILT_IN = (*SIMPLE, "grim", *(f"{name}(k)" for name in COUNTED))


def expand(spelled: str, regimes: Sequence[str]) -> list[str]:
    """The profiles that a spelling stands for: under a chain, grim on each set of regimes.

    Beyond `MAX_SUBSETS` regimes `grim` stands for grim on all of them; others can be spelled.

    >>> expand("grim", ["calm", "storm"])
    ['grim{calm}', 'grim{storm}', 'grim{calm,storm}']
    >>> expand("punish(2)", ["calm", "storm"])
    ['punish(2)']
    """
    if spelled != "grim" or len(regimes) == 1:
        return [spelled]
    least = 1 if len(regimes) <= MAX_SUBSETS else len(regimes)
    sets = [
        chosen for size in range(least, len(regimes) + 1) for chosen in combinations(regimes, size)
    ]
    return [f"grim{{{','.join(chosen)}}}" for chosen in sets]


def build(spelled: str, context: Context, player: int) -> Automaton:
    """The automaton that a name stands for, for one player (0 or 1).

    Raises InputError for a name that is not known, or one that does not fit the context.
    """
    if spelled in context.own:
        return context.own[spelled](context, player)
    match = SPELLED.match(spelled)
    name, number, chosen = match.groups() if match else (spelled, None, None)
    if name in SIMPLE and number is None and chosen is None:
        return SIMPLE[name](context, player)
    if name == "grim" and number is None:
        return grim(context, player, _regimes(chosen, context))
    if name in COUNTED and number and chosen is None and 1 <= int(number) <= MAX_PUNISHMENT:
        return COUNTED[name](context, player, int(number))
    known = [*BUILT_IN, *context.own]
    raise InputError(
        f"no automaton is called {spelled!r}",
        f"{meant(spelled, known)}use {', '.join(known)}; k from 1 to {MAX_PUNISHMENT}",
    )


def _regimes(chosen: str | None, context: Context) -> tuple[str, ...]:
    if chosen is None:
        return context.regimes
    named = {part.strip() for part in chosen.split(",")}
    if not named <= set(context.regimes):
        raise InputError(
            f"no regime is called {', '.join(sorted(named - set(context.regimes)))!r}",
            f"regimes: {', '.join(filter(None, context.regimes)) or 'none'}",
        )
    return tuple(regime for regime in context.regimes if regime in named)


# --- as data -----------------------------------------------------------------------------------


def describe(automaton: Automaton) -> dict[str, Any]:
    """The automaton as nested texts that go into JSON; `from_description` reads it back.

    Without a chain of regimes a state has its `action` and `next` (signal -> state) directly;
    with one, they stand under the name of each regime.
    """
    states: dict[str, Any] = {}
    for (state, regime), action in automaton.actions.items():
        following = {
            y: to for (s, r, y), to in automaton.moves.items() if (s, r) == (state, regime)
        }
        entry = {"action": action, "next": following}
        if regime:
            states.setdefault(state, {})[regime] = entry
        else:
            states[state] = entry
    return {"automaton": automaton.name, "start": automaton.start, "states": states}


def from_description(described: Mapping[str, Any]) -> Automaton:
    """The automaton that `describe` wrote down."""
    entries = [
        (state, regime, entry)
        for state, found in described["states"].items()
        for regime, entry in ({"": found} if "action" in found else found).items()
    ]
    actions = {(state, regime): entry["action"] for state, regime, entry in entries}
    moves = {
        (state, regime, signal): to
        for state, regime, entry in entries
        for signal, to in entry["next"].items()
    }
    return Automaton(described["automaton"], described["start"], actions, moves)


def states(automaton: Automaton) -> tuple[str, ...]:
    """The states of an automaton, in the order of their first mention."""
    return tuple(dict.fromkeys(state for state, _ in automaton.actions))


def shadow(opponent: Automaton, actions: Iterable[str]) -> Automaton:
    """The stationary policy against `opponent` that plays the given actions, one for each of the
    opponent's states and regimes: an automaton that follows the opponent's states."""
    chosen = dict(zip(opponent.actions, actions, strict=True))
    return Automaton("policy", opponent.start, chosen, opponent.moves)
