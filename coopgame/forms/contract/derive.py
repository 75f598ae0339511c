"""The argument that terms are the best: what binds, the first-order conditions, and the rivals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.forms.contract.limits import Limit, Optimum, Programme, StationaryTerms, excluded
from coopgame.forms.derivation import (
    Derivation,
    Line,
    Role,
    Step,
    applied,
    at_least,
    condition_step,
    equal,
    fresh,
    positive,
)
from coopgame.language.printing import symbol
from coopgame.solution import Branch

ZERO = sympy.S.Zero
MULTIPLIERS = (
    "Maximise the objective with the binding limits holding exactly: each has a multiplier, what "
    "a little more room would be worth, and nothing is gained by moving any term:"
)


@dataclass(frozen=True)
class ModeChoice:
    """The programme of every mode with its optima, and the candidate that a branch stands for."""

    optima: Sequence[Optimum]
    own: Optimum
    candidate: StationaryTerms | None
    taken: Collection[str]

    @property
    def programme(self) -> Programme:
        return self.own.programme


def argument(choice: ModeChoice, branch: Branch) -> Derivation:
    """Why a branch is the best contract exactly where its conditions hold."""
    if choice.candidate is None:
        steps = [*map(_problem, choice.optima), Step("No best contract", f"Here {branch.note}.")]
    else:
        steps = [_problem(choice.own), *_optimum(choice, choice.candidate)]
        steps += _rivals(choice, choice.candidate)
    steps.append(condition_step(branch.conditions))
    lines = tuple(Line(equal(symbol(f"{who}_payoff"), v)) for who, v in branch.payoffs.items())
    if lines:
        steps.append(Step("What each earns", "Under this contract the parties earn:", lines))
    return Derivation(branch.name, branch.concept, tuple(steps))


def _problem(optimum: Optimum) -> Step:
    programme = optimum.programme
    objective = Line(equal(_objective(programme), programme.objective), "the chooser's objective")
    limits = (Line(_stated(limit), limit.name) for limit in programme.limits)
    name = _words(programme.name)
    text = f"In the mode {name} the chooser maximises the objective within these limits:"
    if not programme.terms:
        text = f"The mode {name} leaves nothing to choose but whether to take it:"
    return Step(f"The mode {name}", text, (objective, *limits), Role.VALUE)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _objective(programme: Programme) -> sympy.Expr:
    return applied("U", symbol(programme.name))


def _stated(limit: Limit) -> Boolean:
    """A limit with what is not negative in it on the left, what is on the right."""
    terms = sympy.Add.make_args(limit.gap)
    minus = [term for term in terms if term.could_extract_minus_sign()]
    left = sympy.Add(*(term for term in terms if term not in minus))
    relation = sympy.Eq if limit.exact else sympy.Gt if limit.strict else sympy.Ge
    return relation(left, -sympy.Add(*minus), evaluate=False)


# --- the candidate -----------------------------------------------------------------------------


def _optimum(choice: ModeChoice, candidate: StationaryTerms) -> Iterator[Step]:
    programme = choice.programme
    active = [limit for limit in programme.limits if limit.name in candidate.active]
    if programme.terms:
        yield from _first_order(choice, candidate, active)
    value = fresh("value", choice.taken)
    worth = (Line(equal(value, candidate.value), "the objective there"),)
    yield Step("Its value", "That is worth, to the chooser:", worth, Role.SOLVED)
    yield _left_over(choice, candidate, active)


def _first_order(
    choice: ModeChoice, candidate: StationaryTerms, active: Sequence[Limit]
) -> Iterator[Step]:
    programme, domain = choice.programme, choice.programme.domain
    prices = _prices(active, choice.taken)
    names = ", ".join(_words(limit.name) for limit in active) or "none of the limits"
    lagrangian = programme.objective + sum(
        (prices[limit.name] * limit.gap for limit in active), ZERO
    )
    lines = [
        Line(equal(sympy.factor_terms(lagrangian.diff(term)), ZERO), f"in {term}")
        for term in programme.terms
    ]
    lines += [Line(equal(*_stated(limit).args), f"{_words(limit.name)} binds") for limit in active]
    remarks = tuple(f"{price}: the multiplier of {name}" for name, price in prices.items())
    text = f"In the candidate what binds is: {names}. {MULTIPLIERS}"
    yield Step("The first-order conditions", text, tuple(lines), Role.SYSTEM, remarks)
    solved = [Line(equal(term, candidate.terms[term])) for term in programme.terms]
    solved += [
        Line(equal(price, positive(candidate.multipliers[name], domain)))
        for name, price in prices.items()
        if name in candidate.multipliers
    ]
    yield Step("Their solution", "Solved for terms and multipliers:", tuple(solved), Role.SOLVED)


def _prices(active: Sequence[Limit], taken: Collection[str]) -> dict[str, sympy.Symbol]:
    names = ["lambda"] if len(active) == 1 else [f"lambda_{i}" for i in range(1, len(active) + 1)]
    return {limit.name: fresh(name, taken) for limit, name in zip(active, names, strict=True)}


def _left_over(choice: ModeChoice, candidate: StationaryTerms, active: Sequence[Limit]) -> Step:
    """Multipliers and slack limits, none of them below zero."""
    prices = _prices(active, choice.taken)
    lines = [
        Line(at_least(prices[limit.name], ZERO), f"more room for {_words(limit.name)} does no harm")
        for limit in active
        if not limit.exact
    ] if choice.programme.terms else []  # fmt: skip
    lines += [
        Line(_stated(limit), f"{_words(limit.name)} is met")
        for limit in choice.programme.limits
        if limit.name not in candidate.active
    ]
    roots = {
        power.base
        for value in (candidate.value, *candidate.terms.values())
        for power in value.atoms(sympy.Pow)
        if power.exp.is_Rational and not power.exp.is_Integer and not power.base.is_number
    }
    lines += [Line(at_least(base, ZERO), "the root is real") for base in sorted(roots, key=str)]
    text = "It is a candidate where no multiplier is negative and the other limits are met:"
    if not choice.programme.terms:
        text = "It can be taken where its limits are met:"
    if not lines:
        return Step("Where it can hold", "Nothing else restricts it.", (), Role.INCENTIVE)
    return Step("Where it can hold", text, tuple(lines), Role.INCENTIVE)


# --- the rivals --------------------------------------------------------------------------------


def _rivals(choice: ModeChoice, candidate: StationaryTerms) -> Iterator[Step]:
    """Every other candidate does not hold, or is worth no more."""
    value = fresh("value", choice.taken)
    lines = []
    for optimum in choice.optima:
        if optimum is choice.own and optimum.sufficient:
            continue
        for rival in optimum.candidates:
            if rival is not candidate:
                ahead = at_least(value, rival.value)
                ways = [*excluded(rival), ahead]
                clause = ahead if len(ways) == 1 else sympy.Or(*ways, evaluate=False)
                lines.append(Line(clause, f"against {_rival(rival)}"))
    if lines:
        text = "No other choice may be worth more, unless it is not open:"
        yield Step("The rivals", text, tuple(lines), Role.INCENTIVE)
    elif len(choice.optima) == 1 and choice.own.sufficient:
        text = (
            "Objective and limits are concave in the terms, so that these conditions are not only "
            "necessary: no other terms are better."
        )
        yield Step("No better terms", text)


def _rival(rival: StationaryTerms) -> str:
    binding = " and ".join(map(_words, rival.active))
    return (
        f"{_words(rival.programme)} with {binding} binding" if binding else _words(rival.programme)
    )
