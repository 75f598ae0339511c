"""Where files lie: the folder `games/` and its parts. Light, since the shell completes from it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from coopgame.errors import InputError


def is_file(path: str | Path) -> bool:
    """Whether there is such a file; of a name that is too long, or out of reach, there is none.

    `pathlib` raises OSError for such a name before Python 3.14.
    """
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: str | Path) -> bool:
    """Whether there is such a folder; see `is_file`."""
    return os.path.isdir(path)  # noqa: PTH112


def root() -> Path:
    """The folder `games/`: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "games"
    return inside if is_folder(inside) else package.parent / "games"


def files(kind: str, extra: Iterable[Path] = ()) -> dict[str, Path]:
    """Name and path of every file of a kind; a folder given later hides earlier names."""
    found: dict[str, Path] = {}
    for folder in (root(), *extra):
        if not is_folder(folder):
            raise InputError(f"{folder} is not a folder", "give a folder of .toml files")
        own = kind == "catalogue" and folder != root()
        places = [folder / kind, folder] if own else [folder / kind]
        for place in places:
            found |= {path.stem: path for path in sorted(place.glob("*.toml"))}
    return dict(sorted(found.items()))


def is_path(name: str) -> bool:
    """Whether a name stands for a file: it says where, has an ending, or there is one."""
    return "/" in name or "." in name or os.sep in name or is_file(name)
