"""Examples and counter-examples to read: the point, and both sides of what holds or fails there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.language.deciding import judged
from coopgame.language.numerals import approximate
from coopgame.language.printing import symbol, to_text

MOST = 6
SHORT = 8  # letters: a longer exact number is told in decimals

Values = Mapping[str, sympy.Rational]


def point(values: Values) -> str:
    """The values of a point, in fractions."""
    return ", ".join(f"{name} = {to_text(value)}" for name, value in sorted(values.items()))


def both_sides(conditions: Iterable[Boolean], values: Values) -> Iterator[str]:
    """Each comparison with the numbers of its two sides at a point, and whether it holds there."""
    at = {symbol(name): value for name, value in values.items()}
    atoms = dict.fromkeys(
        atom for c in conditions for atom in sorted(c.atoms(Relational), key=sympy.default_sort_key)
    )
    for atom in list(atoms)[:MOST]:
        sides = [side.xreplace(at) for side in atom.args]
        if told := judged(atom.func(*sides, evaluate=False)):
            left, right = map(_number, sides)
            yield f"{to_text(atom)}: {left} {atom.rel_op} {right} {told}"


def _number(value: sympy.Expr) -> str:
    exact = to_text(value)
    return exact if len(exact) <= SHORT else approximate(value)
