"""The names that expressions of a game file may use, and the shorthands the file defines for them.

`[definitions]` lets a file say `D = "delta*(1 - h)"` once. A shorthand is written out wherever it
is used, so that nothing behind the file ever sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.errors import InputError
from coopgame.language.expressions import parse_condition
from coopgame.language.grammar import name_problem
from coopgame.language.printing import symbol
from coopgame.reading.section import Section


@dataclass(frozen=True)
class Vocabulary:
    """Known names, and the expression behind each of those that are shorthands."""

    names: frozenset[str]
    shorthands: Mapping[sympy.Symbol, sympy.Expr] = field(default_factory=dict)

    def with_names(self, names: Iterable[str]) -> Vocabulary:
        """The vocabulary with further names."""
        return replace(self, names=self.names | frozenset(names))

    def written_out(self, expression: Any) -> Any:
        """An expression or condition with its shorthands replaced."""
        return expression.xreplace(dict(self.shorthands))

    def expression(self, section: Section, key: str, default: str | None = None) -> sympy.Expr:
        """The expression at a key of the file; a fault is noted and read as zero."""
        return self.written_out(section.expression(key, self.names, default))

    def condition(self, section: Section, key: str) -> Boolean:
        """The condition at a key of the file; a fault is noted and read as true."""
        text = section.text(key)
        try:
            return self.written_out(parse_condition(text, self.names)) if text else sympy.true
        except InputError as error:
            section.unread(key, text, error)
            return sympy.true

    def expressions(self, section: Section) -> dict[str, sympy.Expr]:
        """Every entry of a table as a named expression."""
        return {key: self.expression(section, key) for key in section}


def read_vocabulary(section: Section, names: Iterable[str]) -> Vocabulary:
    """The names of the parameters and what `[definitions]` adds; each may use those before it."""
    vocabulary = Vocabulary(frozenset(names))
    table = section.table("definitions", required=False)
    for key in table:
        problem = name_problem(key)
        if problem:
            table.refuse(key, problem)
        elif key in vocabulary.names:
            table.fault(key, "is already the name of something", "choose another name")
        if problem or key in vocabulary.names:
            continue
        meaning = vocabulary.expression(table, key)
        vocabulary = Vocabulary(
            vocabulary.names | {key}, {**vocabulary.shorthands, symbol(key): meaning}
        )
    return vocabulary
