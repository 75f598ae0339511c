"""The command that says how to cite: cite."""

from __future__ import annotations

from pathlib import Path

import click

from coopgame.cli.door import deliver
from coopgame.cli.options import example, output_option
from coopgame.report.formats import check_ending


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
    if output is None:
        click.echo(cite(), nl=False)
    else:
        deliver(cite(), output)


HEADING = "Housekeeping"
COMMANDS = (cite,)
