"""Payoff tables as a file states them: players, their actions, and a list of payoffs a profile."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from itertools import product

import sympy

from coopgame.forms.checking import check_defined
from coopgame.language.grammar import name_problem
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.reading.section import Section

MAX_PLAYERS = 6
MAX_ACTIONS = 15
MAX_PROFILES = 500

Actions = tuple[str, ...]
Players = Mapping[str, Actions]
Payoffs = Mapping[Actions, tuple[sympy.Expr, ...]]


def read_players(table: Section) -> Players:
    """The players in their order, each with its actions: `{ agent = ["work", "shirk"], ... }`."""
    if not 2 <= len(table.keys()) <= MAX_PLAYERS:
        table.fault("", f"{len(table.keys())} players", f"name 2 to {MAX_PLAYERS} players")
    players: dict[str, Actions] = {}
    for player in list(table)[:MAX_PLAYERS]:
        actions = table.strings(player)
        if not 1 <= len(actions) <= MAX_ACTIONS:
            table.fault(player, f"{len(actions)} actions", f"give 1 to {MAX_ACTIONS} actions")
        for action in sorted({a for a in actions if actions.count(a) > 1}):
            table.fault(player, f"the action {action!r} is there twice", "name each once")
        players[player] = tuple(dict.fromkeys(actions[:MAX_ACTIONS]))
    table.used.update(table.keys())
    if _profile_count(players) > MAX_PROFILES:
        table.fault("", f"more than {MAX_PROFILES} profiles", "leave out players or actions")
    return players


def read_payoffs(table: Section, domain: Domain, players: Players) -> Payoffs:
    """The payoffs of every profile: `"work,trust" = ["w - e", "v - w"]`."""
    table.used.update(table.keys())
    if not players or _profile_count(players) > MAX_PROFILES:
        return {}
    profiles = list(product(*players.values()))
    found: dict[Actions, tuple[sympy.Expr, ...]] = {}
    for key in table:
        profile = tuple(part.strip() for part in key.split(","))
        if profile not in profiles:
            hint = f"profiles are written as in {','.join(profiles[0])!r}" if profiles else ""
            table.fault(key, "is not a profile of the players' actions", hint)
        elif profile in found:
            table.fault(key, "this profile is there twice", "give it once")
        else:
            found[profile] = _read_row(table, key, domain, len(players))
    for profile in profiles:
        if profile not in found:
            mend = f"add {','.join(profile)!r} with {len(players)} payoffs"
            table.fault(",".join(profile), "the payoffs of this profile are missing", mend)
    return {profile: found[profile] for profile in profiles if profile in found}


def _read_row(table: Section, key: str, domain: Domain, size: int) -> tuple[sympy.Expr, ...]:
    texts = table.value(key)
    if not isinstance(texts, list) or len(texts) != size:
        given = len(texts) if isinstance(texts, list) else "no list of"
        table.fault(key, f"{given} payoffs for {size} players", f"write a list of {size}")
        return (sympy.S.Zero,) * size
    before = len(table.faults)
    row = tuple(table.parsed(f"{key}[{i}]", text, domain.names) for i, text in enumerate(texts))
    if len(table.faults) == before:
        for i, payoff in enumerate(row):
            check_defined(table, f"{key}[{i}]", payoff, domain)
    return row


def read_outcomes(table: Section, domain: Domain, players: Players) -> Mapping[str, sympy.Expr]:
    """Named expressions in parameters, `<player>_<action>` and `<player>_payoff`."""
    table.used.update(table.keys())
    extended = domain.extend(profile_variables(players))
    found = {}
    for name in table:
        problem = name_problem(name)
        if problem is None and name in extended.names:
            problem = f"{name!r} already names a parameter, a probability or a payoff"
        if problem:
            table.fault(name, problem, "choose another name")
        found[name] = table.parsed(name, table.value(name), extended.names)
        if not table.faults:
            check_defined(table, name, found[name], extended)
    return found


def check_names(section: Section, domain: Domain, players: Players) -> None:
    """Note players and actions whose names are none, or clash with others or with parameters."""
    taken = dict.fromkeys(domain.names, "a parameter")
    for name, what in variable_names(players):
        problem = name_problem(name)
        if problem is None and name in taken:
            problem = f"{name!r} would stand both for {taken[name]} and for {what}"
        if problem:
            section.fault("players", problem, "rename the player, the action or the parameter")
        taken[name] = what


def check_known(section: Section, key: str, names: Collection[str], known: Collection[str]) -> None:
    """Note each of the `names` given under `key` that is not known."""
    for name in names:
        if name not in known:
            hint = f"known: {', '.join(known) or 'none'}"
            section.fault(key, f"{name!r} is not known", hint)


def variable_names(players: Players) -> Iterator[tuple[str, str]]:
    """The names that outcomes may use besides parameters, and what each stands for."""
    for player, actions in players.items():
        yield f"{player}_payoff", f"the payoff of {player}"
        for action in actions:
            yield f"{player}_{action}", f"the probability that {player} plays {action}"


def profile_variables(players: Players) -> list[Parameter]:
    """Payoffs and probabilities as parameters with their intervals, to check outcomes with."""
    intervals = {True: Interval.parse("(-oo, oo)"), False: Interval.parse("[0, 1]")}
    return [
        Parameter(name, what, "", intervals[name.endswith("_payoff")], sympy.S.Zero, "")
        for name, what in variable_names(players)
    ]


def _profile_count(players: Players) -> int:
    return math.prod(len(actions) for actions in players.values())
