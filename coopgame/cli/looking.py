"""Commands that look at files: list, show, check."""

from __future__ import annotations

from pathlib import Path

import click

from coopgame.cli.documents import asked_delivery
from coopgame.cli.door import BAD_INPUT, NEGATIVE, emit, say
from coopgame.cli.options import example, folders, game_argument, printed

KINDS = {
    "catalogue": "games",
    "cases": "cases",
    "rules": "rules",
    "evidence": "evidence",
}


@click.command(
    "list",
    epilog=example("""  coopgame list
  coopgame list --catalogue my-games --format json"""),
)
@printed
def list_files() -> None:
    """List the games, cases, macro rules and evidence."""
    from coopgame.catalogue import summaries
    from coopgame.report.games import list_report

    listed = {heading: summaries(kind, folders()) for kind, heading in KINDS.items()}
    emit(list_report(listed))


@click.command(
    epilog=example("""  coopgame show relation
  coopgame show criciuma
  coopgame show codebook
  coopgame show my-game.toml --format markdown -o my-game.md""")
)
@game_argument
@printed
def show(game: str) -> None:
    """Show payoffs, parameters and sources of GAME.

    Each parameter with its meaning, unit, domain, default and source. GAME may also be a case (its
    dated answers), the codebook (the questions, and the intervals that their answers allow) or
    macro rules (the hazard a period, and how it was estimated).
    """
    from coopgame.catalogue import (
        CODEBOOK,
        kind_named,
        load_case,
        load_codebook,
        load_game,
        load_rules,
    )
    from coopgame.clusters.study import FACTS, portrait
    from coopgame.report.cases import portrait_report
    from coopgame.report.games import game_report
    from coopgame.report.maps import codebook_report
    from coopgame.report.scenarios import rules_report

    if game == CODEBOOK:
        emit(codebook_report(load_codebook()))
        return
    kind = kind_named(game, folders())
    if kind == CODEBOOK:
        emit(codebook_report(load_codebook(Path(game))))
    elif kind == "cases":
        emit(portrait_report(portrait(load_case(game, folders()), (FACTS,))))
    elif kind == "rules":
        emit(rules_report(load_rules(game, folders())))
    else:
        emit(game_report(load_game(game, folders())))


@click.command(
    epilog=example("""  coopgame check my-game.toml
  coopgame check my-games/*.toml --format json""")
)
@click.argument("paths", metavar="FILE...", nargs=-1, required=True)
@printed
def check(paths: tuple[str, ...]) -> int:
    """Find every fault of game, case, rule and other files.

    Also of codebooks, evidence, claims (each statement is read, none decided) and types of cluster.
    Each comes with its place and how to fix it. Faults go to stderr, one line each; the
    exit code is 1 if there are any, and 2 if a file is missing or of another program.
    """
    from coopgame.catalogue import check_file
    from coopgame.reading.foreign import UnreadableFile
    from coopgame.report.games import check_report

    checked, unreadable = {}, False
    for path in paths:
        try:
            checked[path] = check_file(Path(path), folders())
        except UnreadableFile as error:
            unreadable = True
            say(str(error))
    for path, (_, faults) in checked.items():
        for fault in faults:
            click.echo(f"{path}: {fault}", err=True)
    faulty = any(faults for _, faults in checked.values())
    if checked and (not faulty or any(asked_delivery())):
        emit(check_report(checked))
    return BAD_INPUT if unreadable else NEGATIVE if faulty else 0
