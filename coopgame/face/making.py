"""Games in code: of Python values, of text, of names and files; and a game as text again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coopgame import catalogue
from coopgame.clusters.case import Case
from coopgame.errors import InputError, brief, fitting, meant
from coopgame.forms import FORMS
from coopgame.forms.base import Game
from coopgame.forms.gamefile import game_of
from coopgame.reading.building import tables
from coopgame.reading.writing import to_toml as toml_of

NAME = "game"


@fitting
def game(form: str, /, *matrices: Any, name: str = NAME, **stated: Any) -> Game:
    r"""A game of any form, of Python values.

    What it says is checked by the readers of game files, with the same messages.

    Parameters
    ----------
    form : str
        One of the forms: "normal", "repeated", "symmetric", "contract", "level", "tie",
        "sequential", "belief".
    \*matrices : sequence of sequences, or array
        Of a game in normal form, or the stage of a repeated one: the payoffs of the row player, a
        row for each of her actions; a second matrix holds those of the column player. One square
        matrix is a symmetric game.
    name : str, default "game"
        What the game is called where answers name it.
    \*\*stated : object
        The tables and keys of a game file (see the reference on game files): `players`,
        `parameters`, `assume`, `payoffs`, `outcomes`, `headline`, ... Wherever a file has text,
        text, numbers and SymPy expressions may stand. A parameter is its interval, as text, as
        `(low, high)` for an open and `[low, high]` for a closed one, or a table with `domain`,
        `default`, `meaning`, `unit`, `source`, `role`, of which any may be left out.

    Returns
    -------
    Game
        Immutable; `game.solve()` finds its equilibria.

    Raises
    ------
    InputError
        With every fault at once, each with its place.

    Examples
    --------
    >>> import coopgame as cg
    >>> pd = cg.game("normal", [["R", 0], ["T", 1]], players={"row": "C D", "column": "C D"},
    ...              parameters={"T": "(1, oo)", "R": "(1, oo)"}, assume=["T > R"])
    >>> list(pd.solve())
    ['D,D']
    """
    if not isinstance(form, str) or form not in FORMS:
        like = meant(form, FORMS)
        raise InputError(f"{brief(form)} is no form", f"{like}forms: {', '.join(FORMS)}")
    if not isinstance(name, str) or not name or "\n" in name:
        raise InputError(f"{brief(name)} is no name of a game", 'as in name="laboratory"')
    return game_of(toml_of(tables(form, matrices, stated)), name)


@fitting
def loads(text: str, name: str = NAME) -> Game:
    """The game that the text of a game file states.

    Parameters
    ----------
    text : str
        What a game file holds (TOML).
    name : str, default "game"
        What the game is called where answers name it.

    Returns
    -------
    Game
        Immutable; `game.solve()` finds its equilibria.

    Raises
    ------
    InputError
        With every fault of the text, each with its place.

    Examples
    --------
    >>> import coopgame as cg
    >>> trust = cg.load("trust")
    >>> cg.loads(trust.to_toml()) == trust
    True
    """
    for key, given in (("text", text), ("name", name)):
        if not isinstance(given, str):
            raise InputError(f"{brief(given)} is not text", f"give the {key} as text")
    return game_of(text, name)


@fitting
def load(source: Any, extra: Any = ()) -> Game | Case:
    """The game or case of a catalogue name, a file, or a table as a game file has it.

    Parameters
    ----------
    source : str, Path or mapping
        A name ("trust"), a path (`Path("my.toml")`, "my.toml", Gambit's "my.nfg"), or the tables
        of a game file with their `form`.
    extra : sequence of Path, optional
        Folders of files of one's own, in which names are looked up too.

    Returns
    -------
    Game or Case
        Immutable.

    Raises
    ------
    InputError
        For an unknown name, and with every fault of what is read.

    Examples
    --------
    >>> import coopgame as cg
    >>> cg.load("trust")
    <Repeated trust>
    """
    if isinstance(source, Mapping):
        return _of_tables(source)
    if isinstance(source, str | Path) and str(source).strip():
        return catalogue.load(str(source), folders(extra))
    raise InputError(
        f"{brief(source)} is no name, path or table of a game", 'as in "trust" or Path("my.toml")'
    )


def folders(extra: Any) -> tuple[Path, ...]:
    """The folders that are given to look up names in."""
    several = (extra,) if isinstance(extra, str | Path) else extra
    if not isinstance(several, list | tuple) or not all(
        isinstance(each, str | Path) for each in several
    ):
        raise InputError(f"{brief(extra)} are no folders", 'as in extra=["my-games"]')
    return tuple(Path(each) for each in several)


def _of_tables(stated: Mapping[Any, Any]) -> Game:
    rest = {str(key): value for key, value in stated.items() if key not in ("format", "form")}
    name = rest.pop("name", NAME)
    if "form" not in stated:
        forms = ", ".join(FORMS)
        raise InputError("form: is missing", f"forms: {forms}")
    return game(stated["form"], name=name, **rest)


@fitting
def to_toml(game: Game) -> str:
    """The text of a game file that states this game; `loads` reads it back.

    Parameters
    ----------
    game : Game
        One that was loaded or built, into which no values were put since.

    Returns
    -------
    str
        TOML; of a game that was read from a file, the text of that file.

    Raises
    ------
    InputError
        Where values were put into the game since it was stated.

    Examples
    --------
    >>> import coopgame as cg
    >>> print(cg.game("normal", [[1]]).to_toml().splitlines()[1])
    form = "normal"
    """
    header = getattr(game, "header", None)
    if header is None:
        raise InputError(f"{brief(game)} is no game", "load or build one first")
    text: str = header.text
    if not text:
        told = f"{game.header.info.name} is not as a file states it"
        raise InputError(told, "write the game before values or rules are put into it")
    return text
