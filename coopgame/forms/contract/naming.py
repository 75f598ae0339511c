"""What the optima of a mode are called: the same in symbols, under given values, and at a point.

A mode with one candidate gives its name to it; else the limits that bind are added, and where one
set of them has several solutions, which of these it is. Names are settled in the symbols of the
game's file; a candidate found for numbers is the one in symbols that has its terms there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy

from coopgame.forms.contract.limits import Optimum, StationaryTerms
from coopgame.language.deciding import decide
from coopgame.language.parameters import Domain
from coopgame.proofs.questions import QUICK, sign

Values = Mapping[sympy.Symbol, sympy.Expr]

NEAR = sympy.Rational(1, 10**30)
ASIDE = sympy.Rational(1, 10**9)  # how far beside a point that a formula divides by zero at


def named(candidates: Sequence[StationaryTerms], domain: Domain) -> tuple[str, ...]:
    """A name for each candidate of a programme in symbols."""
    if len(candidates) == 1:
        return (candidates[0].programme,)
    found = []
    for candidate in candidates:
        same = [c for c in candidates if c.active == candidate.active]
        found.append(binding(candidate) + (f"_{_which(candidate, same, domain)}" * (len(same) > 1)))
    return tuple(found)


def binding(candidate: StationaryTerms) -> str:
    """The programme and the limits that bind."""
    return f"{candidate.programme}_{'_'.join(candidate.active) or 'interior'}"


def _which(candidate: StationaryTerms, same: Sequence[StationaryTerms], domain: Domain) -> str:
    """`lower` and `upper` for two whose order is certain, else their place in the list."""
    if len(same) == 2:
        (other,) = (c for c in same if c is not candidate)
        for term, value in candidate.terms.items():
            above = sympy.simplify(value - other.terms[term])
            region = [*domain.constraints, *candidate.conditions]
            known = sign(above, region, domain.integers, QUICK).sign
            if known in "+-":
                return "upper" if known == "+" else "lower"
            if known == "?":
                break
    return str(1 + list(same).index(candidate))


def recognised(
    found: Optimum, origin: Sequence[StationaryTerms], domain: Domain, values: Values
) -> list[tuple[StationaryTerms, str]]:
    """The candidates under given values, each with the name it has in symbols.

    Of several candidates with the same terms those are kept that the symbols know of; a set of
    limits that binds at these values only is added to the mode's name.
    """
    known = list(zip(origin, named(origin, domain), strict=True))
    result: list[tuple[StationaryTerms, str]] = []
    for candidate in found.candidates:
        name = _name_of(candidate, known, values)
        if name is not None and name not in {n for _, n in result}:
            result.append((candidate, name))
    for candidate in found.candidates:
        if not any(_same_terms(candidate, other) for other, _ in result):
            name = binding(candidate)
            taken = {n for _, n in result}
            result.append((candidate, name if name not in taken else f"{name}_{len(result) + 1}"))
    return result


def _name_of(
    candidate: StationaryTerms,
    known: Sequence[tuple[StationaryTerms, str]],
    values: Values,
) -> str | None:
    alike = [(c, name) for c, name in known if c.active == candidate.active]
    if len(alike) < 2:
        return alike[0][1] if alike else None
    there = [({t: v.subs(values) for t, v in c.terms.items()}, name) for c, name in alike]
    for terms, name in there:
        if all(_equal(value, candidate.terms[term]) for term, value in terms.items()):
            return name
    if any(value.free_symbols for value in candidate.terms.values()):
        return None
    # A formula may divide zero by zero at the very point: look at where it is close by.
    aside = {symbol: value + ASIDE for symbol, value in values.items()}
    distances = {
        name: sum(abs(sympy.N(v.subs(aside) - candidate.terms[t], 30)) for t, v in c.terms.items())
        for c, name in alike
    }
    finite = {name: d for name, d in distances.items() if d.is_Float}
    return min(finite, key=lambda name: finite[name]) if finite else None


def _same_terms(one: StationaryTerms, other: StationaryTerms) -> bool:
    return all(_equal(value, other.terms[term]) for term, value in one.terms.items())


def _equal(one: sympy.Expr, other: sympy.Expr) -> bool:
    if one == other:
        return True
    difference = one - other
    if difference.has(sympy.nan, sympy.zoo, sympy.oo):
        return False
    if difference.free_symbols:
        return bool(sympy.simplify(difference) == 0)
    near = abs(sympy.N(difference, 50)) < NEAR  # terms may be rounded to 40 digits
    return bool(near) or decide(sympy.Eq(difference, 0, evaluate=False))
