"""The exception family. Every message says what is wrong, where, and how to fix it.

CoopgameError               exit code
├── InputError              2, a ValueError too: all faults of an input, each with its place
│   └── UnknownName         2, a KeyError too
├── LimitReached            3
├── MissingExtra            2
└── CertificationError      70: a defect of ours
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


MANY = 15  # names that a message lists beside one that may have been meant


@dataclass(frozen=True)
class Fault:
    """One fault of an input: its place (a dotted key), the problem, and a mend."""

    place: str
    problem: str
    mend: str = ""

    def __str__(self) -> str:
        text = f"{self.place}: {self.problem}" if self.place else self.problem
        return f"{text} ({self.mend})" if self.mend else text


def meant(name: str, known: Iterable[str]) -> str:
    """The beginning of a mend for an unknown name: a known one like it, if there is one.

    >>> meant("trsut", ["relation", "trust"])
    "did you mean 'trust'? "
    """
    import difflib

    if not isinstance(name, str):
        return ""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {close[0]!r}? " if close else ""


def choices(name: str, known: Iterable[str], what: str) -> str:
    """A mend for an unknown name: one like it, and all that there are unless that is a long list.

    >>> choices("detla", ["delta", "h"], "known names")
    "did you mean 'delta'? known names: delta, h"
    >>> choices("detla", ["delta", *map(str, range(40))], "known names")
    "did you mean 'delta'?"
    """
    names = list(known)
    near = meant(name, names)
    return near.strip() if near and len(names) > MANY else f"{near}{what}: {', '.join(names)}"


def brief(value: object) -> str:
    """A value of any kind as a message shows it: on one line, and short.

    >>> brief("a" * 100)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..."
    """
    try:
        text = " ".join(repr(value).split())
    except Exception:  # a foreign value's own fault must not hide what is wrong with it
        text = f"a value of {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."


class CoopgameError(Exception):
    """Base of every error raised on purpose; `exit_code` is what the command line returns."""

    exit_code = 2


class InputError(CoopgameError, ValueError):
    """A file, an option or an argument is faulty; `faults` lists everything found at once."""

    def __init__(self, faults: Iterable[Fault] | str, mend: str = "", place: str = "") -> None:
        if isinstance(faults, str):
            faults = [Fault(place, faults, mend)]
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class UnknownName(InputError, KeyError):
    """A name that stands for nothing here; a `KeyError` too, for what is looked up by name."""

    # That of KeyError would show the message in quotation marks, its lines run together.
    __str__ = ValueError.__str__


def unknown(kind: str, name: str, known: Iterable[str]) -> UnknownName:
    """For an unknown name of some kind: what may have been meant, and all that there are.

    >>> print(unknown("outcome", "levl", ["level", "payoff"]))
    unknown outcome 'levl' (did you mean 'level'? outcomes: level, payoff)
    """
    names = list(known)
    listed = f"{kind}s: {', '.join(names) or 'none'}"
    return UnknownName(f"unknown {kind} {name!r}", meant(name, names) + listed)


class LimitReached(CoopgameError):
    """A stated bound on size, effort or time was reached before the answer was complete."""

    exit_code = 3


class MissingExtra(CoopgameError):
    """An optional library is needed; the message says how it is installed."""

    def __init__(self, package: str, distribution: str = "") -> None:
        super().__init__(f"{package} is not installed: pip install {distribution or package}")


class CertificationError(CoopgameError):
    """An equilibrium failed its independent check: an internal error, no fault of the input."""

    exit_code = 70


def fitting(function: Callable[P, T]) -> Callable[P, T]:
    """The function, with an InputError for arguments that it lacks or does not take."""
    signature = inspect.signature(function)

    @wraps(function)
    def checked(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            signature.bind(*arguments, **named)
        except TypeError as error:
            raise _misfit(function.__name__, signature, named, str(error)) from None
        return function(*arguments, **named)

    return checked


def _misfit(
    function: str, signature: inspect.Signature, named: Mapping[str, object], told: str
) -> InputError:
    known = [name for name in signature.parameters if name != "self"]
    strange = [name for name in named if name not in known]
    like = meant(strange[0], known) if strange else ""
    mend = f"{like}arguments: {', '.join(known)}" if known else "it takes none"
    return InputError(f"{function}: {told}", mend)
