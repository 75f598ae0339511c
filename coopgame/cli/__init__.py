"""The command line. Each command parses, calls the library once, and prints.

Only Click is imported here and in the modules of commands; SymPy and the rest load inside the
commands that need them, so that `coopgame --help` is quick.
"""

from __future__ import annotations

import click

from coopgame.cli import (
    answers,
    cases,
    exploring,
    housekeeping,
    looking,
    macro,
    pictures,
    proving,
    select,
    sensing,
    teaching,
    types,
    writing,
)
from coopgame.cli.door import Door
from coopgame.reading.info import VERSION


@click.group(
    cls=Door,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  coopgame study criciuma
  coopgame list
  coopgame show trust
  coopgame solve trust --set T=5 --set R=3 --set P=1 --set S=0
  coopgame table trust --vary h=0:0.6:13 -o table.csv

\b
Completion by Tab (bash; zsh and fish alike):
  eval "$(_COOPGAME_COMPLETE=bash_source coopgame)"

Exit codes: 0 done; 1 faults found, or statement refuted; 2 bad usage or input;
3 a limit was reached; 70 internal error (COOPGAME_DEBUG=1 prints details).

The words of the answers are explained in docs/reference/glossary.md.""",
)
@click.version_option(VERSION, prog_name="coopgame")
def main() -> None:
    """Why do firms co-operate in one place and not in another?

    Games of co-operation whose payoffs are symbols, solved once for all parameter values: the
    equilibria with their exact conditions, thresholds in closed form, and proved signs.
    """


HEADINGS: dict[str, tuple[click.Command, ...]] = {
    "Cases and types of cluster": (
        cases.study,
        cases.classify,
        cases.contrast,
        cases.type_map,
        types.overview,
        types.types,
        macro.macro,
    ),
    "Files": (looking.list_files, looking.show, looking.check),
    "Games": (answers.solve, answers.statics, answers.table, select.select, sensing.sensitivity),
    "Figures": (pictures.plot,),
    "Pages": (exploring.explore, exploring.gallery),
    "Claims and evidence": (proving.prove, proving.claims, proving.evidence),
    "Teaching": (teaching.explain, teaching.exercise),
    "Export and templates": (writing.export, writing.new),
    "Housekeeping": (housekeeping.cite, housekeeping.cache),
}
for heading, commands in HEADINGS.items():
    main.add_commands(heading, commands)
