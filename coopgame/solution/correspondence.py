"""The equilibria of a game for all parameter values, or at a point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.algebra.thresholds import solved
from coopgame.errors import CertificationError, InputError, UnknownName, brief, fitting
from coopgame.language.deciding import decide
from coopgame.language.parameters import Domain
from coopgame.language.printing import symbol, to_text
from coopgame.language.putting import put
from coopgame.language.showing import shown
from coopgame.reading.info import Info
from coopgame.solution.alike import alike
from coopgame.solution.branches import Branch, Component, Critical, Extremum, Provenance

Point = Mapping[str, sympy.Rational]


class Source(Protocol):
    """The game that a solution is of, as far as a solution needs it."""

    @property
    def players(self) -> Mapping[str, tuple[str, ...]]: ...

    def solve(self) -> Solution: ...

    def substitute(self, values: Point) -> Self: ...

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr: ...


@shown
@dataclass(frozen=True, eq=False)
class Solution(Mapping[str, Branch]):
    """The equilibrium correspondence of a game, for all parameter values or at a point.

    A mapping of its branches by their names, in the order in which they are told: `"D,D" in s`,
    `s["D,D"].conditions`, `len(s)`, `for name in s`.

    `info` tells which game, from which state of its file, and `game` is that game.
    `domain` holds the parameters that are still free and `point` those already fixed; at a
    point `domain` is empty and every value in the branches is a number. `boundaries` are the
    continua of equilibria: where two branches meet, or everywhere; None if they were not looked
    for. `partial` is the condition under which a point may have equilibria that are not among the
    branches; `at` lists those too.
    """

    info: Info
    domain: Domain
    branches: tuple[Branch, ...]
    headline: str
    provenance: Provenance
    point: Point = field(default_factory=dict)
    extrema: Mapping[str, Extremum] = field(default_factory=dict)
    criticals: tuple[Critical, ...] = ()
    game: Source | None = field(default=None, repr=False)
    boundaries: tuple[Component, ...] | None = None
    partial: Boolean = sympy.false

    def __repr__(self) -> str:
        where = "at given values" if self.is_point else "in symbols"
        count = len(self.branches)
        counted = "1 equilibrium" if count == 1 else f"{count} equilibria"
        return f"<Solution of {self.name}: {counted} listed, {where}>"

    def __getitem__(self, name: str) -> Branch:
        for branch in self.branches:
            if isinstance(name, str) and branch.name == name:
                return branch
        known = "; ".join(branch.name for branch in self.branches) or "none"
        raise UnknownName(f"{self.name} has no equilibrium {name!r}", f"equilibria: {known}")

    def __iter__(self) -> Iterator[str]:
        return (branch.name for branch in self.branches)

    def __len__(self) -> int:
        return len(self.branches)

    def __eq__(self, other: object) -> bool:
        """Whether both are the same answer about equal games."""
        return alike(self, other) if isinstance(other, Solution) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.info, tuple(self), tuple(sorted(self.point))))

    @property
    def name(self) -> str:
        """The name of the game."""
        return self.info.name

    @property
    def is_point(self) -> bool:
        return not self.domain.parameters

    @fitting
    def symbols(self, names: str = "") -> Any:
        """The symbols of parameters in conditions and outcomes: real, as SymPy has to know.

        Parameters
        ----------
        names : str, optional
            Names with spaces or commas between them; by default those of all free parameters.

        Returns
        -------
        sympy.Symbol or tuple of sympy.Symbol
            The symbol of one name; a tuple of them for several, or where none is given.

        Raises
        ------
        InputError
            For a name that is none of a free parameter.

        Examples
        --------
        >>> from coopgame.catalogue import load_game
        >>> solution = load_game("trust").solve()
        >>> T, h = solution.symbols("T h")
        >>> sympy.diff(solution.threshold("delta"), h).subs({T: 4, h: 0}).has(T, h)
        False
        """
        if not isinstance(names, str):
            raise InputError(f"{brief(names)} are no names", 'write them in one text, as in "T R"')
        wanted = names.replace(",", " ").split()
        found = tuple(self.domain[name].symbol for name in wanted or self.domain.names)
        return found[0] if len(wanted) == 1 else found

    @fitting
    def at(self, values: Mapping[str, Any] | None = None, /, **named: Any) -> Solution:
        r"""The equilibria at a point; defaults fill what is left out.

        The values are put into the game, which is then solved: borders between branches and what
        shows at numbers only are found as everything else. Each equilibrium is certified by the
        game's own regret before it is returned; of continua the extreme equilibria are listed, and
        `boundaries` holds what lies between them.

        Parameters
        ----------
        values : mapping of str or Symbol to number or str, optional
            Values by the names of parameters, or by their symbols. Floats are taken at their
            printed value (0.72 is 18/25), texts as they stand ("1/3").
        \*\*named : number or str
            Values as keyword arguments.

        Returns
        -------
        Solution
            Its `point` holds all values.

        Raises
        ------
        InputError
            For an unknown name, or values outside the domain.

        Examples
        --------
        >>> from coopgame.catalogue import load_game
        >>> solution = load_game("trust").solve()
        >>> solution.at(T=5, R=3) == solution.at({"T": 5, "R": 3})
        True
        """
        point = self.domain.point(given(values, named))
        if self.game is None:
            return self._put(point)
        found = solve_at(self.game, point)
        return replace(found, point={**self.point, **point})

    def _put(self, point: Point) -> Solution:
        """The branches that hold at a point, for a solution that no game stands behind."""
        at = {symbol(name): value for name, value in point.items()}
        here = [b for b in self.branches if all(decide(put(c, at)) for c in b.conditions)]
        bare = [replace(b, conditions=(), implicit={}, complement=()) for b in here]
        return replace(
            self,
            domain=Domain(),
            branches=tuple(b.substitute(at) for b in bare),
            point={**self.point, **point},
            extrema={},
            criticals=(),
        )

    @fitting
    def threshold(self, parameter: str | sympy.Symbol, branch: str | None = None) -> sympy.Expr:
        """The exact value of `parameter` at which `branch` (default: the headline) begins or ends.

        A named critical value of the game comes first (the hazard at which a level collapses);
        otherwise the branch's conditions are solved for the parameter. Several bounds on one
        side join as max or min; beyond degree two the root stays implicit (`ImplicitRoot`).
        Raises InputError where the branch is bounded on both sides, or not at all.
        """
        parameter = self.domain[parameter].name
        if branch is None:
            for critical in self.criticals:
                if critical.parameter == parameter and critical.bounds(self.headline):
                    return critical.expression
        chosen = self._chosen(branch)
        lower, upper = self.bounds(parameter, chosen.name)
        if lower is not None and lower == upper:
            raise InputError(
                f"{chosen.name!r} holds at one value of {parameter} only: {to_text(lower)}",
                "ask for solution.bounds(parameter, branch)",
            )
        if lower is not None and upper is not None:
            raise InputError(
                f"{chosen.name!r} holds between two values of {parameter}: "
                f"{to_text(lower)} and {to_text(upper)}",
                "ask for solution.bounds(parameter, branch)",
            )
        if lower is None and upper is None:
            raise InputError(f"{chosen.name!r} does not depend on {parameter}", "name another")
        return lower if lower is not None else upper

    def _chosen(self, branch: str | None) -> Branch:
        """The equilibrium of that name; where none is given the headline, or the only one."""
        if branch is None and not self.headline and len(self.branches) != 1:
            raise InputError(
                f"{self.name} has no headline", f"name an equilibrium: {'; '.join(self)}"
            )
        return self[branch or self.headline or next(iter(self))]

    @fitting
    def critical(self, name: str, parameter: str) -> sympy.Expr:
        """A named critical value of `parameter`, exact, as an expression in the others.

        "collapse" and "return" of a game of levels: where its level falls to nothing, and where it
        comes back. Raises InputError, with those that there are, where the game has no such one.
        """
        for critical in self.criticals:
            if (critical.name, critical.parameter) == (name, parameter):
                return critical.expression
        known = "; ".join(f"{c.name} of {c.parameter}" for c in self.criticals) or "none"
        raise InputError(
            f"{self.name} has no critical value {name!r} of {parameter}",
            f"critical values: {known}",
        )

    @fitting
    def bounds(
        self, parameter: str | sympy.Symbol, branch: str | None = None
    ) -> tuple[sympy.Expr | None, sympy.Expr | None]:
        """The lower and upper bound that the branch's conditions put on `parameter`.

        None stands for no bound but the parameter's own interval. Where a condition binds the
        parameter on a part of the domain only, and holds always on the rest (or never), the bound
        is piecewise. Raises InputError where what is a lower bound here is an upper one there.
        """
        variable = self.domain[parameter].symbol
        lower: list[sympy.Expr] = []
        upper: list[sympy.Expr] = []
        conditions = self._chosen(branch).conditions
        for condition in conditions:
            if condition.has(variable):
                others = [c for c in conditions if c is not condition]
                root, is_lower = solved(condition, variable, self.domain, others)
                is_equation = isinstance(condition, sympy.Eq)
                lower += [root] if is_lower or is_equation else []
                upper += [root] if not is_lower or is_equation else []
        return (sympy.Max(*lower) if lower else None, sympy.Min(*upper) if upper else None)


def given(values: Any, named: Mapping[str, Any]) -> dict[str, Any]:
    """Values by name, from a mapping and from keyword arguments together."""
    if values is None:
        return dict(named)
    keys = str | sympy.Symbol
    if not isinstance(values, Mapping) or not all(isinstance(name, keys) for name in values):
        raise InputError(f"{brief(values)} are no values by name", 'as in {"T": 5}, or T=5')
    values = {getattr(name, "name", name): value for name, value in values.items()}
    twice = [name for name in values if name in named]
    if twice:
        raise InputError(f"{twice[0]} is given twice", "drop one")
    return {**values, **named}


def solve_at(game: Source, point: Point) -> Solution:
    """The equilibria where `point` gives every parameter of a game; a game certifies each."""
    found = game.substitute(point) if point else game
    return replace(found.solve(), point=point)


def certify(game: Source, equilibrium: Branch, point: Point) -> None:
    """Raise CertificationError unless no player can gain by deviating, to within 1e-20."""
    regret = game.regret(equilibrium, point)
    if not sympy.N(regret, 40) <= sympy.Rational(1, 10**20):
        where = ", ".join(f"{name}={to_text(value)}" for name, value in point.items())
        place = f" at {where}" if where else ""
        raise CertificationError(
            f"{equilibrium.name} fails its check{place}: regret {sympy.N(regret, 8)}"
        )
