"""A case at one of its phases: what a picture of it holds fixed, put into words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import sympy

from coopgame.clusters.case import Case, Phase, phase_at
from coopgame.clusters.columns import CompiledCluster
from coopgame.errors import InputError
from coopgame.pictures.spans import Span, Wanted
from coopgame.pictures.words import Heading
from coopgame.report.tables import origin


@dataclass(frozen=True, eq=False)
class Scene:
    """A case and the phase of it in question."""

    case: Case
    phase: Phase

    @cached_property
    def compiled(self) -> CompiledCluster:
        return CompiledCluster(self.case.cluster)

    def heading(self, shown: str, notes: Iterable[str] = (), given: str = "") -> Heading:
        """The heading of a picture of this phase, or of the whole case with another `given`."""
        info, cluster = self.case.info, self.case.cluster.info
        here = f"at the values of the phase “{self.phase.name}” ({self.phase.year}), "
        here += f"rules: {self.phase.rules.info.title}"
        return Heading(
            title=f"{info.title}: {shown}",
            given=given or here,
            origin=f"{origin(info)}; cluster {cluster.name} [{cluster.digest}]",
            notes=tuple(notes),
        )

    def span(self, wanted: Wanted) -> Span:
        """The span of a parameter of the cluster: its interval, or what is asked for of it."""
        parameter = self.case.cluster.domain[wanted.name]
        interval = parameter.interval
        ends = {"low": interval.lower, "high": interval.upper}
        asked = {key: getattr(wanted, key) for key in ends if getattr(wanted, key) is not None}
        for key, value in asked.items():
            ends[key] = self.case.cluster.domain.read({wanted.name: value})[wanted.name]
        if ends["low"] >= ends["high"] or sympy.oo in ends.values():
            raise InputError(f"{wanted.name} cannot run there", "give the lower end first")
        return Span(parameter, ends["low"], ends["high"])


def scene(case: Case, year: int | None = None) -> Scene:
    """A case in the phase in force in a year, by default its last phase."""
    return Scene(*phase_at(case, year))
