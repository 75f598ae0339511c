"""Answers kept between runs: what was worked out once on this machine is read back the next time.

An entry is named by the question, in full, and by the code that answers it, so that neither a
changed game nor a changed package ever meets an old answer. Nothing here is needed for an answer:
an entry that cannot be read, or is not what was asked for, is worked out again.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from fractions import Fraction
from functools import cache, cached_property, lru_cache, wraps
from importlib.metadata import version
from inspect import signature
from io import BytesIO
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from coopgame.clock import is_late

P = ParamSpec("P")
T = TypeVar("T")

WORTH_KEEPING = 0.1  # seconds of processor time: what is sooner found than read is not kept
MOST_BYTES = 256 * 2**20


class _Unnamed(Exception):
    """A question with a part that has no name, such as a function."""


@dataclass(frozen=True)
class Store:
    """A folder of answers; the default one is the user's cache folder."""

    folder: Path

    @classmethod
    def of_user(cls) -> Store:
        """The store of the user who runs this."""
        from platformdirs import user_cache_path

        return cls(user_cache_path("coopgame"))

    @cached_property
    def _entries(self) -> Any:
        from diskcache import Cache

        return Cache(str(self.folder), size_limit=MOST_BYTES)

    def get(self, name: str) -> Any:
        """The answer of a name, or None. What cannot be read counts as missing."""
        with suppress(Exception):  # a file of the folder may hold anything
            entry = self._entries.get(name)
            if isinstance(entry, tuple) and len(entry) == 2 and entry[0] == name:
                return pickle.loads(entry[1])
        return None

    def put(self, name: str, answer: Any) -> None:
        """Keep an answer, if the folder can be written."""
        with suppress(Exception):  # a full disk or a folder that is locked is no fault of the game
            self._entries.set(name, (name, packed(answer)))

    def clear(self) -> int:
        """Forget all answers; how many there were."""
        with suppress(Exception):
            return int(self._entries.clear())
        import shutil

        shutil.rmtree(self.folder, ignore_errors=True)
        return 0

    def size(self) -> tuple[int, int]:
        """How many answers are kept, and in how many bytes."""
        with suppress(Exception):
            return len(self._entries), int(self._entries.volume())
        return 0, 0


class _Packer(pickle.Pickler):
    """Pickles expressions as they stand: SymPy alone would read back `1 > 0` as true, and a product
    with a sum as the sum of products, so that an answer would be told otherwise the second time."""

    def reducer_override(self, value: Any) -> Any:
        from sympy import Add, And, Mul, Not, Or, Pow
        from sympy.core.relational import Relational

        if isinstance(value, Relational | Add | Mul | Pow | And | Or | Not):
            return _as_it_stands, (type(value), value.args)
        return NotImplemented


def _as_it_stands(kind: Any, args: tuple[Any, ...]) -> Any:
    found = kind(*args)
    same = type(found) is kind and found.args == args
    return found if same else kind(*args, evaluate=False)


def packed(answer: Any) -> bytes:
    """An answer as bytes, which `pickle.loads` reads back with all expressions as they stand.

    >>> import sympy
    >>> pickle.loads(packed(sympy.Gt(1, 0, evaluate=False)))
    1 > 0
    """
    buffer = BytesIO()
    _Packer(buffer, protocol=pickle.HIGHEST_PROTOCOL).dump(answer)
    return buffer.getvalue()


_STORE: ContextVar[Store | None] = ContextVar("store", default=None)


@contextmanager
def kept(store: Store | None = None) -> Iterator[None]:
    """Inside, answers are read from a store and kept in it (by default the user's).

    Examples
    --------
    >>> import tempfile, coopgame as cg
    >>> with tempfile.TemporaryDirectory() as folder, kept(Store(Path(folder))):
    ...     first, second = cg.load("trust").solve(), cg.load("trust").solve()
    >>> first == second
    True
    """
    token = _STORE.set(Store.of_user() if store is None else store)
    try:
        yield
    finally:
        _STORE.reset(token)


