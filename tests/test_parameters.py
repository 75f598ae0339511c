"""Intervals and domains: values read exactly, every fault at once."""

from __future__ import annotations

import pytest
import sympy

from coopgame.errors import InputError
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol


def parameter(name: str, interval: str, default: str) -> Parameter:
    number = sympy.Rational(default)
    return Parameter(name, "meaning", "unit", Interval.parse(interval), number, "source")


DOMAIN = Domain(
    (
        parameter("T", "(-oo, oo)", "5"),
        parameter("R", "(-oo, oo)", "3"),
        parameter("h", "[0, 1)", "0"),
    ),
    (symbol("T") > symbol("R"),),
)


@pytest.mark.parametrize(
    "text", ["(0, 1)", "[0, oo)", "(-oo, oo)", "integers [2, 50]", "[1/2, 3/4]"]
)
def test_intervals_print_as_they_are_read(text: str) -> None:
    assert str(Interval.parse(text)) == text


@pytest.mark.parametrize("text", ["", "0, 1", "(1, 0)", "(1, 1]", "[a, b]", "(0; 1)", "[0, 1) x"])
def test_intervals_that_are_none(text: str) -> None:
    with pytest.raises(InputError):
        Interval.parse(text)


def test_open_and_closed_ends() -> None:
    interval = Interval.parse("[0, 1)")
    assert sympy.Integer(0) in interval and sympy.Integer(1) not in interval
    assert sympy.Rational(1, 2) not in Interval.parse("integers [0, 3]")


def test_all_faulty_values_are_reported_at_once() -> None:
    with pytest.raises(InputError) as caught:
        DOMAIN.read({"h": "1", "T": "many", "Q": "1"})
    assert [fault.place for fault in caught.value.faults] == ["h", "T", "Q"]


def test_a_point_must_satisfy_the_assumptions() -> None:
    with pytest.raises(InputError, match="T > R"):
        DOMAIN.point({"T": "2"})
    assert DOMAIN.point({"T": 3.5})["T"] == sympy.Rational(7, 2)


def test_substituting_keeps_what_is_left_of_the_assumptions() -> None:
    rest = DOMAIN.substitute(DOMAIN.read({"R": "3"}))
    assert rest.names == ("T", "h")
    assert rest.assumptions == (symbol("T") > 3,)
    with pytest.raises(InputError, match="does not hold"):
        DOMAIN.substitute(DOMAIN.read({"R": "3", "T": "2"}))
