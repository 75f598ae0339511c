"""Sobol indices of a cluster's type, and of the levels of co-operation, in its parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import sympy

from coopgame.clusters.case import Case, Phase, middle_of, phase_at, revised
from coopgame.clusters.equilibria import followed
from coopgame.clusters.maps import span
from coopgame.clusters.relationships import RELATIONSHIPS
from coopgame.clusters.typology import kinds as types_of
from coopgame.errors import InputError, unknown
from coopgame.language.numerals import exact
from coopgame.language.parameters import Interval, Parameter
from coopgame.tables.grids import Floats
from coopgame.tables.sensitivity import Asked, Sensitivity, answer, drawn, some
from coopgame.tables.spans import ParameterRange

TYPE = "type"
AT_ONCE = 4000


def of_case(case: Case, phase: Phase, asked: Asked) -> Sensitivity:
    """The indices of whether a cluster has its most likely type, or of other outcomes.

    Every parameter runs over all that the phase's answers allow, or over a range that is given;
    questions and parameters that are set stay. An outcome is `type` (1 where the type is the most
    likely one, else 0; the default), a type (1 where the cluster is of it, else 0) or a kind of
    co-operation (its level).
    """
    changed = revised(case, asked.values)
    (_, here) = phase_at(changed, phase.year)
    kinds = [profile.type for profile in case.profiles]
    names = asked.outcomes or (TYPE,)
    for name in names:
        if name not in (TYPE, *kinds, *RELATIONSHIPS):
            raise unknown("outcome", name, (TYPE, *kinds, *RELATIONSHIPS))
    point = middle_of(changed, here)
    moving = some(_case_spans(changed, here, asked))
    draws = drawn(moving, asked.sampling)
    at = {name: np.full(len(draws), value[0]) for name, value in point.items()}
    at |= {span.name: draws[:, j] for j, span in enumerate(moving)}
    found = _cluster_outcomes(at, kinds, case, names)
    held = {n: sympy.Rational(str(round(float(v[0]), 9))) for n, v in point.items()}
    where = f"{here.name} ({here.year})"
    return answer(case.info, where, (moving, held), (asked.width, asked), found)


def _case_spans(case: Case, phase: Phase, asked: Asked) -> tuple[ParameterRange, ...]:
    """What the answers of a phase allow each parameter, from its lowest value to its highest."""
    ends: dict[str, tuple[float, float]] = {}
    for question in case.codebook.questions:
        answer = phase.answers.get(question.name)
        letters = tuple(question.answers) if answer is None else answer.letters
        for allowed in question.allows:
            within = [allowed.by_answer[letter] for letter in letters]
            ends[allowed.name] = min(i.low for i in within), max(i.high for i in within)
    for allowed in case.codebook.common:
        (always,) = allowed.by_answer.values()
        ends[allowed.name] = always.low, always.high
    for name, given in asked.ranges.items():
        if name in case.overrides:
            raise InputError(f"{name} has both a range and a value", "drop the one or the other")
        ends[name] = span(case.codebook, name, (float(exact(given[0])), float(exact(given[1]))))
    found = (
        _case_span(case, name, *pair)
        for name, pair in ends.items()
        if pair[0] < pair[1] and name not in case.overrides
    )
    return tuple(found)


def _case_span(case: Case, name: str, low: float, high: float) -> ParameterRange:
    allowed = case.codebook.parameters[name]
    first, last = (sympy.Rational(str(round(end, 9))) for end in (low, high))
    interval = Interval(first, last, lower_open=False, upper_open=False)
    parameter = Parameter(name, allowed.meaning, allowed.unit, interval, first, "codebook")
    return ParameterRange(parameter, low, high)


def _cluster_outcomes(
    at: Mapping[str, Floats], kinds: list[str], case: Case, names: Iterable[str]
) -> dict[str, Floats]:
    parts = [slice(first, first + AT_ONCE) for first in range(0, len(at["h"]), AT_ONCE)]
    outs = []
    for part in parts:
        table = followed({name: column[part] for name, column in at.items()})
        outs.append(table.outcomes(table.selected()))
    out = {name: np.concatenate([each[name] for each in outs]) for name in outs[0]}
    types = types_of(case.profiles, out)
    most = kinds[int(np.bincount(types).argmax())]
    found = {}
    for name in names:
        if name in RELATIONSHIPS:
            found[name] = out[name]
        else:
            kind = most if name == TYPE else name
            found[kind] = (types == kinds.index(kind)).astype(float)
    return found
