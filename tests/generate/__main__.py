"""`python -m tests.generate --form level --count 2000 --keep DIR`: draw games and try them.

Games are tried in a process apart, which is replaced if one never ends. Faults are
printed by kind, the files kept; `--replay FILE` tries one again. Exit code 1 if there are faults.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .drawing import drawn_by
from .examine import LIMIT, Examined, examine
from .faults import Fault, distinct, short
from .files import Drawn, read
from .strategies import GAMES
from .worker import Worker

TELLING = 60  # seconds between lines where there is no terminal for a bar


class Ledger:
    """What was seen so far, and where faults are kept."""

    def __init__(self, form: str, start: int, keep: Path | None) -> None:
        self.form, self.start, self.keep = form, start, keep
        self.games = self.refused = 0
        self.groups: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.declined: Counter[str] = Counter()
        self.first: dict[str, tuple[int, Fault]] = {}

    def note(self, number: int, drawn: Drawn, found: Examined) -> None:
        self.games += 1
        self.declined.update(found.declined)
        if found.refused:
            self.refused += 1
            self.reasons[found.refused.split(": ", 1)[-1].splitlines()[0][:100]] += 1
        for fault in distinct(found.faults):
            self.groups[fault.group] += 1
            self.first.setdefault(fault.group, (number, short(fault)))
        if found.faults and self.keep is not None:
            name = f"{self.form}-{number}"
            (self.keep / f"{name}.toml").write_text(drawn.written(), encoding="utf-8")
            told = (
                f"[{f.kind}] {f.command}\n{f.seen}\n{f.trace}" for f in map(short, found.faults)
            )
            (self.keep / f"{name}.txt").write_text("\n\n".join(told), encoding="utf-8")

    def report(self) -> None:
        told = f"{self.form}: {self.games} games from number {self.start} on"
        click.echo(f"{told}, {self.refused} refused, {sum(self.groups.values())} faults")
        for reason, count in self.reasons.most_common(8):
            click.echo(f"  refused {count:5}  {reason}")
        for reason, count in self.declined.most_common(25):
            click.echo(f"  declined {count:5}  {reason[:160]}")
        for group, count in self.groups.most_common():
            place, fault = self.first[group]
            click.echo(f"\n{count:5}  {group}\n       first in game {place}: {fault.command}")
            click.echo("       " + fault.seen.strip().replace("\n", "\n       ")[:600])


@click.command()
@click.option("--form", "forms", multiple=True, type=click.Choice(list(GAMES)), help="Or all.")
@click.option("--count", default=200, show_default=True, help="Games of each form.")
@click.option("--seed", "start", default=0, show_default=True, help="The number of the first game.")
@click.option("--keep", type=click.Path(path_type=Path), help="Where files with faults are kept.")
@click.option("--limit", default=LIMIT, show_default=True, help="Seconds that a command may take.")
@click.option("--replay", type=click.Path(path_type=Path), help="Try the game of this file again.")
@click.option("--brief", is_flag=True, help="Without the three commands: the equilibria alone.")
@click.option("--only-draw", is_flag=True, help="Print the games and try nothing.")
def main(
    forms: tuple[str, ...],
    count: int,
    start: int,
    keep: Path | None,
    limit: float,
    replay: Path | None,
    brief: bool,
    only_draw: bool,
) -> None:
    """Draw games by seed and hold coopgame to what must be true of each."""
    if replay is not None:
        found = examine(read(replay.read_text(encoding="utf-8")), limit)
        click.echo(f"refused: {found.refused}" if found.refused else "")
        for fault in found.faults:
            click.echo(f"[{fault.kind}] {fault.command}\n{fault.seen}\n{fault.trace}")
        sys.exit(bool(found.faults))
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    ledgers = []
    for form in forms or tuple(GAMES):
        ledger = Ledger(form, start, keep)
        if only_draw:
            for number in range(start, start + count):
                click.echo(f"{'#' * 80}\n# game {number}\n{drawn_by(number, form).written()}")
            continue
        tried_one_by_one(ledger, count, limit, brief)
        ledger.report()
        ledgers.append(ledger)
    sys.exit(any(ledger.groups for ledger in ledgers))


def tried_one_by_one(ledger: Ledger, count: int, limit: float, brief: bool) -> None:
    """Try games behind a bar, which in a pipe is a line a minute."""
    columns = (TextColumn(ledger.form), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    hidden = not sys.stderr.isatty()
    with Progress(*columns, disable=hidden) as bar, Worker(limit) as worker:
        task = bar.add_task("", total=count)
        told = time.monotonic()
        for number in range(ledger.start, ledger.start + count):
            drawn = drawn_by(number, ledger.form)
            drawn = replace(drawn, commands=()) if brief else drawn
            ledger.note(number, drawn, worker.examine(drawn))
            bar.advance(task)
            if hidden and time.monotonic() - told > TELLING:
                told = time.monotonic()
                told_line = f"{ledger.form}: {ledger.games} of {count}, {len(ledger.groups)} kinds"
                click.echo(f"{told_line} of fault", err=True)


if __name__ == "__main__":
    main()
