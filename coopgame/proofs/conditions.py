"""Conditions made readable and irredundant, by proof.

A condition is cleared of denominators and of factors whose sign is certain, written with one
parameter in the lead, and dropped where the others already imply it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.language.comparisons import atoms, gap
from coopgame.language.functions import is_smooth
from coopgame.language.rational import as_rational, put_back
from coopgame.proofs.questions import QUICK, Sign, feasible, is_redundant, sign
from coopgame.proofs.smt import Budget

REDUCTION_SECONDS = 6.0
LONG = 60  # terms: beyond this no way of writing a condition makes it readable


@dataclass(frozen=True)
class Reduced:
    """Conditions with the redundant ones removed; `unsettled` counts those nobody could decide."""

    conditions: tuple[Boolean, ...]
    unsettled: int = 0


def tidy(
    condition: Boolean,
    premises: Sequence[Boolean],
    leaders: Sequence[sympy.Symbol] = (),
    integers: Collection[sympy.Symbol] = frozenset(),
) -> Boolean:
    """An equivalent condition (given `premises`) without denominators or factors of certain sign.

    `leaders` are the symbols in which a condition is written as `lead >= rest`.

    >>> d, g = sympy.symbols("d g", real=True)
    >>> tidy(d / (1 + g) - g / (1 + g) >= 0, [g > 0], [d])
    d >= g
    """
    if not isinstance(condition, sympy.Gt | sympy.Ge | sympy.Lt | sympy.Le | sympy.Eq):
        return condition
    parts: dict[sympy.Expr, sympy.Symbol] = {}
    rational = gap(condition)
    if not rational.is_rational_function(*rational.free_symbols):
        rational = as_rational(rational, parts)
    if not all(map(_is_elementary, parts)):
        return condition
    numerator, denominator = sympy.fraction(sympy.together(rational))
    if sympy.expand(numerator) == 0:  # which factoring does not take
        return condition.func(0, 0)
    region, whole = tuple(premises), frozenset(integers)

    def signed(factor: sympy.Expr) -> str:
        return _certain_sign(put_back(factor, parts), region, whole).sign

    constant, factors = sympy.factor_list(numerator)
    is_equality = isinstance(condition, sympy.Eq)
    if not is_equality:
        scale, below = sympy.factor_list(denominator)
        constant *= scale
        factors = [*factors, *((factor, 1) for factor, power in below if power % 2)]
    kept = sympy.Integer(1)
    for factor, power in factors:
        known = _certain_sign(put_back(factor, parts), region, whole)
        if known.strict and known.sign in "+-":
            constant *= -1 if known.sign == "-" and power % 2 else 1
        else:
            kept *= factor**power
    strict = isinstance(condition, sympy.Gt | sympy.Lt)
    relation = sympy.Eq if is_equality else sympy.Gt if strict else sympy.Ge
    turned = kept if is_equality or constant > 0 else -kept
    hidden = set().union(*(part.free_symbols for part in parts))
    written = _lead(relation, turned, [x for x in leaders if x not in hidden], hidden, signed)
    gone = [part for part, fresh in parts.items() if not written.has(fresh)]
    written = put_back(written, parts)
    # With a root in it, what is cleared of a denominator may be the longer to read.
    as_it_stands = denominator == 1 or bool(parts)
    as_it_stands = as_it_stands and condition.count_ops() < written.count_ops()
    return condition if as_it_stands or not _always_real(gone, signed) else written


def _is_elementary(part: sympy.Expr) -> bool:
    """A root, an exponential or a logarithm, of symbols alone."""
    plain = sympy.Pow | sympy.Add | sympy.Mul | sympy.Symbol | sympy.Number
    return (part.is_Pow or is_smooth(part)) and all(
        isinstance(inner, plain) or is_smooth(inner) for inner in sympy.preorder_traversal(part)
    )


def _always_real(parts: Collection[sympy.Expr], signed: Callable[[sympy.Expr], str]) -> bool:
    """Whether parts are real all over the region: a condition fails where one of its parts is not.

    `signed` has no sign where an expression is imaginary somewhere.
    """
    return all(part.is_number or signed(part) != "?" for part in parts)


@lru_cache(maxsize=4096)
def _certain_sign(
    factor: sympy.Expr, premises: tuple[Boolean, ...], integers: frozenset[sympy.Symbol]
) -> Sign:
    """The sign of a factor, remembered: the same few come back in every condition of a game."""
    return sign(factor, premises, integers, QUICK)


def _lead(
    relation: type[Relational],
    expression: sympy.Expr,
    leaders: Sequence[sympy.Symbol],
    hidden: Collection[sympy.Symbol],
    signed: Callable[[sympy.Expr], str],
) -> Boolean:
    """Write `expression > 0` with a leading symbol on the left, all of it where it is linear.

    Of the symbols `hidden` in roots and the like, none leads.
    """
    if not expression.free_symbols:
        return relation(expression, 0)
    if expression.is_number:
        return relation(expression, 0)
    polynomial = sympy.Poly(expression, *sorted(expression.free_symbols, key=str))
    if len(polynomial.terms()) > LONG:
        return relation(expression, 0)
    first = next((leader for leader in leaders if expression.has(leader)), None)
    if first is not None and polynomial.degree(first) > 1:
        constant = expression.subs(first, 0)
        flip, left = _oriented(expression - constant, signed)
        _, right = _oriented(-flip * constant, signed, whole=True)
        return (relation if flip > 0 else _TURNED[relation])(left, right)
    for leader in (*leaders, *sorted(expression.free_symbols - set(hidden), key=_order)):
        if leader not in polynomial.gens or polynomial.degree(leader) != 1:
            continue
        slope, rest = sympy.Poly(expression, leader).all_coeffs()
        flip, slope = _oriented(slope, signed)
        _, right = _oriented(-flip * rest, signed, whole=True)
        turn, slope, right = _above_zero(slope, right, signed)
        left = sympy.factor_terms(slope * leader, sign=False)  # a*(2 - 2*b) is 2*a*(1 - b)
        return (relation if flip * turn > 0 else _TURNED[relation])(left, right)
    _, expression = _oriented(expression, signed, whole=True)
    return relation(expression, 0)


def _order(variable: sympy.Symbol) -> tuple[bool, str]:
    """Symbols of the game before stand-ins."""
    return isinstance(variable, sympy.Dummy), variable.name


def _above_zero(
    slope: sympy.Expr, right: sympy.Expr, signed: Callable[[sympy.Expr], str]
) -> tuple[int, sympy.Expr, sympy.Expr]:
    """Both sides negated (1 or -1) where the right one is negative and the left one's sign open."""
    unknown = [f for f in sympy.Mul.make_args(slope) if f.is_Add and signed(f) == "?"]
    if signed(right) != "-" or not unknown:
        return 1, slope, right
    return -1, slope / unknown[0] * (-unknown[0]), -right


