"""A game in Python values as the plain tables of a game file, so that the same readers check it.

Numbers, texts and SymPy expressions may stand wherever a file has text. What only a catalogue
needs may be left out: meaning, unit, source and default of a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from numbers import Integral, Real
from typing import Any

import sympy

from coopgame.errors import Fault, InputError, brief
from coopgame.language.numerals import exact
from coopgame.language.printing import to_text
from coopgame.reading.defaults import complete
from coopgame.reading.section import FORMAT

ASSUME = "assume"
NAMES = ("players", "actions", "shown", "terms")  # where one text may hold several names
LISTS = ("profiles", "assumptions", "agreed")  # where one text stands for a list of one
DEEPEST = 12


def tables(form: Any, matrices: Iterable[Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of a game file that Python values stand for.

    Raises InputError, all faults at once, for what no file can state.
    """
    faults: list[Fault] = []
    data = {"format": FORMAT, "form": form, **_renamed(stated, faults)}
    for name, found in _bimatrix(form, tuple(matrices), data, faults).items():
        data[name] = found
    data["parameters"] = _parameters(data.get("parameters"), faults)
    found = {key: plain(value, key, faults) for key, value in data.items() if value is not None}
    if faults:
        raise InputError(faults)
    for section in (found, found.get("stage")):
        if isinstance(section, dict):
            _spread(section)
    complete(found)
    _complete_terms(found)
    return found