def remembered(*ignored: str, always: bool = False) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep what a function of values gives, if it took some time to find, or `always`.

    Arguments of the `ignored` names do not change the answer.
    """

    def around(work: Callable[P, T]) -> Callable[P, T]:
        takes = signature(work)

        @wraps(work)
        def asked(*args: P.args, **kwargs: P.kwargs) -> T:
            store = _STORE.get()
            asked_for = takes.bind(*args, **kwargs)
            asked_for.apply_defaults()  # what is left out and what is said to be so is one question
            given = asked_for.arguments
            try:
                name = None if store is None else _name(work, given, ignored)
            except _Unnamed:
                name = None
            if store is None or name is None:
                return work(*args, **kwargs)
            answer: T | None = store.get(name)
            if answer is None:
                begun = time.process_time()
                answer = work(*args, **kwargs)
                is_worth_it = always or time.process_time() - begun > WORTH_KEEPING
                # What a time limit cut short is no answer to keep.
                if is_worth_it and not is_late():
                    store.put(name, answer)
                return answer
            return _about(answer, given.values())

        return asked

    return around


def _about(answer: T, asked: Collection[object]) -> T:
    """An answer that holds what it was asked about, with that very object in place of its equal."""
    if not is_dataclass(answer) or isinstance(answer, type):
        return answer
    values = {f.name: getattr(answer, f.name) for f in fields(answer)}
    own = {
        name: question
        for name, value in values.items()
        for question in asked
        if is_dataclass(question) and type(value) is type(question) and value == question
    }
    return replace(answer, **own)


def _name(work: Callable[..., Any], given: Mapping[str, Any], ignored: Collection[str]) -> str:
    told = {key: _told(value) for key, value in given.items() if key not in ignored}
    question = f"{work.__module__}.{work.__qualname__}({told}) by {_code()}"
    return hashlib.sha256(question.encode()).hexdigest()


def _told(value: object) -> str:
    """A value in full: equal values are told alike in every process, different ones differently."""
    plain = bool | int | float | str | Fraction | Path
    if value is None or isinstance(value, plain):
        return f"{type(value).__name__}:{value!s}"
    if _is_symbolic(value):
        return _told_parts(value)
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if is_dataclass(value) and not isinstance(value, type):
        parts = ", ".join(f"{f.name}={_told(getattr(value, f.name))}" for f in fields(value))
        return f"{type(value).__module__}.{type(value).__qualname__}({parts})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_told(k)}: {_told(v)}" for k, v in value.items()) + "}"
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(map(_told, value))) + "}"
    if isinstance(value, tuple | list):
        return "(" + ", ".join(map(_told, value)) + ")"
    raise _Unnamed


def _is_symbolic(value: object) -> bool:
    """Whether a value is an expression; SymPy is not loaded for the question."""
    sympy = sys.modules.get("sympy")
    return sympy is not None and isinstance(value, sympy.Basic)


@lru_cache(maxsize=2**16)
def _told_parts(value: Any) -> str:
    """An expression by its parts, remembered: to print one as a reader would takes far longer.

    Letters are told with what is assumed of them, which is part of what they are.
    """
    parts = getattr(value, "args", ())
    if not parts:
        from sympy import srepr

        return str(srepr(value))
    return f"{type(value).__name__}({', '.join(map(_told_parts, parts))})"


@cache
def _code() -> str:
    """The code that answers: the package's files, and the algebra it stands on.

    Looked at once, when the first answer is asked for: a process goes on with the code that it has,
    and must not leave its answers under the name of files that were changed meanwhile.
    """
    package = Path(__file__).parent
    files = sorted(
        (str(path.relative_to(package)), state.st_size, state.st_mtime_ns)
        for path in package.rglob("*.py")
        for state in (path.stat(),)
    )
    return hashlib.sha256(f"{files} {version('sympy')}".encode()).hexdigest()
