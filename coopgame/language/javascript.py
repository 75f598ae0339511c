"""Where SymPy becomes JavaScript, so that a page works out what Python would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sympy
from sympy.printing.jscode import JavascriptCodePrinter

from coopgame.language.functions import row_of
from coopgame.language.printing import symbol

# Functions of numbers without a formula, which the runtime of a page holds.
RUNTIME = frozenset({"ImplicitRoot", "HighestLevel", "LowestLevel", "PeakLevel", "NewsBound"})


class _JavaScriptPrinter(JavascriptCodePrinter):  # type: ignore[misc]
    """One expression in terms of names given to its parts.

    Comparisons and roots without a closed form call functions of a small runtime: `ge`, `gt`,
    `eq`, `floor`, `ceil` take numbers within rounding of each other for equal.
    """

    def __init__(self, given: dict[Any, str]) -> None:
        super().__init__({"precision": 17})
        self.given = given

    def _print(self, expr: Any, **options: Any) -> Any:
        if expr in self.given:
            return self.given[expr]
        if type(expr).__name__ in RUNTIME:
            return self._call(expr)
        return super()._print(expr, **options)

    def _print_Relational(self, expr: Any) -> str:
        left, right = self._print(expr.lhs), self._print(expr.rhs)
        match expr.rel_op:
            case ">=" | ">":
                return f"{'ge' if expr.rel_op == '>=' else 'gt'}({left}, {right})"
            case "<=" | "<":
                return f"{'ge' if expr.rel_op == '<=' else 'gt'}({right}, {left})"
        return f"{'' if expr.rel_op == '==' else '!'}eq({left}, {right})"

    def _print_Piecewise(self, expr: Any) -> str:
        text = "NaN"
        for value, holds in reversed(expr.args):
            text = f"({self._print(holds)} ? {self._print(value)} : {text})"
        return text

    def _print_ITE(self, expr: Any) -> str:
        test, then, otherwise = map(self._print, expr.args)
        return f"({test} ? {then} : {otherwise})"

    def _print_Pow(self, expr: Any) -> str:
        exponent = expr.exp
        if exponent in (sympy.S(2), sympy.S(-2)) and expr.base in self.given:
            square = f"{self.given[expr.base]}*{self.given[expr.base]}"
            return f"({square})" if exponent == 2 else f"(1/({square}))"
        return str(super()._print_Pow(expr))

    def _print_Tuple(self, expr: Any) -> str:
        return f"[{', '.join(map(self._print, expr.args))}]"

    def _print_Function(self, expr: Any) -> str:
        row = row_of(expr)
        if row is None:
            return str(super()._print_Function(expr))
        return f"{row.javascript}({self._print(expr.args[0])})"

    def _print_BooleanTrue(self, expr: Any) -> str:
        return "true"

    def _print_BooleanFalse(self, expr: Any) -> str:
        return "false"

    def _call(self, expr: Any) -> str:
        name = type(expr).__name__
        arguments = ", ".join(map(self._print, _arguments(expr)))
        return f"{name[0].lower()}{name[1:]}({arguments})"


def to_javascript(expressions: Iterable[Any], names: Sequence[str]) -> str:
    """A JavaScript function of an array, the values of `names`, that returns an array of values.

    Every subexpression that occurs twice is worked out once; all identifiers are generated, so
    that a parameter may be called `new`. A condition yields true or false.

    >>> print(to_javascript([symbol("new") ** 2 + 1, symbol("new") ** 2 > 3], ["new"]))
    (p) => {
    const x0 = (p[0]*p[0]);
    return [x0 + 1, gt(x0, 3)];
    }
    """
    targets = [sympy.sympify(expression) for expression in expressions]
    given = {symbol(name): f"p[{i}]" for i, name in enumerate(names)}
    printer = _JavaScriptPrinter(given)
    lines = []
    for number, part in enumerate(_shared(targets)):
        lines.append(f"const x{number} = {printer._print(part)};\n")
        given[part] = f"x{number}"
    return f"(p) => {{\n{''.join(lines)}return [{', '.join(map(printer._print, targets))}];\n}}"


def _shared(targets: Sequence[Any]) -> Iterator[Any]:
    """The composite parts that are used more than once, innermost first."""
    uses: Counter[Any] = Counter(targets)
    ordered: dict[Any, None] = {}

    def visit(part: Any) -> None:
        if part in ordered:
            return
        for inner in _arguments(part):
            uses[inner] += 1
            visit(inner)
        ordered[part] = None

    for target in targets:
        visit(target)
    plain = sympy.Expr | sympy.logic.boolalg.Boolean
    for part in ordered:
        if uses[part] > 1 and part.args and part.free_symbols and isinstance(part, plain):
            yield part


def _arguments(part: Any) -> tuple[Any, ...]:
    """What an expression is printed from; a root knows its equation by the coefficients."""
    if type(part).__name__ == "ImplicitRoot":
        equation, variable, *bounds = part.args
        return (sympy.Tuple(*sympy.Poly(equation, variable).all_coeffs()), *bounds)
    return tuple(part.args)
