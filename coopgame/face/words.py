"""What the words of the face stand for: one word means the same wherever it is an argument.

`public` puts every argument of a function through the reader of its word, so that whatever is
wrong with one is an `InputError` with the argument's name for its place.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import sympy

from coopgame import catalogue
from coopgame.clusters.case import Case
from coopgame.errors import Fault, InputError, brief, fitting, meant
from coopgame.face.making import folders, load
from coopgame.forms.base import Game
from coopgame.language.printing import to_text
from coopgame.rules.macro import MacroRules
from coopgame.solution import Solution

P = ParamSpec("P")
T = TypeVar("T")
Reader = Callable[[Any], Any]


def public(**own: Reader) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Have the arguments of a function read by their words, or by readers of the function's own."""

    def of(function: Callable[P, T]) -> Callable[P, T]:
        signature = inspect.signature(function)
        readers = {name: own.get(name) or WORDS.get(name) for name in signature.parameters}

        @wraps(function)
        def checked(*arguments: P.args, **named: P.kwargs) -> T:
            bound = signature.bind(*arguments, **named)
            stated = set(bound.arguments)
            bound.apply_defaults()
            for name, value in bound.arguments.items():
                reader = readers[name]
                left_out = value is None and name not in stated
                if reader is not None and not left_out:
                    bound.arguments[name] = _read(name, reader, value)
            return function(*bound.args, **bound.kwargs)

        return fitting(checked)

    return of


def _read(name: str, reader: Reader, value: Any) -> Any:
    try:
        return reader(value)
    except InputError as error:
        faults = [Fault(f"{name}.{f.place}" if f.place else name, f.problem, f.mend)
                  for f in error.faults]  # fmt: skip
        if len(error.faults) == 1 and error.faults[0].place:
            faults = list(error.faults)
        raise InputError(faults) from None


# --- readers -----------------------------------------------------------------------------------


def a_game(value: Any) -> Game:
    """A game: one of code, a name, a path, or the tables of a file."""
    found = a_subject(value)
    if isinstance(found, Case):
        raise InputError(f"{found.info.name} is a case, not a game", "name a game")
    return found


def a_subject(value: Any) -> Game | Case:
    """A game or a case."""
    if isinstance(value, Case) or (hasattr(value, "header") and hasattr(value, "derivation")):
        found: Game | Case = value
        return found
    return load(value)


def a_case(value: Any) -> Any:
    """A case: one that was loaded, or a name or path (with `:YEAR` where a phase is asked for)."""
    if isinstance(value, Case):
        return value
    if isinstance(value, str | Path) and str(value).strip():
        return catalogue.load_case(str(value))
    raise InputError(f"{brief(value)} is no case", 'name one, as in "criciuma"')


def a_solution(value: Any) -> Solution | None:
    """A solution that is at hand, or none."""
    if value is None or isinstance(value, Solution):
        return value
    raise InputError(f"{brief(value)} is no solution", "leave it out")


def dated_case(value: Any) -> tuple[Case, int | None]:
    """A case and the year of the phase that is asked for, as in "sialkot:1990"."""
    if isinstance(value, str):
        name, colon, year = value.rpartition(":")
        if colon and year.isdecimal() and len(year) < 6:
            return a_case(name), int(year)
    return a_case(value), None


def some_rules(value: Any) -> tuple[MacroRules, ...]:
    """Macro rules, one or several: names, paths, or rules that were loaded."""
    if value is None:
        return ()
    several = value if isinstance(value, list | tuple) else (value,)
    return tuple(_rules(each) for each in several)


def one_rules(value: Any) -> MacroRules | None:
    """Macro rules, or none."""
    found = some_rules(value)
    if len(found) > 1:
        raise InputError("several rules where one is taken", "give one name")
    return found[0] if found else None


def _rules(value: Any) -> MacroRules:
    if isinstance(value, MacroRules):
        return value
    if isinstance(value, str | Path) and str(value).strip():
        return catalogue.load_rules(str(value))
    raise InputError(f"{brief(value)} are no macro rules", 'name some, as in "stable"')


def text(value: Any) -> str:
    """A text that says something, or a path as one."""
    if isinstance(value, str | Path) and str(value).strip():
        return str(value)
    raise InputError(f"{brief(value)} is not text", "put it in quotes")


def perhaps(reader: Reader) -> Reader:
    """A reader that lets None through: the argument was left out."""
    return lambda value: None if value is None else reader(value)


