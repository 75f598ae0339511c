"""The codebook: questions, the intervals that their answers allow, and draws from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coopgame.clusters.relationships import Column
from coopgame.reading.info import Info
from coopgame.reading.section import Section

ALWAYS = "always"


@dataclass(frozen=True)
class ClusterInterval:
    """The values that an answer allows a parameter, with the reason."""

    low: float
    high: float
    because: str


@dataclass(frozen=True)
class Allowed:
    """A parameter that a question tells about, its interval by answer."""

    name: str
    meaning: str
    unit: str
    by_answer: Mapping[str, ClusterInterval]


@dataclass(frozen=True)
class Question:
    """A question on a condition, its answers in words, the level of government that can move it."""

    name: str
    asks: str
    answers: Mapping[str, str]
    allows: tuple[Allowed, ...]
    place: str


@dataclass(frozen=True)
class Rival:
    """A rival hypothesis: parameters that are otherwise absent, with the one value of each."""

    name: str
    asks: str
    allows: tuple[Allowed, ...]

    @property
    def values(self) -> Mapping[str, float]:
        return {allowed.name: allowed.by_answer[ALWAYS].low for allowed in self.allows}


@dataclass(frozen=True)
class Codebook:
    """All questions, the parameters common to all clusters, and rival hypotheses."""

    info: Info
    questions: tuple[Question, ...]
    common: tuple[Allowed, ...]
    rivals: tuple[Rival, ...] = ()

    def question(self, name: str) -> Question:
        return next(question for question in self.questions if question.name == name)

    @property
    def parameters(self) -> Mapping[str, Allowed]:
        """Every parameter of the cluster's games, by name."""
        asked = [allowed for question in self.questions for allowed in question.allows]
        return {allowed.name: allowed for allowed in (*asked, *self.common)}


@dataclass(frozen=True)
class Drawing:
    """How many draws of the prior, and from which seed."""

    count: int = 2000
    seed: int = 1998


def drawn(
    codebook: Codebook, answers: Mapping[str, Sequence[str]], draws: Drawing
) -> dict[str, Column]:
    """Seeded columns of every parameter: the letter first, all alike, then within its interval.

    Each question and each parameter has a stream of its own, by its name, so that two sets of
    answers that differ in one question share all other draws.
    """
    found: dict[str, Column] = {}
    for question in codebook.questions:
        letters = answers.get(question.name) or tuple(question.answers)
        which = np.floor(_stream(question.name, draws) * len(letters)).astype(int)
        for allowed in question.allows:
            ends = [allowed.by_answer[letter] for letter in letters]
            low, high = (np.array([getattr(e, end) for e in ends]) for end in ("low", "high"))
            at = _stream(allowed.name, draws)
            found[allowed.name] = (low + (high - low) * at[:, None])[np.arange(len(at)), which]
    for allowed in codebook.common:
        within = allowed.by_answer[ALWAYS]
        found[allowed.name] = within.low + (within.high - within.low) * _stream(allowed.name, draws)
    return found


def middle(codebook: Codebook, answers: Mapping[str, Sequence[str]]) -> dict[str, Column]:
    """One point: the middle of what the answers allow, from their lowest value to their highest."""
    found: dict[str, Column] = {}
    for question in codebook.questions:
        letters = answers.get(question.name) or tuple(question.answers)
        for allowed in question.allows:
            ends = [allowed.by_answer[letter] for letter in letters]
            low, high = min(end.low for end in ends), max(end.high for end in ends)
            found[allowed.name] = np.array([(low + high) / 2])
    for allowed in codebook.common:
        within = allowed.by_answer[ALWAYS]
        found[allowed.name] = np.array([(within.low + within.high) / 2])
    return found


@lru_cache(maxsize=80)  # all streams of one drawing, which every set of answers shares
def _stream(name: str, draws: Drawing) -> Column:
    own = int.from_bytes(name.encode(), "little")
    found = np.random.default_rng([draws.seed, own]).random(draws.count)
    found.flags.writeable = False
    return found


# --- reading -----------------------------------------------------------------------------------


def read_codebook(section: Section, info: Info) -> Codebook:
    """The codebook of a file's top section; faults are noted in the section."""
    table = section.table("questions")
    questions = tuple(_read_question(table.table(name), name) for name in list(table))
    common = section.table("common")
    shared = tuple(_read_common(common.table(name), name) for name in list(common))
    rivals = section.table("rivals", required=False)
    others = tuple(_read_rival(rivals.table(name), name) for name in list(rivals))
    return Codebook(info, questions, shared, others)


def _read_rival(entry: Section, name: str) -> Rival:
    allows = tuple(_read_common(entry.table(p), p) for p in entry if p != "asks")
    rival = Rival(name, entry.text("asks"), allows)
    entry.finish()
    return rival


def _read_question(entry: Section, name: str) -> Question:
    words = entry.table("answers")
    answers = {letter: words.text(letter) for letter in list(words)}
    allows = entry.table("allows")
    found = tuple(_read_allowed(allows.table(p), p, answers) for p in list(allows))
    question = Question(name, entry.text("asks"), answers, found, entry.text("place", default=""))
    entry.finish()
    return question


def _read_allowed(entry: Section, name: str, answers: Mapping[str, str]) -> Allowed:
    meaning, unit = entry.text("meaning"), entry.text("unit")
    found = {letter: _read_interval(entry.table(letter)) for letter in answers}
    entry.finish()
    return Allowed(name, meaning, unit, found)


def _read_common(entry: Section, name: str) -> Allowed:
    return Allowed(name, entry.text("meaning"), entry.text("unit"), {ALWAYS: _read_interval(entry)})


def _read_interval(entry: Section) -> ClusterInterval:
    low, high = (float(entry.number(end)) for end in ("from", "to"))
    if low > high:
        entry.fault("to", "lies below `from`", "give the lower end first")
    interval = ClusterInterval(low, high, entry.text("because"))
    entry.finish()
    return interval
