"""What is made of a game for others: pictures, pages, arguments, exercises, files; and a check."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgame.errors import Fault, InputError, fitting
from coopgame.face.words import (
    a_subject,
    along,
    one_of,
    one_rules,
    public,
    whole,
)

if TYPE_CHECKING:
    from coopgame.pages.page import Page
    from coopgame.pictures.picture import Picture
    from coopgame.teaching.exercises import Sheet
    from coopgame.teaching.lecture import Lecture


@public(rules=one_rules, vary=along)
def plot(
    subject: Any,
    kind: str | None = None,
    *,
    vary: Any = None,
    x: Any = None,
    y: Any = None,
    outcome: str | None = None,
    year: int | None = None,
    set: Any = None,  # noqa: A002
    rules: Any = None,
) -> Picture:
    """A picture of a game or a case: its usual kind, or the kind that is asked for.

    Parameters
    ----------
    subject : Game, Case, str, Path or mapping
        A game or case, its name or its file.
    kind : str, optional
        "phase", "matrix", "trajectory" and so on: the kinds that `coopgame plot --help` lists.
    vary, x, y : str or (str, low, high), optional
        The parameter an outcome is drawn against; those of a plane.
    outcome : str, optional
        What is drawn.
    year : int, optional
        Of a case, a year of the phase that is drawn.
    set : mapping of str to number or str, optional
        Values that hold throughout.
    rules : str, Path or MacroRules, optional
        Macro rules to face.

    Returns
    -------
    Picture
        Shown by a notebook; `.save("x.pdf")` writes it (.png, .svg, .pdf; a
        matrix, tree or automata also as .tex, in TikZ).

    Raises
    ------
    InputError
        For a kind that does not suit, or ranges outside the domain.
    MissingExtra
        When it is drawn, where Matplotlib is not installed.

    Examples
    --------
    >>> import coopgame as cg
    >>> cg.plot("trust", "phase", x="h", y=("delta", "1/2", "9/10"))
    <Picture: phase>
    """
    from coopgame.pictures.picture import picture

    return picture(
        subject, kind, vary=vary, x=x, y=y, outcome=outcome, year=year,
        set=set, rules=rules,
    )  # fmt: skip


@public()
def explain(
    game: Any,
    branch: str | None = None,
    signs: bool = True,
    *,
    set: Any = None,  # noqa: A002
) -> Lecture:
    """Why something is an equilibrium of a game, step by step.

    Parameters
    ----------
    game : Game, str, Path or mapping
        A game, its name, its file, or the tables of one.
    branch : str, optional
        Which equilibrium; by default the headline.
    signs : bool, default True
        Whether the proved sign of each effect is told too, which can take seconds.
    set : mapping of str to number or str, optional
        Parameters that are fixed.

    Returns
    -------
    Lecture
        The solver's own steps; `.save("x.tex")` writes them.

    Raises
    ------
    InputError
        For an equilibrium that the game has not.

    Examples
    --------
    >>> import coopgame as cg
    >>> cg.explain("inspection", signs=False).branch.name
    'mixed'
    """
    from coopgame.comparative.scenario import fixed
    from coopgame.teaching.lecture import lecture

    return lecture(fixed(game, set or {}), branch, signs)


@public(count=whole(1, 50))
def exercise(
    game: Any,
    seed: int = 0,
    count: int = 3,
    branch: str | None = None,
    *,
    set: Any = None,  # noqa: A002
) -> Sheet:
    """Numeric problems on a game with round numbers, and their worked answers.

    Parameters
    ----------
    game : Game, str, Path or mapping
        A game, its name, its file, or the tables of one.
    seed : int, default 0
        The same seed gives the same sheet.
    count : int, default 3
        How many problems, 1 to 50; there may be fewer.
    branch : str, optional
        Which equilibrium; by default the headline.
    set : mapping of str to number or str, optional
        Parameters that are fixed.

    Returns
    -------
    Sheet
        The problems, each with its worked answer; it can be shown, saved and printed.

    Raises
    ------
    InputError
        For an equilibrium that the game has not, or a game without round points.

    Examples
    --------
    >>> import coopgame as cg
    >>> len(cg.exercise("inspection", seed=1, count=2).exercises)
    2
    """
    from coopgame.comparative.scenario import fixed
    from coopgame.teaching.exercises import sheet

    return sheet(fixed(game, set or {}), seed, count, branch)


@public()
def explore(subject: Any, set: Any = None) -> Page:  # noqa: A002
    """The page with sliders of a game or a case; a notebook shows it in the cell.

    Parameters
    ----------
    subject : Game, Case, str, Path or mapping
        A game or case, its name or its file.
    set : mapping of str to number or str, optional
        Where the sliders start.

    Returns
    -------
    Page
        `.save("x.html")` writes it, one file that needs no network.

    Raises
    ------
    InputError
        For values outside the domain.

    Examples
    --------
    >>> import coopgame as cg
    >>> cg.explore("inspection")
    <Page: Inspection of a subcontractor>
    """
    from coopgame.clusters.case import Case
    from coopgame.pages.cases import case_page
    from coopgame.pages.games import game_page

    values = set or {}
    return case_page(subject, values) if isinstance(subject, Case) else game_page(subject, values)


@public(to=one_of(("nfg", "ne")))
def export(game: Any, to: str = "nfg", *, set: Any = None) -> str:  # noqa: A002
    """A game in normal form at a point, or its equilibria, as Gambit writes them.

    Parameters
    ----------
    game : Game, str, Path or mapping
        A game, its name, its file, or the tables of one.
    to : {"nfg", "ne"}
        Gambit's game file, or its lines of equilibria.
    set : mapping of str to number or str, optional
        Parameters that are fixed; defaults fill the rest.

    Returns
    -------
    str
        The text of a file, to the last line.

    Raises
    ------
    InputError
        For a game that is not in normal form, or values outside the domain.

    Examples
    --------
    >>> import coopgame as cg
    >>> cg.export("inspection", "ne", set={"c": 2})
    'NE,1/2,1/2,1/4,3/4\\n'
    """
    from coopgame.interop import equilibria, normal, to_nfg

    found, values = normal(game), set or {}
    if to == "nfg":
        return to_nfg(found, values)
    return "".join(f"{line}\n" for line in equilibria(found, values))


@fitting
def check(source: Any) -> tuple[Fault, ...]:
    """Every fault of a game, or of a file of any kind, each with its place and a mend.

    Parameters
    ----------
    source : Game, str, Path or mapping
        A game, the path of a file, or the tables of a game file.

    Returns
    -------
    tuple of Fault
        Empty where there is none.

    Raises
    ------
    InputError
        Where there is nothing to find faults in.

    Examples
    --------
    >>> import coopgame as cg
    >>> [fault.place for fault in cg.check({"form": "normal", "players": {}})]
    ['players', 'payoffs']
    """
    from coopgame.catalogue import check_file, files

    if isinstance(source, str | Path) and str(source).strip():
        known = files("catalogue")
        return check_file(known.get(str(source), Path(source)))[1]
    if isinstance(source, Mapping):
        try:
            a_subject(source)
        except InputError as error:
            return error.faults
        return ()
    a_subject(source)
    return ()
