"""The words on a picture: what is shown, at which values, from which file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy

from coopgame.language.numerals import approximate, as_given
from coopgame.language.parameters import Parameter
from coopgame.language.printing import to_text

SHORT = 12
MEANINGS = {
    "level": "highest that enforces itself [0 none, 1 full]",
    "cooperation": "extent of co-operation [0 none, 1 full]",
    "tipping_point": "trust below which co-operation unravels [level, 0 to 1]",
    "first_best": "jointly best level of co-operation [level, 0 to 1]",
    "average_payoff": "payoff a period, mean of the players [payoff per period]",
    "welfare": "payoff a head [payoff]",
    "belief": "trust that starting to co-operate needs [probability]",
    "needed": "trust that a venture needs [probability]",
    "value": "payoff of the party that chooses [payoff]",
}


@dataclass(frozen=True)
class Heading:
    """What stands around a picture: title, values held fixed, notes below, and where it is from."""

    title: str
    given: str
    origin: str
    notes: tuple[str, ...] = ()


def readable(name: str) -> str:
    """A name as words.

    >>> readable("always_defect")
    'always defect'
    """
    return name.replace("_", " ").replace(", ", ",").replace(",", ", ")


def parameter_label(parameter: Parameter) -> str:
    """The name, meaning and unit of a parameter, for an axis."""
    return f"{parameter.name}: {parameter.meaning} [{parameter.unit}]"


def outcome_label(name: str) -> str:
    """The name and meaning of an outcome, as far as the forms give it one."""
    if name.startswith("payoff_"):
        return f"payoff of {readable(name.removeprefix('payoff_'))} [payoff]"
    meaning = MEANINGS.get(name)
    return f"{readable(name)}: {meaning}" if meaning else f"{readable(name)} [outcome of the game]"


def values_text(values: Mapping[str, sympy.Expr]) -> str:
    """Values held fixed, as in `T = 5, R = 3`; no line breaks within one."""
    return ", ".join(f"{name}\u00a0=\u00a0{as_given(value)}" for name, value in values.items())


def number_text(value: sympy.Expr | float) -> str:
    """A number to read: the exact fraction where it is short, else three digits.

    >>> number_text(sympy.Rational(1, 3)), number_text(sympy.sqrt(2)), number_text(sympy.Integer(2))
    ('1/3', '1.41', '2')
    """
    if isinstance(value, sympy.Rational):
        text = to_text(value)
        if len(text) <= SHORT and value.q <= 99:
            return text
    return approximate(value)


def sentence(text: str) -> str:
    """A note as a sentence: with a capital letter and a full stop.

    >>> sentence("equilibria of three players are left out")
    'Equilibria of three players are left out.'
    """
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(".") else ".")
