"""The argument that a level of co-operation is the highest that enforces itself.

What keeping and breaking an agreed level are worth, the incentive constraint F(a) <= 0 that they
make, and where its roots and the cap on useful levels lie: the comparisons that the solver makes,
in letters for the coefficients of F.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.quadratics import is_quadratic
from coopgame.forms.derivation import (
    Derivation,
    Line,
    Role,
    Step,
    applied,
    at_least,
    at_most,
    below,
    condition_step,
    equal,
    fresh,
    letter,
    put,
)
from coopgame.forms.level.bent import bent
from coopgame.forms.level.curves import CAP, HIGHEST, ONE, ZERO, Cap, Side, SideCurve, excess
from coopgame.forms.level.isolated import HighestLevel
from coopgame.forms.level.temptation import Incentive
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol, to_text
from coopgame.solution import Branch

ISOLATED = (
    "There is no one closed form for the roots of F: at each point they are isolated in exact "
    "arithmetic, and the level is the greatest up to the joint optimum at which F is not positive:"
)


@dataclass(frozen=True)
class Pool:
    """Two sides whose incentives count together, and what the first gets of what is left over."""

    sides: Mapping[str, Incentive]
    share: sympy.Expr

    @property
    def step(self) -> Step:
        lines = [
            line
            for name, side in self.sides.items()
            for line in (
                Line(equal(applied(f"pi_{name}", side.variable), side.payoff), f"{name}: payoff"),
                Line(equal(applied(f"G_{name}", side.variable), side.gain), f"{name}: temptation"),
            )
        ]
        text = (
            "Each side has a payoff and a temptation of its own; what one side has left over can "
            "be paid to the other, so that only the sums below matter:"
        )
        return Step("Two sides and transfers", text, tuple(lines), Role.GIVEN)

    def payoffs(self, pooled: Side, level: sympy.Expr, binds: bool) -> dict[str, sympy.Expr]:
        """What each side earns at a level: outside option, due reward, and share of the rest."""
        stake = pooled.detection * pooled.weight
        left = ZERO if binds else -pooled.at("F", level) / stake
        shares = (self.share, 1 - self.share)
        return {
            name: side.outside
            + (1 - pooled.weight) / stake * side.gain.subs(side.variable, level)
            + share * left
            for (name, side), share in zip(self.sides.items(), shares, strict=True)
        }


def argument(
    sides: Mapping[str, Incentive], domain: Domain, branch: Branch, pool: Pool | None = None
) -> Derivation:
    """Why a branch holds what it says: one side (named ""), which may pool two, or two sides."""
    taken = {*domain.names, *(side.variable.name for side in sides.values())}
    known = [_side(name, side, taken) for name, side in sides.items()]
    joint = sum((side.payoff for side in sides.values()), ZERO)
    steps = [
        *([] if pool is None else [pool.step]),
        _primitives(known),
        *_constraints(known, taken),
    ]
    highest = {h for condition in branch.conditions for h in condition.atoms(HighestLevel)}
    if highest:
        steps += _isolated(known, branch, {h: fresh("highest", taken) for h in highest})
    elif not all(is_quadratic(e, side.variable) for side in sides.values()
                 for e in (side.payoff, side.gain)):  # fmt: skip
        steps += bent(known, branch, taken)
    else:
        curves = [SideCurve.of(side, domain, taken) for side in known]
        steps += [*_regions(curves, joint, branch, domain), condition_step(branch.conditions)]
    level = _level(steps, branch)
    if level is not None:
        steps.append(_worth(known, branch, level, pool))
    return Derivation(branch.name, branch.concept, tuple(steps))


def _side(name: str, side: Incentive, taken: set[str]) -> Side:
    weight, first = letter("D", side.discount, taken, "the weight of the next period")
    detection, second = letter("q", side.detection, taken, "the chance that a breach is found out")
    stem = f"u_{name}" if name else "u"
    outside, third = letter(stem, side.outside, taken, "what is earned outside, a period")
    return Side(name, side, weight, detection, outside, (*first, *second, *third))


def _primitives(sides: Collection[Side]) -> Step:
    lines: dict[Boolean, Line] = {}
    for side in sides:
        who = f"{side.name}: " if side.name else ""
        payoff = equal(side.at("pi", side.level), side.incentive.payoff)
        gain = equal(side.at("G", side.level), side.incentive.gain)
        for line in (
            Line(payoff, f"{who}payoff a period at level {side.level}"),
            Line(gain, f"{who}gained at once by a breach"),
            *side.lines,
        ):
            lines.setdefault(line.statement, line)
    text = (
        "The candidate keeps up the same level of co-operation in every period; a breach that is "
        "found out ends the relation, and then the outside option is all that is left:"
    )
    return Step("The candidate", text, tuple(lines.values()), Role.GIVEN)


def _constraints(sides: Collection[Side], taken: Collection[str]) -> Iterator[Step]:
    """What keeping and breaking are worth to each side, and the constraint that makes of them."""
    worth = {side.name: _letters(side, taken) for side in sides}
    lines, solved = [], []
    for side in sides:
        (V, W), pi, D = worth[side.name], side.at("pi", side.level), side.weight
        lines += [Line(equal(V, pi + D * V), "kept"), Line(equal(W, side.outside + D * W), "ended")]
        solved += [Line(equal(V, pi / (1 - D))), Line(equal(W, side.outside / (1 - D)))]
    text = "The relation, kept up, and what is left after it has ended are worth:"
    yield Step("The values", text, tuple(lines), Role.SYSTEM)
    yield Step("Their solution", "Each equation is linear:", tuple(solved), Role.SOLVED)
    yield from (_constraint(side, *worth[side.name]) for side in sides)


def _letters(side: Side, taken: Collection[str]) -> tuple[sympy.Symbol, sympy.Symbol]:
    return fresh(side.function("V"), taken), fresh(side.function("W"), taken)


def _constraint(side: Side, V: sympy.Symbol, W: sympy.Symbol) -> Step:
    D, q = side.weight, side.detection
    pi, G, F = (side.at(stem, side.level) for stem in ("pi", "G", "F"))
    breach = at_least(V, pi + G + D * ((1 - q) * V + q * W))
    cleared = at_most((1 - D) * G, q * D * (pi - side.outside))
    excess = at_most(F, ZERO)
    text = (
        "Keeping the agreement must be worth at least what a breach is. With the values put in, "
        f"and all multiplied by {to_text(1 - D)}, what is gained at once may not exceed what is "
        f"lost; we write {side.function('F')} for the one less the other:"
    )
    who = f" ({side.name})" if side.name else ""
    lines = tuple(map(Line, (breach, cleared, excess)))
    return Step(f"The incentive constraint{who}", text, lines, Role.SAME)


def _isolated(
    sides: Collection[Side], branch: Branch, letters: Mapping[sympy.Expr, sympy.Symbol]
) -> Iterator[Step]:
    """Where roots have no closed form: what is looked for, and the conditions on what is found."""
    yield Step("The greatest level", ISOLATED, tuple(map(excess, sides)), Role.GIVEN)
    stated = condition_step(put(condition, letters) for condition in branch.conditions)
    name = next(iter(letters.values()))
    remark = f"{name}: the greatest such level, 0 where there is none"
    yield replace(stated, remarks=(remark,))


# --- quadratics --------------------------------------------------------------------------------


def _regions(
    curves: Collection[SideCurve], joint: sympy.Expr, branch: Branch, domain: Domain
) -> Iterator[Step]:
    """The roots of F, the cap, and the comparisons that make the branch's level the greatest."""
    first = next(iter(curves))
    cap = Cap.of(joint, first.side.level, domain)
    lines = [line for curve in curves for line in curve.lines]
    lines += [curve.told(at) for curve in curves for at in cap.caps]
    yield cap.step
    text = "In powers of the level F is a quadratic; here it is, and what it is at the cap:"
    yield Step("The constraint as a quadratic", text, tuple(lines), Role.GIVEN)
    yield from _BRANCHES[branch.name.split("_")[0]](curves, cap, branch)


