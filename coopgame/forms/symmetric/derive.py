"""The argument of the form `symmetric`: what co-operating gains, given how many others do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from coopgame.algebra.binomial import K, resolved
from coopgame.forms.derivation import (
    Derivation,
    Line,
    Role,
    Step,
    above,
    applied,
    at_least,
    at_most,
    below,
    condition_step,
    equal,
    fresh,
    letter,
    positive,
)
from coopgame.forms.symmetric.crossings import crossings
from coopgame.forms.symmetric.gains import CHANCE, Crossing, Gains
from coopgame.language.printing import symbol
from coopgame.language.roots import ImplicitRoot
from coopgame.solution import Branch

ONE, ZERO = sympy.S.One, sympy.S.Zero


@dataclass(frozen=True)
class Crowd:
    """n players with two actions: their payoffs in k, their gains, the weight of the future."""

    players: sympy.Expr
    actions: tuple[str, str]
    payoffs: tuple[sympy.Expr, sympy.Expr]
    gains: Gains
    patience: sympy.Expr | None = None

    @property
    def words(self) -> tuple[str, str]:
        """The actions as they are spelled in a sentence."""
        first, second = (action.replace("_", " ") for action in self.actions)
        return first, second

    @property
    def taken(self) -> set[str]:
        return {*self.gains.domain.names, K.name}

    def pays(self, action: int, others: sympy.Expr) -> sympy.Expr:
        return applied(f"u_{self.actions[action]}", others)

    def paid(self, action: int, others: sympy.Expr) -> sympy.Expr:
        """The payoff of an action when so many others co-operate, in the parameters."""
        domain = self.gains.domain
        return resolved(self.payoffs[action].subs(K, others), domain.constraints, domain)


def gain(others: sympy.Expr) -> sympy.Expr:
    """d(k), to be defined by a line."""
    return applied("d", others)


def argument(crowd: Crowd, branch: Branch) -> Derivation:
    """Why a number of co-operators, or a mixture, is an equilibrium where the branch says."""
    steps = [_payoffs(crowd)]
    if "each" in branch.strategies:
        steps += _mixture(crowd, branch)
    elif branch.name.endswith("_repeated"):
        steps += _repeated(crowd)
    elif "count" not in branch.strategies:
        steps += _some_sure(crowd, branch)
    else:
        steps += _headcount(crowd, branch.strategies["count"])
    steps.append(condition_step(branch.conditions))
    lines = tuple(Line(equal(symbol(f"{who}_payoff"), v)) for who, v in branch.payoffs.items())
    steps.append(Step("What it is worth", "In this equilibrium the players earn:", lines))
    return Derivation(branch.name, branch.concept, tuple(steps))


def _payoffs(crowd: Crowd) -> Step:
    first, second = crowd.words
    lines = [
        Line(equal(crowd.pays(i, K), payoff), f"{crowd.words[i]}, when k of the others {first}")
        for i, payoff in enumerate(crowd.payoffs)
    ]
    lines.append(Line(equal(gain(K), crowd.pays(0, K) - crowd.pays(1, K)), f"gained by {first}"))
    text = (
        f"All players are alike; what matters to each is the number k of the others who {first}, "
        f"and what {first} gains over {second}:"
    )
    return Step("The gain", text, tuple(lines), Role.GIVEN)


def _known(crowd: Crowd, others: sympy.Expr) -> Line:
    """What the gain is, in the parameters, when so many others co-operate."""
    shape = crowd.gains
    if sympy.expand(others - shape.others) == 0:
        found = shape.last
    elif others == 0:
        found = shape.first
    elif others.is_Integer and shape.listed is not None:
        found = shape.values[int(others)]
    else:
        found = sympy.expand(crowd.paid(0, others) - crowd.paid(1, others))
    return Line(equal(gain(others), sympy.factor(found)))


# --- how many co-operate -----------------------------------------------------------------------


def _headcount(crowd: Crowd, count: Mapping[str, sympy.Expr]) -> Iterator[Step]:
    first, second = crowd.words
    m, n = count[crowd.actions[0]], crowd.players
    if m.has(sympy.ceiling):
        yield from _some(crowd, m)
        return
    who = "everybody" if m == n else "nobody" if m == 0 else f"{m} of {n} players"
    yield Step("The candidate", f"In the candidate {who} would {first}.")
    comparisons: list[tuple[sympy.Expr, Line]] = []
    if m != 0:
        stays = Line(at_least(gain(m - 1), ZERO), f"nobody who would {first} prefers to {second}")
        comparisons.append((m - 1, stays))
    if m != n:
        stays = Line(at_most(gain(m), ZERO), f"nobody who would {second} prefers to {first}")
        comparisons.append((m, stays))
    known = tuple(_known(crowd, others) for others, _ in comparisons)
    fewer = f"A player who is to {first} sees one fewer among the others. "
    text = f"{'' if m == 0 else fewer}What {first} gains there:"
    yield Step("The gains there", text, known, Role.GIVEN)
    lines = tuple(line for _, line in comparisons)
    yield Step(
        "The incentive constraint", "Nobody may gain by changing sides:", lines, Role.INCENTIVE
    )


def _some(crowd: Crowd, m: sympy.Expr) -> Iterator[Step]:
    last = crowd.players - 1
    text = (
        "The gain falls along a line as more of the others co-operate; the candidate is the number "
        "at which it has just run out:"
    )
    number, _ = letter("m", m, crowd.taken, "")
    yield Step("The candidate", text, (Line(equal(number, m)),), Role.SOLVED)
    ends = tuple(_known(crowd, others) for others in (ZERO, last))
    yield Step("The gains at the ends", "With nobody else and with all others:", ends, Role.GIVEN)
    lines = (
        Line(above(gain(ZERO), ZERO), "the first gains"),
        Line(at_most(gain(last), ZERO), "the last one does not"),
    )
    text = "Such a number lies between none and all where the gain changes sign:"
    yield Step("The incentive constraint", text, lines, Role.INCENTIVE)


# --- some are sure and some mix ----------------------------------------------------------------


def _some_sure(crowd: Crowd, branch: Branch) -> Iterator[Step]:
    """Whoever mixes is indifferent, whoever is sure would not rather do the other thing."""
    first, second = crowd.actions
    chances = {key: strategy[first] for key, strategy in branch.strategies.items()}
    sizes = {key: int(key.split("_")[0]) for key in chances}
    told = [f"{sizes[k]} {first if p == 1 else second}" for k, p in chances.items() if p in (0, 1)]
    mixing = {key: chance for key, chance in chances.items() if chance not in (0, 1)}
    letters = {key: fresh("xy"[i], crowd.taken) for i, key in enumerate(mixing)}
    told += [f"{sizes[key]} {first} with chance {x}" for key, x in letters.items()]
    lines = tuple(Line(equal(letters[key], chance)) for key, chance in mixing.items())
    text = f"The candidate: {', '.join(told)}, each by herself."
    yield Step("The candidate", text, lines, Role.GIVEN)
    shares = {key: letters.get(key, chance) for key, chance in chances.items()}
    known = tuple(
        Line(equal(_mean_gain(crowd, sizes, shares, key), ZERO), f"seen by one of {key}")
        for key in mixing
    )
    yield Step("Indifference", "Whoever mixes gains nothing on average:", known, Role.SYSTEM)
    sure = []
    for key, chance in chances.items():
        if chance in (0, 1):
            mean = _mean_gain(crowd, sizes, chances, key)
            relation = at_least if chance == 1 else at_most
            sure.append(Line(relation(mean, ZERO), f"seen by one of {key}"))
    if sure:
        text = "Whoever is sure does not gain by the other action:"
        yield Step("The incentive constraint", text, tuple(sure), Role.INCENTIVE)


def _mean_gain(
    crowd: Crowd, sizes: Mapping[str, int], shares: Mapping[str, sympy.Expr], of: str
) -> sympy.Expr:
    """What the first action gains on average for one of a group."""
    weights = [ONE]
    for key, share in shares.items():
        for _ in range(sizes[key] - (key == of)):
            pairs = zip([*weights, ZERO], [ZERO, *weights], strict=True)
            weights = [sympy.expand(low * (1 - share) + high * share) for low, high in pairs]
    gains = crowd.gains.values
    return sympy.expand(sum((w * g for w, g in zip(weights, gains, strict=True)), ZERO))


# --- for ever ----------------------------------------------------------------------------------


def _repeated(crowd: Crowd) -> Iterator[Step]:
    """All co-operate, or else nobody ever again."""
    assert crowd.patience is not None
    first, second = crowd.words
    last = crowd.players - 1
    D, given = letter("D", crowd.patience, crowd.taken, "the weight of the next period")
    V, W = (fresh(stem, crowd.taken) for stem in "VW")
    places = ((0, last), (1, last), (1, ZERO), (0, ZERO))
    known = tuple(Line(equal(crowd.pays(i, k), crowd.paid(i, k))) for i, k in places)
    text = f"The candidate: all {first}, for ever, until one does not; from then on all {second}."
    yield Step("The candidate", text, (*given, *known), Role.GIVEN)
    rewarded, tempted, punished, alone = (crowd.pays(i, k) for i, k in places)
    lines = (
        Line(equal(V, rewarded + D * V), "on the path of play"),
        Line(equal(W, punished + D * W), "after a defection"),
    )
    yield Step("The values", "What follows is worth to each:", lines, Role.SYSTEM)
    solved = (Line(equal(V, rewarded / (1 - D))), Line(equal(W, punished / (1 - D))))
    yield Step("Their solution", "Each equation is linear:", solved, Role.SOLVED)
    threat: Boolean = at_most(alone - punished, ZERO)
    either = sympy.Or(threat, at_least(rewarded - tempted, ZERO), evaluate=False)
    gains = (
        Line(at_least(V, tempted + D * W), "on the path, one defection does not pay"),
        Line(either, "the threat is credible, or not needed"),
    )
    text = "By the one-shot deviation principle it is enough that nobody gains by deviating once:"
    yield Step("The incentive constraint", text, gains, Role.INCENTIVE)


# --- mixtures ----------------------------------------------------------------------------------


def _mixture(crowd: Crowd, branch: Branch) -> Iterator[Step]:
    first = crowd.words[0]
    x = fresh("x", crowd.taken)
    mean = sympy.factor_terms(crowd.gains.mean(x))
    text = (
        f"Each would {first} with the same chance {x}. Whoever mixes is indifferent, so that the "
        "mean gain, over how many of the others do, is nothing:"
    )
    yield Step("Indifference", text, (Line(equal(mean, ZERO)),), Role.SYSTEM)
    found = _crossing(crowd, branch)
    chance = branch.strategies["each"][crowd.actions[0]]
    closed = not chance.has(ImplicitRoot)
    if closed:
        yield Step(
            "The chance",
            "Solved for the chance:",
            (Line(equal(x, positive(chance, crowd.gains.domain))),),
            Role.SOLVED,
        )
    yield from _inside(crowd, found, x if closed else None)


def _inside(crowd: Crowd, found: Crossing | None, x: sympy.Expr | None) -> Iterator[Step]:
    """The root lies between 0 and 1."""
    conditions = () if found is None else found.conditions
    plain = bool(conditions) and all(isinstance(c, Relational) for c in conditions)
    single = plain and not conditions[0].has(CHANCE)
    ends = (crowd.gains.first, crowd.gains.last)
    if single and found is not None and {c.args[0] for c in found.conditions} <= set(ends):
        last = crowd.players - 1
        known = tuple(_known(crowd, others) for others in (ZERO, last))
        yield Step("The gain at the ends", "With nobody else and with all:", known, Role.GIVEN)
        signs = (below, above) if found.conditions[0].args[0] == ends[0] else (above, below)
        lines = tuple(
            Line(sign(gain(others), ZERO)) for sign, others in zip(signs, (ZERO, last), strict=True)
        )
        text = "The gain changes sign once, so that the root lies between 0 and 1 where"
        yield Step("The incentive constraint", text, lines, Role.INCENTIVE)
    elif x is not None and found is not None:
        bases = _radicands(found.chance)
        real = [Line(at_least(base, ZERO), "the root is real") for base in bases]
        if bases and found.rising and found.label:  # where the two meet it is the stable one
            real[-1] = Line(above(bases[-1], ZERO), "the root is real, and apart from the other")
        lines = (*real, Line(above(x, ZERO)), Line(below(x, ONE)))
        yield Step("The incentive constraint", "It must be a chance:", lines, Role.INCENTIVE)


def _radicands(chance: sympy.Expr) -> list[sympy.Expr]:
    """What stands under roots, the innermost first."""
    roots = [p for p in chance.atoms(sympy.Pow) if p.exp.is_Rational and not p.exp.is_Integer]
    bases = {p.base for p in roots if not p.base.is_number}
    return sorted(bases, key=lambda base: int(base.count_ops()))


def _crossing(crowd: Crowd, branch: Branch) -> Crossing | None:
    chance = branch.strategies["each"][crowd.actions[0]]
    return next((c for c in crossings(crowd.gains).found if c.chance == chance), None)
