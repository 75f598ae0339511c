"""What games of every form are made of: parameters, expressions in them, points, and the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..commands import commands_for
from ..files import Drawn, Point, is_inside, numbers, to_toml
from ..values import Number, Undefined, evaluate, sign

NAME = re.compile(r"[A-Za-z_]\w*")
# Of each kind of parameter: domains, and values that lie inside most of them, borders included.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "free": (
        ("(-oo, oo)", "[-2, 2]", "(-1, 3]", "[-5, oo)", "(-oo, 4)"),
        ("0", "1", "-1", "1/2", "2", "-1/3", "3"),
    ),
    "positive": (
        ("(0, oo)", "(0, 3]", "[1/2, 4)", "(0, 10)"),
        ("1", "2", "1/2", "3", "3/2", "2/3"),
    ),
    "nonnegative": (("[0, oo)", "[0, 2]", "[0, 3)"), ("0", "1", "1/2", "2", "1/10")),
    "unit": (("[0, 1]", "[0, 1)", "(0, 1)", "(0, 1]"), ("0", "1/2", "1", "1/4", "9/10", "1/3")),
    "open unit": (("(0, 1)",), ("1/2", "9/10", "3/5", "1/4", "1/3")),
    "tenth": (("(0, 1/4)", "(0, 1/5]", "[1/20, 1/5)"), ("1/10", "1/8", "1/20", "1/6")),
    "patience": (("(0, 1)", "[0, 1)", "[1/2, 1)"), ("1/2", "9/10", "3/5", "2/3", "0")),
    "hazard": (("[0, 1)", "[0, 1]", "[0, 1/2]"), ("0", "1/4", "1/2", "1/50", "1")),
    "integer": (
        ("integers [0, 5]", "integers [1, 6]", "integers [-2, 2]", "integers [0, oo)"),
        ("1", "2", "0", "3", "-1"),
    ),
    "size": (("integers [2, 6]", "integers [2, 1000]", "integers [3, 5]"), ("2", "3", "4", "5")),
}
BOUNDED_BELOW = (
    "positive",
    "nonnegative",
    "unit",
    "open unit",
    "tenth",
    "patience",
    "hazard",
    "size",
)
ROLES = {"patience": "discount", "hazard": "hazard"}
COMMON = ("free", "positive", "nonnegative", "unit", "integer")


@dataclass(frozen=True)
class Parameter:
    """A parameter as drawn; `values` are those of its kind that lie inside its domain."""

    name: str
    kind: str
    domain: str
    default: str
    values: tuple[str, ...]
    role: str | None = None

    @property
    def is_nonnegative(self) -> bool:
        return self.kind in BOUNDED_BELOW

    def stated(self) -> dict[str, str]:
        """The parameter as a table of the file."""
        fixed = {"meaning": self.name, "unit": "1", "domain": self.domain}
        role = {"role": self.role} if self.role else {}
        return {**fixed, "default": self.default, "source": "chosen", **role}


def rarely(one_in: int) -> st.SearchStrategy[bool]:
    """True once in so many times; what is shrunk leaves it out."""
    return st.integers(1, one_in).map(lambda i: i == one_in)


@st.composite
def parameter(draw: DrawFn, name: str, kinds: Sequence[str], has_role: bool = False) -> Parameter:
    kind = draw(st.sampled_from(kinds))
    domains, offered = KINDS[kind]
    domain = draw(st.sampled_from(domains))
    ends = [end.strip(" []()") for end in domain.removeprefix("integers").split(",")]
    candidates = dict.fromkeys([*offered, *(end for end in ends if "oo" not in end)])
    probe = {"parameters": {name: {"domain": domain}}}
    inside = tuple(value for value in candidates if is_inside(probe, {name: value}))
    role = ROLES.get(kind) if has_role else None
    return Parameter(name, kind, domain, draw(st.sampled_from(inside)), inside, role)


@st.composite
def parameters(
    draw: DrawFn, names: Sequence[str], least: int = 1, kinds: Sequence[str] = COMMON
) -> list[Parameter]:
    """The first few of these names, each of a kind of its own."""
    count = draw(st.integers(least, len(names)))
    return [draw(parameter(name, kinds)) for name in names[:count]]


# --- expressions -------------------------------------------------------------------------------

CONSTANTS = ("0", "1", "2", "-1", "1/2", "3", "-1/3", "3/2")
IRRATIONAL = ("sqrt(2)", "exp(-1)", "log(2)", "sqrt(3)/2")


def constants(irrational: bool = True) -> st.SearchStrategy[str]:
    plain = st.sampled_from(CONSTANTS)
    return plain | plain | plain | st.sampled_from(IRRATIONAL) if irrational else plain


@st.composite
def polynomials(draw: DrawFn, known: Sequence[Parameter]) -> str:
    """A sum of a few parameters with small coefficients, now and then a product or a square."""
    if not known:
        return draw(constants(irrational=False))
    names = st.sampled_from([p.name for p in known])
    whole = st.integers(-2, 3).map(str) | st.sampled_from(["1/2", "-1/2"])
    terms = [draw(whole)] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(1, 2))):
        name, other = draw(names), draw(names)
        shape = draw(st.sampled_from(["{n}", "{n}", "{n}", "{c}*{n}", "{n}*{m}", "{n}**2"]))
        sign_ = draw(st.sampled_from(["", "", "-"]))
        terms.append(sign_ + shape.format(n=name, m=other, c=draw(st.sampled_from(["2", "3/2"]))))
    return " + ".join(terms).replace("+ -", "- ")


@st.composite
def rationals(draw: DrawFn, known: Sequence[Parameter]) -> str:
    """A polynomial, now and then over what is never zero."""
    top = draw(polynomials(known))
    below = [p.name for p in known if p.is_nonnegative]
    if bool(below) and draw(rarely(5)):
        return f"({top})/(1 + {draw(st.sampled_from(below))})"
    return top


SPECIAL: tuple[Callable[[str, str, str], str], ...] = (
    lambda x, y, c: f"max({x}, {y})",
    lambda x, y, c: f"min({x}, {y})",
    lambda x, y, c: f"floor({x})",
    lambda x, y, c: f"ceil({x})",
    lambda x, y, c: f"piecewise({x}, {y} > {c}, {c})",
    lambda x, y, c: f"piecewise({x}, {x} >= {c}, {y})",
    lambda x, y, c: f"sqrt(max({x}, 0))",
    lambda x, y, c: f"sqrt(({x})**2 + 1)",
    lambda x, y, c: f"exp(-max({x}, 0))",
    lambda x, y, c: f"log(1 + max({x}, 0))",
    lambda x, y, c: f"max({x}, -({x}))",
    lambda x, y, c: f"({x})*({y})",
    lambda x, y, c: f"({x}) - ({y})",
    lambda x, y, c: f"({x})/(1 + ({y})**2)",
)


@st.composite
def nested(draw: DrawFn, leaves: st.SearchStrategy[str], depth: int = 2) -> str:
    """Functions of the grammar, one inside the other."""
    if depth == 0:
        return draw(leaves)
    shape = draw(st.sampled_from(SPECIAL))
    inner = nested(leaves, depth - 1)
    return shape(draw(inner), draw(leaves), draw(st.sampled_from(CONSTANTS[:5])))


@st.composite
def payoffs(draw: DrawFn, known: Sequence[Parameter]) -> str:
    """What may stand as a payoff: mostly a polynomial, at times a quotient or a special function.

    >>> from hypothesis import find
    >>> find(payoffs([]), lambda text: True)
    '0'
    """
    kind = draw(st.integers(0, 9))
    if kind <= 2 or not known:
        return draw(constants())
    if kind <= 6:
        return draw(polynomials(known))
    if kind <= 7:
        return draw(rationals(known))
    return draw(nested(polynomials(known), depth=1))


@st.composite
def outcomes(draw: DrawFn, leaves: Sequence[str], most: int = 2) -> dict[str, str]:
    """Named outcomes, nested two deep."""
    telling = st.sampled_from([*leaves]) if leaves else st.just("1")
    leaf = telling | telling | st.sampled_from(CONSTANTS[:4])
    count = min(most, draw(st.sampled_from([0, 1, 2, 2])))
    return {f"z{i}": draw(nested(leaf, draw(st.integers(1, 2)))) for i in range(1, count + 1)}


# --- the file ----------------------------------------------------------------------------------


@st.composite
def assumptions(draw: DrawFn, known: Sequence[Parameter]) -> list[str]:
    """Up to two comparisons that the defaults satisfy."""
    at = numbers({p.name: p.default for p in known})
    found = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2])) if known else 0):
        left, right = draw(polynomials(known)), draw(polynomials(known) | st.just("0"))
        gap = sign(evaluate(f"({left}) - ({right})", at))
        if gap and NAME.search(left + right):
            strict = draw(st.sampled_from([">", ">=", "!="]))
            weak = ">" if strict == ">" else ">="
            first, second = (left, right) if gap > 0 else (right, left)
            found.append(f"{first} {weak if strict != '!=' else '!='} {second}")
    return found


def texts_of(data: Any) -> list[str]:
    """Every text in a nested structure, keys left out."""
    if isinstance(data, Mapping):
        return [text for value in data.values() for text in texts_of(value)]
    if isinstance(data, list | tuple):
        return [text for value in data for text in texts_of(value)]
    return [data] if isinstance(data, str) else []


@st.composite
def drawn_file(
    draw: DrawFn,
    form: str,
    known: Sequence[Parameter],
    body: Mapping[str, Any],
    headline: str = "",
    compared: Sequence[str] = (),
    shown: Sequence[str] = (),
) -> Drawn:
    """The whole game with its header, points inside the domain and commands.

    Parameters that the body does not use are left out. `compared` are expressions whose crossings
    are looked at on purpose.
    """
    used = {name for text in texts_of(body) for name in NAME.findall(text)}
    kept = [p for p in known if p.name in used or p.role]
    names = {p.name for p in kept}
    stated = [a for a in draw(assumptions(kept)) if set(NAME.findall(a)) <= names]
    head: dict[str, Any] = {"format": 1, "form": form, "title": "A drawn game"}
    head |= {"headline": headline} if headline else {}
    head |= {"shown": list(shown)} if bool(shown) and draw(rarely(4)) else {}
    head |= {"assumptions": stated} if stated else {}
    data = {**head, **body, "parameters": {p.name: p.stated() for p in kept}}
    points = [draw(point(data, kept, compared)) for _ in range(draw(st.integers(2, 3)))]
    distinct = tuple({tuple(p.items()): p for p in points}.values())
    commands = draw(commands_for(form, data))
    return Drawn(form, to_toml(data), distinct, commands)


@st.composite
def point(
    draw: DrawFn, data: Mapping[str, Any], known: Sequence[Parameter], compared: Sequence[str]
) -> Point:
    """Values for all parameters: borders of domains, simple numbers, and where two texts cross."""
    found = {p.name: p.default for p in known}
    for p in known:
        tried = {**found, p.name: draw(st.sampled_from(p.values))}
        found = tried if is_inside(data, tried) else found
    if known and len(compared) > 1 and draw(st.booleans()):
        one, other = draw(st.sampled_from(compared)), draw(st.sampled_from(compared))
        name = draw(st.sampled_from([p.name for p in known]))
        tried = {**found, name: crossing(f"({one}) - ({other})", name, found)}
        found = tried if is_inside(data, tried) else found
    return found


def crossing(text: str, name: str, at: Point) -> str:
    """Where an expression that is linear in a parameter is zero; the old value if nowhere."""

    def value(x: Fraction) -> Number:
        return evaluate(text, {**numbers(at), name: x})

    try:
        zero, one, two = (value(Fraction(x)) for x in range(3))
    except Undefined:
        return at[name]
    slope = one - zero if isinstance(one, Fraction) and isinstance(zero, Fraction) else None
    if not slope or two != one + slope:
        return at[name]
    root = -zero / slope
    return str(root) if len(str(root)) < 15 else at[name]
