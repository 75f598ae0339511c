"""Text to SymPy and back: exact, whitelisted, bounded."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from coopgame.errors import InputError
from coopgame.language.expressions import parse, parse_condition
from coopgame.language.grammar import name_problem
from coopgame.language.numerals import exact
from coopgame.language.printing import symbol, to_numpy, to_text

NAMES = ("a", "b", "delta", "E", "I", "pi", "new", "S", "N")

leaves = st.one_of(
    st.sampled_from([symbol(name) for name in NAMES]),
    st.fractions(-9, 9, max_denominator=7).map(sympy.Rational),
)


def combined(children: st.SearchStrategy[sympy.Expr]) -> st.SearchStrategy[sympy.Expr]:
    pairs = st.tuples(children, children)
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]),
        pairs.map(lambda p: p[0] - p[1]),
        pairs.map(lambda p: p[0] * p[1]),
        pairs.map(lambda p: p[0] / (p[1] ** 2 + 1)),
        pairs.map(lambda p: sympy.Max(*p)),
        children.map(lambda c: sympy.sqrt(c**2 + 1)),
        children.map(lambda c: sympy.exp(c) if c.count_ops() < 3 else c),
    )


expressions = st.recursive(leaves, combined, max_leaves=6)


@given(expressions)
def test_text_parses_back_to_the_same_expression(expression: sympy.Expr) -> None:
    again = parse(to_text(expression), NAMES)
    assert sympy.simplify(again - expression) == 0


@given(expressions, expressions, st.sampled_from([sympy.Gt, sympy.Ge, sympy.Lt, sympy.Eq]))
def test_conditions_parse_back_too(
    left: sympy.Expr, right: sympy.Expr, relation: type[sympy.Rel]
) -> None:
    condition = relation(left, right)
    if condition in (sympy.true, sympy.false):
        return
    again = parse_condition(to_text(condition), NAMES)
    assert sympy.simplify(again.lhs - condition.lhs) == 0
    assert sympy.simplify(again.rhs - condition.rhs) == 0


def test_whole_steps_print_parse_and_are_exact_at_a_tie() -> None:
    """(3/2)**k has exactly k steps of 3/2, and a little more has k + 1: no rounding at the tie."""
    steps = parse("ceil(log(a)/log(b)) + floor(a)", {"a", "b"})
    assert parse(to_text(steps), {"a", "b"}) == steps
    counted = parse("ceil(log(a)/log(3/2))", {"a"})
    for k in range(12):
        power = sympy.Rational(3, 2) ** k
        assert counted.subs(symbol("a"), power) == k
        assert counted.subs(symbol("a"), power + sympy.Rational(1, 10**9)) == k + 1


def test_numbers_are_exact_rationals() -> None:
    assert parse("0.1 + 1e-3", set()) == sympy.Rational(101, 1000)
    assert exact(0.72) == sympy.Rational(18, 25)


def test_names_that_mean_something_in_sympy_are_plain_parameters() -> None:
    assert parse("E*I + pi", {"E", "I", "pi"}).free_symbols == {
        symbol("E"),
        symbol("I"),
        symbol("pi"),
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("__import__('os').system('x')", "call is not allowed"),
        ("9**9**9**9", "power of a power"),
        ("(9**9)**9", "power of a power|exponent|degree|value"),
        ("2**1000000", "exponent"),
        ("((a**8)**8)**2", "degree above"),
        ("1/0", "division by zero"),
        ("1/(1-1)", "division by zero"),
        ("a.real", "attribute is not allowed"),
        ("[a]", "list is not allowed"),
        ("lambda: a", "lambda is not allowed"),
        ("a if b else b", "ifexp is not allowed"),
        ("'a'", "not a number"),
        ("True", "not a number"),
        ("sqrt(-1)", "no finite real value"),
        ("log(0)", "logarithm"),
        ("max()", "takes one or more"),
        ("unheard_of + 1", "unknown name"),
        ("a > b", "is a condition"),
        ("a +", "not an expression"),
        ("a" * 11_000, "longer than"),
        ("+".join("a" * 2500), "more than|nested deeper"),
        ("-" * 60 + "a", "nested deeper|more than"),
        ("*".join("a" * 60), "factors in a row"),
        ("1e99999999", "too long a number"),
        ("9" * 400, "digits at most"),
        ("nan", "unknown name"),
        ("oo", "unknown name"),
        ("\x00", "not an expression"),
    ],
)
def test_what_is_not_on_the_whitelist_is_refused_with_a_reason(text: str, reason: str) -> None:
    import re

    try:
        value = parse(text, {"a", "b"})
    except InputError as error:
        assert re.search(reason, str(error)), str(error)
    else:
        assert text == "(9**9)**9", f"{text} was read as {value}"


@pytest.mark.parametrize("value", [True, None, "nan", "inf", "1/0", "", "one", float("nan"), []])
def test_what_is_no_finite_number_is_refused(value: object) -> None:
    with pytest.raises(InputError):
        exact(value)


@pytest.mark.parametrize("name", ["lambda", "max", "2x", "", "a b", "é", "x" * 50, "oo"])
def test_names_that_cannot_be_parameters(name: str) -> None:
    assert name_problem(name)


def test_numpy_functions_survive_awkward_names() -> None:
    compiled = to_numpy([symbol("new") * 2, symbol("lambda_") > 1], ["new", "lambda_"])
    assert compiled(3.0, 2.0) == [6.0, True]


def test_pieces_that_leave_something_undefined_parse_back() -> None:
    x = symbol("x")
    pieces = sympy.Piecewise((x**2, x > 1))
    assert to_text(pieces) == "piecewise(x**2, x > 1, undefined)"
    assert parse(to_text(pieces), {"x"}) == pieces
    with pytest.raises(InputError, match="undefined"):
        parse(to_text(pieces), {"x"}, answers=False)


def test_a_long_sum_is_flat_and_keeps_its_signs() -> None:
    """A sum of 120 terms leans 119 deep in Python's tree: 1*a - 2*a + 3*a - ... - 120*a = -60*a."""
    text = "0" + "".join(f" {'+-'[k % 2 == 0]} {k}*a" for k in range(1, 121))
    a = parse("a", {"a"})
    assert parse(text, {"a"}) == -60 * a
    assert parse("(1 - 2 + a)*3/2/3 - a/2", {"a"}) == parse("-1/2", set())
