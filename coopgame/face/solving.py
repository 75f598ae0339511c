"""What is asked of a game: its equilibria, their signs, statements, and a choice among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from coopgame.face.words import (
    a_solution,
    one_of,
    perhaps,
    public,
    text,
    texts,
    whole,
)
from coopgame.selection.registry import COMPARE, OTHERS

if TYPE_CHECKING:
    from coopgame.comparative.signs import Statics
    from coopgame.findings.statements import Decision
    from coopgame.selection.criteria import SelectedEquilibria
    from coopgame.solution import Solution


@public(values=lambda value: value)
def at(game: Any, values: Any = None, /, **named: Any) -> Solution:
    r"""The equilibria of a game at a point; defaults fill what is left out.

    Parameters
    ----------
    game : Game, str, Path or mapping
        A game, its name, its file, or the tables of one.
    values : mapping of str to number or str, optional
        Values by the names of parameters; floats are taken at their printed value.
    \*\*named : number or str
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
    from coopgame.findings.statements import prove

    return prove(fixed(game, set or {}), statement, solution)


@public(
    by=texts, population=perhaps(whole(1, 200)), sample=perhaps(whole(1, 40)),
    compare=one_of(COMPARE), outcome=text,
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
    compare: str = OTHERS,
    outcome: str = "cooperation",
) -> SelectedEquilibria:
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
    SelectedEquilibria
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
