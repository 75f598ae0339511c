"""How to cite coopgame."""

from __future__ import annotations

from coopgame.errors import fitting


@fitting
def cite() -> str:
    r"""How to cite coopgame and the paper whose arguments it formalises, as BibTeX.

    Returns
    -------
    str
        One entry for this version of the software and one for each reference of `CITATION.cff`.

    Examples
    --------
    >>> import coopgame as cg
    >>> print(cg.cite().splitlines()[0])
    @misc{coopgame-0.1.0,
    """
    from coopgame.catalogue import citation_file
    from coopgame.report.citations import bibtex, read_citation

    return bibtex(read_citation(citation_file().read_text(encoding="utf-8")))
