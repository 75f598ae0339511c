"""Calls that do not fit a function's arguments, told as every other wrong input is."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

from coopgame.errors import InputError, meant

P = ParamSpec("P")
T = TypeVar("T")


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
    known = list(signature.parameters)
    strange = [name for name in named if name not in known]
    like = meant(strange[0], known) if strange else ""
    return InputError(f"{function}: {told}", f"{like}arguments: {', '.join(known)}")
