"""Parameters, the interval each may lie in, and the domain that they and their assumptions span."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.errors import Fault, InputError, unknown
from coopgame.language.comparisons import atoms
from coopgame.language.numerals import exact
from coopgame.language.printing import symbol, to_text

ROLES = frozenset({"discount", "hazard", "detection", "policy", "payoff", "cost", "trust", "size"})
INTERVAL = re.compile(r"(integers\s+)?([\[(])\s*([^,\s]+)\s*,\s*([^,\s]+)\s*([\])])\Z")


@dataclass(frozen=True)
class Interval:
    """The numbers one parameter may take: bounds open or closed, perhaps integers only."""

    lower: sympy.Expr
    upper: sympy.Expr
    lower_open: bool
    upper_open: bool
    integer: bool = False

    @classmethod
    def parse(cls, text: str) -> Interval:
        """Read `(0, 1)`, `[0, oo)` or `integers [2, 50]`.

        >>> str(Interval.parse("[0,1)"))
        '[0, 1)'
        """
        match = INTERVAL.match(text.strip()) if isinstance(text, str) else None
        if not match:
            raise InputError(f"{text!r} is not an interval", "write one such as '[0, 1)'")
        integers, left, low, high, right = match.groups()
        lower, upper = _bound(low), _bound(high)
        open_left, open_right = left == "(" or lower == -sympy.oo, right == ")" or upper == sympy.oo
        if lower > upper or (lower == upper and (open_left or open_right)):
            raise InputError(f"the interval {text!r} is empty", "put the smaller bound first")
        return cls(lower, upper, open_left, open_right, bool(integers))

    def conditions(self, variable: sympy.Symbol) -> tuple[Boolean, ...]:
        """The comparisons that say `variable` lies inside."""
        bounds = []
        if self.lower != -sympy.oo:
            relation = sympy.Gt if self.lower_open else sympy.Ge
            bounds.append(relation(variable, self.lower, evaluate=False))
        if self.upper != sympy.oo:
            relation = sympy.Lt if self.upper_open else sympy.Le
            bounds.append(relation(variable, self.upper, evaluate=False))
        return tuple(bounds)

    def told(self, name: str) -> str:
        """The values that a name may take, for a person.

        >>> Interval.parse("[0,1)").told("h"), Interval.parse("integers [2, oo)").told("n")
        ('0 <= h < 1', 'n >= 2, whole')
        """
        low, high = (to_text(bound) for bound in (self.lower, self.upper))
        below, above = "<" if self.lower_open else "<=", "<" if self.upper_open else "<="
        if self.lower == -sympy.oo and self.upper == sympy.oo:
            return "any whole number" if self.integer else "any number"
        if self.lower == self.upper:
            return f"{name} = {low}"
        if self.upper == sympy.oo:
            text = f"{name} {below.replace('<', '>')} {low}"
        else:
            from_below = f"{low} {below} " if self.lower != -sympy.oo else ""
            text = f"{from_below}{name} {above} {high}"
        return f"{text}, whole" if self.integer else text

    def __contains__(self, value: sympy.Expr) -> bool:
        above = value > self.lower if self.lower_open else value >= self.lower
        below = value < self.upper if self.upper_open else value <= self.upper
        return bool(above and below and (not self.integer or value.is_integer))

    def __str__(self) -> str:
        left, right = "[("[self.lower_open], "])"[self.upper_open]
        text = f"{left}{to_text(self.lower)}, {to_text(self.upper)}{right}"
        return f"integers {text}" if self.integer else text


def _bound(text: str) -> sympy.Expr:
    if text in ("oo", "+oo", "-oo"):
        return -sympy.oo if text.startswith("-") else sympy.oo
    return exact(text)


@dataclass(frozen=True)
class Parameter:
    """What the modeller varies: a name with its meaning, unit, interval, default and source.

    `role` says how macro rules and policies bind to it (`discount`, `hazard`, `policy`, ...).
    """

    name: str
    meaning: str
    unit: str
    interval: Interval
    default: sympy.Rational
    source: str
    role: str | None = None

    @property
    def symbol(self) -> sympy.Symbol:
        return symbol(self.name)

    @property
    def moves_in_odds(self) -> bool:
        """Whether it is a probability or a discount factor, which are moved by their odds."""
        return self.unit.startswith("probability") or self.role == "discount"


@dataclass(frozen=True)
class Domain:
    """The parameter space of a game: its parameters, bounded each and bound together."""

    parameters: tuple[Parameter, ...] = ()
    assumptions: tuple[Boolean, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def symbols(self) -> tuple[sympy.Symbol, ...]:
        return tuple(parameter.symbol for parameter in self.parameters)

    @property
    def integers(self) -> frozenset[sympy.Symbol]:
        return frozenset(p.symbol for p in self.parameters if p.interval.integer)

    @property
    def defaults(self) -> dict[str, sympy.Rational]:
        return {parameter.name: parameter.default for parameter in self.parameters}

    @cached_property
    def constraints(self) -> tuple[Boolean, ...]:
        """Every comparison that a point of the domain satisfies."""
        bounds = [c for p in self.parameters for c in p.interval.conditions(p.symbol)]
        return (*bounds, *(atom for a in self.assumptions for atom in atoms(a)))

    def __getitem__(self, name: str | sympy.Symbol) -> Parameter:
        name = name.name if isinstance(name, sympy.Symbol) else name
        for parameter in self.parameters:
            if isinstance(name, str) and parameter.name == name:
                return parameter
        raise unknown("parameter", name, self.names)

    def by_role(self, role: str) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.parameters if parameter.role == role)

    def read(self, values: Mapping[str, Any]) -> dict[str, sympy.Rational]:
        """The exact values given for some parameters; all faults are raised at once."""
        found: dict[str, sympy.Rational] = {}
        faults: list[Fault] = []
        for name, value in values.items():
            try:
                interval, number = self[name].interval, exact(value)
                if number not in interval:
                    raise InputError(
                        f"{to_text(number)} lies outside {interval}", "give a value inside"
                    )
                found[name] = number
            except InputError as error:
                faults += [Fault(name, fault.problem, fault.mend) for fault in error.faults]
        if faults:
            raise InputError(faults)
        return found

    def point(self, values: Mapping[str, Any]) -> dict[str, sympy.Rational]:
        """A full parameter point: `values` over the defaults, checked against the domain."""
        full = {**self.defaults, **self.read(values)}
        at = {symbol(name): value for name, value in full.items()}
        broken = [c for c in self.constraints if c.subs(at) != sympy.true]
        if broken:
            shown = ", ".join(f"{name} = {to_text(full[name])}" for name in self.names)
            raise InputError(
                [
                    Fault(to_text(c), f"does not hold at {shown}", "set values at which it holds")
                    for c in broken
                ]
            )
        return full

    def substitute(self, values: Mapping[str, sympy.Rational]) -> Domain:
        """The domain of the remaining parameters once `values` are fixed."""
        at = {symbol(name): value for name, value in values.items()}
        assumptions = tuple(assumption.subs(at) for assumption in self.assumptions)
        broken = [a for a, left in zip(self.assumptions, assumptions, strict=True) if left == False]  # noqa: E712
        if broken:
            raise InputError(
                [Fault(to_text(a), "does not hold", "set values at which it does") for a in broken]
            )
        kept = tuple(p for p in self.parameters if p.name not in values)
        return Domain(kept, tuple(a for a in assumptions if a != True))  # noqa: E712

    def extend(
        self, parameters: Iterable[Parameter] = (), assumptions: Iterable[Boolean] = ()
    ) -> Domain:
        """The domain with further parameters or assumptions."""
        return replace(
            self,
            parameters=(*self.parameters, *parameters),
            assumptions=(*self.assumptions, *assumptions),
        )
