"""What the answer at a point must be, from the file's text alone, by other routes.

Each oracle takes the file's data, a point and the record of `solve --set ... --format json`, and
yields pairs of a kind of fault and what was seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..files import Point
from .belief import belief_oracle
from .contract import contract_oracle
from .level import level_oracle
from .normal import normal_oracle
from .repeated import repeated_oracle
from .sequential import sequential_oracle
from .symmetric import symmetric_oracle
from .tie import tie_oracle

Oracle = Callable[[Mapping[str, Any], Point, Mapping[str, Any]], Iterator[tuple[str, str]]]

ORACLES: dict[str, Oracle] = {
    "normal": normal_oracle,
    "symmetric": symmetric_oracle,
    "repeated": repeated_oracle,
    "level": level_oracle,
    "tie": tie_oracle,
    "contract": contract_oracle,
    "sequential": sequential_oracle,
    "belief": belief_oracle,
}