def _renamed(stated: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """`assume` as a file calls it."""
    found = dict(stated)
    if ASSUME in found:
        if "assumptions" in found:
            faults.append(Fault(ASSUME, "assumptions are given twice", "drop one"))
        found["assumptions"] = found.pop(ASSUME)
    return found


def plain(value: Any, place: str, faults: list[Fault], depth: int = 0) -> Any:
    """A value as TOML has it: a table, a list, a text or a whole number; other faults are noted."""
    if depth > DEEPEST:
        faults.append(Fault(place, f"is nested deeper than {DEEPEST}", "flatten it"))
        return ""
    if isinstance(value, str | bool):
        return value
    if isinstance(value, sympy.Basic):
        return to_text(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        with suppress(InputError):
            return to_text(exact(value))
        return str(value)
    if isinstance(value, Mapping):
        entries = {_key(key): each for key, each in value.items() if each is not None}
        return {k: plain(each, f"{place}.{k}", faults, depth + 1) for k, each in entries.items()}
    if hasattr(value, "tolist") and not isinstance(value, type):
        with suppress(Exception):  # an array of NumPy's, say; whatever else calls itself one
            value = value.tolist()
    if isinstance(value, list | tuple):
        return [plain(v, f"{place}[{i}]", faults, depth + 1) for i, v in enumerate(value)]
    mend = "give text, numbers, SymPy expressions, lists or tables of them"
    faults.append(Fault(place, f"{brief(value)} cannot stand in a game", mend))
    return ""


def _key(key: Any) -> str:
    """A key as text: `("C", "D")` is the profile `C,D`."""
    return ",".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _spread(section: dict[str, Any]) -> None:
    """Spell out the lists that one text may stand for."""
    for key in NAMES:
        if isinstance(section.get(key), str):
            section[key] = _words(section[key]) if not _is_number(key, section) else section[key]
        elif key == "players" and isinstance(section.get(key), dict):
            section[key] = {
                player: _words(actions) if isinstance(actions, str) else actions
                for player, actions in section[key].items()
            }
    for key in LISTS:
        if isinstance(section.get(key), str):
            section[key] = [section[key]]
    for mode in section.get("modes", {}).values() if _is_table(section, "modes") else ():
        if isinstance(mode, dict) and isinstance(mode.get("terms"), str):
            mode["terms"] = _words(mode["terms"])


def _is_table(section: Mapping[str, Any], key: str) -> bool:
    return isinstance(section.get(key), dict)


def _is_number(key: str, section: Mapping[str, Any]) -> bool:
    """Whether `players` is how many there are, as in a symmetric game."""
    return key == "players" and section.get("form") == "symmetric"


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


# --- matrices ----------------------------------------------------------------------------------


def _bimatrix(
    form: Any, matrices: tuple[Any, ...], data: Mapping[str, Any], faults: list[Fault]
) -> dict[str, Any]:
    """The players and payoffs that one or two matrices stand for; of one, a symmetric game.

    The column player's payoff at (i, j) of a symmetric game is the row player's at (j, i).
    """
    if not matrices:
        return {}
    rows = [_rows(matrix) for matrix in matrices]
    shapes = {(len(m), len(m[0])) for m in rows if m is not None and m}
    if None in rows or len(rows) > 2 or len(shapes) != 1 or form not in ("normal", "repeated"):
        problem = "one or two matrices of one shape make a normal game, or a repeated one's stage"
        faults.append(Fault("payoffs", problem, 'as in game("normal", [["R", 0], ["T", 1]])'))
        return {}
    first = rows[0] or []
    ((height, width),) = shapes
    if len(rows) == 1 and height != width:
        faults.append(
            Fault(
                "payoffs",
                f"one matrix of {height} by {width} is not square",
                "a symmetric game has one square matrix, others two",
            )
        )
        return {}
    second = rows[1] if len(rows) == 2 else [list(column) for column in zip(*first, strict=True)]
    twice = next((key for key in ("payoffs", "stage") if data.get(key) is not None), None)
    if twice:
        faults.append(Fault(twice, "is given twice, as matrices and as a table", "drop one"))
        return {}
    usual = _named(height, width, len(rows) == 1)
    players = data.get("players") or usual
    actions = _actions(players)
    if actions is None:
        faults.append(Fault("players", f"{brief(players)} names no actions", f"as in {usual}"))
        return {}
    if [len(own) for own in actions] != [height, width]:
        told = f"{' and '.join(str(len(own)) for own in actions)} actions"
        faults.append(Fault("players", f"{told} for {height} by {width} payoffs", "name each"))
        return {}
    payoffs = {
        f"{actions[0][i]},{actions[1][j]}": [first[i][j], (second or [])[i][j]]
        for i in range(height)
        for j in range(width)
    }
    found = {"players": players, "payoffs": payoffs}
    return found if form == "normal" else {"players": None, "stage": found}


def _actions(players: Any) -> list[list[Any]] | None:
    """The actions of each player, whom a table names; None for what is no such table."""
    if not isinstance(players, Mapping):
        return None
    if not all(isinstance(own, str | list | tuple) for own in players.values()):
        return None
    return [_words(own) if isinstance(own, str) else list(own) for own in players.values()]


def _rows(matrix: Any) -> list[list[Any]] | None:
    """The rows of a matrix, whatever holds them; None for what is no matrix."""
    if hasattr(matrix, "tolist") and not isinstance(matrix, type):
        with suppress(Exception):
            matrix = matrix.tolist()
    if not isinstance(matrix, list | tuple) or not matrix:
        return None
    if not all(isinstance(row, list | tuple) and row for row in matrix):
        return None
    rows = [list(row) for row in matrix]
    return rows if len({len(row) for row in rows}) == 1 else None


def _named(height: int, width: int, symmetric: bool) -> dict[str, list[str]]:
    letters = ("a", "a") if symmetric else ("r", "c")
    sizes = (height, width)
    names = ("row", "column")
    return {
        name: [f"{letter}{i + 1}" for i in range(size)]
        for name, letter, size in zip(names, letters, sizes, strict=True)
    }


# --- parameters ----------------------------------------------------------------------------------


def _parameters(stated: Any, faults: list[Fault]) -> dict[str, Any]:
    """The table of parameters, each with all that a file states of it but the default.

    A parameter is its interval, as text, as (low, high) for an open and [low, high] for a closed
    one, or a table as in a file. Names alone are real numbers.
    """
    if stated is None:
        return {}
    if isinstance(stated, str):
        stated = dict.fromkeys(_words(stated), "(-oo, oo)")
    if isinstance(stated, list | tuple):
        stated = {str(name): "(-oo, oo)" for name in stated}
    if not isinstance(stated, Mapping):
        faults.append(
            Fault(
                "parameters",
                f"{brief(stated)} is no table of parameters",
                'as in parameters={"T": "(1, oo)"}',
            )
        )
        return {}
    return {str(name): _parameter(f"parameters.{name}", p, faults) for name, p in stated.items()}


def _parameter(place: str, stated: Any, faults: list[Fault]) -> dict[str, Any]:
    found = dict(stated) if isinstance(stated, Mapping) else {"domain": stated}
    found["domain"] = _interval(place, found.get("domain", "(-oo, oo)"), faults)
    return {"meaning": "", "unit": "", "source": "", **found}


def _interval(place: str, stated: Any, faults: list[Fault]) -> Any:
    if isinstance(stated, sympy.Interval):
        left, right = "[("[bool(stated.left_open)], "])"[bool(stated.right_open)]
        return f"{left}{to_text(stated.start)}, {to_text(stated.end)}{right}"
    if isinstance(stated, list | tuple) and len(stated) == 2:
        low, high = (plain(end, place, faults) for end in stated)
        brackets = "()" if isinstance(stated, tuple) else "[]"
        low, high = (str(end).replace("inf", "oo") for end in (low, high))
        return f"{brackets[0]}{low}, {high}{brackets[1]}"
    if not isinstance(stated, str):
        mend = "write '(1, oo)', (0, 1) for an open or [0, 1] for a closed one"
        faults.append(Fault(place, f"{brief(stated)} is no interval", mend))
    return stated


def _complete_terms(data: dict[str, Any]) -> None:
    """A term of a contract may be its interval alone, as a parameter may."""
    terms = data.get("terms")
    if isinstance(terms, dict):
        for name, entry in terms.items():
            table = entry if isinstance(entry, dict) else {"domain": entry}
            terms[name] = {"meaning": "", "unit": "", **table}
