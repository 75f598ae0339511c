"""A case at one of its phases: what a picture of it holds fixed, put into words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sympy

from coopgame.clusters.case import Case, Phase
from coopgame.clusters.maps import Ends, span
from coopgame.language.numerals import exact
from coopgame.language.parameters import Interval, Parameter
from coopgame.pictures.spans import Span, Wanted
from coopgame.pictures.words import Heading
from coopgame.report.tables import origin


@dataclass(frozen=True, eq=False)
class Scene:
    """A case and the phase of it in question."""

    case: Case
    phase: Phase

    def heading(self, shown: str, notes: Iterable[str] = (), given: str = "") -> Heading:
        """The heading of a picture of this phase, or of the whole case with another `given`."""
        info = self.case.info
        here = f"answers of the phase “{self.phase.name}” ({self.phase.year})"
        return Heading(
            title=f"{info.title}: {shown}",
            given="; ".join((given or here, *self.case.marks)),
            origin=origin(info),
            notes=tuple(notes),
        )

    def span(self, wanted: Wanted) -> Span:
        """The span of a parameter: what its answers allow in all, or what is asked for of it."""
        ends: Ends = None
        if wanted.low is not None and wanted.high is not None:
            ends = float(exact(wanted.low)), float(exact(wanted.high))
        name, found = wanted.name, span(self.case.codebook, wanted.name, ends)
        low, high = (sympy.Rational(str(round(end, 9))) for end in found)
        allowed = self.case.codebook.parameters[name]
        interval = Interval(low, high, lower_open=False, upper_open=False)
        parameter = Parameter(name, allowed.meaning, allowed.unit, interval, low, "codebook")
        return Span(parameter, low, high)
