"""Commands for teaching: explain, exercise."""

from __future__ import annotations

from pathlib import Path

import click

from coopgame.cli.documents import asked_delivery, wishes_for
from coopgame.cli.door import emit, progress, say
from coopgame.cli.options import (
    assignments,
    branch_option,
    example,
    folders,
    game_argument,
    printed,
    set_option,
)
from coopgame.report.formats import shape_of


@click.command(
    epilog=example("""  coopgame explain trust
  coopgame explain trust --branch tit_for_tat --no-signs
  coopgame explain relation --format latex -o relation.tex
  coopgame explain my-game.toml --format markdown -o my-game.md""")
)
@game_argument
@branch_option("Explain this equilibrium, not the headline.")
@click.option(
    "--signs/--no-signs",
    default=True,
    show_default=True,
    help="With the proved sign of each effect, which can take seconds.",
)
@set_option
@printed
def explain(game: str, branch: str | None, signs: bool, settings: tuple[str, ...]) -> None:
    """Explain step by step why something is an equilibrium of GAME.

    The game, the candidate, the value equations and their solution, the incentive constraint, how
    it becomes the condition, the thresholds, and the sign of each effect with its reason: the
    steps are generated from the solution, so that they also work for your own game.
    """
    from coopgame.catalogue import load_game
    from coopgame.comparative.scenario import fixed
    from coopgame.report.derivations import lecture_report
    from coopgame.report.documents import STRUCTURE
    from coopgame.teaching.lecture import lecture

    loaded = fixed(load_game(game, folders()), assignments(settings))
    with progress() as step:
        step("deriving")
        told = lecture(loaded, branch, signs)
    drawn = wishes_for(loaded, *STRUCTURE, (None, {}))
    emit(lecture_report(told), drawn)


@click.command(
    epilog=example("""  coopgame exercise trust --seed 1 --count 3
  coopgame exercise inspection --seed 7 --no-answers -o sheet.tex
  coopgame exercise relation --seed 7 --key key.md -o sheet.md""")
)
@game_argument
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="The same seed gives the same sheet.",
)
@click.option(
    "--count",
    type=click.IntRange(1, 50),
    default=3,
    show_default=True,
    help="How many problems.",
)
@branch_option("Ask about this equilibrium, not the headline.")
@click.option(
    "--answers/--no-answers",
    default=True,
    show_default=True,
    help="With the worked answers after the problems.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the worked answers to a file of their own instead.",
)
@set_option
@printed
def exercise(
    game: str,
    seed: int,
    count: int,
    branch: str | None,
    answers: bool,
    key: Path | None,
    settings: tuple[str, ...],
) -> None:
    """Draw numeric problems on GAME, with worked answers.

    Each problem gives values for the parameters and asks what the equilibria are, what they are
    worth, and from where on; the key puts the numbers into the argument that explain shows. The
    answers are certified; no point lies on a border.
    """
    from coopgame.catalogue import load_game
    from coopgame.comparative.scenario import fixed
    from coopgame.report.documents import UNMARKED
    from coopgame.report.exercises import sheet_report
    from coopgame.teaching.exercises import sheet

    shape_of(asked_delivery()[0], key)
    loaded = fixed(load_game(game, folders()), assignments(settings))
    with progress() as step:
        step("drawing problems")
        drawn = sheet(loaded, seed, count, branch)
    if key is not None:
        emit(sheet_report(drawn, problems=False), into=key)
    problems = sheet_report(drawn, key=answers and key is None)
    emit(problems, wishes_for(loaded, *UNMARKED))
    if len(drawn.exercises) < count:
        say(f"only {len(drawn.exercises)} distinct problems were found")
