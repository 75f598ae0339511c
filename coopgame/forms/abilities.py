"""What only games of some forms can do, and how other rooms ask for it."""

from __future__ import annotations

from typing import Any

# What games of some forms can do: the method or the value that says so.
ABILITIES = {
    "matrix": "its payoffs by player, in normal form",
    "boundaries": "the continua of equilibria at its values",
    "bimatrix": "the payoffs of two players as a table, where there is one",
    "payoff_table": "the payoffs of identical players by how many others co-operate",
    "payoff_set": "what payoffs any equilibrium has",
    "pair": "the two strategies that a profile names",
    "starting": "what it takes to begin to co-operate",
    "with_regimes": "the game under a chain of regimes, each a state of its own",
    "equal": "what its hazard amounts to under a chain of regimes",
    "named_outcomes": "expressions that the file names, in what an equilibrium tells of itself",
    "mixed_outcomes": "such expressions of mixtures alone",
    "tree": "a tree of moves",
    "trust_floor": "the level from which trust begins again, where there is one",
}


def ability(game: Any, name: str) -> Any:
    """A method or a value that games of some forms have (see `ABILITIES`); None of the others.

    Other rooms ask for what a game can do, and so know no form by its class.
    """
    assert name in ABILITIES, name
    return getattr(game, name, None)
