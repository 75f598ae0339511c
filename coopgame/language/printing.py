"""Where SymPy becomes text, LaTeX or NumPy. `coopgame.language.expressions` is the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from coopgame.language.functions import FUNCTIONS, named


def symbol(name: str) -> sympy.Symbol:
    """The real symbol that stands for the parameter or level called `name`."""
    return sympy.Symbol(name, real=True)


class _TextPrinter(StrPrinter):  # type: ignore[misc]
    """Prints what `parse` and `parse_condition` read back as the same expression."""

    def _print_Exp1(self, expr: Any) -> str:
        return "exp(1)"

    def _print_ComplexRootOf(self, expr: Any) -> str:
        return str(self._print(isolated(expr)))

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        terms = sorted(expr.as_ordered_terms(), key=lambda term: term.could_extract_minus_sign())
        text = str(self._print(terms[0]))
        for term in terms[1:]:
            negative = term.could_extract_minus_sign()
            shown = self.parenthesize(-term if negative else term, PRECEDENCE["Add"])
            text += f" - {shown}" if negative else f" + {shown}"
        return text

    def _print_Max(self, expr: Any) -> str:
        return f"max({self.stringify(sorted(expr.args, key=str), ', ')})"

    def _print_Min(self, expr: Any) -> str:
        return f"min({self.stringify(sorted(expr.args, key=str), ', ')})"

    def _print_Abs(self, expr: Any) -> str:
        part = expr.args[0]  # the root of a square, to SymPy; the grammar has no name for it
        return f"max({self.stringify(sorted((part, -part), key=str), ', ')})"

    def _print_Function(self, expr: Any) -> str:
        name = named(expr)
        return f"{name}({self._print(expr.args[0])})" if name else super()._print_Function(expr)

    def _print_Piecewise(self, expr: Any) -> str:
        pieces = [self._print(part) for pair in expr.args[:-1] for part in pair.args]
        value, condition = expr.args[-1].args
        if condition != sympy.true:
            pieces += [self._print(value), self._print(condition)]
            return f"piecewise({', '.join(pieces)}, undefined)"
        return f"piecewise({', '.join([*pieces, self._print(value)])})"

    def _print_Relational(self, expr: Any) -> str:
        return f"{self._print(expr.lhs)} {expr.rel_op} {self._print(expr.rhs)}"

    def _print_And(self, expr: Any) -> str:
        return " and ".join(self._group(part) for part in sorted(expr.args, key=str))

    def _print_Or(self, expr: Any) -> str:
        return " or ".join(self._group(part) for part in sorted(expr.args, key=str))

    def _print_Not(self, expr: Any) -> str:
        return f"not ({self._print(expr.args[0])})"

    def _print_ITE(self, expr: Any) -> str:
        return str(self._print(without_choices(expr)))

    def _group(self, part: Any) -> str:
        text = self._print(part)
        return f"({text})" if isinstance(part, sympy.And | sympy.Or) else text


class _LatexPrinter(LatexPrinter):  # type: ignore[misc]
    """SymPy's LaTeX, but for roots without a formula, which are told as in text."""

    def _print_ComplexRootOf(self, expr: Any, exp: Any = None) -> str:
        return isolated(expr)._latex(self, exp)

    def _print_ITE(self, expr: Any) -> str:
        return str(self._print(without_choices(expr)))


def latex_call(name: str, arguments: Sequence[str], below: str = "", exp: Any = None) -> str:
    """A named function of arguments in LaTeX, what it binds below it, to a power."""
    written = rf"\operatorname{{{name}}}" + (f"_{{{below}}}" if below else "")
    raised = written if exp is None else f"{written}^{{{exp}}}"
    return rf"{raised}\left({', '.join(arguments)}\right)"


