"""The commands about the program itself: what it keeps on this machine, and how to cite it."""

from __future__ import annotations

from pathlib import Path

import click

from coopgame.cli.door import give
from coopgame.cli.options import example, output_option
from coopgame.report.formats import check_ending


@click.command(
    epilog=example("""  coopgame cache
  coopgame cache --clear""")
)
@click.option("--clear", is_flag=True, help="Forget all answers kept.")
def cache(clear: bool) -> None:
    """Show or clear the answers that are kept.

    A game that was solved once, and signs that were proved once, are read back the next time.
    `--no-cache` of a command goes without.
    """
    from coopgame.cache import Store

    store = Store.of_user()
    if clear:
        click.echo(f"cleared {store.clear()} answers in {store.folder}")
        return
    count, used = store.size()
    click.echo(f"{count} answers, {used / 1e6:.1f} MB, in {store.folder}")


@click.command(
    epilog=example("""  coopgame cite
  coopgame cite -o coopgame.bib""")
)
@output_option(" (.bib)")
def cite(output: Path | None) -> None:
    """Print how to cite coopgame and its source, as BibTeX.

    The entries are those of CITATION.cff. Cite the sources that a game itself names too: `coopgame
    show GAME` lists them.
    """
    from coopgame.face.citing import cite

    check_ending(output, (".bib",))
    give(cite(), output)
