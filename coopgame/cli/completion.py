"""What the shell completes, from the files alone where it can: nothing heavy loads for that."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from coopgame.cli.door import time_limit
from coopgame.errors import CoopgameError
from coopgame.forms import FORMS
from coopgame.reading.folders import files, is_path, root

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
COMPLETING = "_COOPGAME_COMPLETE"  # set by the shell, and nowhere else
PATIENCE = 10.0  # seconds; the answer is kept, so that the next time is quick


def complete_names(*kinds: str) -> Completer:
    """Completes the names of catalogue files of these kinds; a path is left to the shell."""

    def complete(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
        fitting = _fitting([name for kind in kinds for name in _named(kind, ctx)], typed)
        return fitting or [CompletionItem(typed, type="file")]

    return complete


def complete_forms(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
    """Completes the forms that a game can take, and `case`."""
    return _fitting({**FORMS, "case": "a case, with the questions of the codebook"}, typed)


def complete_parameters(ending: str = "=") -> Completer:
    """Completes the parameters of the game, or the questions and parameters of the case."""

    def complete(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
        about = _parameters(_contents(_subject(ctx)))
        return _fitting({f"{name}{ending}": told for name, told in about.items()}, typed)

    return complete


def complete_outcomes(
    ctx: click.Context, param: click.Parameter, typed: str
) -> list[CompletionItem]:
    """Completes the outcomes of the game; of a case, the types of cluster."""
    path = _subject(ctx)
    if "phases" in _contents(path):
        return _fitting(["type", *_contents(root() / "types.toml").get("types", {})], typed)
    return _fitting(_solved(path)[0], typed)


def complete_equilibria(
    ctx: click.Context, param: click.Parameter, typed: str
) -> list[CompletionItem]:
    """Completes the names of the game's equilibria."""
    return _fitting(_solved(_subject(ctx))[1], typed)


def _fitting(names: Iterable[str] | Mapping[str, str], typed: str) -> list[CompletionItem]:
    told = names if isinstance(names, Mapping) else dict.fromkeys(names)
    return [CompletionItem(name, help=told[name]) for name in told if name.startswith(typed)]


def _named(kind: str, ctx: click.Context) -> Mapping[str, Path]:
    try:
        return files(kind, ctx.params.get("folders") or ())
    except CoopgameError:
        return {}


def _subject(ctx: click.Context) -> Path | None:
    """The file of the game or case that is named on the command line."""
    given = (ctx.params.get(key) for key in ("game", "name", "case"))
    name = next(filter(None, given), None) or next(iter(ctx.args), "")
    plain = name.rpartition(":")[0] or name
    for kind in ("catalogue", "cases"):
        if path := _named(kind, ctx).get(plain):
            return path
    return Path(plain) if is_path(plain) else None


def _contents(path: Path | None) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError, RecursionError):
        return {}


def _parameters(told: Mapping[str, Any]) -> dict[str, str]:
    """Names and meanings: of the game's parameters, or of a case's questions and parameters."""
    if "phases" in told:
        questions = _contents(root() / "codebook.toml").get("questions", {})
        allowed = [each.get("allows", {}) for each in questions.values()]
        return {name: each.get("asks", "") for name, each in questions.items()} | {
            name: each.get("meaning", "") for group in allowed for name, each in group.items()
        }
    parameters = told.get("parameters", {})
    if not isinstance(parameters, dict):
        return {}
    return {
        name: str(about.get("meaning", "")) if isinstance(about, dict) else ""
        for name, about in parameters.items()
    }


def _solved(path: Path | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of outcomes and equilibria: as kept, or found now if that is soon done."""
    from coopgame.cache import kept

    if path is None:
        return (), ()
    # The shell then completes nothing. Any other process, as of a test, is left alone.
    is_shell = COMPLETING in os.environ
    bounded = time_limit(PATIENCE, lambda _: os._exit(0)) if is_shell else nullcontext()
    try:
        with bounded, kept():
            return _names(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    except (CoopgameError, OSError):
        return (), ()


def _names(digest: str, path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from coopgame.cache import remembered

    # Kept even where the solution itself was: to read a solution, SymPy would have to be loaded.
    return remembered("path", always=True)(_solve)(digest, path)


def _solve(digest: str, path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from coopgame.catalogue import load_game

    solution = load_game(str(path)).solve()
    outcomes = dict.fromkeys(name for each in solution.branches for name in each.outcomes)
    return tuple(outcomes), tuple(each.name for each in solution.branches)
