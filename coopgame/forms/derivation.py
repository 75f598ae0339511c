"""A derivation as a value: numbered steps, each a sentence with its equations.

Every form derives its equilibria from its solver's own steps; what the steps' equations must
satisfy depends on their `Role`, so that a derivation can be checked line by line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol
from coopgame.proofs.questions import QUICK, sign


class Role(StrEnum):
    """The part that the lines of a step play in the argument.

    `GIVEN` and `SOLVED` lines define what stands on their left; `SYSTEM` lines are equations that
    what is solved satisfies; the lines of a `SAME` step are equivalent to each other; those of
    all `INCENTIVE` steps hold together exactly where the equilibrium does, and so do the
    `CONDITION` lines; `THRESHOLD` and `VALUE` lines hold wherever it does; `SIGN` lines say which
    way something moves there.
    """

    GIVEN = "given"
    SYSTEM = "system"
    SAME = "same"
    SOLVED = "solved"
    INCENTIVE = "incentive"
    CONDITION = "condition"
    THRESHOLD = "threshold"
    SIGN = "sign"
    VALUE = "value"


@dataclass(frozen=True)
class Line:
    """One displayed equation or comparison, kept as it is written, and what it is about.

    `kind` is given where the line plays another part than its step.
    """

    statement: Boolean
    about: str = ""
    kind: Role | None = None


@dataclass(frozen=True)
class ArgumentTable:
    """A small table: the names of its columns, and rows of texts and expressions."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    title: str = ""