class _Root(sympy.Basic):  # type: ignore[misc]
    """`root(f, x, lower, upper)` as it is told: f rises through zero at its only root there."""

    def _sympystr(self, printer: Any) -> str:
        return f"root({', '.join(map(printer._print, self.args))})"

    def _latex(self, printer: Any, exp: Any = None) -> str:
        equation, variable, lower, upper = map(printer._print, self.args)
        return latex_call("root", [equation], rf"{variable} \in [{lower}, {upper}]", exp)


def isolated(root: Any) -> _Root:
    """An algebraic number by its polynomial and the shortest decimals that tell it from others.

    >>> print(isolated(sympy.CRootOf(sympy.Symbol("x") ** 3 + sympy.Symbol("x") - 1, 0)))
    root(x**3 + x - 1, x, 0, 1)
    """
    variable = symbol("x")
    equation = root.expr.xreplace({root.poly.gen: variable})
    steep = sympy.diff(equation, variable).subs(variable, sympy.N(root, 60))
    others = [other for other in root.poly.real_roots() if other != root]
    for digits in range(60):
        unit = sympy.Rational(1, 10**digits)
        low = sympy.floor(sympy.N(root / unit, digits + 40)) * unit
        if not any(low <= sympy.N(other, 80) <= low + unit for other in others):
            break
    return _Root(equation if steep > 0 else -equation, variable, low, low + unit)


def without_choices(condition: Any) -> Any:
    """A condition with each `if c then a else b` told by "and" and "or".

    SymPy makes such of a comparison with a piecewise expression that stands in another's condition.

    >>> a, b, c = (symbol(name) > 0 for name in "abc")
    >>> to_text(without_choices(sympy.ITE(c, a, b)))
    '(a > 0 and c > 0) or (b > 0 and c <= 0)'
    """

    def told(test: Any, then: Any, otherwise: Any) -> Any:
        return sympy.Or(sympy.And(test, then), sympy.And(sympy.Not(test), otherwise))

    return condition.replace(sympy.ITE, told)


def to_text(expression: Any) -> str:
    """The text of an expression or condition; `parse` reads it back as the same thing.

    >>> to_text(sympy.Max(symbol("a"), 0) ** 2)
    'max(0, a)**2'
    """
    return str(_TextPrinter({"order": "lex"}).doprint(expression))


def to_latex(expression: Any) -> str:
    r"""The LaTeX of an expression or condition, Greek names as Greek letters.

    >>> print(to_latex(symbol("delta") / 2))
    \frac{\delta}{2}
    """
    return str(_LatexPrinter().doprint(expression))


def to_numpy(expressions: Iterable[Any], names: Sequence[str]) -> Callable[..., Any]:
    """A NumPy function of the columns `names` that returns the list of `expressions`.

    Subexpressions are shared, and names are replaced by generated ones, so that a parameter
    may be called `new` or `lambda_`. What divides by zero is NaN, and compares with nothing.
    """
    stand_ins = [sympy.Symbol(f"p{i}_", real=True) for i in range(len(names))]
    renamed = dict(zip(map(symbol, names), stand_ins, strict=True))
    targets = [_in_floats(sympy.sympify(e)).xreplace(renamed) for e in expressions]
    own = {row.build.__name__: row.floats for row in FUNCTIONS.values()}
    compiled: Callable[..., Any] = sympy.lambdify(
        stand_ins, targets, modules=[own, "numpy"], cse=True
    )
    return compiled


def _in_floats(expression: Any) -> Any:
    """An expression without what NumPy's printer does not know: roots of polynomials by their
    number, and the complex infinity.

    Numbers put into a piecewise expression leave the infinity on the pieces that are not taken.
    """
    roots = {root: sympy.Float(root.evalf(17)) for root in expression.atoms(sympy.CRootOf)
             if root.is_real}  # fmt: skip
    expression = expression.xreplace(roots)
    if not expression.has(sympy.zoo):
        return expression
    compared = {r: sympy.false for r in expression.atoms(Relational) if r.has(sympy.zoo)}
    return expression.xreplace(compared).xreplace({sympy.zoo: sympy.nan})
