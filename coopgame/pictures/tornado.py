"""Which answers matter: how much another answer to each question alone would shift the types."""

from __future__ import annotations

from dataclasses import dataclass

from coopgame.clusters.answers import margins
from coopgame.clusters.case import told_answer
from coopgame.pictures.scene import Scene
from coopgame.pictures.words import Heading

MOST = 20


@dataclass(frozen=True)
class Bar:
    """A question, its answer, the other that shifts most, by how much, and to which type."""

    question: str
    answer: str
    other: str
    shift: float
    becomes: str


@dataclass(frozen=True)
class Tornado:
    """The questions, the one whose other answer shifts most first."""

    heading: Heading
    type: str
    kinds: tuple[str, ...]
    bars: tuple[Bar, ...]


def tornado_picture(of: Scene) -> Tornado:
    """What another answer to each question of a phase would shift, alone."""
    found = margins(of.case, of.phase)
    bars: dict[str, Bar] = {}
    for each in found.alternatives:
        answer = told_answer(of.phase, each.question)
        bar = Bar(each.question.name, answer, each.letter, each.shift, each.type)
        bars.setdefault(each.question.name, bar)
    kind = max(found.base, key=lambda each: found.base[each])
    notes = (
        "A bar is the share of draws whose type another answer would change, at least; the label "
        "tells answer and other answer, the colour the most likely type then.",
        f"{found.draws.count} draws; the standard error of a bar is at most "
        f"{max((each.error for each in found.alternatives), default=0):.2g}.",
    )
    shown = f"which answers matter ({kind} as it is)"
    kinds = tuple(profile.type for profile in of.case.profiles)
    return Tornado(of.heading(shown, notes), kind, kinds, tuple(bars.values())[:MOST])
