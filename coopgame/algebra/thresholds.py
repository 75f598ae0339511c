"""Where a condition switches as one parameter rises, and which way."""

from __future__ import annotations

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.errors import InputError
from coopgame.language.comparisons import gap
from coopgame.language.parameters import Domain, Parameter
from coopgame.language.printing import to_text
from coopgame.language.roots import ImplicitRoot
from coopgame.proofs.conditions import tidy
from coopgame.proofs.questions import QUICK, Verdict, implies, sign

FIXING = "fix other parameters with --set first"
Pieces = list[tuple[sympy.Expr, Boolean]]


def solved(
    condition: Boolean, variable: sympy.Symbol, domain: Domain, others: list[Boolean]
) -> tuple[sympy.Expr, bool]:
    """Where `condition` switches as `variable` rises, and whether that is a lower bound."""
    if not isinstance(condition, Relational) or isinstance(condition, sympy.Ne):
        raise InputError(f"{to_text(condition)} puts no single bound on {variable}", FIXING)
    numerator, denominator = sympy.fraction(sympy.together(gap(condition)))
    premises = [*domain.constraints, *others]
    numerator *= _direction(denominator, variable, domain, premises)
    if not numerator.is_polynomial(variable):
        raise InputError(f"no closed form for {variable} in {to_text(condition)}", FIXING)
    polynomial = sympy.Poly(numerator, variable)
    rising = _rising(condition, polynomial, variable, domain, premises)
    root = _switch(condition, polynomial, variable, domain, rising)
    if root.has(sympy.nan):
        raise InputError(f"no closed form for {variable} in {to_text(condition)}", FIXING)
    if polynomial.degree() == 1 and not isinstance(condition, sympy.Eq):
        root = _where_it_binds(condition, root, polynomial, rising, domain, premises)
    return root, rising


def _direction(
    denominator: sympy.Expr, variable: sympy.Symbol, domain: Domain, premises: list[Boolean]
) -> sympy.Expr:
    """What has the denominator's sign and is a polynomial: itself, or its sign if that is proved.

    >>> n = sympy.Symbol("n", real=True)
    >>> _direction(-sympy.exp(n), n, Domain(), [])
    -1
    """
    if denominator.is_polynomial(variable):
        return denominator
    known = sign(denominator, premises, domain.integers, QUICK)
    return {"+": sympy.Integer(1), "-": sympy.Integer(-1)}.get(known.sign, denominator)


def _rising(
    condition: Relational,
    polynomial: sympy.Poly,
    variable: sympy.Symbol,
    domain: Domain,
    premises: list[Boolean],
) -> bool:
    """Whether the polynomial crosses zero from below, wherever it does so in the domain."""
    numerator = polynomial.as_expr()
    slope = numerator.diff(variable)
    root = sympy.Eq(numerator, 0)
    at_root = [] if polynomial.degree() == 1 else [root]
    for held in ([*domain.constraints, *at_root], [*premises, root]):
        crossing = sign(slope, held, domain.integers, QUICK)
        if crossing.sign in "+-":
            return crossing.sign == "+"
    if polynomial.degree() > 1:
        problem = f"{to_text(condition)} can switch more than once in {variable}"
        raise InputError(problem, FIXING)
    told = to_text(sympy.factor(slope))
    raise InputError(
        f"{to_text(condition)} bounds {variable} from below where {told} > 0, and from above "
        f"where {told} < 0: neither is proved",
        f"{FIXING}, or add the one or the other to the assumptions",
    )


def _switch(
    condition: Relational,
    polynomial: sympy.Poly,
    variable: sympy.Symbol,
    domain: Domain,
    rising: bool,
) -> sympy.Expr:
    """The value of the variable at which both sides are equal, in the condition's own terms."""
    slope = sympy.cancel(condition.lhs / variable)
    if not slope.has(variable) and not condition.rhs.has(variable):
        return condition.rhs / (condition.lhs / variable)
    return _root(polynomial if rising else -polynomial, variable, domain)


def _where_it_binds(
    condition: Relational,
    root: sympy.Expr,
    polynomial: sympy.Poly,
    rising: bool,
    domain: Domain,
    premises: list[Boolean],
) -> sympy.Expr:
    """The bound `root`, with what takes its place where the slope has the other sign.

    There the condition is met at no value of the variable, or at every one: were it met at some
    only, it would switch at a root, and at every root in the domain the slope has its one sign.
    """
    (variable,) = polynomial.gens
    slope = polynomial.LC() if rising else -polynomial.LC()
    if sign(slope, premises, domain.integers, QUICK).sign == "+":
        return root
    always, never = _free(domain[variable.name], rising), _shut(domain[variable.name], rising)
    binds = tidy(slope > 0, domain.constraints, (), domain.integers)
    binding = (root, binds)
    elsewhere = [*premises, slope <= 0]

    def certain(holds: Boolean) -> bool:
        return implies(elsewhere, holds, domain.integers, QUICK).verdict is Verdict.PROVED

    if certain(sympy.Not(condition)):
        return sympy.Piecewise(binding, *never)
    if always and certain(condition):
        return sympy.Piecewise(binding, *always)
    steady = [p for p in premises if not p.has(variable) or p in domain.constraints]
    crossing = sign(slope, [*steady, sympy.Eq(polynomial.as_expr(), 0)], domain.integers, QUICK)
    if always and crossing.sign == "+":
        # Met at one value in the interval, it is met at all of them: the default is one.
        met = condition.subs(variable, domain[variable.name].default)
        return sympy.Piecewise(binding, (always[0][0], met), *never)
    raise InputError(
        f"{to_text(condition)} bounds {variable} only where {to_text(binds)}; elsewhere "
        "it holds for some values of the other parameters, and for others not",
        f"{FIXING}, or add that to the assumptions",
    )


def _free(parameter: Parameter, rising: bool) -> Pieces:
    """A bound that every value of the parameter meets, where its interval has an end."""
    interval = parameter.interval
    end = interval.lower if rising else interval.upper
    return [(end, sympy.true)] if end.is_finite else []


def _shut(parameter: Parameter, rising: bool) -> Pieces:
    """A bound that no value meets: an open end of the interval, or else no value at all."""
    interval = parameter.interval
    end = interval.upper if rising else interval.lower
    is_open = interval.upper_open if rising else interval.lower_open
    return [(end, sympy.true)] if end.is_finite and is_open else []


def _root(polynomial: sympy.Poly, variable: sympy.Symbol, domain: Domain) -> sympy.Expr:
    """The root at which the polynomial crosses zero from below."""
    coefficients = polynomial.all_coeffs()
    if polynomial.degree() == 1:
        return sympy.factor(-coefficients[1] / coefficients[0])
    interval = domain[variable.name].interval
    if polynomial.degree() > 2:
        return ImplicitRoot(polynomial.as_expr(), variable, interval.lower, interval.upper)
    a, b, c = coefficients
    root = _without_bars(sympy.sqrt(sympy.factor(b**2 - 4 * a * c)), domain)
    if sign(a, domain.constraints, domain.integers, QUICK).strict:
        return sympy.factor_terms((-b + root) / (2 * a))
    return 2 * c / (-b - root)


def _without_bars(root: sympy.Expr, domain: Domain) -> sympy.Expr:
    """The root with each absolute value opened whose content has a certain sign."""
    for bars in root.atoms(sympy.Abs):
        known = sign(bars.args[0], domain.constraints, domain.integers, QUICK).sign
        if known in "+-":
            root = root.xreplace({bars: bars.args[0] if known == "+" else -bars.args[0]})
    return root
