"""An example that a person can check: the same statement, at small numbers away from corners.

A solver's point may have long fractions, or lie where several bounds are met at once. Points of
defaults and small numbers are drawn first; then, from one variable to the next, the plainest value
is taken at which every goal still holds, exactly, and no weak comparison with equality, as far as
there is one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import sympy
from sympy.logic.boolalg import Boolean

from coopgame.language.parameters import Domain
from coopgame.proofs.questions import Existence
from coopgame.proofs.witnesses import Witness, holds, indicator

DRAWS = 3000
DRAW_SEED = 20261127
CHECKED = 5  # of the points drawn that floating point lets through, each by exact arithmetic
ROUNDS = 2  # a later variable's value can make room for a plainer earlier one
TESTS = 300  # of goals, at one point: some hold a root and take a millisecond each
LARGEST = 20  # numerators and denominators of a default that is taken before smaller numbers
HALVES = (2, 3, 4, 5, 10)


def plainly(
    found: Existence,
    goals: Sequence[Boolean],
    domain: Domain,
    integers: Collection[sympy.Symbol] | None = None,
) -> Existence:
    """What was found to exist, shown by a plain point."""
    if found.witness is None:
        return found
    return replace(found, witness=plainer(found.witness, goals, domain, integers))


def plainer(
    witness: Witness,
    goals: Sequence[Boolean],
    domain: Domain,
    integers: Collection[sympy.Symbol] | None = None,
) -> Witness:
    """A point that meets all goals too, at least as plain; the witness itself if it meets not all.

    A default of the domain is taken first, where it is a short number, then the smallest number.

    >>> x, y = sympy.symbols("x y", real=True)
    >>> far = {x: sympy.Rational(355, 113), y: sympy.Integer(0)}
    >>> list(plainer(far, [x > 0, y >= 0, x > y], Domain()).values())
    [1, 1/2]
    """
    atoms = [atom for goal in goals for atom in _atoms(goal)]
    if not all(holds(atom, witness) for atom in atoms):
        return witness
    usual = {p.symbol: p.default for p in domain.parameters}
    whole = domain.integers if integers is None else integers
    choices = {v: tuple(_candidates(usual.get(v), v in whole)) for v in witness}
    point, left = dict(_drawn(atoms, choices) or witness), TESTS
    tied = _tied(atoms, whole)
    for variable in [v for _ in range(ROUNDS) for v in sorted(witness, key=str)]:
        if variable in tied:
            continue
        around = [atom for atom in atoms if atom.has(variable, *tied)]
        strict = [_strict(atom) for atom in around]
        for value in choices[variable]:
            if value == point[variable] and all(holds(atom, point) for atom in strict):
                break
            there = _moved(point, variable, value, tied)
            left -= len(strict)
            if left < 0:
                return point
            if there is not None and all(holds(atom, there) for atom in strict):
                point = there
                break
    return point


def _drawn(
    atoms: Sequence[Boolean], choices: Mapping[sympy.Symbol, Sequence[sympy.Rational]]
) -> Witness | None:
    """Of points drawn from the values to try, half of these the first, the plainest that fits."""
    if not choices or any(isinstance(atom, sympy.Eq) for atom in atoms):
        return None
    generator = np.random.default_rng(DRAW_SEED)
    places, columns = {}, {}
    for variable, values in sorted(choices.items(), key=str):
        first = generator.integers(0, 2, DRAWS) == 0
        places[variable] = np.where(first, 0, generator.integers(0, len(values), DRAWS))
        columns[variable] = np.array([float(value) for value in values])[places[variable]]
    hits = np.ones(DRAWS, dtype=bool)
    strict = [_strict(atom) for atom in atoms]
    try:
        with np.errstate(all="ignore"):
            for atom in strict:
                of, held = indicator(atom)
                hits = hits & held(*(columns[variable] for variable in of))[0]
    except (TypeError, ValueError, NameError, OverflowError, KeyError):
        return None  # something in it has no numeric form
    rank = np.sum(list(places.values()), axis=0)
    rows = np.flatnonzero(hits)
    for row in rows[np.argsort(rank[rows], kind="stable")][:CHECKED]:
        point = {variable: values[places[variable][row]] for variable, values in choices.items()}
        if all(holds(atom, point) for atom in strict):
            return point
    return None


def _atoms(goal: Boolean) -> Iterator[Boolean]:
    if isinstance(goal, sympy.And):
        for part in goal.args:
            yield from _atoms(part)
    elif goal != sympy.true:
        yield goal


def _strict(atom: Boolean) -> Boolean:
    """A weak comparison as a strict one: off its border."""
    if isinstance(atom, sympy.Ge):
        return sympy.Gt(*atom.args)
    return sympy.Lt(*atom.args) if isinstance(atom, sympy.Le) else atom


def _candidates(usual: sympy.Rational | None, whole: bool) -> Iterator[sympy.Rational]:
    """Values to try, the plainest first."""
    if usual is not None and max(abs(usual.p), usual.q) <= LARGEST:
        yield usual
    for number in range(1, 11):
        yield sympy.Integer(number)
        if not whole and number == 1:
            yield from (
                sympy.Rational(p, q) for q in HALVES for p in range(1, q) if q % p or p == 1
            )
    yield sympy.S.Zero
    yield from (sympy.Integer(number) for number in (-1, -2, -3, -5, 15, 20, 50, 100))
    if not whole:
        yield from (sympy.Rational(p, q) for q in (2, 20) for p in (3, 5, 7, 9, 13, 17, 19))


def _tied(
    atoms: Sequence[Boolean], whole: Collection[sympy.Symbol]
) -> Mapping[sympy.Symbol, sympy.Expr]:
    """The variable that an equation gives, where it is linear in one; others of it stay free."""
    equations = [atom for atom in atoms if isinstance(atom, sympy.Eq)]
    if not equations:
        return {}
    numerator = sympy.fraction(sympy.together(equations[0].lhs - equations[0].rhs))[0]
    for variable in sorted(numerator.free_symbols - set(whole), key=str):
        polynomial = sympy.Poly(numerator, variable) if numerator.is_polynomial(variable) else None
        if polynomial is not None and polynomial.degree() == 1:
            slope, constant = polynomial.all_coeffs()
            return {variable: -constant / slope}
    return {}


def _moved(
    point: Witness,
    variable: sympy.Symbol,
    value: sympy.Rational,
    tied: Mapping[sympy.Symbol, sympy.Expr],
) -> dict[sympy.Symbol, sympy.Rational] | None:
    """The point with a variable moved, and what an equation ties to it."""
    there = {**point, variable: value}
    for dependent, expression in tied.items():
        given = expression.xreplace({s: v for s, v in there.items() if s != dependent})
        if not given.is_Rational:
            return None
        there[dependent] = given
    return there
