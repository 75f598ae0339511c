"""Commands that write files: export to other programs, and templates to start from."""

from __future__ import annotations

from pathlib import Path

import click

from coopgame.cli.completion import complete_forms
from coopgame.cli.door import give
from coopgame.cli.options import (
    assignments,
    common,
    example,
    folders,
    game_argument,
    output_option,
    set_option,
)
from coopgame.errors import InputError
from coopgame.reading.folders import is_file
from coopgame.report.formats import check_ending

ENDINGS = {"nfg": (".nfg",), "ne": (".ne", ".txt")}


@click.command(
    epilog=example("""  coopgame export inspection --to nfg -o inspection.nfg
  coopgame export inspection --to ne --set c=1/2
  coopgame solve inspection.nfg""")
)
@game_argument
@click.option(
    "--to",
    "target",
    type=click.Choice(("nfg", "ne")),
    required=True,
    help="Gambit's game file, or its lines of equilibria.",
)
@set_option
@output_option()
@common
def export(game: str, target: str, settings: tuple[str, ...], output: Path | None) -> None:
    """Write GAME, or its equilibria, for Gambit.

    GAME is taken at a point: defaults fill what is not set. It must be in normal form.
    """
    from coopgame.catalogue import load_game
    from coopgame.interop import equilibria, normal, to_nfg

    check_ending(output, ENDINGS[target])
    loaded = normal(load_game(game, folders()))
    values = assignments(settings)
    if target == "nfg":
        give(to_nfg(loaded, values), output)
    else:
        give("".join(f"{line}\n" for line in equilibria(loaded, values)), output)


@click.command(
    epilog=example("""  coopgame new normal -o my-game.toml
  coopgame check my-game.toml
  coopgame solve my-game.toml
  coopgame new case -o my-case.toml""")
)
@click.argument("form", shell_complete=complete_forms)
@output_option()
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--interactive", is_flag=True, help="Ask the questions of a case one by one.")
@common
def new(form: str, output: Path | None, force: bool, interactive: bool) -> None:
    """Write a commented game of FORM, or a case, to start from.

    FORM is one of normal, symmetric, repeated, level, tie, contract, sequential, belief, case.
    """
    from coopgame.catalogue import CASE, starter

    check_ending(output, (".toml",))
    if output is not None and is_file(output) and not force:
        raise InputError(f"{output} is there already", "choose another -o FILE, or add --force")
    if interactive and form != CASE:
        raise InputError("--interactive asks the questions of a case", "write new case")
    give(_asked() if interactive else starter(form), output)


def _asked() -> str:
    """A case whose questions were asked one by one; an empty answer is unknown."""
    from coopgame.catalogue import load_codebook
    from coopgame.clusters.case import UNKNOWN, letters
    from coopgame.clusters.casefile import questionnaire

    codebook = load_codebook()
    title = click.prompt("Title", default="A cluster of my own", err=True)
    year = click.prompt("Year", type=click.IntRange(1, 9999), default=1990, err=True)
    answers: dict[str, str] = {}
    for question in codebook.questions:
        click.echo(f"\n{question.asks}", err=True)
        for letter, words in question.answers.items():
            click.echo(f"  {letter}: {words}", err=True)
        while question.name not in answers:
            text = click.prompt(question.name, default=UNKNOWN, err=True)
            try:
                letters(text, question.answers, question.name)
                answers[question.name] = text
            except InputError as error:
                click.echo(str(error), err=True)
    return questionnaire(codebook, answers, title, year)
