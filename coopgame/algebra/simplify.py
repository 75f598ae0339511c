"""Conditions rewritten, by proof, into simpler ones that hold at the same points of the domain.

Three rewritings: a comparison with max or min becomes several without, one with a square root
becomes polynomial, and an alternative that adds nothing is dropped from a disjunction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.language.comparisons import atoms, gap
from coopgame.language.parameters import Domain
from coopgame.proofs.opposites import fails
from coopgame.proofs.questions import QUICK, feasible, sign

EXTREMA = (sympy.Max, sympy.Min)


def simplified(conditions: Iterable[Boolean], domain: Domain) -> tuple[Boolean, ...]:
    """The conditions without max, min and single square roots, wherever proof allows it."""
    found: dict[Boolean, None] = {}
    for condition in conditions:
        for part in split_extrema(condition, domain):
            for atom in atoms(clear_roots(part, domain)):
                found[atom] = None
    return tuple(found)


def split_extrema(condition: Boolean, domain: Domain) -> tuple[Boolean, ...]:
    """`a >= max(b, c)` as `a >= b` and `a >= c`; likewise wherever a max or min only ever hurts.

    >>> a, b = sympy.symbols("a b", real=True)
    >>> split_extrema(sympy.Ge(a, sympy.Max(b, 1)), Domain())
    (a - 1 >= 0, a - b >= 0)

    Of a max or min that helps, one of the parts is enough: the only one that can hold, if one is.

    >>> split_extrema(sympy.Ge(sympy.Max(b, 1), 2), Domain())
    (b - 2 >= 0,)
    """
    extrema = condition.atoms(*EXTREMA)
    if not isinstance(condition, Relational) or not extrema:
        return (condition,)
    extremum = sorted(extrema, key=sympy.default_sort_key)[0]
    stand_in = sympy.Dummy(real=True)
    difference = sympy.expand(gap(condition).xreplace({extremum: stand_in}))
    if not difference.is_polynomial(stand_in) or sympy.degree(difference, stand_in) != 1:
        return (condition,)
    slope = sign(difference.diff(stand_in), domain.constraints, domain.integers, QUICK).sign
    relation = sympy.Gt if isinstance(condition, sympy.Gt | sympy.Lt) else sympy.Ge
    if isinstance(condition, sympy.Eq | sympy.Ne) or slope not in ("+", "-", "0"):
        return (condition,)
    parts = [relation(difference.subs(stand_in, a), 0) for a in extremum.args]
    if slope not in ("-0" if isinstance(extremum, sympy.Max) else "+0"):
        one_suffices = sympy.Or(*parts)
        if isinstance(one_suffices, sympy.Or):
            return (condition,)
        parts = [one_suffices]
    return tuple(p for part in parts for p in split_extrema(part, domain) if p != sympy.true)


def clear_roots(condition: Boolean, domain: Domain) -> Boolean:
    """A comparison with one square root, squared where the signs of both sides are certain.

    >>> a, b = sympy.symbols("a b", real=True)
    >>> clear_roots(sympy.Ge(sympy.sqrt(a), 2), Domain(assumptions=(a > 0,)))
    a - 4 >= 0
    """
    if not isinstance(condition, sympy.Gt | sympy.Ge | sympy.Lt | sympy.Le):
        return condition
    parts = in_one_root(gap(condition))
    if parts is None or not _divides_safely(parts, domain):
        return condition
    signs = _certain(parts.constant, domain) + _certain(parts.slope, domain)
    return _squared(condition, parts, signs)


def _divides_safely(parts: Surd, domain: Domain) -> bool:
    """Whether what rationalising divides by, `k` in 1/(1 + sqrt(1 + k)), vanishes nowhere."""
    powers = parts.constant.atoms(sympy.Pow) | parts.slope.atoms(sympy.Pow)
    divisors = {p.base for p in powers if p.exp.is_negative and p.base.free_symbols}
    return all(sign(d, domain.constraints, domain.integers, QUICK).strict for d in divisors)


def _certain(expression: sympy.Expr, domain: Domain) -> str:
    """The sign of an expression all over the domain, or "?" where it varies or is unknown."""
    return sign(expression, domain.constraints, domain.integers, QUICK).sign


@dataclass(frozen=True)
class Surd:
    """The expression constant + slope*sqrt(radicand), each part free of that root."""

    constant: sympy.Expr
    slope: sympy.Expr
    radicand: sympy.Expr

    @property
    def expression(self) -> sympy.Expr:
        return self.constant + self.slope * sympy.sqrt(self.radicand)


def in_one_root(expression: sympy.Expr) -> Surd | None:
    """The expression as constant + slope*root, or None unless it has exactly one square root.

    >>> a = sympy.Symbol("a", real=True)
    >>> in_one_root(1 / (1 + sympy.sqrt(a))).expression
    sqrt(a)/(a - 1) - 1/(a - 1)
    """
    halves = [p for p in expression.atoms(sympy.Pow) if p.exp.is_Rational and p.exp.q == 2]
    halves = [power for power in halves if power.free_symbols]
    radicands = {sympy.factor(power.base) for power in halves}
    if len(radicands) != 1:
        return None
    (radicand,) = radicands
    root = sympy.Dummy(positive=True)
    rational = expression.xreplace({power: root ** (2 * power.exp) for power in halves})
    numerator, denominator = sympy.fraction(sympy.together(rational))
    if not (numerator.is_polynomial(root) and denominator.is_polynomial(root)):
        return None
    top, bottom = _even_odd(numerator, root, radicand), _even_odd(denominator, root, radicand)
    norm = bottom[0] ** 2 - bottom[1] ** 2 * radicand
    constant = top[0] * bottom[0] - top[1] * bottom[1] * radicand
    slope = top[1] * bottom[0] - top[0] * bottom[1]
    return Surd(sympy.factor(constant / norm), sympy.factor(slope / norm), radicand)


def neat(expression: sympy.Expr, domain: Domain) -> sympy.Expr:
    """The shorter of a few equal ways to write an expression, factors turned to be positive.

    >>> h = sympy.Symbol("h", real=True)
    >>> neat(-(h - 1) * h, Domain(assumptions=(h < 1,)))
    h*(1 - h)
    """
    expression = expression.replace(_is_root_of_reciprocal, _upright)
    surd = in_one_root(expression)
    if surd is None:
        plain = sympy.factor_terms(sympy.signsimp(expression))
        return min(expression, plain, _turned(expression, domain), key=_length)
    parts = (_turned(part, domain) for part in (surd.constant, surd.slope, surd.radicand))
    return min(expression, Surd(*parts).expression, key=_length)


def _is_root_of_reciprocal(part: sympy.Expr) -> bool:
    """Whether it is an even root of a positive number over something, real where that is."""
    if not (part.is_Pow and part.exp.is_Rational and part.exp.q % 2 == 0):
        return False
    above, below = sympy.fraction(part.base)
    return bool(above.is_Number and above.is_positive and below.free_symbols)


def _upright(root: sympy.Expr) -> sympy.Expr:
    """The root of a reciprocal as the reciprocal of the root.

    >>> a = sympy.Symbol("a", real=True)
    >>> _upright(sympy.sqrt(1 / a))
    1/sqrt(a)
    """
    above, below = sympy.fraction(root.base)
    return above**root.exp * below ** (-root.exp)


def _length(expression: sympy.Expr) -> tuple[int, int, str]:
    text = str(expression)
    return int(expression.count_ops()), len(text), text


def _turned(expression: sympy.Expr, domain: Domain) -> sympy.Expr:
    """The expression factored, each sum that is nowhere positive written the other way round."""
    if not expression.is_rational_function():
        return sympy.factor_terms(expression)
    constant, result = sympy.S.One, sympy.S.One
    for factor in sympy.Mul.make_args(sympy.factor(expression)):
        base, power = factor.as_base_exp()
        if base.is_Add and power.is_Integer and _certain(base, domain) == "-":
            base, constant = -base, constant * (-1) ** power
        result *= base**power
    return sympy.factor_terms(constant * result, sign=False)


def _even_odd(
    expression: sympy.Expr, root: sympy.Symbol, radicand: sympy.Expr
) -> tuple[sympy.Expr, sympy.Expr]:
    """Split p(sqrt(r)) into its part without the root and the factor of the root."""
    parts = [sympy.S.Zero, sympy.S.Zero]
    for (power,), coefficient in sympy.Poly(expression, root).terms():
        parts[power % 2] += coefficient * radicand ** (power // 2)
    return parts[0], parts[1]


def _squared(condition: Boolean, parts: Surd, signs: str) -> Boolean:
    """`constant + slope*sqrt(radicand) >= 0` (or > 0), squared, given the two signs."""
    relation = sympy.Gt if isinstance(condition, sympy.Gt | sympy.Lt) else sympy.Ge
    grown = sympy.factor(parts.slope**2 * parts.radicand - parts.constant**2)
    if signs in ("-+", "0+"):
        return relation(grown, 0)
    if signs in ("+-", "+0"):
        return relation(-grown, 0)
    if signs == "++" and relation is sympy.Ge:
        return sympy.true
    return condition


def prune(alternatives: Sequence[Boolean], premises: Sequence[Boolean], domain: Domain) -> Boolean:
    """The disjunction without alternatives that cannot hold or that another one covers.

    >>> a = sympy.Symbol("a", real=True)
    >>> prune([a > 1, a > 2], [a > 0], Domain())
    a > 1
    """
    region = [*domain.constraints, *premises]
    none = [sympy.Or(*fails(alternative)) for alternative in alternatives]
    if feasible([*region, *none], domain.integers, QUICK).exists is False:
        return sympy.true
    kept = [
        a
        for a in alternatives
        if feasible([*region, a], domain.integers, QUICK).exists is not False
    ]
    for alternative in sorted(kept, key=lambda c: (-c.count_ops(), sympy.default_sort_key(c))):
        others = [sympy.Or(*fails(other)) for other in kept if other is not alternative]
        lost = feasible([*region, alternative, *others], domain.integers, QUICK)
        if lost.exists is False:
            kept = [other for other in kept if other is not alternative]
    return sympy.Or(*kept)


def united(alternatives: Sequence[Boolean], domain: Domain) -> Boolean:
    """The disjunction in as few words as its alternatives can do with, such as adjacent pieces.

    >>> a, b = sympy.symbols("a b", real=True)
    >>> united([(a >= 1) & (a <= 2), (a <= 1) & (b <= 3), (a <= 1) & (b > 3)], Domain())
    a <= 2
    """
    beyond = [sympy.Or(*fails(alternative)) for alternative in alternatives]
    wide = []
    for alternative in alternatives:
        parts = list(atoms(alternative))
        for part in tuple(parts):
            rest = [other for other in parts if other is not part]
            for instead in ([], [_weak(part)]):
                goals = [*domain.constraints, *rest, *instead, *beyond]
                if instead != [part] and feasible(goals, domain.integers, QUICK).exists is False:
                    parts = [*rest, *instead]
                    break
        wide.append(sympy.And(*parts))
    return prune(wide, [], domain)


def _weak(condition: Boolean) -> Boolean:
    """A strict comparison as a weak one; any other as it is."""
    relation = {sympy.Gt: sympy.Ge, sympy.Lt: sympy.Le}.get(type(condition))
    return condition if relation is None else relation(*condition.args)
