"""What is asked of a case: its types, what sets it apart, and how far that rests on its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgame.clusters.case import Case
from coopgame.errors import InputError
from coopgame.face.answer import Answer
from coopgame.face.words import (
    a_game,
    dated_case,
    one_rules,
    perhaps,
    public,
    some_rules,
    text,
    values,
    whole,
)

if TYPE_CHECKING:
    from coopgame.clusters.classify import Classification
    from coopgame.rules.macro import MacroRules

RELATION = "association"
RULES = ("stable", "unstable")


@public(rules=some_rules)
def study(case: Any, rules: Any = RULES, progress: Any = None) -> Answer:
    """The whole answer for a case: relations under macro rules, proved signs, types by phase.

    Parameters
    ----------
    case : Case, str or Path
        A case, its name or its file.
    rules : str, Path, MacroRules, or list of these
        Macro rules to compare.
    progress : callable, optional
        Told each step begun.

    Returns
    -------
    Answer
        `.found` is the `Study`.

    Raises
    ------
    InputError
        For an unknown case or rules that do not fit it.

    Examples
    --------
    >>> import coopgame as cg
    >>> cg.study("criciuma").save("criciuma.tex")  # doctest: +SKIP
    """
    from coopgame.clusters.study import study
    from coopgame.report.studies import study_report

    found = study(case, rules, progress or _silently)
    return Answer(found, study_report(found))


@public(draws=lambda value: value, rules=one_rules)
def classify(
    case: Any,
    draws: Any = None,
    progress: Any = None,
    *,
    set: Any = None,  # noqa: A002
    rules: Any = None,
    seed: Any = None,
) -> Classification:
    """How likely each type of cluster is for a case, phase by phase.

    Parameters
    ----------
    case : Case, str or Path
        A case, its name or its file.
    draws : int, optional
        How many seeded draws of what the answers allow (2000 unless given).
    progress : callable, optional
        Told each phase begun.
    set : mapping of str to number or str, optional
        Answers or values of parameters that hold in every phase.
    rules : str, Path or MacroRules, optional
        Macro rules that hold in every phase.
    seed : int, optional
        The seed of the draws (1998 unless given).

    Returns
    -------
    Classification
        Of each phase the `distribution` over types, the most likely `type`, mean `levels` and
        `shares` (0 to 1).

    Raises
    ------
    InputError
        For an unknown case, or values that make no sense.

    Examples
    --------
    >>> import coopgame as cg
    >>> [phase.type for phase in cg.classify("export_zone", 200).phases]
    ['satellite']
    """
    from dataclasses import replace

    from coopgame.clusters import classify as room
    from coopgame.clusters.case import revised
    from coopgame.clusters.codebook import Drawing

    usual = draws if isinstance(draws, Drawing) else Drawing()
    given = {"count": _whole(draws), "seed": seed}
    asked = replace(usual, **{name: v for name, v in given.items() if v is not None})
    if set or rules:
        case = revised(case, set or {}, rules)
    return room.classify(case, asked, progress or _silently)


def _whole(draws: Any) -> int | None:
    if draws is None or type(draws).__module__.startswith("coopgame."):
        return None
    found: int = whole(1, 1_000_000)(draws)
    return found


def _silently(step: str) -> None:
    """Tell nobody."""


@public(one=dated_case, other=dated_case, relation=text, rules=one_rules)
def contrast(one: Any, other: Any, relation: str = RELATION, rules: Any = None) -> Answer:
    """Why firms co-operate in one case and not in another.

    Parameters
    ----------
    one, other : Case, str or Path
        Cases, names or files; "NAME:YEAR" for an earlier phase than the last.
    relation : str, default "association"
        The co-operation in question.
    rules : str, Path or MacroRules, optional
        Macro rules that hold in both, in place of what their answers say of rules.

    Returns
    -------
    Answer
        `.found` is the `Contrast`: what each answer in which they differ makes.

    Raises
    ------
    InputError
        For an unknown case or relation.

    Examples
    --------
    >>> import coopgame as cg
    >>> found = cg.contrast("export_zone", "agra").found
    >>> found.relation, len(found.steps) <= len(found.differences)
    ('association', True)
    """
    from coopgame.clusters.case import phase_at, revised
    from coopgame.clusters.contrast import contrast
    from coopgame.report.contrasts import contrast_report

    first, second = (phase_at(revised(case, {}, rules), year) for case, year in (one, other))
    found = contrast(first, second, relation)
    return Answer(found, contrast_report(found, first, second))


@public()
def cases() -> Answer:
    """Every case of the catalogue classified, each phase beside what the paper states.

    Returns
    -------
    Answer
        `.found` are the classifications.

    Examples
    --------
    >>> import coopgame as cg
    >>> cg.cases().save("cases.csv")  # doctest: +SKIP
    """
    from coopgame.catalogue import files, load_cases
    from coopgame.clusters.classify import classify
    from coopgame.report.overview import overview_report

    found = [classify(case) for case in load_cases(files("cases"))]
    return Answer(found, overview_report(found))


@public(ranges=values, select=perhaps(text), draws=whole(2, 1 << 20), year=perhaps(whole(0, 99999)))
def sensitivity(
    subject: Any,
    outcomes: Any = (),
    *,
    ranges: Any = None,
    set: Any = None,  # noqa: A002
    width: Any = 0.2,
    select: Any = None,
    draws: int = 1024,
    seed: int = 1998,
    year: int | None = None,
) -> Answer:
    """How much of an outcome's variance each parameter accounts for (Sobol indices).

    Parameters
    ----------
    subject : Game, Case, str, Path or mapping
        A game or case, its name or its file.
    outcomes : str or list of str, optional
        Of a game, outcomes (by default the first shown); of a case "type", a type, or a relation.
    ranges : mapping of str to (low, high), optional
        The ranges of parameters; the others move around their values.
    set : mapping of str to number or str, optional
        What stays fixed.
    width : float, default 0.2
        How far the others move, relatively; of a probability, its odds.
    select : str, optional
        Which of several equilibria counts, as in a table.
    draws : int, default 1024
        Base draws, a power of two.
    seed : int, default 1998
        The seed of the draws.
    year : int, optional
        Of a case, a year of the phase that counts.

    Returns
    -------
    Answer
        `.found` is the `Sensitivity` with first-order and total indices.

    Raises
    ------
    InputError
        For unknown names, or ranges outside the domain.
    MissingExtra
        Where SALib is not installed.

    References
    ----------
    Saltelli et al. (2010), Variance based sensitivity analysis of model output.

    Examples
    --------
    >>> import coopgame as cg
    >>> print(cg.sensitivity("trust", "cooperation", select="grim"))  # doctest: +SKIP
    """
    from coopgame.clusters.case import phase_at
    from coopgame.clusters.variance import of_case
    from coopgame.report.sensitivities import sensitivity_report
    from coopgame.tables.indices import Sampling
    from coopgame.tables.sensitivity import Asked, of_game

    for name, ends in (ranges or {}).items():
        if not isinstance(ends, tuple | list) or len(ends) != 2:
            raise InputError(f"ranges.{name}: {ends!r} is no range", "give (low, high)")
    asked = Asked(outcomes, ranges or {}, set or {}, width, select, Sampling(draws, seed))
    if isinstance(subject, Case):
        found = of_case(*phase_at(subject, year), asked)
    else:
        found = of_game(a_game(subject), asked)
    return Answer(found, sensitivity_report(found))


@public(name=text)
def load_rules(name: Any, extra: Any = ()) -> MacroRules:
    """The macro rules of a name or file.

    Parameters
    ----------
    name : str or Path
        "stable", "unstable", ..., or a file.
    extra : sequence of Path, optional
        Folders of files of one's own.

    Returns
    -------
    MacroRules
        With the `hazard` a year, or the chain of regimes, that the file states.

    Raises
    ------
    InputError
        For an unknown name, and with every fault of the file.

    Examples
    --------
    >>> import coopgame as cg
    >>> cg.load_rules("stable").hazard < cg.load_rules("unstable").hazard
    True
    """
    from coopgame.catalogue import load_rules

    return load_rules(name, extra)
