"""Terms and conditions in their shortest form, where that is proved to say the same.

A shorter form may divide by what the longer one does not: it is taken only where that is proved
not to vanish.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.simplify import neat
from coopgame.forms.base import leaders
from coopgame.language.parameters import Domain
from coopgame.proofs.conditions import reduce, tidy
from coopgame.proofs.opposites import guards
from coopgame.proofs.questions import QUICK, implies, sign


def proved(premises: Sequence[Boolean], conclusion: Boolean, domain: Domain) -> bool:
    """Whether a conclusion is proved to follow, with little effort."""
    return implies(premises, conclusion, domain.integers, QUICK).proved


def brief(expression: sympy.Expr, region: Sequence[Boolean], domain: Domain) -> sympy.Expr:
    """The shortest way to write an expression that is defined wherever it is itself."""
    short = neat(expression, domain)
    if short == expression or not domain.parameters:
        return expression if not domain.parameters else short
    more = denominators(short) - denominators(expression)
    safe = all(proved(region, sympy.Ne(divisor, 0), domain) for divisor in more)
    return short if safe else expression


def denominators(expression: sympy.Basic) -> set[sympy.Expr]:
    """What an expression divides by, as it is written."""
    powers = expression.atoms(sympy.Pow)
    return {p.base for p in powers if p.exp.is_negative and p.base.free_symbols}


def readable(conditions: Sequence[Boolean], domain: Domain) -> tuple[Boolean, ...]:
    """Conditions without those that follow from the others, each in its shortest form.

    That a root is real, or a divisor not zero, follows from any comparison with it; it is said
    all the same where nothing else says it once that is multiplied out.
    """
    nonzero = tuple(_unequal(conditions, domain))
    region = [*domain.constraints, *nonzero]
    kept = reduce(conditions, region, domain.integers).conditions
    kept = tuple(c for c in kept if not isinstance(c, sympy.Ne))
    plain = [c for c in kept if not guards(c)]
    needed: list[Boolean] = []
    for guard in dict.fromkeys(g for c in kept for g in outright(c)):
        if not proved([*region, *plain, *needed], guard, domain):
            needed.append(guard)
    found = [_tidied(c, region, domain) for c in (*needed, *kept)]
    for condition in nonzero:
        if not proved([*domain.constraints, *found], condition, domain):
            found.append(condition)
    return tuple(found)


def _unequal(conditions: Sequence[Boolean], domain: Domain) -> Iterator[Boolean]:
    """That what the conditions divide by is not zero, where the domain does not say so."""
    divisors = {d for c in conditions if not isinstance(c, sympy.Or) for d in denominators(c)}
    divisors |= {c.lhs - c.rhs for c in conditions if isinstance(c, sympy.Ne)}
    for divisor in sorted(divisors, key=sympy.default_sort_key):
        if not proved(domain.constraints, sympy.Ne(divisor, 0), domain):
            yield _on_one_side(divisor, domain)


def _on_one_side(divisor: sympy.Expr, domain: Domain) -> Boolean:
    """That a divisor is not zero; as an inequality where it can have one sign only."""
    known = sign(divisor, domain.constraints, domain.integers, QUICK).sign
    relation = {"+": sympy.Gt, "-": sympy.Lt}.get(known, sympy.Ne)
    return _tidied(relation(divisor, 0), domain.constraints, domain)


def outright(condition: Boolean) -> tuple[Boolean, ...]:
    """The guards that must hold wherever a condition does: of an alternative, those of all ways."""
    if isinstance(condition, sympy.Or):
        ways = [set(outright(part)) for part in condition.args]
        return tuple(sorted(set.intersection(*ways), key=sympy.default_sort_key))
    if isinstance(condition, sympy.And):
        return tuple(guard for part in condition.args for guard in outright(part))
    return guards(condition)


def _tidied(condition: Boolean, region: Sequence[Boolean], domain: Domain) -> Boolean:
    if isinstance(condition, sympy.And | sympy.Or):
        return condition.func(*(_tidied(part, region, domain) for part in condition.args))
    return tidy(condition, region, leaders(domain), domain.integers)
