"""What is played: a game stated on a sheet, so that its problems are solved from it alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from coopgame.errors import InputError
from coopgame.forms.abilities import ability
from coopgame.forms.repeated.automata import describe
from coopgame.forms.wording import Wording, wording
from coopgame.language.printing import to_text
from coopgame.report.solutions import machines
from coopgame.report.tables import Cell, Part, ReportPart, Table, columns, facts
from coopgame.solution import Solution
from coopgame.teaching.exercises import Sheet

WIDEST = 92  # characters of a row of a matrix


def played(sheet: Sheet) -> tuple[ReportPart, ...]:
    """The rules, the game's own content, and what outcomes and equilibria are called."""
    solution = sheet.lecture.solution
    game: Any = solution.game
    words = wording(game)
    stated: list[Part] = [words.play, *_content(game), *_order(game)]
    if outcomes := dict(_outcomes(sheet, words)):
        stated += ["What is asked of an equilibrium:", _listed(outcomes)]
    if words.called:
        stated.append(words.called)
    called = {b.name: told for b in solution.branches if (told := _meaning(b.name, words, game))}
    if called:
        stated += ["What equilibria are called:", _listed(called)]
    return (ReportPart("What is played", tuple(stated)), *machines(_with_all_profiles(solution)))


def _content(game: Any) -> Iterator[Part]:
    """What the form states: payoffs of two players as a matrix where a line holds its rows."""
    content = [(label, list(text.splitlines())) for label, text in game.describe()]
    if matrix := _matrix(game):
        yield facts((label, lines) for label, lines in content if label in game.players)
        yield matrix
    else:
        yield facts(content)


def _matrix(game: Any) -> Table | None:
    """The payoffs of two players in normal form; nothing where the rows are too wide."""
    asked = ability(game, "bimatrix")
    found = asked() if asked else None
    if found is None or found.is_stage:
        return None
    (first, second), (rows, across) = found.players, found.actions
    cells = [
        (row, *(", ".join(map(to_text, found.payoffs[row, column])) for column in across))
        for row in rows
    ]
    head = (f"{first} \\ {second}", *across)
    wide = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    if sum(wide) + 3 * len(wide) > WIDEST:
        return None
    return Table(columns(*head), cells, f"Payoffs of {first} (rows) and {second} (columns)")


def _listed(entries: Mapping[str, Cell]) -> Part:
    return facts((name, [told]) for name, told in entries.items())


def _order(game: Any) -> Iterator[str]:
    players = game.players
    if len(players) > 1 and all(players.values()):
        yield f"Payoffs stand in the order of the players: {', '.join(players)}."
    elif actions := getattr(game, "actions", ()):
        yield f"k is how many of the others choose {actions[0]}."


def _outcomes(sheet: Sheet, words: Wording) -> Iterator[tuple[str, Cell]]:
    """The outcomes that a game states, and in words those asked for that its form has."""
    game: Any = sheet.lecture.solution.game
    own = {**(ability(game, "named_outcomes") or {}), **(ability(game, "mixed_outcomes") or {})}
    asked = [n for n in game.header.shown if n in words.outcomes and n not in own]
    in_use = {s.name for value in own.values() for s in value.free_symbols}
    there = {name for branch in sheet.lecture.solution.branches for name in branch.outcomes}
    for name in dict.fromkeys([*asked, *(n for n in words.outcomes if n in in_use)]):
        if name in there or name in in_use:
            yield name, words.outcomes[name]
    yield from own.items()


def _meaning(name: str, words: Wording, game: Any) -> str:
    """What an equilibrium of this name is, where the name does not say it."""
    if told := words.names.get(name, ""):
        return told
    head, _, side = name.partition("_")
    if head in words.names and side in getattr(game, "sides", ()):
        return f"{words.names[head]}; {side} would renege first"
    return "".join(_head_count(name, getattr(game, "actions", ())))


def _head_count(name: str, actions: tuple[str, ...]) -> Iterator[str]:
    """In a symmetric game: how many take which action."""
    if len(actions) != 2 or not isinstance(actions[0], str):
        return
    first, second = actions
    plain = name.removesuffix("_repeated")
    if plain != name:
        yield f"all {first} for ever, as long as nobody does otherwise; then all {second} for ever"
    elif name in (f"all_{first}", f"all_{second}"):
        yield f"all {name.removeprefix('all_')}"
    elif name.endswith(f"_{first}") and "mix" not in name:
        count = name.removesuffix(f"_{first}")
        yield f"{count} {first}, the others {second}, whoever they are"


def _with_all_profiles(solution: Solution) -> Solution:
    """The solution with every profile that is examined, an equilibrium somewhere or not."""
    game: Any = solution.game
    if ability(game, "pair") is None or not solution.branches:
        return solution
    known, pattern = list(solution.branches), solution.branches[0]
    for name in game.branch_names():
        try:
            pair = game.pair(name)
        except InputError:
            continue
        both = zip(game.setting.players, map(describe, pair), strict=True)
        known.append(replace(pattern, name=name, strategies=dict(both)))
    return replace(solution, branches=tuple(known))
