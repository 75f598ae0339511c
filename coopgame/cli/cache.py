"""The command cache: what earlier runs worked out and this machine keeps."""

from __future__ import annotations

import click

from coopgame.cli.options import example

HEADING = "Housekeeping"


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


COMMANDS = (cache,)