def texts(value: Any) -> tuple[str, ...]:
    """Texts; one alone may stand for a list of one, and a SymPy condition for its text."""
    if value is None:
        return ()
    several = [value] if isinstance(value, str | sympy.Basic) else value
    if not isinstance(several, list | tuple | set | frozenset):
        raise InputError(f"{brief(value)} is no list of texts", 'write ["...", "..."]')
    return tuple(to_text(v) if isinstance(v, sympy.Basic) else text(v) for v in several)


def values(value: Any) -> dict[str, Any]:
    """Values by the names of parameters; the domain of a game reads the numbers themselves."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError(f"{brief(value)} are no values by name", 'as in {"T": 5}')
    return {_name(key): each for key, each in value.items()}


def ranges(value: Any) -> dict[str, Any]:
    """What varies, by name; how each is read, `coopgame.table` says."""
    found = values(value)
    if not found:
        raise InputError(f"{brief(value)} names nothing that varies", 'as in {"T": (1, 5, 41)}')
    for name, each in found.items():
        _told_apart(name, each)
    return found


def _told_apart(name: str, stated: Any) -> None:
    """Refuse three whole numbers in equal steps or ratios: are they values, or ends and how many?

    A reader takes (1, 2, 3) and (1, 10, 100) for three values, and (1, 5, 41) for a grid.
    """
    three = isinstance(stated, tuple) and len(stated) == 3
    if not three or not all(isinstance(v, int) and not isinstance(v, bool) for v in stated):
        return
    low, high, count = stated
    if low < high < count and (high - low == count - high or high * high == low * count):
        told = f"{name}: {stated} may be three values, or {count} from {low} to {high}"
        mend = f"write {list(stated)} for the values, ('{low}', '{high}', {count}) for the steps"
        raise InputError(told, mend)


def _name(key: Any) -> str:
    if isinstance(key, sympy.Symbol):
        return str(key.name)
    if isinstance(key, str) and key:
        return key
    raise InputError(f"{brief(key)} is no name of a parameter", 'as in {"T": 5}')


def along(value: Any) -> Any:
    """A parameter's name, or `(name, low, high)`."""
    if value is None or (isinstance(value, str) and value.strip()):
        return value
    if isinstance(value, tuple | list) and len(value) == 3 and isinstance(value[0], str):
        return tuple(value)
    raise InputError(f"{brief(value)} is no parameter with a range", 'as in ("h", 0, "1/2") or "h"')


def whole(least: int, most: int) -> Reader:
    """A whole number between two."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise InputError(f"{brief(value)} is no whole number", f"give {least} to {most}")
        found = int(value.__index__())
        if not least <= found <= most:
            raise InputError(f"{found} is out of range", f"give {least} to {most}")
        return found

    return read


def share(value: Any) -> float:
    """A number between 0 and 1, ends excluded."""
    from coopgame.language.numerals import exact

    found = float(exact(value))
    if not 0 < found < 1:
        raise InputError(f"{brief(value)} is out of range", "give a number between 0 and 1")
    return found


def flag(value: Any) -> bool:
    """True or False."""
    if isinstance(value, bool):
        return value
    raise InputError(f"{brief(value)} is neither True nor False", "give the one or the other")


def one_of(options: Iterable[str]) -> Reader:
    """One of some words."""
    known = tuple(options)

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            like = meant(value, known)
            raise InputError(f"{brief(value)} is not known", f"{like}use one of {', '.join(known)}")
        return value

    return read


def called(value: Any) -> Any:
    """A function to be told how far a long work is."""
    if value is None or callable(value):
        return value
    raise InputError(f"{brief(value)} is no function", "leave it out, or give one")


WORDS: dict[str, Reader] = {
    "game": a_game,
    "subject": a_subject,
    "case": a_case,
    "rules": some_rules,
    "outcomes": texts,
    "branches": texts,
    "assume": texts,
    "outcome": perhaps(text),
    "branch": perhaps(text),
    "kind": perhaps(text),
    "relation": perhaps(text),
    "statement": text,
    "set": values,
    "values": values,
    "vary": ranges,
    "x": along,
    "y": along,
    "seed": whole(0, 10**12),
    "year": perhaps(whole(0, 99_999)),
    "width": share,
    "signs": flag,
    "at_defaults": flag,
    "boundaries": flag,
    "progress": called,
    "told": called,
    "extra": folders,
}
