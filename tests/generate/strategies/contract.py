"""Contracts: linear and quadratic objectives, limits of degree one and two, one mode to three."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..files import Drawn
from .pieces import drawn_file, nested, parameter, rarely

NUMBERS = {"c": "1", "u": "1/2", "k": "2"}
TERMS = {"x": ("[0, oo)", "[0, 2]", "(-oo, oo)", "[0, 1]"), "z": ("[0, oo)", "[0, 3]", "[-1, 1]")}
OBJECTIVES = {
    "x": ("y - x", "y*x - x**2/2", "x", "y*x - c*x**2/2", "-x**2", "(y - x)*x", "y - x**2 - c*x",
          "y*x/(1 + x)", "c*x - x**3/3"),
    "xz": ("y*x - x**2/2 + z - z**2", "x + z", "y - x - z", "y*x + z - x**2 - z**2 + x*z/2"),
    "": ("0", "u", "y - c", "1", "u/2"),
}  # fmt: skip
LIMITS = {
    "x": ("x >= c + u", "x <= y", "x**2 + k*x <= c", "x >= k*x**2", "x*(y - x) >= u", "x**2 <= y",
          "2*x <= c + y", "x <= 1 + k", "k*x >= u", "x**2/2 - x >= -k", "(x - c)**2 <= k"),
    "xz": ("x + z <= y", "x**2 + z**2 <= y", "x - z >= u", "x*z <= c", "z <= k*x", "z >= u"),
    "": ("y >= c + u", "k >= 1/2", "y*k >= u", "u**2 <= k"),
}  # fmt: skip


@st.composite
def contract_games(draw: DrawFn) -> Drawn:
    """A chooser with up to three modes; the last one often asks for nothing."""
    known = [
        draw(parameter("y", ("positive", "nonnegative", "free"))),
        draw(parameter("c", ("positive", "nonnegative"))),
        draw(parameter("u", ("nonnegative", "unit", "free"))),
        draw(parameter("k", ("nonnegative", "unit", "positive"))),
    ]
    kinds = draw(st.sampled_from([["x"], ["x", "x"], ["x"], ["xz"]]))
    kinds += [""] if draw(st.booleans()) else []
    modes = {f"mode{i}": draw(mode(kind)) for i, kind in enumerate(kinds, start=1)}
    modes = with_numbers(modes, draw(st.sets(st.sampled_from("cuk"), max_size=2)))
    used = sorted({term for kind in kinds for term in kind})
    terms = {
        name: {"meaning": name, "unit": "1", "domain": draw(st.sampled_from(TERMS[name]))}
        for name in used
    }
    body = {"chooser": "buyer", **({"terms": terms} if terms else {}), "modes": modes}
    return draw(drawn_file("contract", known, body, draw(st.sampled_from(["", "mode1"]))))


def with_numbers(told: Any, fixed: Collection[str]) -> Any:
    """The modes with numbers for some of the parameters: all four at once take long to solve."""
    if isinstance(told, dict):
        return {key: with_numbers(value, fixed) for key, value in told.items()}
    if isinstance(told, str):
        return re.sub(r"\b[cuk]\b", lambda m: NUMBERS[m[0]] if m[0] in fixed else m[0], told)
    return told


@st.composite
def mode(draw: DrawFn, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {"terms": list(kind)} if kind else {}
    found["objective"] = draw(st.sampled_from(OBJECTIVES[kind]))
    offered = st.sampled_from([*LIMITS[kind], *(LIMITS["x"] if kind == "xz" else LIMITS[""])])
    limits = draw(st.lists(offered, max_size=1 if kind == "xz" else 2, unique=True))
    if limits:
        found["constraints"] = {f"limit{i}": text for i, text in enumerate(limits, start=1)}
    leaf = st.sampled_from([*kind, "y", "u"])
    if draw(rarely(2)):
        found["payoffs"] = {"seller": draw(st.sampled_from([f"{kind[0]} - c" if kind else "u"]))}
    if draw(rarely(2)):
        found["outcomes"] = {"w1": draw(nested(leaf, draw(st.integers(1, 2))))}
    return found
