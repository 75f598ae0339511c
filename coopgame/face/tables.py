"""Tables of numbers, small and large, by one function."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from coopgame.errors import InputError, brief
from coopgame.face.words import one_of, perhaps, public, text, whole

if TYPE_CHECKING:
    from coopgame.tables.storing import Written
    from coopgame.tables.sweep import Sweep


def draws_of(value: Any) -> Any:
    """Draws: a value that states them, or "KIND:COUNT" or "KIND:COUNT:SEED"."""
    from coopgame.tables.draws import Draws

    if value is None or isinstance(value, Draws):
        return value
    parts = value.split(":") if isinstance(value, str) else []
    if len(parts) in (2, 3) and all(p.isdecimal() and len(p) < 12 for p in parts[1:]):
        return Draws(parts[0], *map(int, parts[1:]))
    raise InputError(f"{brief(value)} states no draws", 'as in "sobol:1024"')


@public(
    outcomes=lambda value: None if value is None else _texts(value), select=text, draws=draws_of,
    to=perhaps(text), engine=one_of(("threads", "dask")), scheduler=perhaps(text),
    part_rows=perhaps(whole(1, 1 << 26)),
)  # fmt: skip
def table(
    game: Any,
    vary: Any,
    set: Any = None,  # noqa: A002
    outcomes: Any = None,
    *,
    rules: Any = (),
    select: str = "all",
    draws: Any = None,
    told: Callable[[int, int], None] | None = None,
    to: Any = None,
    engine: str = "threads",
    scheduler: Any = None,
    part_rows: Any = None,
) -> Sweep | Written:
    """The equilibria of a game over parameter values, in memory or in files of any size.

    Parameters
    ----------
    game : Game, str, Path or mapping
        A game, its name, its file, or the tables of one.
    vary : mapping
        Parameters by name: `(low, high, count)` for equal steps, `(low, high, count, "log")` for
        equal ratios, a list `[1, 2, 3]` for these values; with `draws`, `(low, high)`. Three
        whole numbers that could be either, such as `(1, 2, 3)`, are refused.
    set : mapping of str to number or str, optional
        Parameters that are fixed; defaults fill the rest.
    outcomes : str or list of str, optional
        Columns: outcomes, `payoff_PLAYER`, `PLAYER_ACTION` (a probability),
        `elasticity:OUTCOME:PARAMETER`; by default all outcomes, or else the payoffs.
    rules : str, Path, MacroRules, or list of these, optional
        Macro rules to face, one panel for each.
    select : str, default "all"
        Which equilibria are kept: "all", "risk-dominant", "most-cooperative", "least-cooperative"
        (the last two with ":OUTCOME").
    draws : Draws or str, optional
        Points drawn from the ranges instead of a grid, as in "sobol:1024".
    told : callable, optional
        Told how many rows of how many are done.
    to : str or Path, optional
        A file "x.parquet" or a folder; the table is streamed there, part by part.
    engine : {"threads", "dask"}
        With `to`, what works out the parts.
    scheduler : str, optional
        With "dask", the address of its scheduler.
    part_rows : int, optional
        With `to`, about how many rows a part has.

    Returns
    -------
    Sweep or Written
        The table (`to_frame`, `to_xarray`, `save`); with `to`, what stands on the disk.

    Raises
    ------
    InputError
        All faults at once: unknown names, values outside the domain.
    MissingExtra
        With `to`, where pyarrow is not installed.

    Examples
    --------
    >>> import coopgame as cg
    >>> cg.load("inspection").table({"c": ("1", "2", 3)}).points
    3
    """
    from coopgame.tables.evaluator import in_silence
    from coopgame.tables.storing import Means, write_table
    from coopgame.tables.sweep import tabled
    from coopgame.tables.tasks import Request

    request = Request(vary, set or {}, outcomes, rules, select, draws)
    hears = told or in_silence
    if to is None:
        return tabled(game, request, hears)
    given = {"engine": engine, "scheduler": scheduler, "part_rows": part_rows}
    means = Means(**{name: value for name, value in given.items() if value is not None})
    return write_table(game, to, request, means, hears)


def _texts(value: Any) -> tuple[str, ...]:
    from coopgame.face.words import texts

    return texts(value)
