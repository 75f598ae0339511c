"""A case: dated answers to the codebook, each with its source, and what its source calls it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from coopgame.clusters.codebook import Codebook, Drawing, Question, drawn, middle
from coopgame.clusters.regimes import weights
from coopgame.clusters.relationships import Column
from coopgame.clusters.typology import Profile
from coopgame.errors import InputError, meant
from coopgame.forms.base import Game
from coopgame.language.numerals import exact
from coopgame.language.showing import as_html, as_latex, as_text
from coopgame.reading.info import Info
from coopgame.rules.macro import MacroRules

UNKNOWN = "unknown"
JUDGEMENT = "judgement"
BY_HAND = "set by hand"  # the source of an answer that `revised` gives in every phase
GROUPS = ("paper", "public", "stylised")


@dataclass(frozen=True)
class ClusterAnswer:
    """The letters that are possible, and where they come from."""

    letters: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Phase:
    """A phase of a case: all answers that hold then; what the source calls the cluster, if it does.

    `is_soft`: the source leaves the type soft (a list, a likely future). `changed` are the
    questions answered anew in this phase.
    """

    name: str
    year: int
    answers: Mapping[str, ClusterAnswer]
    source: str
    stated: str | None = None
    is_soft: bool = False
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """A cluster described by facts, with codebook, types and the games behind its co-operation.

    `overrides` (parameters set by hand), `rules` (macro rules in place of the answer) and `period`
    (periods a year of every relationship, in place of its own) hold in every phase; every report of
    the case tells them.
    """

    info: Info
    codebook: Codebook
    profiles: tuple[Profile, ...]
    group: str
    coded: str
    phases: tuple[Phase, ...]
    games: Mapping[str, Game] = field(default_factory=dict)
    overrides: Mapping[str, float] = field(default_factory=dict)
    rules: MacroRules | None = None
    period: int | None = None

    _repr_html_, _repr_latex_, __str__ = as_html, as_latex, as_text

    def __repr__(self) -> str:
        return f"<Case {self.info.name}: {', '.join(str(p.year) for p in self.phases)}>"

    @property
    def marks(self) -> tuple[str, ...]:
        """What was put in place of the answers."""
        found = [
            f"{question.name} answered {told_answer(self.phases[0], question)} by hand"
            for question in self.codebook.questions
            if getattr(self.phases[0].answers.get(question.name), "source", "") == BY_HAND
        ]
        found += [f"{name} set to {value:g}" for name, value in self.overrides.items()]
        if self.rules is not None:
            found.append(f"rules of {self.rules.info.name} in place of the answers")
            if self.rules.inflation is not None:
                found.append("inflation lowers delta and q")
        if self.period is not None:
            found.append(f"{self.period} periods a year in every relationship")
        return tuple(found)


def draws_of(
    case: Case,
    phase: Phase,
    draws: Drawing,
    answers: Mapping[str, Sequence[str]] | None = None,
    year: int | None = None,
) -> dict[str, Column]:
    """The parameters of a phase at seeded draws of its answers, or of others in their place.

    Rules are as they are known when the `year` begins, by default that of the phase.
    """
    at = drawn(case.codebook, answers or letters_of(phase), draws)
    return _placed(case, year or phase.year, at)


def middle_of(case: Case, phase: Phase) -> dict[str, Column]:
    """The parameters at the middle of what a phase's answers allow."""
    return _placed(case, phase.year, middle(case.codebook, letters_of(phase)))


def told_letters(letters: Sequence[str], question: Question) -> str:
    """Letters as a case file states them; all of them are what is unknown."""
    return UNKNOWN if set(letters) == set(question.answers) else " or ".join(letters)


def told_answer(phase: Phase, question: Question) -> str:
    """A phase's answer to a question, as a case file states it."""
    answer = phase.answers.get(question.name)
    return UNKNOWN if answer is None else told_letters(answer.letters, question)


def letters_of(phase: Phase) -> dict[str, Sequence[str]]:
    """The letters of each question that is answered."""
    return {name: answer.letters for name, answer in phase.answers.items()}


def _placed(case: Case, year: int, at: dict[str, Column]) -> dict[str, Column]:
    """Parameters with a case's rules, as they are known in a year, and its overrides."""
    if case.rules is not None:
        at |= weights(case.rules.known_in(year), at["delta"], case.period)
        if case.rules.inflation is not None:
            at["q"] = at["q"] * float(case.rules.inflation.detection_factor)
    if case.period is not None:
        at["period"] = np.full_like(at["delta"], case.period)
    return at | {name: np.full_like(at["delta"], value) for name, value in case.overrides.items()}


