"""Questions decided by proof: is a set of conditions feasible, does it imply another, which sign.

Every answer is one of three: shown (with an exact rational witness where one exists), excluded,
or left undecided within the budget. Sampling only ever *finds* witnesses, which are then checked
in exact arithmetic; nothing is proved by it.

From premises that nothing satisfies everything follows. So whatever draws a conclusion
(`implies`, `sign`) also shows that its premises can hold, and says `EMPTY` where they cannot; only
`is_redundant` does without, as dropping a condition stays right where the others cannot hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.proofs.opposites import fails, imaginary
from coopgame.proofs.smt import Budget, ask
from coopgame.proofs.whole import choices_of
from coopgame.proofs.witnesses import Witness as Witness
from coopgame.proofs.witnesses import holds as holds
from coopgame.proofs.witnesses import rational_near, search


class Verdict(StrEnum):
    """What became of a statement; `EMPTY`: it speaks of no point, and so says nothing."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    EMPTY = "premise never holds"


QUICK = Budget(400_000, 500)
USUAL = Budget()

TOO_HARD = "no proof within the effort allowed"
NOWHERE = "its conditions never hold"
UNKNOWN = "whether its conditions can hold is undecided"
UNREAL = "it is no real number everywhere that its conditions hold"


@dataclass(frozen=True)
class Existence:
    """Whether some point satisfies the conditions; `exists` is None when undecided.

    `witness` is an exact rational point, checked by substitution. It can be missing although a
    point exists, when every point found has irrational coordinates.
    """

    exists: bool | None
    witness: Witness | None = None


@dataclass(frozen=True)
class Proof:
    """A verdict on an implication, with the point that refutes it."""

    verdict: Verdict
    witness: Witness | None = None

    @property
    def proved(self) -> bool:
        return self.verdict is Verdict.PROVED


@dataclass(frozen=True)
class Sign:
    """The sign of an expression over a region.

    `sign` is "+" (nowhere negative, somewhere positive), "-", "0" or "?"; `strict` says that it
    is nowhere zero. A "?" that is refuted carries a witness for each sign; `reason` says of one
    without a proof what stood in its way.
    """

    sign: str
    strict: bool
    verdict: Verdict
    witnesses: tuple[Witness, ...] = ()
    reason: str = ""


def feasible(
    conditions: Iterable[Boolean],
    integers: Collection[sympy.Symbol] = frozenset(),
    budget: Budget = USUAL,
) -> Existence:
    """Does some real point (integer in `integers`) satisfy all conditions?

    Conditions are comparisons of rational expressions, roots, min, max and piecewise, joined by
    and/or/not. exp and log are relaxed, so that only an exclusion or a checked witness counts.

    >>> x = sympy.Symbol("x", real=True)
    >>> feasible([x > 1, x**2 < 1]).exists
    False
    """
    goals = [condition for condition in conditions if condition != sympy.true]
    if any(goal == sympy.false for goal in goals):
        return Existence(False)
    variables = sorted(set().union(*(goal.free_symbols for goal in goals)), key=str)
    # Z3 is slow to find points where there are square roots, and a search is not.
    rooted = any(not power.exp.is_Integer for goal in goals for power in goal.atoms(sympy.Pow))
    witness = search(goals, variables, integers) if rooted else None
    if witness is not None:
        return Existence(True, witness)
    answer = _prove(goals, variables, integers, QUICK)
    if answer.exists is False or answer.witness is not None:
        return answer
    whole = [variable for variable in variables if variable in integers]
    choices = choices_of(goals, whole) if whole else None
    if choices is not None:
        return _one_by_one(goals, whole, choices, budget)
    witness = None if rooted else search(goals, variables, integers)
    if witness is not None:
        return Existence(True, witness)
    # Z3 repeats itself: what the quick budget did not settle, no smaller one does.
    is_final = answer.exists or budget.resources <= QUICK.resources
    return answer if is_final else _prove(goals, variables, integers, budget)


def _one_by_one(
    goals: Sequence[Boolean],
    whole: Sequence[sympy.Symbol],
    choices: Iterable[tuple[int, ...]],
    budget: Budget,
) -> Existence:
    """The answer by going through the values of whole-number variables.

    A real point need not lie near a whole one, so that no search of reals excludes anything here.
    """
    open_ended = False
    for values in choices:
        at = {v: sympy.Integer(k) for v, k in zip(whole, values, strict=True)}
        try:
            left = [goal.xreplace(at) for goal in goals]
        except TypeError:  # a comparison with what is not defined there: it does not hold
            continue
        if any(goal == sympy.false for goal in left):
            continue
        found = feasible(left, budget=budget)
        if found.exists:
            witness = None if found.witness is None else {**at, **found.witness}
            return Existence(True, witness)
        open_ended = open_ended or found.exists is None
    return Existence(None if open_ended else False)


