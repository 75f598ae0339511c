"""An incentive in short stand-ins: how the shape that its cases are told by is found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.quadratics import Quadratic, is_quadratic, shortest
from coopgame.forms.level.shapes import Shape
from coopgame.forms.level.temptation import Incentive
from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.proofs.questions import QUICK, implies, sign

ONE, ZERO = sympy.S.One, sympy.S.Zero


def shape_of(
    side: Incentive,
    domain: Domain,
    joint: sympy.Expr | None = None,
) -> Shape:
    """The quadratics of an incentive in stand-ins, with what is proved of their signs.

    `joint` is the payoff that sets the cap, where that is not the side's own.
    """
    own, gain = (Quadratic.of(e, side.variable) for e in (side.payoff, side.gain))
    stood = _StandIns.of(side, own.slope, side.outside - own.constant)
    worth = Quadratic(own.square, stood.slope, -stood.drag)
    excess = _excess(worth, gain, stood.weight, stood.detection)
    pays = worth
    if joint is not None:
        whole = Quadratic.of(joint, side.variable)
        pays = replace(whole, slope=_stand_in(whole.slope, stood.meant))
    return _shape(stood, domain, excess, pays, rise=pays.slope + pays.square)


def shape_in_powers(side: Incentive, domain: Domain) -> Shape | None:
    """The shape of one incentive whose F is a power of the level times a quadratic in another.

    Common positive factors are drawn out first. None where F or the derivative of the payoff has
    more terms than that.
    """
    side = drawn_out(side, domain)
    a = side.variable
    own, gain = (_terms(e, a) for e in (side.payoff - side.outside, side.gain))
    powers = sorted({*own, *gain}) or [0]
    rest = [power - powers[0] for power in powers[1:]]
    step = rest[0] if rest else 1
    rising = sorted(power for power in own if power > 0) or [1]
    if [step * (i + 1) for i in range(len(rest))] != rest or len(rest) > 2 or len(rising) > 2:
        return None
    start, end = rising[0], rising[-1]
    stood = _StandIns.of(side, own.get(start, ZERO), -own.get(0, ZERO))
    worth = {**own, 0: -stood.drag, start: stood.slope}
    found = [powers[0] + step * i for i in (2, 1, 0)]
    paid, gained = (Quadratic(*(e.get(i, ZERO) for i in found)) for e in (worth, gain))
    excess = _excess(paid, gained, stood.weight, stood.detection)
    bends = ZERO if end == start else worth[end]
    pays = Quadratic(end * bends / 2, start * stood.slope, ZERO)
    bend = sympy.Rational(end - start, step) if end > start else ONE
    found_shape = _shape(stood, domain, excess, pays, rise=stood.slope + bends)
    return replace(found_shape, power=step, bend=bend)


@dataclass(frozen=True)
class _StandIns:
    """What stands for D, q, the slope of the payoff and its drag; `meant` says what they mean."""

    weight: sympy.Expr
    slope: sympy.Expr
    drag: sympy.Expr
    detection: sympy.Expr
    meant: dict[sympy.Symbol, sympy.Expr]

    @classmethod
    def of(cls, side: Incentive, slope: sympy.Expr, drag: sympy.Expr) -> _StandIns:
        meant: dict[sympy.Symbol, sympy.Expr] = {}
        weight = _stand_in(side.discount, meant)
        steep, dragged = _stand_in(slope, meant), _stand_in(drag, meant)
        return cls(weight, steep, dragged, _stand_in(side.detection, meant), meant)


def _shape(
    stood: _StandIns, domain: Domain, excess: Quadratic, pays: Quadratic, rise: sympy.Expr
) -> Shape:
    signs = [_known_sign(name, expression, domain) for name, expression in stood.meant.items()]
    premises = premises_of(domain, stood.weight, stood.detection)
    premises += tuple(s for s in signs if s is not None)
    concave = implies(domain.constraints, pays.square < 0, domain.integers, QUICK)
    return Shape(
        excess,
        pays,
        stood.weight,
        stood.meant,
        premises,
        domain.integers,
        concave=concave.proved,
        rise=rise,
    )


def premises_of(domain: Domain, weight: sympy.Expr, detection: sympy.Expr) -> tuple[Boolean, ...]:
    """What is known of the parameters, of D and of q."""
    known = (*domain.constraints, weight < 1, detection <= 1)
    return tuple(premise for premise in known if premise != sympy.true)


def drawn_out(side: Incentive, domain: Domain) -> Incentive:
    """The incentive with payoff and gain divided by what is common to them and never negative.

    Both are counted from the outside option, and each coefficient is written in the shortest of a
    few ways. Where a side's own terms are short already, they stay as they are.
    """
    a, mark = side.variable, sympy.Dummy()
    top, bottom = sympy.fraction(sympy.together(side.payoff - side.outside + mark * side.gain))
    if bottom.has(a) or not top.is_polynomial(a) or not sympy.Poly(top, a, mark).gens:
        return side
    content = sympy.Poly(top, a, mark).content() / bottom if top != 0 else ONE
    content = sympy.factor(content)
    known = sign(content, domain.constraints, domain.integers, QUICK)
    if not content.free_symbols or not known.strict or known.sign not in "+-":
        content = ONE
    content = -content if known.sign == "-" and content != 1 else content
    payoff, gain, outside = side.payoff, side.gain, side.outside
    if content != 1:
        payoff, outside = payoff - outside, ZERO
    return replace(side, payoff=_gathered(payoff / content, a), gain=_gathered(gain / content, a),
                   outside=shortest(outside))  # fmt: skip


def _gathered(expression: sympy.Expr, a: sympy.Symbol) -> sympy.Expr:
    return sum((c * a**power for power, c in _terms(expression, a).items()), ZERO)


def _terms(expression: sympy.Expr, a: sympy.Symbol) -> dict[int, sympy.Expr]:
    """The coefficients that are not zero, by the power of the level that they belong to."""
    if is_quadratic(expression, a):
        pairs: Iterable[tuple[int, sympy.Expr]] = zip(
            (2, 1, 0), Quadratic.of(expression, a).coefficients, strict=True
        )
    else:
        pairs = ((power, c) for (power,), c in sympy.Poly(expression, a).terms())
    return {power: shortest(c) for power, c in pairs if sympy.cancel(c) != 0}


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
