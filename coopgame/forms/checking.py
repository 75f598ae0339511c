"""Faults of a game file that any form may have: a wrong headline, a division by zero."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import sympy

from coopgame.errors import meant
from coopgame.language.parameters import Domain
from coopgame.language.printing import to_text
from coopgame.proofs.questions import Verdict, implies
from coopgame.reading.section import Section


def check_headline(
    section: Section,
    headline: str,
    names: Collection[str],
    possible: Callable[[str], bool] | None = None,
    told: str = "",
) -> None:
    """Note a fault where the headline is the name of no branch that the game can have.

    `names` are those that branches can have. Where a rule makes more of them than can be listed,
    `possible` says of any name whether the rule makes it, and `told` states the rule.
    """
    if not headline or headline in names or (possible is not None and possible(headline)):
        return
    listed = f"equilibria: {', '.join(names)}" if names else ""
    mend = "; ".join(part for part in (listed, told) if part)
    problem = f"{headline!r} is no equilibrium that this game can have"
    section.fault("headline", problem, meant(headline, names) + mend)


def check_defined(section: Section, key: str, expression: sympy.Expr, domain: Domain) -> None:
    """Note a fault where a denominator of `expression` may vanish inside the domain."""
    for power in expression.atoms(sympy.Pow):
        if power.exp.is_negative and not power.base.is_number:
            zero = implies(domain.constraints, sympy.Ne(power.base, 0), domain.integers)
            if zero.verdict is Verdict.REFUTED:
                where = _shown(zero.witness or {})
                section.fault(
                    key, f"divides by zero where {to_text(power.base)} == 0", f"as at {where}"
                )


def _shown(witness: Mapping[sympy.Symbol, Any]) -> str:
    return ", ".join(f"{s.name} = {to_text(v)}" for s, v in witness.items()) or "some point"
