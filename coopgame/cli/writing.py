"""Commands that write files for others to go on with: export, new."""

from __future__ import annotations

from pathlib import Path

import click

from coopgame.cli.options import assignments, common, example, game_argument, set_option
from coopgame.errors import InputError
from coopgame.report.formats import check_ending, write

ENDINGS = {"nfg": (".nfg",), "ne": (".ne", ".txt")}
OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to a file instead of the terminal.",
)


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
@OUTPUT
@common
def export(
    game: str,
    target: str,
    settings: tuple[str, ...],
    output: Path | None,
    folders: tuple[Path, ...],
) -> None:
    """Write GAME, or its equilibria, for Gambit.

    GAME is taken at a point: defaults fill what is not set. It must be in normal form.
    """
    from coopgame.catalogue import load_game
    from coopgame.interop import equilibria, normal, to_nfg

    check_ending(output, ENDINGS[target])
    loaded = normal(load_game(game, folders))
    values = assignments(settings)
    if target == "nfg":
        deliver(to_nfg(loaded, values), output)
    else:
        deliver("".join(f"{line}\n" for line in equilibria(loaded, values)), output)


@click.command(
    epilog=example("""  coopgame new normal -o my-game.toml
  coopgame check my-game.toml
  coopgame solve my-game.toml
  coopgame new case -o my-case.toml""")
)
@click.argument("form")
@OUTPUT
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@common
def new(form: str, output: Path | None, force: bool, folders: tuple[Path, ...]) -> None:
    """Write a commented game of FORM, or a case, to start from.

    FORM is case, normal, repeated, level, ...; a wrong one is answered with those there are.
    """
    from coopgame.catalogue import starter

    check_ending(output, (".toml",))
    if output is not None and output.is_file() and not force:
        raise InputError(f"{output} is there already", "choose another -o FILE, or add --force")
    deliver(starter(form), output)


def deliver(text: str, output: Path | None) -> None:
    """Print a text, or write it to a file."""
    if output is None:
        click.echo(text, nl=False)
    else:
        write(output, text)


HEADING = "For others to go on with"
COMMANDS = (export, new)
