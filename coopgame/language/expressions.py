"""The only place where text becomes SymPy. `coopgame.language.printing` is the way back.

Text is parsed with Python's `ast` and rebuilt node by node from a whitelist; nothing is
evaluated. Numbers are exact rationals (`0.1` is 1/10), every name is a real symbol, and size,
depth, digits and exponents are bounded.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from typing import Any

import sympy
from sympy.logic.boolalg import Boolean

from coopgame.errors import InputError, choices
from coopgame.language.functions import FUNCTIONS, ROOT, SEVERAL, known_functions
from coopgame.language.grammar import (
    COMPARISONS,
    TOLD,
    UNDEFINED,
    is_told,
    misread,
    name_problem,
)
from coopgame.language.numerals import exact
from coopgame.language.printing import symbol, to_text

MAX_CHARACTERS = 10_000
MAX_NODES = 3000
MAX_DEPTH = 40
MAX_EXPONENT = 64

TRUTHS = ("true", "false", "yes", "no")
COMPARE = "a condition compares two sides, as in 'T > R'"
Names = Collection[str] | Mapping[str, sympy.Basic]


def parse(text: str, names: Names, answers: bool = True) -> sympy.Expr:
    """The expression that `text` states in the symbols `names`.

    A mapping says what each name stands for instead: an expression or a condition.

    Allowed: numbers, names, + - * / **, min, max, sqrt, exp, log, ceil, floor,
    piecewise(value, condition, ..., otherwise); with `answers` also what answers are told in where
    there is no formula, such as root(x**2 - 2, x, 0, 2). Raises InputError with the reason
    otherwise.

    >>> parse("delta*(1 - h)", {"delta", "h"})
    delta*(1 - h)
    """
    result = _Builder(text, names, answers).build()
    if not isinstance(result, sympy.Expr):
        raise InputError(f"{_shorten(text)!r} is a condition, not a value", "remove the comparison")
    return result


def parse_condition(text: str, names: Names, answers: bool = True) -> Boolean:
    """The condition (comparison, chain of comparisons, and / or / not) that `text` states.

    >>> parse_condition("T > R >= P", {"T", "R", "P"})
    (R >= P) & (T > R)
    """
    result = _Builder(text, names, answers).build()
    if not _is_condition(result):
        raise InputError(f"{_shorten(text)!r} is a value, not a condition", COMPARE)
    return result


def _is_condition(found: Any) -> bool:
    """Whether this is a condition; to SymPy a bare name is one too, but here it is a value."""
    return isinstance(found, Boolean) and not isinstance(found, sympy.Expr)


def _shorten(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


class _Builder:
    """Rebuilds one text as a SymPy object, refusing whatever is not on the whitelist."""

    def __init__(self, text: str, names: Names, answers: bool = True) -> None:
        self.text = text
        self.names = names
        self.answers = answers

    def refuse(self, problem: str, mend: str = "") -> InputError:
        return InputError(f"{_shorten(self.text)!r}: {problem}", mend)

    def build(self) -> Any:
        tree = self.tree()
        result = self.visit(tree, depth=0)
        unbound = result.replace(is_told, lambda *_: sympy.S.One) if self.answers else result
        if isinstance(result, sympy.Expr) and unbound.has(
            sympy.nan, sympy.zoo, sympy.oo, -sympy.oo, sympy.I
        ):
            raise self.refuse("has no finite real value", "check for a division by zero")
        return result

    def tree(self) -> ast.expr:
        if not isinstance(self.text, str):
            raise InputError(f"{self.text!r} is not text", 'quote it, as in "9/10"')
        if len(self.text) > MAX_CHARACTERS:
            raise self.refuse(f"longer than {MAX_CHARACTERS} characters", "split it up")
        if (fault := misread(self.text)) is not None:
            raise self.refuse(*fault)
        try:
            tree = ast.parse(self.text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
            reason = getattr(fault, "msg", None) or "it cannot be read"
            raise self.refuse(f"not an expression: {reason}", "check brackets and signs") from None
        if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
            raise self.refuse(f"more than {MAX_NODES} terms and operators", "split it up")
        return tree

    def visit(self, node: ast.expr, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise self.refuse(f"nested deeper than {MAX_DEPTH}", "split it up")
        handler = getattr(self, f"on_{type(node).__name__.lower()}", None)
        if handler is None:
            what = type(node).__name__.lower()
            mend = "use numbers, names and + - * / **"
            if isinstance(node, ast.Tuple):
                mend = "leave the comma out; for one in the name of an equilibrium write _"
            raise self.refuse(f"{what} is not allowed here", mend)
        return handler(node, depth + 1)

    def value(self, node: ast.expr, depth: int) -> sympy.Expr:
        result = self.visit(node, depth)
        if not isinstance(result, sympy.Expr):
            raise self.refuse("a condition stands where a value is needed")
        return result

    def condition(self, node: ast.expr, depth: int) -> Boolean:
        result = self.visit(node, depth)
        if not _is_condition(result):
            raise self.refuse("a value stands where a condition is needed", COMPARE)
        return result

    def on_constant(self, node: ast.Constant, depth: int) -> sympy.Expr:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            mend = COMPARE if isinstance(node.value, bool) else ""
            raise self.refuse(f"{node.value!r} is not a number", mend)
        written = ast.get_source_segment(self.text.strip(), node) or str(node.value)
        try:
            return exact(written.replace("_", ""))
        except InputError as fault:
            raise self.refuse(fault.faults[0].problem, fault.faults[0].mend) from None

    def on_name(self, node: ast.Name, depth: int) -> Any:
        if node.id not in self.names:
            mend = choices(node.id, sorted(self.names) or ["none"], "known names")
            mend = COMPARE if node.id in TRUTHS else mend
            raise self.refuse(f"unknown name {node.id!r}", mend)
        return self.names[node.id] if isinstance(self.names, Mapping) else symbol(node.id)

    def on_unaryop(self, node: ast.UnaryOp, depth: int) -> Any:
        if isinstance(node.op, ast.Not):
            return sympy.Not(self.condition(node.operand, depth))
        operand = self.value(node.operand, depth)
        if isinstance(node.op, ast.USub):
            return -operand
        if isinstance(node.op, ast.UAdd):
            return operand
        raise self.refuse("this sign is not allowed", "use + or -")

    def on_binop(self, node: ast.BinOp, depth: int) -> sympy.Expr:
        if isinstance(node.op, ast.Pow):
            return self.power(node, depth)
        # A sum or product of many terms leans to the left as deep as it is long, and is flat.
        links: list[ast.BinOp] = []
        first: ast.expr = node
        while isinstance(first, ast.BinOp) and not isinstance(first.op, ast.Pow):
            links.append(first)
            first = first.left
        if sum(isinstance(link.op, ast.Mult | ast.Div) for link in links) > MAX_DEPTH:
            raise self.refuse(f"more than {MAX_DEPTH} factors in a row", "use powers")
        terms = [self.value(first, depth)]
        for link in reversed(links):
            right = self.value(link.right, depth)
            if isinstance(link.op, ast.Add | ast.Sub):
                terms.append(right if isinstance(link.op, ast.Add) else -right)
            else:
                terms = [self.multiplied(link.op, sympy.Add(*terms), right)]
        return sympy.Add(*terms)

    def multiplied(self, operator: ast.operator, left: sympy.Expr, right: sympy.Expr) -> sympy.Expr:
        if isinstance(operator, ast.Mult):
            return left * right
        if not isinstance(operator, ast.Div):
            raise self.refuse("this operator is not allowed", "use + - * / **")
        if right.is_zero:
            raise self.refuse("division by zero", "divide by what is never zero")
        return left / right

    def power(self, node: ast.BinOp, depth: int) -> sympy.Expr:
        if any(isinstance(part, ast.BinOp) and isinstance(part.op, ast.Pow)
               for part in ast.walk(node.right)):  # fmt: skip
            raise self.refuse("a power of a power", "write one exponent")
        base, exponent = self.value(node.left, depth), self.value(node.right, depth)
        if exponent.is_number and not (exponent.is_rational and abs(exponent) <= MAX_EXPONENT):
            raise self.refuse(
                f"exponent {to_text(exponent)[:20]} is too large",
                f"exponents go up to {MAX_EXPONENT}",
            )
        if base.is_zero and not exponent.is_positive:
            raise self.refuse("division by zero", "divide by what is never zero")
        if _degree(base) * max(1, int(abs(exponent)) if exponent.is_number else 1) > MAX_EXPONENT:
            raise self.refuse(f"degree above {MAX_EXPONENT}", "lower the exponents")
        return base**exponent

    def on_call(self, node: ast.Call, depth: int) -> Any:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self.refuse("this call is not allowed", f"functions: {known_functions()}")
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            raise self.refuse("starred arguments are not allowed")
        if node.func.id == "piecewise":
            return self.piecewise(node.args, depth)
        known = self.told if node.func.id in TOLD else self.applied
        return known(node.func.id, node.args, depth)

    def applied(self, name: str, arguments: Sequence[ast.expr], depth: int) -> Any:
        """A function of the grammar, of values in its domain."""
        row = FUNCTIONS.get(name)
        function = row.build if row else {**SEVERAL, **ROOT}.get(name)
        if function is None:
            raise self.refuse(f"unknown function {name!r}", f"use {known_functions()}")
        if not (arguments if name in SEVERAL else len(arguments) == 1):
            raise self.refuse(f"{name} takes {'one or more' if name in SEVERAL else 'one'} value")
        values = [self.value(argument, depth) for argument in arguments]
        if row and row.domain and row.domain(values[0]) == sympy.false:
            raise self.refuse(row.outside)
        return function(*values)

    def told(self, name: str, arguments: Sequence[ast.expr], depth: int) -> Any:
        """A number that no formula states, as an answer tells it."""
        if not self.answers:
            mend = f"functions: {known_functions()}"
            raise self.refuse(f"{name} is what answers are told in, not what files state", mend)
        module, function = TOLD[name]
        read = getattr(import_module(module), function).read
        if name == "news_bound":
            return read(*(self.value(part, depth) for part in arguments))
        bound = arguments[1] if len(arguments) > 1 else None
        if not isinstance(bound, ast.Name) or name_problem(bound.id):
            mend = f"as in {name}(x**2 - 2, x, 0, 2)"
            raise self.refuse(f"{name} names its variable second", mend)
        outer = self.names
        within = outer if isinstance(outer, Mapping) else {n: symbol(n) for n in outer}
        self.names = {"oo": sympy.oo, **within, bound.id: symbol(bound.id)}
        values = [self.value(part, depth) for part in (arguments[0], *arguments[2:])]
        self.names = outer
        return read(symbol(bound.id), *values)

    def piecewise(self, arguments: Sequence[ast.expr], depth: int) -> Any:
        if len(arguments) < 3 or len(arguments) % 2 == 0:
            mend = "write piecewise(value, condition, ..., otherwise)"
            raise self.refuse("piecewise needs an otherwise", mend)
        last = arguments[-1]
        if self.answers and isinstance(last, ast.Name) and last.id == UNDEFINED:
            arguments = arguments[:-1]
        values = [self.value(argument, depth) for argument in arguments[::2]]
        conditions = [self.condition(argument, depth) for argument in arguments[1::2]]
        return sympy.Piecewise(*zip(values, [*conditions, True], strict=False))

    def on_compare(self, node: ast.Compare, depth: int) -> Any:
        operands = [self.value(part, depth) for part in (node.left, *node.comparators)]
        unknown = [op for op in node.ops if type(op) not in COMPARISONS]
        if unknown:
            raise self.refuse("this comparison is not allowed", "use < <= == != >= >")
        links = zip(node.ops, operands, operands[1:], strict=False)
        return sympy.And(*[COMPARISONS[type(op)](left, right) for op, left, right in links])

    def on_boolop(self, node: ast.BoolOp, depth: int) -> Any:
        parts = [self.condition(part, depth) for part in node.values]
        return (sympy.And if isinstance(node.op, ast.And) else sympy.Or)(*parts)


def _degree(expression: sympy.Expr) -> int:
    """A cheap upper bound on the degree, so that nested powers cannot multiply unseen."""
    if expression.is_Add or isinstance(expression, sympy.Max | sympy.Min):
        return max(map(_degree, expression.args))
    if expression.is_Mul:
        return sum(map(_degree, expression.args))
    if expression.is_Pow:
        base, exponent = expression.args
        scale = int(abs(exponent)) if exponent.is_number else 1
        return _degree(base) * max(1, scale)
    return 0 if expression.is_number else 1
