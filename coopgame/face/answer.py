"""An answer of several parts with the report that tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from coopgame.language.showing import shown
from coopgame.pictures.figures import Wish
from coopgame.pictures.saving import wishes
from coopgame.report.notebook import report
from coopgame.report.tables import Report


@shown
@dataclass(frozen=True)
class Answer:
    """What was found, as the library's own value, and the report on it.

    A notebook shows it, `print` tells it, `to_frame` gives its main table, `save` writes it.
    """

    found: Any
    told: Report = field(repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<Answer: {self.told.title}>"


@report.register
def _(value: Answer) -> Report:
    return value.told


@wishes.register
def _(value: Answer) -> Iterable[Wish]:
    return wishes(value.found)