def phase_at(case: Case, year: int | None = None) -> tuple[Case, Phase]:
    """A case and its phase in force in a year, by default the last."""
    if year is None:
        return case, case.phases[-1]
    before = [phase for phase in case.phases if phase.year <= year]
    if not before:
        first = case.phases[0].year
        raise InputError(f"{case.info.name} begins in {first}, after {year}", "give a later year")
    return case, before[-1]


def revised(
    case: Case, settings: Mapping[str, Any] | None = None, rules: MacroRules | None = None
) -> Case:
    """A case with answers or parameters set in every phase, and perhaps under given macro rules.

    A question takes letters ("a", "b or c", "unknown"), a parameter a number.
    """
    questions = {question.name: question for question in case.codebook.questions}
    parameters = case.codebook.parameters
    phases, overrides = case.phases, dict(case.overrides)
    for name, text in (settings or {}).items():
        if name in questions:
            answer = ClusterAnswer(letters(text, questions[name].answers, name), BY_HAND)
            phases = tuple(replace(p, answers={**p.answers, name: answer}) for p in phases)
        elif name in parameters:
            overrides[name] = _number(name, text, case.codebook)
        else:
            known = [*questions, *parameters]
            told = f"questions: {', '.join(questions)}; parameters: {', '.join(parameters)}"
            raise InputError(f"{name} is no question and no parameter", meant(name, known) + told)
    if rules is not None and "h" in overrides:
        raise InputError("h is set and rules are given", "drop the one or the other")
    return replace(case, phases=phases, overrides=overrides, rules=rules or case.rules)


def under_rival(case: Case, name: str) -> Case:
    """A case under a rival hypothesis of the codebook."""
    for rival in case.codebook.rivals:
        if rival.name == name:
            return replace(case, overrides={**case.overrides, **rival.values})
    known = [rival.name for rival in case.codebook.rivals]
    told = meant(name, known) + f"rivals: {', '.join(known)}"
    raise InputError(f"{name!r} is no rival hypothesis of the codebook", told)


def _number(name: str, text: Any, codebook: Codebook) -> float:
    found = float(exact(text))
    ends = codebook.parameters[name].by_answer.values()
    low, high = min(i.low for i in ends), max(i.high for i in ends)
    bounds = LIMITS.get(name, (low - (high - low), high + (high - low)))
    if not bounds[0] <= found <= bounds[1]:
        raise InputError(
            f"{name} = {text} lies outside [{bounds[0]:g}, {bounds[1]:g}]",
            f"answers allow {low:g} to {high:g}",
        )
    return found


# Where a value would make no sense beyond, whatever the answers allow.
LIMITS = {
    "h": (0.0, 0.99), "x": (0.0, 0.99), "delta": (0.5, 0.999), "L": (0.0, 0.95), "q": (0.05, 1.0),
    "lambda": (0.0, 0.9), "p": (0.0, 1.0), "seen": (0.0, 1.0), "chi": (0.0, 1.0),
    "lead": (0.0, 1.0), "relief": (0.0, 1.0), "ctrl": (0.0, 1.0), "logn": (0.5, 5.0),
    "mu": (0.02, 2.0), "sigma": (0.01, 1.0), "s": (0.0, 1.0), "curve": (0.0, 2.0), "F": (0.0, 10.0),
    "k": (0.0, 0.5), "f": (0.0, 1.0), "tau": (0.0, 0.5), "w": (0.0, 1.0), "r": (0.0, 1.0),
    "g": (0.0, 1.0), "H": (0.0, 2.0), "first": (0.0, 10.0), "phi": (0.0, 1.0), "v_a": (0.0, 1.0),
    "rho_t": (0.0, 2.0), "rho_d": (0.0, 2.0), "kappa": (0.0, 2.0), "zeta": (0.0, 1.0),
    "alpha": (0.0, 0.5),
}  # fmt: skip


def letters(text: Any, known: Mapping[str, str], place: str) -> tuple[str, ...]:
    """The letters that an answer such as "a", "b or c" or "unknown" stands for."""
    if not isinstance(text, str):
        raise InputError(f"{text!r} is no answer", f"answers: {', '.join(known)}", place)
    parts = [part.strip() for part in text.split(" or ")]
    if parts == [UNKNOWN]:
        return tuple(known)
    for part in parts:
        if part not in known:
            told = ", ".join(f"{letter} ({words})" for letter, words in known.items())
            raise InputError(f"{part!r} is no answer", f"answers: {told}, or unknown", place)
    return tuple(letter for letter in known if letter in parts)