def _constrained(curves: Collection[SideCurve], cap: Cap, branch: Branch) -> Iterator[Step]:
    name = branch.name.removeprefix("constrained").removeprefix("_")
    curve = next(c for c in curves if c.side.name == name)
    level = cap.level
    text = "The level is the root at which F rises: above it a breach would pay."
    root = Line(equal(level, curve.root))
    yield Step(HIGHEST, text, (root,), Role.SOLVED)
    tie = equal(curve.letters.at(level), ZERO)
    yield Step("Its check", "Put into F, it leaves nothing:", (Line(tie),), Role.SYSTEM)
    lines = [Line(cap.starts, "a little co-operation pays jointly")]
    lines += [Line(c, "the root is real and positive") for c in curve.rooted]
    if curve.convex:
        lines += [Line(c, f"the root lies below {at}") for at in cap.caps for c in curve.below(at)]
    else:
        lines.append(Line(curve.over(cap), "the root lies below the cap"))
    others = [c for c in curves if c is not curve]
    kept = [at_most(c.letters.at(level), ZERO) for c in others]
    lines += [Line(k, f"{c.side.name} keeps it too") for c, k in zip(others, kept, strict=True)]
    text = "That root is the answer where it is real, positive, and below the cap:"
    yield Step("Where it is the answer", text, tuple(lines), Role.INCENTIVE)


