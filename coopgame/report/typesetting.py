"""How expressions are set in LaTeX: what is added comes first, long names stay in one piece."""

from __future__ import annotations

import re
from typing import Any

from sympy.printing.latex import LatexPrinter, greek_letters_set, translate

WORD = re.compile(r"([A-Za-z]+)([0-9]*)((?:_[A-Za-z0-9]+)*)\Z")


class _Printer(LatexPrinter):  # type: ignore[misc]
    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        terms = super()._as_ordered_terms(expr, order=order)
        return sorted(terms, key=lambda term: bool(term.could_extract_minus_sign()))

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


def typeset(expression: Any) -> str:
    r"""The LaTeX of an expression or condition.

    SymPy's own would take `critical` for a calligraphic `criti`, and set T - R as -R + T.

    >>> import sympy
    >>> T, R, spill = (sympy.Symbol(name, real=True) for name in ("T", "R", "v_spill"))
    >>> print(typeset(T - R), typeset(spill), typeset(sympy.Symbol("delta") / 2))
    T - R v_{\mathit{spill}} \frac{\delta}{2}
    """
    return str(_Printer().doprint(expression))
