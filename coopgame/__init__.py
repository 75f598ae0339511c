"""coopgame: why do these firms co-operate, and those not?

Games of co-operation solved in symbols, once, for all parameter values, with proofs.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from coopgame.reading.info import VERSION

__version__ = VERSION

_PUBLIC = {
    "Draws": "coopgame.draws",
    "classify": "coopgame.clusters.classify",
    "load": "coopgame.catalogue",
    "load_rules": "coopgame.catalogue",
    "picture": "coopgame.pictures.picture",
    "prove": "coopgame.evidence.statements",
    "statics": "coopgame.comparative.signs",
    "table": "coopgame.sweep",
    "write_table": "coopgame.runs.whole",
}
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that `coopgame --help` never pays for SymPy."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'coopgame' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
