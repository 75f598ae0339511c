"""The comparisons that decide where the greatest self-enforcing level lies.

F is a quadratic, and so is the joint payoff pi. The cap is the joint optimum within [0, 1].
Comparisons are worked out in short stand-ins (D, the slope of pi, the drag u - pi(0)), so that they
are read and proved in those terms and not as polynomials of a hundred monomials.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import mul

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.algebra.quadratics import Quadratic
from coopgame.conditions import tidy
from coopgame.methods.level.temptation import Incentive
from coopgame.parameters import Domain
from coopgame.printing import to_text
from coopgame.proofs import QUICK, Verdict, implies, sign

ONE = sympy.S.One


@dataclass(frozen=True)
class Shape:
    """F and pi as quadratics in stand-ins; `meant` says what each stands for.

    `weight` is the stand-in for D, and `premises` what is known of all.
    """

    excess: Quadratic
    payoff: Quadratic
    weight: sympy.Expr
    meant: Mapping[sympy.Symbol, sympy.Expr]
    premises: tuple[Boolean, ...]
    integers: frozenset[sympy.Symbol] = field(default_factory=frozenset)
    concave: bool = True

    @property
    def peaked(self) -> bool:
        """The payoff is strictly concave, so that its optimum may lie inside [0, 1]."""
        return bool(self.payoff.square != 0) and self.concave

    @property
    def starts(self) -> Boolean:
        """The cap is positive: a little co-operation pays jointly, or else all of it does."""
        if self.peaked:
            return sympy.Gt(self.payoff.slope, 0)
        return sympy.Ge(self.payoff.slope + self.payoff.square, 0)

    @property
    def uncapped(self) -> Boolean:
        """The cap, where positive, is 1."""
        return self.payoff.derivative(ONE) >= 0 if self.peaked else sympy.true

    @property
    def at_peak(self) -> tuple[sympy.Expr, sympy.Expr]:
        """F and F' at the joint optimum -slope/(2*square), times its positive denominators."""
        f, pi = self.excess, self.payoff
        value = f.square * pi.slope**2 - 2 * f.slope * pi.slope * pi.square
        value += 4 * f.constant * pi.square**2
        return value, f.square * pi.slope - f.slope * pi.square

    @property
    def caps(self) -> list[tuple[sympy.Expr, sympy.Expr]]:
        """F and F' at each level that may be the cap: 1, and the joint optimum."""
        at_one = (self.excess.at(ONE), self.excess.derivative(ONE))
        return [at_one, self.at_peak] if self.peaked else [at_one]

    def proved(self, condition: Boolean, given: Iterable[Boolean] = ()) -> bool:
        """Whether a condition in the stand-ins is proved."""
        proof = implies([*self.premises, *given], condition, self.integers, QUICK)
        return proof.verdict is Verdict.PROVED

    @property
    def never_negative(self) -> set[sympy.Symbol]:
        """The symbols known to be zero or positive."""
        bounds = (p for p in self.premises if isinstance(p, sympy.Ge | sympy.Gt))
        return {p.lhs for p in bounds if p.lhs.is_Symbol and p.rhs.is_nonnegative}

    def tidied(self, condition: Boolean, *given: Boolean) -> Boolean:
        """A comparison in stand-ins, cleared of factors of certain sign, D in the lead."""
        known = [p for p in (*self.premises, *given) if p.free_symbols & condition.free_symbols]
        leaders = [self.weight] if self.weight.is_Symbol else []
        return _turned(tidy(condition, known, leaders, self.integers))

    def meaning(self, expression: sympy.Basic) -> sympy.Basic:
        """An expression with the stand-ins replaced by what they mean."""
        return evaluated(expression.xreplace(dict(self.meant)))


def evaluated(expression: sympy.Basic) -> sympy.Basic:
    """The expression built anew, as the parser would build it: 2*(x + y) is 2*x + 2*y."""
    if not expression.args:
        return expression
    if expression.is_Mul and expression.args[0].is_Integer:
        return reduce(mul, map(evaluated, expression.as_ordered_factors()))
    return expression.func(*map(evaluated, expression.args))


