"""What the forms with a level share: branches made of standings, their check, and their reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.forms.checking import check_defined
from coopgame.forms.level.standing import Standing
from coopgame.forms.level.temptation import Incentive, highest_peak, self_enforcing
from coopgame.language.grammar import name_problem
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol, to_text
from coopgame.proofs.questions import implies
from coopgame.reading.section import Section
from coopgame.solution import Branch, Implicit

CONCEPT = "self-enforcing level (subgame-perfect; a breach found out ends the relation)"
CONTINUUM = (
    "a continuum: every level of the interval `self_enforcing` is an equilibrium too, and so is "
    "no co-operation"
)
ALONE = "no positive level enforces itself; each side takes its outside option"


def branch_of(
    found: Standing,
    payoffs: Mapping[str, sympy.Expr],
    outcomes: Mapping[str, sympy.Expr],
    sides: Sequence[Incentive],
    levels: tuple[Boolean, ...] = (),
) -> Branch:
    """The branch of a standing; the form adds payoffs and outcomes of its own.

    `levels` are the conditions on a level of interest, of which a branch without one has none.
    """
    alone = found.tipping_point is None
    known = {
        "level": found.level,
        "cooperation": found.level,
        "first_best": found.first_best,
    }
    if not alone:
        known["tipping_point"] = found.tipping_point
    return Branch(
        name=found.name,
        kind="level",
        concept=CONCEPT,
        strategies={"level": found.level, "self_enforcing": found.ranges},
        payoffs=payoffs,
        outcomes=known | dict(outcomes),
        conditions=found.conditions,
        implicit={} if alone else _implicit(found, sides),
        note=ALONE if alone else CONTINUUM,
        complement=levels if alone else (),
    )


def _implicit(found: Standing, sides: Sequence[Incentive]) -> dict[str, Implicit]:
    """The level as a root at which an expression rises, the tipping point as one where F falls.

    Where F(0) is not positive the tipping point is 0, and that is no such root. Of several
    constraints it is not known which holds with equality at the tipping point.
    """
    a = sides[0].variable
    rises = sympy.Ge(sum(sympy.diff(side.payoff, a) for side in sides), 0)
    inside = (sympy.Gt(a, 0), sympy.Le(a, 1), rises)
    ties = {}
    if len(sides) == 1 and found.tipping_point not in (None, sympy.S.Zero):
        excess = sides[0].excess
        falls = (sympy.diff(excess, a) < 0, *inside)
        ties["tipping_point"] = Implicit(a, excess, falls)
    if found.binding is not None:
        tie = Implicit(a, found.binding, (sympy.diff(found.binding, a) > 0, *inside))
        ties |= {"level": tie, "cooperation": tie}
    return ties


def shortfall(equilibrium: Branch, sides: Sequence[Incentive], joint: sympy.Expr) -> sympy.Expr:
    """By how much the claimed extreme levels miss the true ones, or reneging on them pays.

    `sides` and the joint payoff are in numbers but for the level. The true levels come from
    isolating the real roots of every F, not from the solver's formulas.
    """
    variable = sides[0].variable
    excesses = [side.excess for side in sides]
    ranges = self_enforcing(excesses, variable, highest_peak(joint, variable))
    level = equilibrium.outcomes["level"]
    if not ranges:
        return sympy.N(sympy.Abs(level), 40)
    tipping_point = equilibrium.outcomes.get("tipping_point", sympy.S.Zero)
    short = [ranges[-1].high - level, ranges[0].low - tipping_point]
    gains = [excess.subs(variable, level) for excess in excesses]
    parts = (*map(sympy.Abs, short), *gains)
    return max((sympy.N(part, 40) for part in parts), key=float)


# --- reading -----------------------------------------------------------------------------------


def read_variable(table: Section, domain: Domain) -> sympy.Symbol:
    """The symbol that stands for the level in a file."""
    name = table.text("variable", default="a")
    problem = name_problem(name)
    if problem:
        table.refuse(name, problem, at="variable")
        return symbol("a")
    if name in domain.names:
        table.fault("variable", f"{name!r} is a parameter", "choose another name for the level")
    return symbol(name)


def check_rational(
    table: Section, parts: Mapping[str, sympy.Expr], variable: sympy.Symbol, domain: Domain
) -> None:
    """Note a fault for what is no rational function of level and parameters, or is undefined."""
    unit = Interval(sympy.S.Zero, sympy.S.One, False, False)
    level = Parameter(variable.name, "level", "level", unit, sympy.S.One, "")
    for key, expression in parts.items():
        symbols = expression.free_symbols
        if not expression.is_rational_function(*symbols):
            table.fault(key, "is no rational expression", "use + - * / and whole exponents")
        else:
            check_defined(table, key, expression, domain.extend([level]))


def check_probability(table: Section, key: str, expression: sympy.Expr, domain: Domain) -> None:
    """Note a fault where a probability (a discount factor stays below 1) may leave its bounds."""
    upper = expression < 1 if key == "discount" else expression <= 1
    proof = implies(domain.constraints, sympy.And(expression >= 0, upper), domain.integers)
    if not proof.proved:
        where = ", ".join(f"{s} = {to_text(v)}" for s, v in (proof.witness or {}).items())
        bounds = "[0, 1)" if key == "discount" else "[0, 1]"
        mend = f"as at {where}" if where else "narrow the domains"
        table.fault(key, f"{to_text(expression)} may leave {bounds}", mend)
