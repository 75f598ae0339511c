"""What a game says about itself: its parameters, its content, where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from coopgame.errors import Fault
from coopgame.forms.base import Game
from coopgame.language.parameters import Parameter
from coopgame.language.printing import to_text
from coopgame.reading.kinds import KINDS
from coopgame.report.tables import Report, ReportPart, Table, columns, facts, fields_of, origin


def game_report(game: Game) -> Report:
    """A game's description, content and parameters."""
    header = game.header
    content = [(label, text.splitlines()) for label, text in game.describe()]
    about = facts(
        [
            ("source", paragraphs(header.info.source)),
            *content,
            ("assumptions", header.domain.assumptions),
            ("headline", [header.headline] if header.headline else []),
        ]
    )
    parameters = parameter_table(header.domain.parameters)
    return Report(
        title=header.info.title,
        sections=(
            ReportPart("", tuple(paragraphs(header.info.description))),
            ReportPart("The game", (about,)),
            ReportPart("Parameters", (parameters,)),
        ),
        table=parameters,
        record=game_record(game),
        origin=origin(header.info),
    )


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line."""
    return [" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n") if paragraph]


def parameter_table(parameters: tuple[Parameter, ...]) -> Table:
    """One row a parameter: what it means, in which unit, where it may lie, and its source."""
    rows = [
        (p.name, p.default, str(p.interval), p.unit, p.role or "", p.meaning, p.source)
        for p in parameters
    ]
    return Table(
        columns("parameter", "default", "domain", "unit", "role", "meaning", "source"), rows
    )


def game_record(game: Game) -> dict[str, Any]:
    """The record that `show --format json` prints; defaults are exact texts."""
    header = game.header
    return {
        "game": header.info.name,
        "title": header.info.title,
        "description": header.info.description.strip(),
        "source": header.info.source.strip(),
        "digest": header.info.digest,
        "content": dict(game.describe()),
        "assumptions": [to_text(assumption) for assumption in header.domain.assumptions],
        "headline": header.headline,
        "parameters": [parameter_record(p) for p in header.domain.parameters],
    }


def parameter_record(p: Parameter) -> dict[str, Any]:
    """A parameter as JSON prints it."""
    return {
        **fields_of(p, "name", "meaning", "unit"),
        "domain": str(p.interval),
        "default": to_text(p.default),
        **fields_of(p, "role", "source"),
    }


def check_report(checked: Mapping[str, tuple[str, tuple[Fault, ...]]]) -> Report:
    """What was found in each file: its kind and its faults."""
    rows = [
        (path, fault.place, fault.problem, fault.mend)
        for path, (_, faults) in checked.items()
        for fault in faults
    ]
    lines = [
        f"{path}: {KINDS[kind].called}, {len(faults) or 'no'} fault{'s' * (len(faults) != 1)}"
        for path, (kind, faults) in checked.items()
    ]
    found = Table(columns("file", "place", "problem", "fix"), rows)
    return Report(
        title="Checked",
        sections=(ReportPart("", (*lines, *((found,) if rows else ()))),),
        table=found,
        record={
            "files": [
                {
                    "file": path,
                    "kind": KINDS[kind].called,
                    "faults": [asdict(fault) for fault in faults],
                }
                for path, (kind, faults) in checked.items()
            ]
        },
    )


def list_report(listed: Mapping[str, Mapping[str, str]]) -> Report:
    """What the catalogue holds: kind -> name -> title."""
    rows = [(kind, name, title) for kind, of in listed.items() for name, title in of.items()]
    sections = tuple(
        ReportPart(kind, (Table(columns("name", "title"), list(of.items())),))
        for kind, of in listed.items()
        if of
    )
    return Report(
        title="The catalogue",
        sections=sections,
        table=Table(columns("kind", "name", "title"), rows),
        record={
            kind: [{"name": name, "title": title} for name, title in of.items()]
            for kind, of in listed.items()
        },
    )