def _oriented(
    expression: sympy.Expr, signed: Callable[[sympy.Expr], str], whole: bool = False
) -> tuple[int, sympy.Expr]:
    """The expression factored, each factor turned to the sign it is known to have.

    Returns the sign taken out (1 or -1) and what is left; with `whole`, the sign stays inside.
    """
    constant, factors = sympy.factor_list(expression)
    taken = 1 if constant >= 0 else -1
    result = sympy.Integer(1)
    for factor, power in factors:
        negative = signed(factor) == "-"
        taken *= -1 if negative and power % 2 else 1
        result *= (-factor if negative else factor) ** power
    result *= abs(constant)
    return (1, sympy.factor_terms(taken * result, sign=False)) if whole else (taken, result)


_TURNED: dict[type[Relational], type[Relational]] = {
    sympy.Ge: sympy.Le,
    sympy.Gt: sympy.Lt,
    sympy.Eq: sympy.Eq,
}


def reduce(
    conditions: Iterable[Boolean],
    premises: Sequence[Boolean],
    integers: Collection[sympy.Symbol] = frozenset(),
    budget: Budget = QUICK,
    seconds: float = REDUCTION_SECONDS,
) -> Reduced:
    """Drop each condition that the premises and the remaining conditions imply, longest first.

    Works within a total time; conditions not settled by then stay, and are counted. Conditions
    that contradict each other or the premises are left as `false`, and two that leave one value
    as an equality.

    >>> v = sympy.Symbol("v", real=True)
    >>> reduce([v >= 2], [v <= 2]).conditions, reduce([v > 2], [v < 2]).conditions
    ((Eq(v, 2),), (False,))
    """
    kept = list(dict.fromkeys(atom for condition in conditions for atom in atoms(condition)))
    if feasible([*premises, *kept], integers, budget).exists is False:
        return Reduced((sympy.false,))
    deadline = time.process_time() + seconds
    kept, unsettled = _irredundant(kept, premises, integers, budget, deadline)
    known = [*premises, *kept]
    told = list(dict.fromkeys(as_equality(c, known, integers, budget) for c in kept))
    if told != kept:  # an equality may make others redundant
        told, unsettled = _irredundant(told, premises, integers, budget, deadline)
    return Reduced(tuple(told), unsettled)


def _irredundant(
    conditions: Sequence[Boolean],
    premises: Sequence[Boolean],
    integers: Collection[sympy.Symbol],
    budget: Budget,
    deadline: float,
) -> tuple[list[Boolean], int]:
    """The conditions that say something beside the others, and how many nobody could decide."""
    kept, unsettled = list(conditions), 0
    for condition in sorted(kept, key=lambda c: (-c.count_ops(), sympy.default_sort_key(c))):
        if time.process_time() > deadline:
            unsettled += 1
            continue
        others = [other for other in kept if other is not condition]
        redundant = is_redundant(condition, [*premises, *others], integers, budget)
        if redundant:
            kept = others
        unsettled += redundant is None
    return kept, unsettled


def as_equality(
    condition: Boolean,
    known: Sequence[Boolean],
    integers: Collection[sympy.Symbol],
    budget: Budget = QUICK,
) -> Boolean:
    """A weak comparison as an equality where it meets its opposite, alone or all together."""
    if not isinstance(condition, sympy.Ge | sympy.Le):
        return condition
    equal, here = sympy.Eq(condition.lhs, condition.rhs), _primitive(condition)
    opposite = any(
        isinstance(other, sympy.Ge | sympy.Le) and _is_nothing(_primitive(other) + here)
        for other in known
    )
    alone = len(condition.free_symbols) == 1
    if opposite or (alone and is_redundant(equal, known, integers, budget)):
        return equal
    return condition


def _primitive(condition: Boolean) -> sympy.Expr:
    """What a comparison says is not negative, without the positive number that divides all of it.

    >>> x = sympy.Symbol("x", real=True)
    >>> _primitive(2 * x >= 14)
    x - 7
    """
    primitive: sympy.Expr = gap(condition).as_content_primitive()[1]
    return primitive


def _is_nothing(expression: sympy.Expr) -> bool:
    """Whether an expression is zero identically.

    It is looked at in one point first, as to expand a long one takes seconds; what has other powers
    than whole ones need be no rational number there.
    """
    if all(power.exp.is_Integer for power in expression.atoms(sympy.Pow)):
        names = sorted(expression.free_symbols, key=str)
        at = {name: sympy.Integer(sympy.prime(i)) for i, name in enumerate(names, start=2)}
        here = expression.xreplace(at)
        if here.is_Rational and here != 0:
            return False
    return bool(sympy.expand(expression) == 0)
