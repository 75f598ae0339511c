"""What the paper claims and laboratories observed, against the games."""

from __future__ import annotations

from typing import Any

from coopgame.face.answer import Answer
from coopgame.face.words import (
    perhaps,
    public,
    text,
)


@public(file=perhaps(text))
def claims(file: Any = None, progress: Any = None) -> Answer:
    """The paper's claims, or those of a file, decided by proof.

    Parameters
    ----------
    file : str or Path, optional
        A file of claims; by default the paper's.
    progress : callable, optional
        Told each claim begun.

    Returns
    -------
    Answer
        `.found` are the claims judged.

    Raises
    ------
    InputError
        With every fault of the file.

    Examples
    --------
    >>> import coopgame as cg
    >>> [each.decision.ruling.value for each in cg.claims().found]  # doctest: +SKIP
    """
    from pathlib import Path

    from coopgame.catalogue import load_claims, load_game
    from coopgame.findings.claims import judge
    from coopgame.report.claims import claims_report

    info, stated = load_claims(None if file is None else Path(file))
    found = judge(stated, load_game, progress or _silently)
    return Answer(found, claims_report(found, info))


@public(file=text)
def evidence(file: Any = "repeated_prisoners_dilemmas") -> Answer:
    """A repeated game held against laboratory evidence.

    Parameters
    ----------
    file : str or Path
        A name from the catalogue, or a file of treatments.

    Returns
    -------
    Answer
        `.found` is the `Comparison` of predictions and observations.

    Raises
    ------
    InputError
        With every fault of the file.

    References
    ----------
    Dal Bó and Fréchette (2011), The evolution of cooperation in infinitely repeated games:
    experimental evidence; further treatments as the file names them.

    Examples
    --------
    >>> import coopgame as cg
    >>> round(cg.evidence().found.correlations[0].pearson, 2)
    -0.88
    """
    from coopgame.catalogue import load_evidence
    from coopgame.findings.experiments import compare
    from coopgame.report.evidence import evidence_report

    found = compare(load_evidence(file))
    return Answer(found, evidence_report(found))


def _silently(step: str) -> None:
    """Nobody listens to the steps."""
