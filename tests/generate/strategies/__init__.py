"""What to draw: a strategy of whole games for each form."""

from __future__ import annotations

from hypothesis.strategies import SearchStrategy

from ..files import Drawn
from .belief import belief_games
from .contract import contract_games
from .level import level_games
from .normal import normal_games, several_games
from .repeated import repeated_games
from .sequential import sequential_games
from .symmetric import symmetric_games
from .tie import tie_games

GAMES: dict[str, SearchStrategy[Drawn]] = {
    "normal": normal_games(),
    "several": several_games(),
    "symmetric": symmetric_games(),
    "repeated": repeated_games(),
    "level": level_games(),
    "tie": tie_games(),
    "contract": contract_games(),
    "sequential": sequential_games(),
    "belief": belief_games(),
}