def shape_of(
    side: Incentive,
    domain: Domain,
    joint: sympy.Expr | None = None,
) -> Shape:
    """The quadratics of an incentive in stand-ins, with what is proved of their signs.

    `joint` is the payoff that sets the cap, where that is not the side's own.
    """
    own, gain = (Quadratic.of(e, side.variable) for e in (side.payoff, side.gain))
    meant: dict[sympy.Symbol, sympy.Expr] = {}
    weight = _stand_in(side.discount, meant)
    slope = _stand_in(own.slope, meant)
    drag = _stand_in(side.outside - own.constant, meant)
    detection = _stand_in(side.detection, meant)
    worth = Quadratic(own.square, slope, -drag)
    excess = _excess(worth, gain, weight, detection)
    pays = worth
    if joint is not None:
        whole = Quadratic.of(joint, side.variable)
        pays = replace(whole, slope=_stand_in(whole.slope, meant))
    signs = [_known_sign(name, expression, domain) for name, expression in meant.items()]
    premises = (
        *domain.constraints,
        weight < 1,
        detection <= 1,
        *(s for s in signs if s is not None),
    )
    concave = implies(domain.constraints, pays.square < 0, domain.integers, QUICK)
    return Shape(
        excess,
        pays,
        weight,
        meant,
        premises,
        domain.integers,
        concave=concave.verdict is Verdict.PROVED,
    )


def _excess(
    worth: Quadratic, gain: Quadratic, weight: sympy.Expr, detection: sympy.Expr
) -> Quadratic:
    """F in short terms, gathered by D."""
    pairs = zip(gain.coefficients, worth.coefficients, strict=True)
    whole = ((1 - weight) * g - detection * weight * p for g, p in pairs)
    return Quadratic(*(sympy.factor_terms(sympy.collect(sympy.expand(e), weight)) for e in whole))


def _stand_in(expression: sympy.Expr, meant: dict[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    """One symbol for an expression in several, named by it; anything simpler stays itself."""
    if len(expression.free_symbols) < 2:
        return expression
    stand_in = sympy.Symbol(f"({to_text(expression)})", real=True)
    meant[stand_in] = expression
    return stand_in


def _known_sign(name: sympy.Symbol, expression: sympy.Expr, domain: Domain) -> Boolean | None:
    known = sign(expression, domain.constraints, domain.integers, QUICK)
    if known.sign not in "+-":
        return None
    relation = {("+", True): sympy.Gt, ("+", False): sympy.Ge, ("-", True): sympy.Lt,
                ("-", False): sympy.Le}[known.sign, known.strict]  # fmt: skip
    condition: Boolean = relation(name, 0)
    return condition


def _turned(relation: Boolean) -> Boolean:
    """`-x >= -y` as `x <= y`."""
    if isinstance(relation, Relational) and relation.rhs.could_extract_minus_sign():
        factors = sympy.Mul.make_args(relation.lhs)
        if sum(isinstance(factor, sympy.Add) for factor in factors) == 1:
            left = sympy.Mul(*(-f if isinstance(f, sympy.Add) else f for f in factors))
            return relation.reversed.func(left, -relation.rhs)
    return relation


@dataclass(frozen=True)
class Cases:
    """The comparisons that tell the branches apart, in stand-ins.

    `starts`: a little co-operation pays jointly. `uncapped`: so does all of it. `spontaneous`: F is
    negative at 0. `falls`: F falls at 0. `rooted`: F has real roots. `beyond`: for each level that
    may be the cap, whether F is positive there, and whether it rises there.
    """

    starts: Boolean
    uncapped: Boolean
    spontaneous: Boolean
    falls: Boolean
    rooted: Boolean
    beyond: tuple[tuple[Boolean, Boolean], ...]


def cases_of(shape: Shape) -> Cases:
    """The comparisons for a shape, each put as it should be read."""
    f, starts = shape.excess, shape.tidied(shape.starts)
    given = (starts,) if isinstance(starts, Relational) else ()
    threatened = shape.proved(f.constant >= 0)
    return Cases(
        starts=starts,
        uncapped=shape.tidied(shape.uncapped) if shape.peaked else sympy.true,
        spontaneous=sympy.false if threatened else shape.tidied(f.constant < 0),
        falls=shape.tidied(f.slope < 0),
        rooted=sympy.Le(sympy.factor_terms(4 * f.square * f.constant), f.slope**2),
        beyond=tuple((shape.tidied(v > 0, *given), shape.tidied(d > 0, *given))
                     for v, d in shape.caps),
    )  # fmt: skip
