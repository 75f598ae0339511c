"""Conditions in SymPy rewritten over the reals of Z3."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

import sympy
import z3
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanAtom

from coopgame.language.comparisons import gap
from coopgame.language.functions import row_of

CONNECTIVES: dict[type[Boolean], Callable[..., Any]] = {
    sympy.And: z3.And,
    sympy.Or: z3.Or,
    sympy.Not: z3.Not,
    sympy.ITE: z3.If,
    sympy.Xor: lambda *parts: reduce(z3.Xor, parts),
    sympy.Implies: z3.Implies,
    sympy.Equivalent: lambda first, *others: z3.And([first == other for other in others]),
}
# Z3 knows no exp(1): a number it does not know is told as its first digits, give or take a slack
# that is well above what these digits leave open, so that the bounds are certain.
NUMBER_DIGITS = 30
NUMBER_SLACK = sympy.Rational(1, 10**25)


def _fraction_of(expression: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """Numerator and denominator; most conditions have none, and `together` is slow to see that."""
    if not any(power.exp.could_extract_minus_sign() for power in expression.atoms(sympy.Pow)):
        return expression, sympy.S.One
    numerator, denominator = sympy.fraction(sympy.together(expression))
    return numerator, denominator


@dataclass(frozen=True)
class _Encoded:
    """A condition in Z3, and the ties of the fresh variables in it."""

    stated: Any
    ties: tuple[Any, ...]
    relaxed: bool


@lru_cache(maxsize=16384)
def encoded(condition: Boolean) -> _Encoded:
    """The condition in Z3, remembered: premises come back in question after question.

    Fresh variables are named after what they stand for, so that conditions share them.
    """
    encoder = _Encoder(bare=isinstance(condition, Relational))
    stated = encoder.condition(condition)
    return _Encoded(stated, tuple(encoder.ties), encoder.relaxed)


def _real(value: sympy.Rational) -> Any:
    return z3.RealVal(f"{value.p}/{value.q}")


def real_variable(name: sympy.Symbol) -> Any:
    return z3.Real(f"par!{name.name}")


@lru_cache(maxsize=4096)
def _auxiliary(of: sympy.Basic) -> str:
    """The name of what stands for an expression; remembered, as to print a level is slow."""
    return f"aux!{of}"


class _Encoder:
    """Rewrites conditions over Z3's reals; roots and quotients become tied fresh variables.

    A comparison is false where one of its sides is not a real number, as it is in NumPy and on a
    page. `bare` says that the goal is one comparison, so that its ties may be stated outright, but
    not those of a piece; within `A < 0 or sqrt(A) > 1` they must hold only where there is a root.
    """

    def __init__(self, bare: bool = False) -> None:
        self.bare = bare
        self.ties: list[Any] = []
        self.known: dict[sympy.Basic, Any] = {}
        self.powers: list[sympy.Pow] = []
        self.relaxed = False

    def fresh(self, of: sympy.Basic) -> Any:
        self.known[of] = z3.Real(_auxiliary(of))
        return self.known[of]

    def tie(self, defined: Any, tie: Any) -> None:
        self.ties.append(tie if self.bare else z3.Implies(defined, tie))

    def condition(self, condition: Boolean) -> Any:
        if isinstance(condition, BooleanAtom):
            return z3.BoolVal(bool(condition))
        if isinstance(condition, Relational):
            compared, guards = self.comparison(condition), self.guards(condition)
            return z3.And(*guards, compared) if guards else compared
        parts = [self.condition(part) for part in condition.args]
        return CONNECTIVES[condition.func](*parts)

    def comparison(self, relation: Relational) -> Any:
        numerator, denominator = _fraction_of(gap(relation))
        top, bottom = self.term(numerator), self.term(denominator)
        if isinstance(relation, sympy.Eq):
            return z3.And(bottom != 0, top == 0)
        if isinstance(relation, sympy.Ne):
            return z3.And(bottom != 0, top != 0)
        strict = isinstance(relation, sympy.Gt | sympy.Lt)
        above = top > 0 if strict else top >= 0
        if denominator.is_positive:
            return above
        below = top < 0 if strict else top <= 0
        return z3.Or(z3.And(bottom > 0, above), z3.And(bottom < 0, below))

    def guards(self, condition: Relational) -> list[Any]:
        """What must hold beside the comparison; of one stated outright, ties say the most of it."""
        parts = condition.atoms(sympy.Piecewise) if self.bare else [condition]
        return [guard for part in parts for guard in self.defined(part)]

    def defined(self, expression: sympy.Basic) -> list[Any]:
        """What must hold for every root, quotient and logarithm in it to be a real number."""
        if isinstance(expression, sympy.Piecewise):
            live: Any = z3.BoolVal(True)
            for value, condition in reversed(expression.args):
                within = z3.And(*self.defined(value))
                live = z3.If(self.condition(condition), within, live)
            return [live]
        guards = [guard for part in expression.args for guard in self.defined(part)]
        row = row_of(expression)
        if row and row.domain:
            guards.append(row.domain(self.term(expression.args[0])))
        elif expression.is_Pow and expression.exp.is_Rational and not expression.base.is_number:
            base, exponent = self.term(expression.base), expression.exp
            if not exponent.is_Integer:
                guards.append(base >= 0 if exponent.is_positive else base > 0)
            elif exponent.is_negative:
                guards.append(base != 0)
        return guards

    def term(self, expression: sympy.Expr) -> Any:
        if expression in self.known:
            return self.known[expression]
        if expression.is_Rational:
            return _real(expression)
        if expression.is_Symbol:
            self.known[expression] = real_variable(expression)
            return self.known[expression]
        if expression.is_Add:
            return z3.Sum([self.term(part) for part in expression.args])
        if expression.is_Mul:
            return z3.Product([self.term(part) for part in expression.args])
        if expression.is_Pow and expression.exp.is_Rational:
            return self.power(expression)
        return self.special(expression)

    def power(self, expression: sympy.Expr) -> Any:
        base, exponent = self.term(expression.base), expression.exp
        if exponent.is_Integer and exponent > 0:
            return z3.Product([base] * int(exponent))
        if exponent.is_Integer:
            tied = self.fresh(expression)
            self.tie(base != 0, tied * z3.Product([base] * int(-exponent)) == 1)
            return tied
        root = self.known.get(sympy.Pow(expression.base, sympy.Rational(1, exponent.q)))
        if root is None:
            root = self.fresh(sympy.Pow(expression.base, sympy.Rational(1, exponent.q)))
            self.ties.append(root >= 0)
            self.tie(base >= 0, z3.Product([root] * int(exponent.q)) == base)
        if exponent.p > 0:
            return z3.Product([root] * int(exponent.p))
        tied = self.fresh(expression)
        self.tie(base > 0, tied * z3.Product([root] * int(-exponent.p)) == 1)
        return tied

    def root_between(self, expression: sympy.Expr) -> Any:
        """An isolated root (`ImplicitRoot`): there is one if the signs at the bounds say so.

        Where they do not, nothing is claimed of it, and any point found has to be checked.
        """
        equation, variable, lower, upper = expression.args
        tied = self.fresh(expression)
        self.relaxed = True
        if lower.is_finite and upper.is_finite:
            below, above = (self.term(equation.subs(variable, end)) for end in (lower, upper))
            stand_in = sympy.Dummy(variable.name, real=True)
            self.known[stand_in] = tied
            here = self.term(equation.xreplace({variable: stand_in}))
            inside = z3.And(here == 0, tied > self.term(lower), tied < self.term(upper))
            self.ties.append(z3.Implies(z3.And(below < 0, above > 0), inside))
        return tied

    def special(self, expression: sympy.Expr) -> Any:
        if type(expression).__name__ == "ImplicitRoot":
            return self.root_between(expression)
        if isinstance(expression, sympy.Piecewise):
            outright, self.bare = self.bare, False
            pieces = [(self.term(v), self.condition(c)) for v, c in expression.args]
            self.bare = outright
            result = pieces[-1][0]
            for value, condition in reversed(pieces[:-1]):
                result = z3.If(condition, value, result)
            return result
        tied = self.fresh(expression)
        if isinstance(expression, sympy.Max | sympy.Min):
            parts = [self.term(part) for part in expression.args]
            highest = isinstance(expression, sympy.Max)
            self.ties += [tied >= part if highest else tied <= part for part in parts]
            self.ties.append(z3.Or([tied == part for part in parts]))
        elif isinstance(expression, sympy.Abs):
            part = self.term(expression.args[0])
            self.ties.append(tied == z3.If(part >= 0, part, -part))
        else:
            self.relaxed = True
            self.bound(expression, tied)
        return tied

    def bound(self, expression: sympy.Expr, tied: Any) -> None:
        """What is certain of a function that Z3 does not know; of a number, its first digits."""
        if expression.is_number and expression.is_extended_real and expression.is_finite:
            near = sympy.Rational(str(sympy.N(expression, NUMBER_DIGITS)))
            slack = NUMBER_SLACK * max(1, abs(near))
            self.ties += [tied > _real(near - slack), tied < _real(near + slack)]
            return
        row = row_of(expression)
        if row:
            part = self.term(expression.args[0])
            for fact in row.facts(tied, part):
                if row.domain:
                    self.tie(row.domain(part), fact)
                else:
                    self.ties.append(fact)
        elif isinstance(expression, sympy.Pow):
            self.bound_power(expression, tied)
        elif expression.is_positive:
            self.ties.append(tied > 0)

    def bound_power(self, expression: sympy.Pow, tied: Any) -> None:
        """A power of a positive base: positive, on which side of 1, and in order of exponents."""
        base, exponent = self.term(expression.base), self.term(expression.exp)
        others = [p for p in self.powers if p.base == expression.base]
        pairs = [(exponent, tied, z3.RealVal(0), z3.RealVal(1))]
        pairs += [(exponent, tied, self.term(p.exp), self.known[p]) for p in others]
        self.powers.append(expression)
        self.ties.append(z3.Implies(base > 0, tied > 0))
        for higher, power, lower, other in pairs:
            rises = z3.And((power > other) == (higher > lower), (power < other) == (higher < lower))
            falls = z3.And((power < other) == (higher > lower), (power > other) == (higher < lower))
            self.ties.append(z3.Implies(base > 1, rises))
            self.ties.append(z3.Implies(z3.And(base > 0, base < 1), falls))
