"""How expressions are set in LaTeX: what is added comes first, long names stay in one piece.

A formula too wide for its place is set so that TeX can break it: TeX breaks a formula in the line
after its signs, but never within a fraction, a root, or brackets that grow.
"""

from __future__ import annotations

import re
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter, greek_letters_set, translate

from coopgame.language.printing import to_text, without_choices
from coopgame.report.formulas import tree, width

# In units of the type size: a fraction or a root that is wider is written on the line.
WIDEST = 12.0
WORD = re.compile(r"([A-Za-z]+)([0-9]*)((?:_[A-Za-z0-9]+)*)\Z")


class _Printer(LatexPrinter):  # type: ignore[misc]
    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        terms = super()._as_ordered_terms(expr, order=order)
        return sorted(terms, key=lambda term: bool(term.could_extract_minus_sign()))

    def _print_And(self, expr: Any) -> str:
        return self._joined(expr, "and")

    def _print_Or(self, expr: Any) -> str:
        return self._joined(expr, "or")

    def _joined(self, expr: Any, word: str) -> str:
        parts = []
        for part in sorted(expr.args, key=to_text):
            printed = str(self._print(part))
            is_joined = isinstance(part, sympy.And | sympy.Or)
            parts.append(rf"\left({printed}\right)" if is_joined else printed)
        return rf" \text{{ {word} }}\allowbreak ".join(parts)

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        match = WORD.match(expr.name)
        if match is None:
            return str(super()._print_Symbol(expr, style))
        base, *below = [match[1], *filter(None, (match[2], *match[3].split("_")))]
        if not below:
            return _word(base)
        return f"{_word(base)}_{{{','.join(map(_word, below))}}}"


def _word(name: str) -> str:
    """One letter, a number or a Greek letter as it is; another word in italics, in one piece."""
    if len(name) == 1 or name.isdecimal():
        return name
    greek = name.lower() in greek_letters_set
    return str(translate(name)) if greek else rf"\mathit{{{name}}}"


class _Broken(_Printer):
    """Prints what TeX can break into lines."""

    def _print_Mul(self, expr: Any) -> str:
        top, bottom = expr.as_numer_denom()
        if bottom == 1 or width(tree(expr)) <= WIDEST:
            return str(super()._print_Mul(expr))
        below = self._print(bottom)
        is_plain = bottom.is_Symbol or bottom.is_Integer
        above = f"({self._print(top)})" if top.is_Add else self._print(top)
        return rf"{above} / \allowbreak {below if is_plain else f'({below})'}"

    def _print_Pow(self, expr: Any) -> str:
        base, power = expr.as_base_exp()
        if width(tree(expr)) <= WIDEST:
            return str(super()._print_Pow(expr))
        if power.could_extract_minus_sign():
            below = self._print(base**-power)
            return rf"1 / \allowbreak {below if power == -1 and base.is_Symbol else f'({below})'}"
        return rf"({self._print(base)})^{{{sympy.latex(power, fold_short_frac=True)}}}"

    def _print_Piecewise(self, expr: Any) -> str:
        parts = [
            rf"{self._print(value)} \text{{ {_if(self, holds)}}}" for value, holds in expr.args
        ]
        return rf"\{{{'; '.join(parts)}\}}"


def _if(printer: LatexPrinter, holds: Any) -> str:
    return "otherwise" if holds == sympy.true else f"if }}{printer._print(holds)}\\text{{"


def breaking(expression: Any) -> str:
    """The LaTeX of an expression that is too wide for one line, for a formula within a text."""
    settings = {"mul_symbol": r"\allowbreak "}
    printed = str(_Broken(settings).doprint(without_choices(sympy.sympify(expression))))
    for bracket in ("(", ")", "[", "]"):
        printed = printed.replace(rf"\left{bracket}", bracket).replace(rf"\right{bracket}", bracket)
    return printed.replace(", ", r",\allowbreak ")


def typeset(expression: Any) -> str:
    r"""The LaTeX of an expression or condition.

    SymPy's own would take `critical` for a calligraphic `criti`, and set T - R as -R + T.

    >>> import sympy
    >>> T, R, spill = (sympy.Symbol(name, real=True) for name in ("T", "R", "v_spill"))
    >>> print(typeset(T - R), typeset(spill), typeset(sympy.Symbol("delta") / 2))
    T - R v_{\mathit{spill}} \frac{\delta}{2}
    """
    words = (name for name in map(str, getattr(expression, "free_symbols", ())) if _is_word(name))
    settings = {"mul_symbol": r" \, "} if any(words) else {}
    return str(_Printer(settings).doprint(expression))


def _is_word(name: str) -> bool:
    """Whether a name is set as a word, which in a product would run into its neighbours."""
    first = name.split("_")[0]
    return len(first.rstrip("0123456789")) > 1 and first.lower() not in greek_letters_set