@dataclass(frozen=True)
class Step:
    """One step of an argument: a heading, a sentence, its lines, and remarks below them."""

    heading: str
    text: str
    lines: tuple[Line, ...] = ()
    kind: Role = Role.VALUE
    remarks: tuple[str, ...] = ()
    grids: tuple[ArgumentTable, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """Why a branch is an equilibrium exactly where its conditions hold."""

    branch: str
    concept: str
    steps: tuple[Step, ...]

    def lines(self, kind: Role) -> tuple[Line, ...]:
        """Every line of one kind."""
        return tuple(
            line for step in self.steps for line in step.lines if (line.kind or step.kind) is kind
        )

    @property
    def definitions(self) -> dict[sympy.Basic, sympy.Expr]:
        """What the argument's own letters and functions stand for, in the parameters."""
        found: dict[sympy.Basic, sympy.Expr] = {}
        for kind in (Role.GIVEN, Role.SOLVED):
            for line in self.lines(kind):
                left, right = line.statement.args
                if isinstance(left, sympy.Symbol | AppliedUndef):
                    found[left] = right
        return found

    def resolved(self, statement: sympy.Basic) -> sympy.Basic:
        """A statement with the argument's letters replaced by what they stand for."""
        known = self.definitions
        for _ in known:
            replaced = put(statement, known)
            if replaced == statement:
                break
            statement = replaced
        return statement


def put(statement: sympy.Basic, at: Mapping[sympy.Basic, sympy.Expr]) -> sympy.Basic:
    """A statement with expressions put in, each side by itself, so that it stays a comparison.

    >>> x = sympy.Symbol("x", real=True)
    >>> put(equal(x + 1, x), {x: sympy.Integer(2)})
    Eq(3, 2)
    """
    if isinstance(statement, Relational):
        sides = (put(side, at) for side in statement.args)
        return statement.func(*sides, evaluate=False)
    if isinstance(statement, sympy.And | sympy.Or | sympy.Not):
        return statement.func(*(put(part, at) for part in statement.args), evaluate=False)
    if statement.has(sympy.Piecewise):
        return statement.subs(at)
    return statement.xreplace(dict(at))


# --- writing lines -----------------------------------------------------------------------------


def equal(left: sympy.Expr, right: sympy.Expr) -> Boolean:
    """`left = right`, as written."""
    return sympy.Eq(left, right, evaluate=False)


def at_least(left: sympy.Expr, right: sympy.Expr) -> Boolean:
    """`left >= right`, as written."""
    return sympy.Ge(left, right, evaluate=False)


def above(left: sympy.Expr, right: sympy.Expr) -> Boolean:
    """`left > right`, as written."""
    return sympy.Gt(left, right, evaluate=False)


def at_most(left: sympy.Expr, right: sympy.Expr) -> Boolean:
    """`left <= right`, as written."""
    return sympy.Le(left, right, evaluate=False)


def below(left: sympy.Expr, right: sympy.Expr) -> Boolean:
    """`left < right`, as written."""
    return sympy.Lt(left, right, evaluate=False)


def fresh(stem: str, taken: Collection[str]) -> sympy.Symbol:
    """A symbol called `stem`, or something near it that is not taken.

    >>> fresh("D", ["D", "delta"])
    D_0
    """
    names: Iterator[str] = (f"{stem}_{i}" for i in range(len(taken) + 1))
    return symbol(stem if stem not in taken else next(n for n in names if n not in taken))


def applied(name: str, argument: sympy.Expr) -> sympy.Expr:
    """A function of that name at an argument, to be defined by a line."""
    return sympy.Function(name, real=True)(argument)


def letter(
    stem: str, expression: sympy.Expr, taken: Collection[str], about: str
) -> tuple[sympy.Expr, tuple[Line, ...]]:
    """A letter for an expression of several symbols, with the line that defines it.

    What is a number or a parameter already stays itself.
    """
    if expression.is_Symbol or expression.is_number:
        return expression, ()
    stand_in = fresh(stem, taken)
    return stand_in, (Line(equal(stand_in, expression), about),)


def positive(value: sympy.Expr, domain: Domain) -> sympy.Expr:
    """The fraction, factored, with each factor turned the way it is positive, as 1 - D.

    >>> d, r = sympy.symbols("d r", real=True)
    >>> positive(-r / (d - 1), Domain(assumptions=(d < 1,)))
    r/(1 - d)
    """
    if not value.is_rational_function(*value.free_symbols):
        return value
    top, bottom = map(sympy.factor, sympy.fraction(sympy.together(value)))
    (above_, flips), (below_, more) = (_turned(part, domain) for part in (top, bottom))
    return (above_ if (flips + more) % 2 == 0 else _negated(above_, domain)) / below_


def _turned(product: sympy.Expr, domain: Domain) -> tuple[sympy.Expr, int]:
    """The product of factors turned to be positive, and how many odd ones were turned."""
    found, flips = sympy.S.One, 0
    for factor in sympy.Mul.make_args(product):
        base, power = factor.as_base_exp()
        known = "+"
        if base.is_Add:
            known = sign(base, domain.constraints, domain.integers, QUICK).sign
        elif base.is_number and base.is_negative:
            known = "-"
        found *= (-base if known == "-" else base) ** power
        flips += known == "-" and power % 2 == 1
    return found, flips


def _negated(product: sympy.Expr, domain: Domain) -> sympy.Expr:
    """Minus the product, the minus sign taken into a sum whose sign is open, if that is shorter."""
    factors = list(sympy.Mul.make_args(product))
    for i, factor in enumerate(factors):
        minuses = sum(term.could_extract_minus_sign() for term in sympy.Add.make_args(factor))
        shorter = factor.is_Add and 2 * minuses >= len(factor.args)
        if shorter and sign(factor, domain.constraints, domain.integers, QUICK).sign == "?":
            return sympy.Mul(*factors[:i], -factor, *factors[i + 1 :])
    return -product


def payoff_grid(
    players: Mapping[str, tuple[str, ...]],
    payoffs: Mapping[tuple[str, ...], tuple[sympy.Expr, ...]],
    title: str = "",
) -> ArgumentTable:
    """The payoffs of every profile: a matrix of pairs for two players, else a row a profile."""
    names, actions = list(players), list(players.values())
    if len(names) == 2:
        rows = tuple(
            (own, *(sympy.Tuple(*payoffs[own, other]) for other in actions[1]))
            for own in actions[0]
        )
        return ArgumentTable((f"{names[0]} \\ {names[1]}", *actions[1]), rows, title)
    listed = tuple((*profile, sympy.Tuple(*found)) for profile, found in payoffs.items())
    return ArgumentTable((*names, "payoffs"), listed, title)


def condition_step(conditions: Iterable[Boolean]) -> Step:
    """The step that states the exact conditions of an equilibrium."""
    stated = tuple(Line(condition) for condition in conditions if condition != sympy.true)
    holds = "Written in the parameters only, the condition is"
    if not stated:
        holds = "No condition is left: it is an equilibrium at all values of the parameters."
    return Step("The condition", holds, stated, Role.CONDITION)
