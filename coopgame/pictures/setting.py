"""A game at the values that a picture holds fixed: solved, and put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy

from coopgame.comparative.scenario import bound, told, under
from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.language.parameters import Parameter
from coopgame.pictures.spans import Span, Wanted, preferred, span_of
from coopgame.pictures.words import Heading, sentence, values_text
from coopgame.report.tables import origin
from coopgame.rules.macro import MacroRules
from coopgame.solution import Solution
from coopgame.tables.measures import column, column_names, measures


@dataclass(frozen=True, eq=False)
class PictureSetting:
    """A solved game, the exact values of all its parameters, and the rules they come from."""

    game: Game
    solution: Solution
    values: Mapping[str, sympy.Rational]
    rules: MacroRules | None = None

    def span(self, wanted: Wanted | None, taken: str | None = None, outcome: str = "") -> Span:
        """The span asked for, or else along the parameter that is worth looking along first.

        That is one which moves equilibria or, failing that, the outcome.
        """
        if wanted is None:
            found = [column(branch, outcome) for branch in self.solution.branches if outcome]
            telling = {s.name for value in found if value is not None for s in value.free_symbols}
            names = preferred(self.solution, self.values, telling)
            wanted = Wanted(next((name for name in names if name != taken), ""))
            if not wanted.name:
                raise InputError("the game has no parameter to draw along", "name another kind")
        return span_of(self.solution, wanted, self.values)

    def others(self, *spans: Span | Parameter) -> dict[str, sympy.Rational]:
        """The values of the parameters that do not run."""
        running = {span.name for span in spans}
        return {name: value for name, value in self.values.items() if name not in running}

    def heading(
        self,
        shown: str,
        *spans: Span | Parameter,
        notes: Iterable[str] = (),
        lacks: bool = True,
    ) -> Heading:
        """The heading of a picture of the game that shows something over some spans.

        Where the picture shows the branches in symbols (`lacks`), what they leave out is a note.
        """
        info = self.game.header.info
        facing = f"rules: {self.rules.info.title}; " if self.rules else ""
        given = values_text(self.others(*spans))
        return Heading(
            title=f"{info.title}: {shown}",
            given=f"{facing}at {given}" if given else facing,
            origin=origin(info),
            notes=(*notes, *(map(sentence, self.solution.provenance.left_out) if lacks else ())),
        )

    def outcome(self, name: str | None) -> str:
        """The outcome asked for, or the first that the file shows and most branches name.

        Payoffs (`payoff_PLAYER`) are outcomes too, and the usual ones where a file names no other.
        Raises InputError for an unknown outcome, and where no equilibrium is listed.
        """
        if name is not None:
            return column_names([self.solution], [name])[0]
        known = column_names([self.solution], None)
        if not known:
            raise InputError("no equilibrium is listed whose outcome could be drawn", "see 'solve'")
        shown = [n for n in (*self.game.header.shown, "cooperation", *known) if n in known]
        most = max(map(self._names, known))
        return next((n for n in shown if self._names(n) == most), shown[0])

    def _names(self, outcome: str) -> int:
        return sum(outcome in measures(branch) for branch in self.solution.branches)


def setting(
    game: Game, values: Mapping[str, Any] | None = None, rules: MacroRules | None = None
) -> PictureSetting:
    """The game solved, with `values` and the rules over its defaults.

    Raises InputError for values outside the domain, or rules that do not fit.
    """
    facing = under(game, rules)
    fixed = bound(facing, values or {}, rules)
    point = facing.header.domain.point(fixed)
    return PictureSetting(facing, told(facing.solve(), game, rules), point, rules)
