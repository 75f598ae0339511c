"""The wordings that are gone, and where they would be found again."""

from __future__ import annotations

import re

GONE = (
    "equilibria for all parameter values", "equilibrium for all parameter values",
    "Why do these firms co-operate", "nowhere falls and somewhere rises", "both directions occur",
    "region where it holds", "does not move on:", "lost as", "gained as", "at a witness",
    "never gains or costs anything", "Seen by one who would join", "that the candidate leaves out",
    "In the parameters alone", "What it asks", "do not deter every deviation",
    "The other values as given", "the slack of a condition", "d(slack",
    "is answered with those there are", "For others to go on with",
    "whoever read the output", "the answer is no", "a defect of coopgame", "what would mend it",
    "problem and mend", "mend this first", "Take rules that there are", "State a hazard",
    "at no hazard", "at any hazard", "The smallest single change that would do it",
    "How far co-operation could last", "goes further, or as far", "departs here",
    "chosen to fit what the paper", "reach less far than", "Borders that are short",
    "as an equation between parameters is needed", "Too thin to hold", "Nowhere on this axis",
    "from the solver's own steps", "hold no text about any one", "exact in their status",
    "is no branch that", "no picture file", "nothing that a game states", "in its right place",
    "further equilibria are found at a point only", "calls it unrealistic",
)  # fmt: skip


# Words of the code, which no sentence for a reader has: keys of JSON, options and columns may.
OURS = re.compile(
    r"(?<![-\w`'\".,/])(witness(es)?|mends?|branch(es)?)(?![-\w`'\"/(]|[.,]\S|\s*=)", re.IGNORECASE
)


def found(text: str) -> list[str]:
    """The wordings that are gone and yet in a text, however its lines are broken."""
    plain = " ".join(text.split()).lower()
    return [words for words in GONE if words.lower() in plain]


def told(output: str) -> list[str]:
    """The same of what a command printed, and the code's own words where it is no record."""
    is_record = output.lstrip().startswith(("{", "["))
    return found(output) + ([] if is_record else [match[0] for match in OURS.finditer(output)])