def implies(
    premises: Iterable[Boolean],
    conclusion: Boolean,
    integers: Collection[sympy.Symbol] = frozenset(),
    budget: Budget = USUAL,
) -> Proof:
    """Does `conclusion` hold wherever all `premises` do? A refutation carries its witness.

    A comparison with what is no real number, or has none as it divides by zero, does not hold.

    >>> x = sympy.Symbol("x", real=True)
    >>> implies([x > 1], x**2 > 1).verdict.value
    'proved'
    >>> implies([x > 1, x < 0], x**2 > 1).verdict.value
    'premise never holds'
    >>> implies([x < 4], sympy.sqrt(x) < 2).verdict.value
    'refuted'
    """
    region, is_open = tuple(premises), False
    for way in fails(conclusion, poles=True):
        counter = feasible([*region, way], integers, budget)
        if counter.exists:
            return Proof(Verdict.REFUTED, counter.witness)
        is_open = is_open or counter.exists is None
    if is_open:
        return Proof(Verdict.UNDECIDED)
    return Proof(standing(region, integers, budget))


def is_redundant(
    condition: Boolean,
    others: Iterable[Boolean],
    integers: Collection[sympy.Symbol] = frozenset(),
    budget: Budget = USUAL,
) -> bool | None:
    """Whether a condition can be dropped beside the others; None if undecided.

    Where the others contradict each other, what is left holds nowhere all the same.
    """
    lost = feasible([*others, sympy.Not(condition)], integers, budget).exists
    return None if lost is None else not lost


def standing(
    premises: Iterable[Boolean],
    integers: Collection[sympy.Symbol] = frozenset(),
    budget: Budget = USUAL,
) -> Verdict:
    """What a conclusion is worth that no point of the premises contradicts: are there such points?

    >>> x = sympy.Symbol("x", real=True)
    >>> standing([x > 1]).value, standing([x > 1, x < 0]).value
    ('proved', 'premise never holds')
    """
    exists = _region(frozenset(premises), frozenset(integers), budget).exists
    if exists is None:
        return Verdict.UNDECIDED
    return Verdict.PROVED if exists else Verdict.EMPTY


@lru_cache(maxsize=4096)
def _region(
    premises: frozenset[Boolean], integers: frozenset[sympy.Symbol], budget: Budget
) -> Existence:
    """Whether premises can hold, remembered: the same come back in question after question."""
    return feasible(sorted(premises, key=sympy.default_sort_key), integers, budget)


def sign(
    expression: sympy.Expr,
    premises: Iterable[Boolean],
    integers: Collection[sympy.Symbol] = frozenset(),
    budget: Budget = USUAL,
) -> Sign:
    """The sign of `expression` over the region where all `premises` hold.

    There is none where a root or logarithm in it is shown to be imaginary somewhere in the region.

    >>> x = sympy.Symbol("x", real=True)
    >>> sign(x**2 - x, [x >= 1]).sign
    '+'
    """
    region = tuple(premises)
    if expression.is_zero:
        return flat(region, integers, budget)
    above = feasible([*region, sympy.Gt(expression, 0)], integers, budget)
    below = feasible([*region, sympy.Lt(expression, 0)], integers, budget)
    if above.exists is None or below.exists is None:
        return undecided(TOO_HARD, _found(above, below))
    if above.exists and below.exists:
        return Sign("?", False, Verdict.REFUTED, _found(above, below))
    if any(feasible([*region, way], integers, QUICK).exists for way in imaginary(expression)):
        return undecided(UNREAL, _found(above, below))
    if not above.exists and not below.exists:
        return flat(region, integers, budget)
    level = feasible([*region, sympy.Eq(expression, 0)], integers, budget)
    strict = level.exists is False
    return Sign("+" if above.exists else "-", strict, Verdict.PROVED, _found(above, below))


def flat(
    region: Iterable[Boolean],
    integers: Collection[sympy.Symbol] = frozenset(),
    budget: Budget = USUAL,
) -> Sign:
    """The sign of what is nowhere else than zero over a region: "0", if there is a point in it."""
    verdict = standing(region, integers, budget)
    if verdict is Verdict.PROVED:
        return Sign("0", False, verdict)
    return Sign("?", False, verdict, reason=NOWHERE if verdict is Verdict.EMPTY else UNKNOWN)


def undecided(reason: str, witnesses: tuple[Witness, ...] = ()) -> Sign:
    """The sign that nobody could prove, and why."""
    return Sign("?", False, Verdict.UNDECIDED, witnesses, reason)


def _found(*answers: Existence) -> tuple[Witness, ...]:
    return tuple(answer.witness for answer in answers if answer.witness is not None)


def _prove(
    goals: Sequence[Boolean],
    variables: Sequence[sympy.Symbol],
    integers: Collection[sympy.Symbol],
    budget: Budget,
) -> Existence:
    answer = ask(goals, variables, budget)
    if not answer.satisfiable:
        return Existence(answer.satisfiable)
    witness = rational_near(answer.near or {}, goals, integers)
    must_check = answer.relaxed or not frozenset(integers).isdisjoint(variables)
    return Existence(None if must_check and witness is None else True, witness)
