"""Where SymPy becomes MathML, which browsers set without a library."""

from __future__ import annotations

from typing import Any

import sympy
from sympy.printing.mathml import MathMLPresentationPrinter
from sympy.printing.precedence import PRECEDENCE

from coopgame.language.printing import without_choices

# Functions of coefficients that stand for a number which no formula states, and how they are told.
WITHOUT_FORMULA = {
    "ImplicitRoot": "the root at which a polynomial rises (no closed form)",
    "HighestLevel": "the highest level that enforces itself (no closed form)",
    "LowestLevel": "the lowest level that enforces itself (no closed form)",
    "LevelRanges": "the levels that enforce themselves (no closed form)",
    "PeakLevel": "the level that is jointly best (no closed form)",
    "NewsBound": "the exact bound over all plans of breaches (no closed form)",
}


class _MathPrinter(MathMLPresentationPrinter):  # type: ignore[misc]
    """Presentation MathML in the elements that browsers render themselves (MathML Core)."""

    def _element(self, name: str, *children: Any) -> Any:
        element = self.dom.createElement(name)
        for child in children:
            element.appendChild(self.dom.createTextNode(child) if isinstance(child, str) else child)
        return element

    def _print_Add(self, expr: Any, order: Any = None) -> Any:
        """A sum, what is added first."""
        terms = sorted(expr.as_ordered_terms(), key=lambda term: term.could_extract_minus_sign())
        parts = [self._print(terms[0])]
        for term in terms[1:]:
            negative = term.could_extract_minus_sign()
            parts.append(self._element("mo", "−" if negative else "+"))
            parts.append(self.parenthesize(-term if negative else term, PRECEDENCE["Add"]))
        return self._element("mrow", *parts)

    def _print_Piecewise(self, expr: Any) -> Any:
        rows = []
        for value, holds in expr.args:
            if holds == sympy.true:
                said = self._element("mtext", "otherwise")
            else:
                said = self._element("mrow", self._element("mtext", "if\u00a0"), self._print(holds))
            cells = (self._element("mtd", self._print(value)), self._element("mtd", said))
            rows.append(self._element("mtr", *cells))
        return self._element("mrow", self._element("mo", "{"), self._element("mtable", *rows))

    def _print_And(self, expr: Any) -> Any:
        return self._joined(expr, "\u00a0and\u00a0")

    def _print_Or(self, expr: Any) -> Any:
        return self._joined(expr, "\u00a0or\u00a0")

    def _print_ITE(self, expr: Any) -> Any:
        return self._print(without_choices(expr))

    def _joined(self, expr: Any, word: str) -> Any:
        parts = []
        for part in sorted(expr.args, key=sympy.default_sort_key):
            shown = self._print(part)
            if isinstance(part, sympy.And | sympy.Or):
                brackets = [self._element("mo", mark) for mark in "()"]
                shown = self._element("mrow", brackets[0], shown, brackets[1])
            parts += [self._element("mtext", word), shown]
        return self._element("mrow", *parts[1:])

    def _print(self, expr: Any, **options: Any) -> Any:
        if type(expr).__name__ in WITHOUT_FORMULA:
            return self._element("mtext", WITHOUT_FORMULA[type(expr).__name__])
        return super()._print(expr, **options)


def to_mathml(expression: Any) -> str:
    """The presentation MathML of an expression or condition, to stand inside `<math>`.

    >>> to_mathml(sympy.Symbol("delta") / 2)
    '<mrow><mfrac><mi>&#948;</mi><mn>2</mn></mfrac></mrow>'
    """
    # SymPy's own doprint would pass by `_print` above, which tells what has no formula.
    element = _MathPrinter()._print(sympy.sympify(expression))
    printed = str(element.toxml()).encode("ascii", "xmlcharrefreplace").decode()
    return printed.replace("<mo><</mo>", "<mo>&lt;</mo>").replace("<mo>></mo>", "<mo>&gt;</mo>")
