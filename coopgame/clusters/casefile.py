"""Reading case files: dated answers to the codebook, each with its source."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from coopgame.clusters.case import GROUPS, JUDGEMENT, UNKNOWN, Case, ClusterAnswer, Phase, letters
from coopgame.clusters.codebook import Codebook
from coopgame.clusters.typology import Profile
from coopgame.errors import InputError, meant
from coopgame.forms.base import Game
from coopgame.reading.info import Info
from coopgame.reading.section import Section


def read_case(
    section: Section,
    info: Info,
    codebook: Codebook,
    profiles: Sequence[Profile],
    games: Mapping[str, Game],
) -> Case:
    """The case of a file's top section; faults are noted in the section.

    A phase holds the answers of the one before it, but for those that it states anew; a question
    that no phase has answered is unknown.
    """
    types = [profile.type for profile in profiles]
    group = section.choice("group", GROUPS, default="stylised")
    coded = section.text("coded", default="")
    entries = section.tables("phases")
    if not entries:
        section.fault("phases", "are missing", "add at least one [[phases]]")
    phases: list[Phase] = []
    answers: Mapping[str, ClusterAnswer] = {}
    for entry in entries:
        phase = _read_phase(entry, codebook, types, answers)
        if phases and phase.year <= phases[-1].year:
            entry.fault("year", "is not later than the phase before", "order phases by year")
        answers = phase.answers
        phases.append(phase)
    return Case(info, codebook, tuple(profiles), group, coded, tuple(phases), games)


def _read_phase(
    entry: Section, codebook: Codebook, types: Collection[str], before: Mapping[str, ClusterAnswer]
) -> Phase:
    year = entry.value("year")
    if type(year) is not int or not 1 <= year <= 9999:
        entry.fault("year", f"{year!r} is not a year", "write year = 1990")
        year = 1
    stated = entry.text("stated", default="") or None
    if stated is not None and stated not in types:
        entry.fault("stated", f"{stated!r} is not a type", f"types: {', '.join(types)}")
    soft = entry.value("soft")
    if soft not in (None, True, False):
        entry.fault("soft", f"{soft!r} is neither true nor false", "write soft = true")
    found = _read_answers(entry.table("answers"), codebook)
    phase = Phase(
        entry.text("name"),
        year,
        {**before, **found},
        entry.text("source"),
        stated,
        bool(soft),
        tuple(found),
    )
    entry.finish()
    return phase


def _read_answers(table: Section, codebook: Codebook) -> dict[str, ClusterAnswer]:
    questions = {question.name: question for question in codebook.questions}
    found = {}
    for name in table:
        if name not in questions:
            hint = meant(name, questions) + f"questions: {', '.join(questions)}"
            table.fault(name, "is not a question of the codebook", hint)
            table.used.add(name)
            continue
        entry = table.table(name)
        try:  # one that is missing is a fault already, and may be anything
            stated = entry.text("answer") or UNKNOWN
            given = letters(stated, questions[name].answers, "answer")
        except InputError as error:
            entry.faults.extend(
                type(fault)(f"{entry.place}.{fault.place}", fault.problem, fault.mend)
                for fault in error.faults
            )
            given = tuple(questions[name].answers)
        found[name] = ClusterAnswer(given, entry.text("source"))
        entry.finish()
    return found


# --- writing -----------------------------------------------------------------------------------

HEAD = """# A case: dated answers to questions about conditions. Fill in, then
#   coopgame check FILE      finds every fault at once
#   coopgame classify FILE   says how likely each type is, by phase and by year
# An answer is a letter, several ("a or b"), or "unknown". A later phase states only what changed.
format = 1
title = {title}
description = "What the firms make, and what happened to them."
source = "where the story comes from"
group = "public"          # paper, public or stylised
coded = "by whom, from what, and before or after a look at the model's answer"

[[phases]]
name = "the first phase"
year = {year}
# stated = "satellite"    # the type that your source states; leave out where it states none
source = "the words of your source that state it"

[phases.answers]
"""


def questionnaire(
    codebook: Codebook,
    answers: Mapping[str, str] | None = None,
    title: str = "A cluster of my own",
    year: int = 1990,
) -> str:
    """A case file that asks every question of the codebook, with answers where they are given."""
    given = answers or {}
    lines = []
    for question in codebook.questions:
        lines.append(f"# {question.asks}")
        lines += [f"#   {letter}: {words}" for letter, words in question.answers.items()]
        answer = given.get(question.name, UNKNOWN)
        lines.append(f'{question.name} = {{ answer = "{answer}", source = "{JUDGEMENT}" }}')
    quoted = json.dumps(title, ensure_ascii=False)
    return HEAD.format(title=quoted, year=year) + "\n".join(lines) + "\n"
