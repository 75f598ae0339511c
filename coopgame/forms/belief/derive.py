"""The argument of the form `belief`: a stake, Bayes' theorem in odds, and counts of ventures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import log

from coopgame.forms.derivation import (
    Derivation,
    Line,
    Role,
    Step,
    above,
    at_least,
    at_most,
    condition_step,
    equal,
    fresh,
    letter,
)
from coopgame.language.parameters import Domain
from coopgame.language.steps import ceiling, floor
from coopgame.solution import Branch

ONE, ZERO = sympy.S.One, sympy.S.Zero


@dataclass(frozen=True)
class Stakes:
    """What a venture is about: the belief, gain and loss, and how often it succeeds."""

    prior: sympy.Expr
    gain: sympy.Expr
    loss: sympy.Expr
    high: sympy.Expr
    low: sympy.Expr


NAMED = (
    ("p", "prior", "the belief that the culture is trustworthy"),
    ("g", "gain", "gained by a venture in a trustworthy culture"),
    ("l", "loss", "lost by a venture in one that is not"),
    ("s", "high", "chance of success in a trustworthy culture"),
    ("z", "low", "chance of success in one that is not"),
)


def argument(stated: Stakes, domain: Domain, branch: Branch) -> Derivation:
    """Why ventures take place, or do not, exactly where the branch says."""
    short, given = _short(stated, domain)
    taken = {*domain.names, *(str(line.statement.args[0]) for line in given)}
    steps = [_given(given)] if given else []
    steps += [*_choice(short, taken), *_lesson(short, taken)]
    steps += _counting(short, taken, branch)
    steps.append(_where(short, taken, branch))
    steps.append(condition_step(branch.conditions))
    return Derivation(branch.name, branch.concept, tuple(steps))


def _short(stated: Stakes, domain: Domain) -> tuple[Stakes, tuple[Line, ...]]:
    """The stakes in letters, with the lines that define these."""
    found: dict[str, sympy.Expr] = {}
    lines: list[Line] = []
    for stem, key, about in NAMED:
        value, defined = letter(stem, getattr(stated, key), domain.names, about)
        found[key] = value
        lines += defined
    return Stakes(**found), tuple(lines)


def _given(lines: tuple[Line, ...]) -> Step:
    return Step("The stakes", "We write, for short:", lines, Role.GIVEN)


def _choice(short: Stakes, taken: set[str]) -> Iterator[Step]:
    value, needed = fresh("V", taken), fresh("needed", taken)
    p, g, l = short.prior, short.gain, short.loss
    text = "Staying alone pays nothing; a venture, at the belief held, is worth:"
    yield Step(
        "The value of a venture", text, (Line(equal(value, p * g - (1 - p) * l)),), Role.GIVEN
    )
    text = "It is nothing at the belief where what may be gained just offsets what may be lost:"
    tie = Line(equal(needed * g, (1 - needed) * l))
    yield Step("Indifference", text, (tie,), Role.SYSTEM)
    text = "The belief that a venture needs is therefore:"
    yield Step("The belief needed", text, (Line(equal(needed, l / (g + l))),), Role.SOLVED)


def _lesson(short: Stakes, taken: set[str]) -> Iterator[Step]:
    """Bayes' theorem after a success and after a failure."""
    p, s, z = short.prior, short.high, short.low
    S, F = fresh("up", taken), fresh("down", taken)
    up, down = fresh("p_up", taken), fresh("p_down", taken)
    weights = (
        Line(equal(S, s / z), "a success multiplies the odds by this"),
        Line(equal(F, (1 - z) / (1 - s)), "a failure divides them by this"),
    )
    text = "By Bayes' theorem one venture moves the odds p/(1 - p) of trust by a fixed factor:"
    yield Step("What a venture teaches", text, weights, Role.GIVEN)
    odds = p / (1 - p)
    lines = (Line(equal(up / (1 - up), S * odds)), Line(equal(down / (1 - down), odds / F)))
    text = "The beliefs after a success and after a failure satisfy:"
    yield Step("The odds", text, lines, Role.SYSTEM)
    solved = (
        Line(equal(up, p * s / (p * s + (1 - p) * z)), "after a success"),
        Line(equal(down, p * (1 - s) / (p * (1 - s) + (1 - p) * (1 - z))), "after a failure"),
    )
    yield Step("The beliefs", "Solved, that is Bayes' theorem:", solved, Role.SOLVED)


def _counting(short: Stakes, taken: set[str], branch: Branch) -> Iterator[Step]:
    """How many failures lose trust, or how many successes would start it."""
    if branch.name == "hopeless":
        return
    p, g, l = short.prior, short.gain, short.loss
    margin, n, m = (fresh(stem, taken) for stem in ("M", "n", "m"))
    S, F = fresh("up", taken), fresh("down", taken)
    text = "Compare the odds held with the odds needed:"
    yield Step("The margin", text, (Line(equal(margin, p * g / ((1 - p) * l))),), Role.GIVEN)
    if branch.name == "ventures":
        count, kept, lost = floor(log(margin) / log(F)) + 1, F ** (n - 1), F**n
        lines = (Line(above(lost, margin)), Line(at_least(margin, kept)))
        text = "Trust is lost after the first number of failures in a row that eats the margin up:"
    else:
        count, n = ceiling(-log(margin) / log(S)), m
        lines = (Line(at_least(margin * S**n, ONE)), Line(above(ONE, margin * S ** (n - 1))))
        text = "Ventures would start after the first number of successes that makes up for it:"
    yield Step("How many it takes", "That number is", (Line(equal(n, count)),), Role.SOLVED)
    yield Step("Its check", text, lines)


def _where(short: Stakes, taken: set[str], branch: Branch) -> Step:
    value, gain = fresh("V", taken), short.gain
    lines = {
        "ventures": (Line(at_least(value, ZERO), "a venture is worth it"),),
        "locked_in": (
            Line(at_most(value, ZERO), "a venture is not worth it"),
            Line(above(gain, ZERO), "though some belief would do"),
        ),
        "hopeless": (Line(at_most(gain, ZERO), "no belief would do"),),
    }[branch.name]
    text = {
        "ventures": "Ventures take place where they are worth something at the belief held:",
        "locked_in": (
            "Below the belief needed nothing is ventured, so that nothing is learnt: distrust "
            "lasts where"
        ),
        "hopeless": "No belief would make a venture worth while where nothing can be gained:",
    }[branch.name]
    return Step("The incentive constraint", text, lines, Role.INCENTIVE)
