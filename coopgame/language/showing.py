"""How values show and save themselves.

A value knows nothing of reports, which stand floors above it, but where they are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import MethodType
from typing import Any, TypeVar

from coopgame.errors import fitting

RENDERER, SAVER = "coopgame.report.notebook", "coopgame.pictures.saving"
# What is set on a class, and the function behind it: what a notebook, `print` and a reader ask for.
SHOWN = {
    "_repr_html_": "html",
    "_repr_latex_": "latex",
    "__str__": "text",
    "to_latex": "latex",
    "to_frame": "frame",
}
Class = TypeVar("Class", bound=type[Any])


@dataclass(frozen=True)
class Elsewhere:
    """A method whose function stands floors above its class, and is imported when asked for.

    Asked of the class it is that function itself, so that `help` tells what it takes.
    """

    module: str
    name: str

    def __get__(self, value: Any, owner: Any = None) -> Any:
        function = getattr(import_module(self.module), self.name)
        return function if value is None else fitting(MethodType(function, value))


def shown(cls: Class) -> Class:
    """Let the values of a class show themselves by their report, and be kept in files.

    In a notebook, by `print`, as LaTeX (`to_latex`), as a data frame (`to_frame`), in a file of
    the format that its ending says (`save`).
    """
    for own, name in SHOWN.items():
        setattr(cls, own, Elsewhere(RENDERER, name))
    cls.save = Elsewhere(SAVER, "save")
    return cls


as_html, as_latex, as_text = (Elsewhere(RENDERER, name) for name in ("html", "latex", "text"))