def _capped(curves: Collection[SideCurve], cap: Cap, branch: Branch) -> Iterator[Step]:
    whole = branch.name == "full"
    level = ONE if whole else cap.peak
    lines = [Line(cap.starts, "a little co-operation pays jointly")]
    if cap.uncapped is not None:
        right = cap.uncapped if whole else below(*cap.uncapped.args)
        about = "so does all of it" if whole else "but not all of it"
        lines.append(Line(right, about))
    kept = (Line(at_most(c.value(level), ZERO), "nobody breaks it") for c in curves)
    text = f"The level is the cap itself, {level}, where that enforces itself:"
    yield Step("Where it is the answer", text, (*lines, *kept), Role.INCENTIVE)


def _none(curves: Collection[SideCurve], cap: Cap, branch: Branch) -> Iterator[Step]:
    text = "No positive level up to the cap satisfies the constraint, for one of these reasons:"
    ways = [sympy.Not(cap.starts), *(way for curve in curves for way in curve.nowhere(cap))]
    if len(curves) > 1:
        text = (
            "The two sides keep no positive level up to the cap in common; the condition says it."
        )
        yield Step("Where it is the answer", text)
        return
    reasons = (Line(sympy.Or(*ways, evaluate=False)),)
    yield Step("Where it is the answer", text, reasons, Role.INCENTIVE)


_BRANCHES = {"constrained": _constrained, "optimum": _capped, "full": _capped, "none": _none}


def _level(steps: Iterable[Step], branch: Branch) -> sympy.Expr | None:
    """The level in the argument's letters; None where it has no closed form."""
    if branch.name in ("none", "full"):
        return ZERO if branch.name == "none" else ONE
    named = [
        line.statement.args[0]
        for step in steps
        if step.heading in (CAP, HIGHEST)
        for line in step.lines
    ]
    return named[-1] if named else None


def _worth(sides: Collection[Side], branch: Branch, level: sympy.Expr, pool: Pool | None) -> Step:
    payoffs = {side.name or "each": side.incentive.payoff.subs(side.level, level) for side in sides}
    if pool is not None:
        binds = branch.name.startswith("constrained")
        payoffs = pool.payoffs(next(iter(sides)), level, binds)
    if level == 0:
        payoffs = dict(branch.payoffs)
    lines = [Line(equal(symbol(f"{who}_payoff"), value)) for who, value in payoffs.items()]
    return Step("What it is worth", "A period, this pays:", tuple(lines))
