"""Reading the record of an answer at a point: exact values where their texts allow, else floats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ..values import CONTEXT, Names, Number, Undefined, evaluate, minus, real

SMALL = CONTEXT.mpf(10) ** -20
ROUNDED = CONTEXT.mpf(10) ** -8


def number(text: Any, shown: Any = None) -> Number:
    """The number of a text; of the float beside it, where the text is beyond the evaluator."""
    try:
        return evaluate(str(text))
    except (Undefined, SyntaxError):
        if isinstance(shown, int | float):
            return CONTEXT.mpf(shown)
        raise


def is_near(one: Number, other: Number, within: Any = ROUNDED) -> bool:
    scale = max(CONTEXT.mpf(1), abs(real(other)))
    return bool(abs(real(minus(one, other))) <= within * scale)


def wrong_outcomes(
    stated: Mapping[str, str], equilibrium: Mapping[str, Any], known: Names
) -> Iterator[tuple[str, str]]:
    """Outcomes of the file that the answer tells otherwise than their text evaluates to."""
    for name, text in stated.items():
        told = equilibrium["outcomes"].get(name)
        try:
            right = evaluate(text, known)
        except Undefined:
            continue
        if told is None:
            yield "an outcome is missing", f"{name} of {equilibrium['name']}: {text}"
        elif not isinstance(told, int | float) or not is_near(Fraction(str(told)), right):
            seen = f"{name} of {equilibrium['name']} is told {told}, {text} is {float(real(right))}"
            yield "a wrong outcome", seen
