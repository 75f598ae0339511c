"""What is asked of a case under other macro rules."""

from __future__ import annotations

from typing import Any

from coopgame.clusters.macro import USUAL
from coopgame.face.answer import Answer
from coopgame.face.words import dated_case, public, some_rules, values, whole


@public(case=dated_case, rules=some_rules, set=values, draws=whole(10, 1_000_000))
def macro(
    case: Any,
    rules: Any = USUAL,
    *,
    set: Any = None,  # noqa: A002
    draws: int = 200,
) -> Answer:
    """How types and co-operation move with macro rules, and in a crisis.

    Parameters
    ----------
    case : Case, str or Path
        A case, its name or its file; "NAME:YEAR" for an earlier phase than the last, "prior" for
        every answer unknown.
    rules : str, Path, MacroRules, or list of these
        Macro rules to look at.
    set : mapping of str to number or str, optional
        Answers or values of parameters that hold in every phase.
    draws : int, default 200
        How many seeded draws of what the answers allow.

    Returns
    -------
    Answer
        `.found` is the `Macro`: its `course` along the hazard, what is `under` each of the rules
        with each period, and the `corners` of stabilisation and crisis.

    Raises
    ------
    InputError
        For an unknown case or rules, or where what is set would hold in all four corners.

    Examples
    --------
    >>> import coopgame as cg
    >>> found = cg.macro("prior", draws=100).found
    >>> stabilised, crisis = True, True
    >>> found.corners[stabilised, crisis].type
    'Italianate'
    """
    from coopgame.clusters.case import phase_at, revised
    from coopgame.clusters.codebook import Drawing
    from coopgame.clusters.macro import macro
    from coopgame.report.macros import macro_report

    loaded, year = case
    found = macro(*phase_at(revised(loaded, set or {}), year), rules, Drawing(draws))
    return Answer(found, macro_report(found))
