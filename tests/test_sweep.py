"""Tables over grids: exact borders, masked branches, every row accounted for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pytest
import sympy
from sympy import Rational, S, sqrt

import coopgame as cg
from coopgame.errors import CertificationError, InputError
from coopgame.forms.base import Header
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol
from coopgame.language.roots import ImplicitRoot
from coopgame.reading.info import Info
from coopgame.solution import Branch, Point, Provenance, Solution
from coopgame.tables.grids import grid
from coopgame.tables.sweep import Sweep, table
from coopgame.tables.tracks import STATUSES

x, y = symbol("x"), symbol("y")


def parameter(name: str, interval: str, default: str = "1/2") -> Parameter:
    return Parameter(name, name, "-", Interval.parse(interval), Rational(default), "test")


@dataclass(frozen=True)
class Toy:
    """A game whose solution is given by hand."""

    header: Header
    branches: tuple[Branch, ...]
    certified: bool = True

    def solve(self) -> Solution:
        domain, name = self.header.domain, self.header.headline
        return Solution(
            self.header.info, domain, self.branches, name, Provenance("by hand"), game=self
        )

    def substitute(self, values: Point) -> Self:
        raise NotImplementedError

    def regret(self, equilibrium: Branch, point: Point) -> sympy.Expr:
        return S.Zero if self.certified else S.One

    def describe(self) -> list[tuple[str, str]]:
        return []


def toy(
    branches: dict[str, tuple[list[sympy.Basic], dict[str, sympy.Expr]]],
    *parameters: Parameter,
    assumptions: tuple[sympy.Basic, ...] = (),
) -> Toy:
    parameters = parameters or (parameter("x", "[-2, 2]"), parameter("y", "[-2, 2]"))
    found = tuple(
        Branch(name, "mixed", "Nash", {}, {"one": x}, outcomes, tuple(conditions))
        for name, (conditions, outcomes) in branches.items()
    )
    domain = Domain(parameters, assumptions)
    header = Header(Info("toy", "Toy", "", ""), domain, found[0].name)
    return Toy(header, found)


def statuses(sweep: Sweep) -> list[str]:
    return [row[sweep.names.index("status")] for row in sweep.rows()]


def test_a_grid_is_exact_and_has_both_ends() -> None:
    assert grid("0", "0.6", 13)[1] == Rational(1, 20)
    assert tuple(grid(0, 1, 4)) == (0, Rational(1, 3), Rational(2, 3), 1)


def test_rows_are_tidy_and_the_last_parameter_varies_fastest() -> None:
    game = toy({"low": ([x <= 0], {"z": x + y}), "high": ([x > 0], {"z": x * y, "w": x})})
    found = table(game, {"x": [0, 1], "y": (0, 1, 2)})
    assert found.names == ("x", "y", "equilibrium", "status", "z", "w")
    assert list(found.rows()) == [
        (0.0, 0.0, "low", "value", 0.0, None),
        (0.0, 0.0, "high", "no such equilibrium", None, None),
        (0.0, 1.0, "low", "value", 1.0, None),
        (0.0, 1.0, "high", "no such equilibrium", None, None),
        (1.0, 0.0, "low", "no such equilibrium", None, None),
        (1.0, 0.0, "high", "value", 0.0, 1.0),
        (1.0, 1.0, "low", "no such equilibrium", None, None),
        (1.0, 1.0, "high", "value", 1.0, 1.0),
    ]
    assert len(found) == 8
    assert found.columns()["z"][-1] == 1.0


def test_a_border_that_floats_miss_is_decided_exactly() -> None:
    """0.1 + 0.2 > 0.3 in floating point; over the rationals 1/10 + 2/10 = 3/10.

    At x = 1/10, y = 2/10 exactly the weak branch holds and the strict one does not.
    """
    border = Rational(3, 10)
    game = toy({"weak": ([x + y <= border], {}), "strict": ([x + y > border], {})})
    assert 0.1 + 0.2 > 0.3
    assert statuses(table(game, {"x": ["0.1"], "y": ["0.2"]})) == ["value", "no such equilibrium"]


def test_an_irrational_border_is_decided_exactly() -> None:
    """(x - sqrt(2))*(x + sqrt(2)) = x**2 - 2 < 0 at x = 1.41421356237309504880, just below."""
    just_below, just_above = "1.41421356237309504880", "1.41421356237309504881"
    game = toy({"below": ([x**2 < 2], {}), "above": ([x > sqrt(2)], {})})
    found = table(game, {"x": [just_below, just_above]})
    absent, value = "no such equilibrium", "value"
    assert statuses(found) == [value, absent, absent, value]


def test_equalities_hold_on_their_line_and_nowhere_else() -> None:
    game = toy({"line": ([sympy.Eq(3 * x, y)], {}), "off": ([sympy.Ne(3 * x, y)], {})})
    found = table(game, {"x": ["0.1", "0.2"], "y": ["0.3", "0.6"]})
    on_line = [row[0] * 3 == pytest.approx(row[1]) for row in found.rows()]
    expected = ["value" if on == (i % 2 == 0) else STATUSES[1] for i, on in enumerate(on_line)]
    assert statuses(found) == expected


def test_outcomes_are_evaluated_only_where_their_branch_holds() -> None:
    """sqrt(x) and 1/x have no value at x <= 0; there the branch does not hold, and no NaN shows."""
    game = toy({"root": ([x > 0], {"z": sqrt(x), "w": 1 / x})})
    found = table(game, {"x": (-1, 1, 5)})
    for row in found.rows():
        assert (row[2] == "value") == (row[0] > 0)
        assert all(cell is None or np.isfinite(cell) for cell in row[3:])


def test_a_root_of_a_difference_that_rounds_below_zero_is_mended() -> None:
    """x - 3*y is 0 at x = 0.3, y = 0.1; in floats 0.3 - 3*0.1 = -5.6e-17 has no root."""
    game = toy({"all": ([x >= 3 * y], {"z": sqrt(x - 3 * y)})})
    assert next(table(game, {"x": ["0.3"], "y": ["0.1"]}).rows())[-1] == 0.0


def test_what_has_no_value_is_undecided_not_nan() -> None:
    game = toy({"pole": ([], {"z": 1 / x})})
    found = table(game, {"x": [0, 1]})
    assert [row[2:] for row in found.rows()] == [("undecided", None), ("value", 1.0)]
    assert found.undecided == 1


def test_implicit_roots_are_evaluated_point_by_point() -> None:
    """The real root of z**3 + z = y rises: at y = 2 it is 1, at y = 0 it is 0."""
    z = symbol("z")
    game = toy({"all": ([], {"root": ImplicitRoot(z**3 + z - y, z, S(-5), S(5))})})
    found = [row[-1] for row in table(game, {"y": [0, 2]}).rows()]
    assert found == [pytest.approx(0.0), pytest.approx(1.0)]


def test_points_that_break_an_assumption_are_outside() -> None:
    game = toy({"all": ([], {"z": x})}, assumptions=(x > y,))
    found = table(game, {"x": [0, 1], "y": [0, 1]}, {})
    assert statuses(found) == [*["outside the domain"] * 2, "value", "outside the domain"]
    with pytest.raises(InputError, match="no grid point lies inside"):
        table(game, {"x": [0], "y": [1]})
    below = toy({"all": ([], {"z": x})}, assumptions=(y <= 0,))
    with pytest.raises(InputError, match="y <= 0 does not hold"):
        table(below, {"x": [0]}, {"y": 1})


def test_fixed_values_and_defaults_fill_the_rest() -> None:
    game = toy({"all": ([], {"z": x + 10 * y})})
    assert [row[-1] for row in table(game, {"x": [0, 1]}).rows()] == [5.0, 6.0]
    fixed = table(game, {"x": [0, 1]}, {"y": 0.1})
    assert fixed.fixed == {"y": Rational(1, 10)}
    assert [row[-1] for row in fixed.rows()] == [1.0, 2.0]


@pytest.mark.parametrize(
    ("vary", "fixed", "reason"),
    [
        ({}, {}, "no parameter varies"),
        ({"nope": [1]}, {}, "unknown parameter 'nope'"),
        ({"x": [3]}, {}, "x: 3 lies outside"),
        ({"x": (0, 9, 3)}, {}, "x: 9 lies outside"),
        ({"x": (1, 0, 3)}, {}, "empty"),
        ({"x": (0, 1, 1)}, {}, "whole number"),
        ({"x": (0, 1, 10**13)}, {}, "whole number"),
        ({"x": (0, 1, 10**9)}, {}, "more than"),
        ({"x": (0, 1, 5000), "y": (0, 1, 5000)}, {}, "more than"),
        ({"x": ["one"]}, {}, "not a finite number"),
        ({"x": []}, {}, "list of values is empty"),
        ({"x": 1}, {}, "is no range"),
        ({"x": "0.5"}, {}, "is no range"),
        ({"x": [0]}, {"x": 1}, "both varied and set"),
        ({"x": [0]}, {"y": 9}, "y: 9 lies outside"),
        ({"n": (1, 2, 3)}, {}, "3/2 lies outside integers"),
    ],
)
def test_faulty_grids_are_refused(
    vary: dict[str, object], fixed: dict[str, object], reason: str
) -> None:
    game = toy(
        {"all": ([], {"z": x})},
        parameter("x", "[-2, 2]"),
        parameter("y", "[-2, 2]"),
        parameter("n", "integers [1, 9]", "1"),
    )
    with pytest.raises(InputError, match=reason):
        table(game, vary, fixed)


def test_all_faults_of_a_grid_are_told_at_once() -> None:
    game = toy({"all": ([], {"z": x})})
    with pytest.raises(InputError) as caught:
        table(game, {"nope": [1], "x": [9]}, {"y": 9})
    assert len(caught.value.faults) == 3


def test_outcomes_can_be_chosen_and_payoffs_named() -> None:
    game = toy({"all": ([], {"z": x, "w": y})})
    assert table(game, {"x": [0]}, outcomes=["w"]).names[-1:] == ("w",)
    assert table(game, {"x": [1]}, outcomes=["payoff_one"]).columns()["payoff_one"] == [1.0]
    with pytest.raises(InputError, match="unknown outcome"):
        table(game, {"x": [0]}, outcomes=["nope"])


def test_a_game_without_outcomes_is_tabulated_by_its_payoffs() -> None:
    assert table(toy({"all": ([], {})}), {"x": [0]}).names[-1] == "payoff_one"


def test_what_fails_its_check_is_never_tabulated() -> None:
    game = replace(toy({"all": ([], {"z": x})}), certified=False)
    with pytest.raises(CertificationError):
        table(game, {"x": [0, 1]})


def test_parameters_may_have_the_names_of_functions() -> None:
    game = toy(
        {"all": ([symbol("exp") > 0], {"z": symbol("exp") + symbol("numpy")})},
        parameter("exp", "[-2, 2]"),
        parameter("numpy", "[-2, 2]"),
    )
    assert next(table(game, {"exp": [1], "numpy": [1]}).rows())[-1] == 2.0


# --- against the solution itself ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["inspection", "relation", "trust"])
def test_the_table_agrees_with_the_solution_at_every_point(name: str) -> None:
    """`solution.at` decides every condition exactly and certifies; the table must say the same."""
    game = cg.load(name)
    solution = game.solve()
    varied = solution.domain.names[-2:]
    axes = {
        name: [solution.domain[name].default * Rational(i, 4) for i in (1, 2, 4)] for name in varied
    }
    found = table(game, axes)
    for row in found.rows():
        record = dict(zip(found.names, row, strict=True))
        point = solution.at(**{n: Rational(str(record[n])) for n in varied})
        here = {branch.name: branch for branch in point.branches}
        assert (record["status"] == "value") == (record["equilibrium"] in here)
        if record["status"] == "value":
            outcomes = here[record["equilibrium"]].outcomes
            for outcome, value in outcomes.items():
                assert record[outcome] == pytest.approx(float(value), rel=1e-9, abs=1e-12)


def test_grim_holds_from_one_half_on() -> None:
    """T, R, P, S = 5, 3, 1, 0 and h = 0: grim iff delta >= (T-R)/(T-P) = 1/2."""
    game = cg.load("trust")
    values = {"T": 5, "R": 3, "P": 1, "S": 0, "h": 0}
    found = cg.table(game, {"delta": ["0.49", "0.4999999999999999999", "0.5", "0.51"]}, values)
    grim = [row[2] == "value" for row in found.rows() if row[1] == "grim"]
    assert grim == [False, False, True, True]
