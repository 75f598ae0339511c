"""coopgame: why do firms co-operate in one place and not in another?

Games of co-operation solved in symbols, once, for all parameter values, with proofs.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from coopgame.reading.info import VERSION

__version__ = VERSION

_BY_MODULE = {
    "coopgame.tables.draws": ("Draws",),
    "coopgame.face.citing": ("cite",),
    "coopgame.face.making": ("game", "load", "loads", "to_toml"),
    "coopgame.face.solving": ("at", "prove", "select", "solve", "statics"),
    "coopgame.face.telling": ("check", "exercise", "explain", "explore", "export", "plot"),
    "coopgame.face.tables": ("table",),
    "coopgame.face.places": ("cases", "classify", "contrast", "load_rules", "sensitivity", "study"),
    "coopgame.face.prospects": ("macro",),
    "coopgame.face.claims": ("claims", "evidence"),
}
_PUBLIC = {name: module for module, names in _BY_MODULE.items() for name in names}
_PUBLIC["picture"] = "coopgame.face.telling"
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that `coopgame --help` never pays for SymPy."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'coopgame' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), "plot" if name == "picture" else name)


def __dir__() -> list[str]:
    return sorted(__all__)
