"""The criteria of selection, a row each: a command or a notebook asks for them by these names.

Nothing heavy loads here: what chooses is looked up when it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any

OTHERS, AVERAGES = "others", "averages"  # what a player compares when she revises
COMPARE = (OTHERS, AVERAGES)


@dataclass(frozen=True)
class Criterion:
    """A criterion: its name, what it says in a line and in a sentence, its source, how it chooses.

    `measured` is what it compares; `nothing` is why it may select nothing in a game for which it
    is defined.
    """

    name: str
    told: str
    meaning: str
    source: str = ""
    measured: str = ""
    nothing: str = "no equilibrium is proved to have this anywhere"

    @property
    def choose(self) -> Callable[..., Any]:
        """The function `by_NAME`: what is selected, of a solution, its game and the options."""
        found: Callable[..., Any] = resolve_name(f"coopgame.selection.criteria:by_{self.name}")
        return found


CRITERIA: Mapping[str, Criterion] = {
    each.name: each
    for each in (
        Criterion(
            "payoff", "gives every player at least what each other equilibrium gives",
            "gives every player at least what each other equilibrium gives",
            "Harsanyi and Selten 1988",
        ),
        Criterion(
            "risk", "the safer of two strict equilibria (Harsanyi and Selten)",
            "is the safer of two strict equilibria: the product of what is lost by leaving it is "
            "larger", "Harsanyi and Selten 1988", "product of losses",
            "nowhere are two equilibria strict, so that there is nothing to choose between",
        ),
        Criterion(
            "cooperative", "the one with most of an outcome (--outcome)",
            "has the most of an outcome among the equilibria that exist",
        ),
        Criterion(
            "basins", "from how many states best replies lead there",
            "attracts best replies from this share of all states", "Gilboa and Matsui 1991",
            "share of states",
            "nowhere are two equilibria strict, so that there are no two basins",
        ),
        Criterion(
            "replicator", "the same by replicator dynamics (at given values)",
            "attracts the replicator dynamics from this share of all states, in floating point",
            "Hofbauer and Sigmund 1998, chapter 10", "share of states",
        ),
        Criterion(
            "stochastic", "played nearly always when mistakes are rare and equally likely",
            "is played nearly always when mistakes are rare and equally likely",
            "Kandori, Mailath and Rob 1993; Young 1993",
            "mistakes that lead there from all other states",
        ),
        Criterion(
            "potential", "the same, when dear mistakes are rarer than cheap ones",
            "is played nearly always when dear mistakes are rarer than cheap ones", "Blume 1993",
            "potential",
        ),
        Criterion(
            "adaptive", "the convention that samples of past plays lead to",
            "is the convention that samples of past plays lead to", "Young 1993",
        ),
        Criterion(
            "logit", "quantal responses, ever more precise (at given values)",
            "is what quantal responses lead to as they become precise, in floating point",
            "McKelvey and Palfrey 1995; Turocy 2005",
        ),
    )
}  # fmt: skip


def listed() -> str:
    """What each criterion says, in lines."""
    width = 2 + max(map(len, CRITERIA))
    rows = "\n".join(f"  {each.name:{width}}{each.told}" for each in CRITERIA.values())
    return f"\b\nCriteria:\n{rows}\n\n"
