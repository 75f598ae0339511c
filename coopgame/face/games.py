"""The commands about one game, as functions; each is a method of a game too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgame.errors import Fault, InputError
from coopgame.face.binding import fitting
from coopgame.face.words import (
    a_solution,
    a_subject,
    one_of,
    one_rules,
    perhaps,
    public,
    text,
    texts,
    whole,
)

if TYPE_CHECKING:
    from coopgame.comparative.signs import Statics
    from coopgame.evidence.statements import Decision
    from coopgame.pages.page import Page
    from coopgame.pictures.picture import Picture
    from coopgame.selection.criteria import Selected
    from coopgame.solution import Solution
    from coopgame.teaching.exercises import Sheet
    from coopgame.teaching.lecture import Lecture


@public(values=lambda value: value)
def at(game: Any, values: Any = None, /, **named: Any) -> Solution:
    """The equilibria of a game at a point; defaults fill what is left out.

    Parameters
    ----------
    game : Game, str, Path or mapping
        A game, its name, its file, or the tables of one.
    values : mapping of str to number or str, optional
        Values by the names of parameters; floats are taken at their printed value.
    **named : number or str
        Values as keyword arguments.

    Returns
    -------
    Solution
        Each equilibrium is certified by the game's own regret.

    Raises
    ------
    InputError
        For an unknown name, or values outside the domain.

    Examples
    --------
    >>> import coopgame as cg
    >>> list(cg.load("inspection").at(c=2))
    ['mixed']
    """
    from coopgame.solution import given, solve_at

    return solve_at(game, game.header.domain.point(given(values, named)))


@public()
def solve(
    game: Any,
    set: Any = None,  # noqa: A002
    rules: Any = (),
    at_defaults: bool = False,
    boundaries: bool = False,
) -> Solution | Mapping[str, Solution]:
    """The equilibria of a game, each with its exact conditions.

    Parameters
    ----------
    game : Game, str, Path or mapping
        A game, its name, its file, or the tables of one.
    set : mapping of str to number or str, optional
        Parameters that are fixed; with all of them, the equilibria at that point.
    rules : str, Path, MacroRules, or list of these, optional
        Macro rules to face; several are compared.
    at_defaults : bool, default False
        Whether what is not set has its default.
    boundaries : bool, default False
        Whether continua on borders of the parameter space are looked for (normal form).

    Returns
    -------
    Solution
        Under several rules, a mapping of their names to solutions.

    Raises
    ------
    InputError
        For values or rules that do not fit the game.

    Examples
    --------
    >>> import coopgame as cg
    >>> cg.solve("trust", set={"T": 5, "R": 3, "P": 1, "S": 0}).threshold("delta")
    1/(2 - 2*h)
    """
    from coopgame.comparative.scenario import solve

    found = solve(game, set, rules, at_defaults, boundaries)
    if len(found) == 1:
        return found[0].solution
    return {each.rules.info.name: each.solution for each in found if each.rules is not None}


@public()
def statics(
    game: Any,
    outcomes: Any = (),
    branches: Any = (),
    assume: Any = (),
    progress: Callable[[str], None] | None = None,
    *,
    set: Any = None,  # noqa: A002
) -> Statics:
    """Which way the outcomes of a game move in each parameter, proved.

    Parameters
    ----------
    game : Game, str, Path or mapping
        A game, its name, its file, or the tables of one.
    outcomes : str or list of str, optional
        Which outcomes (`payoff_PLAYER` is one); by default those that the game shows.
    branches : str or list of str, optional
        Which equilibria, "all" for an outcome over all of them; by default every one.
    assume : str, SymPy condition, or list of these, optional
        Further assumptions, such as "m == 0".
    progress : callable, optional
        Told the name of each outcome begun.
    set : mapping of str to number or str, optional
        Parameters that are fixed.

    Returns
    -------
    Statics
        A row for each outcome, equilibrium and parameter.

    Raises
    ------
    InputError
        For an unknown outcome or branch, or assumptions that leave no point.

    Examples
    --------
    >>> import coopgame as cg
    >>> cg.statics("relation", "level", assume="m == 0").row("level", "h").sign
    '-'
    """
    from coopgame.comparative.scenario import fixed
    from coopgame.comparative.signs import statics

    return statics(fixed(game, set or {}), outcomes, branches, assume, progress)


@public(rules=one_rules)
def plot(
    subject: Any,
    kind: str | None = None,
    *,
    vary: Any = None,
    x: Any = None,
    y: Any = None,
    outcome: str | None = None,
    relation: str | None = None,
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
        "outcome", "phase", "replies", "payoffs" or "hysteresis" of a game; "trajectory", "map",
        "hysteresis" or "tornado" of a case.
    vary, x, y : str or (str, low, high), optional
        The parameter an outcome is drawn against; those of a plane.
    outcome, relation : str, optional
        What is drawn; which relation of a case.
    year : int, optional
        Of a case, a year of the phase that is drawn.
    set : mapping of str to number or str, optional
        Values that hold throughout.
    rules : str, Path or MacroRules, optional
        Macro rules to face.

    Returns
    -------
    Picture
        Shown by a notebook; `.save("x.pdf")` writes it (.png, .svg, .pdf).

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
        subject, kind, vary=vary, x=x, y=y, outcome=outcome, relation=relation, year=year,
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


@public(solution=a_solution)
def prove(
    game: Any,
    statement: str,
    solution: Any = None,
    *,
    set: Any = None,  # noqa: A002
) -> Decision:
    """Decide a statement about a game by proof, over all parameter values.

    Parameters
    ----------
    game : Game, str, Path or mapping
        A game, its name, its file, or the tables of one.
    statement : str
        "always CONDITION if PREMISE", "somewhere CONDITION", or "OUTCOME rises in PARAMETER on
        BRANCH" (see `coopgame prove --help`).
    solution : Solution, optional
        The game's solution, where it is at hand.
    set : mapping of str to number or str, optional
        Parameters that are fixed.

    Returns
    -------
    Decision
        The ruling, and the points that bear it out or refute it.

    Raises
    ------
    InputError
        Where the statement cannot be read, or names what the game has not.

    Examples
    --------
    >>> import coopgame as cg
    >>> cg.prove("trust", "always holds_grim if holds_tit_for_tat")
    trust: 'always holds_grim if holds_tit_for_tat' is proved
    """
    from coopgame.comparative.scenario import fixed
    from coopgame.evidence.statements import prove

    return prove(fixed(game, set or {}), statement, solution)


@public(
    by=texts, population=perhaps(whole(1, 200)), sample=perhaps(whole(1, 40)),
    compare=one_of(("others", "averages")), outcome=text,
)  # fmt: skip
def select(
    game: Any,
    by: Any = (),
    *,
    set: Any = None,  # noqa: A002
    at_defaults: bool = False,
    population: int | None = None,
    sample: int | None = None,
    precisions: Any = None,
    compare: str = "others",
    outcome: str = "cooperation",
) -> Selected:
    """Choose among the equilibria of a game by criteria of selection.

    Parameters
    ----------
    game : Game, str, Path or mapping
        A game, its name, its file, or the tables of one.
    by : str or list of str, optional
        "payoff", "risk", "cooperative", "basins", "replicator", "stochastic", "potential",
        "adaptive", "logit"; by default all that are defined for the game.
    set : mapping of str to number or str, optional
        Parameters that are fixed.
    at_defaults : bool, default False
        Whether what is not set has its default.
    population : int, optional
        How many players are drawn into games (stochastic, potential).
    sample : int, optional
        How many past plays are sampled (adaptive); by default the limit of many.
    precisions : list of float, optional
        Rising precisions of logit responses, in one over the unit of payoffs.
    compare : {"others", "averages"}
        What players compare when they revise (stochastic).
    outcome : str, default "cooperation"
        The outcome of which there is to be most (cooperative).

    Returns
    -------
    Selected
        What each criterion selects, and where; `["risk"]` is one of them.

    Raises
    ------
    InputError
        For an unknown criterion, or one that is not defined for the game.

    References
    ----------
    Harsanyi and Selten (1988), Kandori, Mailath and Rob (1993), Young (1993), Blume (1993),
    McKelvey and Palfrey (1995).

    Examples
    --------
    >>> import coopgame as cg
    >>> stag = cg.game("normal", [["s", 0], [1, 1]], players={"one": "S H", "two": "S H"},
    ...                parameters={"s": "(1, oo)"})
    >>> [(each.equilibrium, each.conditions) for each in stag.select("risk")["risk"].selected]
    [('S,S', (s >= 2,)), ('H,H', (s <= 2,))]
    """
    from coopgame.selection.criteria import PRECISIONS, SelectionOptions, select
    from coopgame.selection.quantal import precisions_of

    rising = PRECISIONS if precisions is None else precisions_of(precisions)
    asked = SelectionOptions(population, sample, rising, compare, outcome)
    domain, values = game.header.domain, set or {}
    return select(game, by, asked, domain.point(values) if at_defaults else domain.read(values))


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
