"""The numbers put in: an argument in symbols at one point, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sympy
from sympy.core.relational import Relational

from coopgame.forms.derivation import Derivation, Line, Role, Step, put
from coopgame.language.deciding import judged, number
from coopgame.language.functions import outside_of
from coopgame.language.numerals import approximate
from coopgame.language.printing import symbol, to_text
from coopgame.teaching.rounds import Values

LONGEST = 40
At = Mapping[sympy.Basic, sympy.Expr]


def worked(derivation: Derivation, values: Values, holds: bool) -> Derivation:
    """The argument with numbers for the parameters, each comparison with whether it holds.

    Lines that have no real value at the point are left out, and so is what only holds in an
    equilibrium where there is none.
    """
    at: dict[sympy.Basic, sympy.Expr] = {symbol(name): value for name, value in values.items()}
    kept = [
        _worked(derivation, step, at)
        for step in derivation.steps[1:]
        if step.kind is not Role.THRESHOLD and (holds or step.kind is not Role.VALUE)
    ]
    steps = tuple(step for step in kept if step.lines)
    return replace(derivation, steps=steps)


def _worked(derivation: Derivation, step: Step, at: At) -> Step:
    lines = (_numeric(derivation, line.kind or step.kind, line, at) for line in step.lines)
    return replace(step, lines=tuple(line for line in lines if line is not None), grids=())


def _numeric(derivation: Derivation, kind: Role, line: Line, at: At) -> Line | None:
    """A line with the numbers put in, as the part it plays asks; None where it says nothing."""
    statement = line.statement
    named = isinstance(statement, sympy.Eq) and statement.args[0].is_Symbol
    if kind in (Role.GIVEN, Role.SOLVED) or (kind is Role.VALUE and named):
        left, right = statement.args
        value = _at(derivation, right, at)
        return _equation(left, value, line) if _real(value) else None
    if kind is Role.SYSTEM:
        return _system(derivation, line, at)
    if kind is Role.SAME:
        return None
    return _compared(_at(derivation, statement, at), line)


def _system(derivation: Derivation, line: Line, at: At) -> Line | None:
    """An equation in its unknowns, what is given put in; functions of a variable stay as named."""
    solved = {known.statement.args[0] for known in derivation.lines(Role.SOLVED)}
    values = {left: _at(derivation, left, at) for left in derivation.definitions}
    if any(not _real(values[s]) for s in line.statement.free_symbols & solved):
        return None
    given = {
        left: value
        for left, value in values.items()
        if left not in solved and (left.is_Symbol or value.is_number)
    }
    return replace(line, statement=put(put(line.statement, given), at))


def _at(derivation: Derivation, statement: sympy.Basic, at: At) -> sympy.Basic:
    """A statement in numbers; not a number where a function in it has no real value."""
    resolved = derivation.resolved(statement)
    if any(put(outside_of(f), at) != sympy.false for f in resolved.atoms(sympy.Function)):
        return sympy.nan
    return put(resolved, at)


def _equation(left: sympy.Expr, value: sympy.Expr, line: Line) -> Line | None:
    """`left = value`, in decimals beside it where that is no short number."""
    if value.free_symbols:
        return replace(line, statement=sympy.Eq(left, value, evaluate=False))
    near = "" if len(to_text(value)) <= 4 else f"about {approximate(value)}"
    if len(to_text(value)) > LONGEST:
        value, near = _rounded(value), "rounded"
    about = "; ".join(filter(None, (line.about, near)))
    return replace(line, statement=sympy.Eq(left, value, evaluate=False), about=about)


def _compared(statement: sympy.Basic, line: Line) -> Line | None:
    """A comparison of numbers, with whether it holds; alternatives are judged together."""
    if statement.free_symbols or statement in (sympy.true, sympy.false, sympy.nan):
        return None
    verdict = judged(statement)
    if not verdict:
        return None
    about = "; ".join(filter(None, (line.about, verdict)))
    return replace(line, statement=_decimal(statement), about=about)


def _real(value: sympy.Expr) -> bool:
    return bool(value.is_number and value.is_real and value.is_finite) or bool(value.free_symbols)


def _decimal(statement: sympy.Basic) -> sympy.Basic:
    """A comparison with decimals for the sides whose exact numbers are long."""
    if not isinstance(statement, Relational):
        return statement
    sides = [side if len(to_text(side)) <= 16 else _rounded(side) for side in statement.args]
    if len({number(side) for side in sides}) == 1:  # near each other: rounded they would be equal
        return statement
    return statement.func(*sides, evaluate=False)


def _rounded(value: sympy.Expr) -> sympy.Expr:
    """The number that stands for a long one, as it is told to a person."""
    near = approximate(value)
    return sympy.Integer(near) if near.lstrip("-").isdigit() else sympy.Float(near)
