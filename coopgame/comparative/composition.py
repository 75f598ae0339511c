"""How an expression moves by what it is made of: increasing functions of parts that rise, rise.

No derivative is needed, so that ceilings, floors, kinks and jumps are nothing special. Each rule is
about any two points of a path, so that it holds for the steps of an integer parameter as well; only
the one that goes from piece to piece of a kink needs a parameter that moves continuously.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.comparative.growth import TURNED
from coopgame.comparative.paths import Path
from coopgame.language import functions
from coopgame.language.roots import ImplicitRoot
from coopgame.proofs.questions import QUICK, Sign, Verdict, feasible

KINKED = (sympy.Max, sympy.Min, sympy.Abs)
MANY = 12  # pieces: beyond this their borders are too many to look at pair by pair


@dataclass(frozen=True)
class Way:
    """How a part of an expression moves: "+", "-", "0", or "?" where that is open."""

    sign: str
    strict: bool = False


OPEN, STILL = Way("?"), Way("0")


def is_smooth(expression: sympy.Expr, variable: sympy.Symbol) -> bool:
    """Whether an expression is made of +, -, *, /, powers and the like, as far as it moves."""
    return all(
        functions.is_smooth(node) or not isinstance(node, (sympy.Function, *KINKED))
        for node in _moving(expression, variable)
    ) and not expression.has(sympy.Derivative, sympy.Subs)


def _moving(expression: sympy.Expr, variable: sympy.Symbol) -> Iterator[sympy.Basic]:
    """The parts of an expression that have the variable in them."""
    for node in sympy.preorder_traversal(expression):
        if isinstance(node, sympy.Basic) and node.has(variable):
            yield node


def way(expression: sympy.Expr, path: Path) -> Way:
    """How an expression moves, by what it is made of."""
    if not expression.has(path.variable):
        return STILL
    if is_smooth(expression, path.variable):
        found = path.slope(expression)
        if found.verdict is not Verdict.UNDECIDED:
            return Way(found.sign, found.strict)
    if isinstance(expression, sympy.Add):
        return _summed(expression, path)
    if isinstance(expression, sympy.Mul):
        return _multiplied(expression.args, path)
    if isinstance(expression, sympy.Pow):
        return _raised(expression, path)
    row = functions.row_of(expression)
    if row is not None:
        inner = way(expression.args[0], path)
        moved = inner if functions.is_smooth(expression) else Way(inner.sign)
        return moved if row.rises else OPEN
    if isinstance(expression, sympy.Max | sympy.Min):
        return _extreme(expression, path)
    if isinstance(expression, sympy.Abs):
        inner = expression.args[0]
        return _extreme(sympy.Max(inner, -inner, evaluate=False), path)
    if isinstance(expression, sympy.Piecewise):
        return _pieced(expression, path)
    if isinstance(expression, ImplicitRoot):
        return _rooted(expression, path)
    return OPEN


def _joined(ways: Iterable[Way]) -> Way:
    """The way of a sum of parts, where none goes against another."""
    found = list(ways)
    signs = {each.sign for each in found} - {"0"}
    if len(signs) > 1 or "?" in signs:
        return OPEN
    return Way(signs.pop(), any(each.strict for each in found)) if signs else STILL


def _alike(ways: Iterable[Way]) -> Way:
    """The way of the greatest, or of one piece or another, of parts that go no two ways."""
    found = list(ways)
    joined = _joined(found)
    return replace(joined, strict=bool(found) and all(each.strict for each in found))


def _turned(moved: Way, by: Sign) -> Way:
    """The way of a part times something whose sign is known."""
    if moved.sign == "0" or (by.verdict is Verdict.PROVED and by.sign == "0"):
        return STILL
    if by.verdict is not Verdict.PROVED or by.sign not in "+-" or moved.sign == "?":
        return OPEN
    return Way(moved.sign if by.sign == "+" else TURNED[moved.sign], moved.strict and by.strict)


def _summed(expression: sympy.Add, path: Path) -> Way:
    """The smooth terms together, each of the others by itself."""
    smooth = [t for t in expression.args if is_smooth(t, path.variable)]
    others = [t for t in expression.args if t not in smooth]
    if not others:
        return _joined(way(term, path) for term in smooth)
    return _joined([way(sympy.Add(*smooth), path), *(way(term, path) for term in others)])


def _multiplied(factors: Sequence[sympy.Expr], path: Path) -> Way:
    """Each factor's move, times the sign of the rest: u'v' - uv = (u' - u)v' + u(v' - v)."""
    still = sympy.Mul(*(f for f in factors if not f.has(path.variable)))
    moving = [f for f in factors if f.has(path.variable)]
    if len(moving) == 1:
        return _turned(way(moving[0], path), path.sign(still))
    return _joined(
        _turned(way(one, path), path.sign(sympy.Mul(still, *moving[:i], *moving[i + 1 :])))
        for i, one in enumerate(moving)
    )


def _raised(power: sympy.Pow, path: Path) -> Way:
    """A power with a fixed base or a fixed exponent; a pole or a turn at zero leaves it open."""
    base, exponent = power.args
    if not base.has(path.variable):
        above = path.sign(base)
        if above.sign == "+" and above.strict:
            return _turned(way(exponent, path), path.sign(base - 1))
        return OPEN
    if exponent.has(path.variable) or not exponent.is_Rational:
        return OPEN
    inner = way(base, path)
    if exponent.is_Integer and exponent > 0 and exponent % 2:
        return inner
    known = path.sign(base)
    if exponent < 0 and not known.strict:
        return OPEN
    if not exponent.is_Integer:  # a real root: its base is nowhere negative where it has a value
        return inner if exponent > 0 else Way(TURNED[inner.sign], inner.strict)
    factor = known if exponent % 2 == 0 else Sign("+", True, Verdict.PROVED)
    turned = _turned(inner, replace(factor, strict=True))
    return turned if exponent > 0 else Way(TURNED[turned.sign], turned.strict)


def _extreme(expression: sympy.Expr, path: Path) -> Way:
    """The greatest (least) of parts that go one way; or each part where it is the greatest."""
    found = _alike(way(part, path) for part in expression.args)
    if found.sign != "?" or path.is_stepped or not is_continuous(expression, path.variable):
        return found
    relation = sympy.Ge if isinstance(expression, sympy.Max) else sympy.Le
    ways = []
    for part in expression.args:
        here = path.on(*(relation(part, other) for other in expression.args if other != part))
        if feasible(here.region, path.integers, QUICK).exists is not False:
            ways.append(way(part, here))
            if ways[-1].sign == "?":
                return OPEN
    return _alike(ways)


def is_continuous(expression: sympy.Expr, variable: sympy.Symbol) -> bool:
    """Whether nothing in an expression can jump as the variable moves, where it has a value."""
    return all(
        isinstance(node, KINKED)
        or functions.is_smooth(node)
        or not isinstance(node, sympy.Function)
        for node in _moving(expression, variable)
    )


def _pieced(expression: sympy.Piecewise, path: Path) -> Way:
    """Each piece where it counts, and from piece to piece the direction of the jump."""
    pieces: list[Piece] = []
    before: list[Boolean] = []
    for value, condition in expression.args:
        here = [*before, *([] if condition == sympy.true else [condition])]
        before.append(sympy.Not(condition))
        if feasible([*path.region, *here], path.integers, QUICK).exists is not False:
            pieces.append((value, here))
    if len(pieces) > MANY:
        return OPEN
    ways = [way(value, path.on(*here)) for value, here in pieces]
    if len(pieces) == 1:
        return ways[0]
    if "?" in {each.sign for each in ways}:
        return OPEN
    for turned in (False, True):
        if all(each.sign in ("-0" if turned else "+0") for each in ways):
            strict = all(each.strict for each in ways)
            jumps = [_jump(one, two, path, turned, strict) for one, two in permutations(pieces, 2)]
            if None not in jumps:
                return Way("-" if turned else "+", strict and all(jumps))
    return OPEN


Piece = tuple[sympy.Expr, list[Boolean]]


def _jump(one: Piece, two: Piece, path: Path, turned: bool, strict: bool) -> bool | None:
    """Whether going from one piece up to the other is a strict move the right way.

    None where it may go the wrong way.
    """
    at = (*one[1], *(c.xreplace(path.move) for c in two[1]))
    gained = two[0].xreplace(path.move) - one[0]
    gained = -gained if turned else gained
    if strict and path.never(*at, gained <= 0):
        return True
    return False if path.never(*at, gained < 0) else None


def _rooted(root: ImplicitRoot, path: Path) -> Way:
    """A root at which its polynomial rises moves against what raises the polynomial."""
    equation, variable, lower, upper = root.args
    if lower.has(path.variable) or upper.has(path.variable) or path.is_stepped:
        return OPEN
    tied = [sympy.Eq(equation, 0), sympy.Gt(sympy.diff(equation, variable), 0)]
    bounds = [b for b in (variable >= lower, variable <= upper) if b != sympy.true]
    found = path.on(*tied, *bounds).sign(sympy.diff(equation, path.variable))
    if found.verdict is not Verdict.PROVED:
        return OPEN
    return Way(TURNED[found.sign], found.strict)
