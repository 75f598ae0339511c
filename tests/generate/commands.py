"""Which commands a drawn game is put to: three by seed, so that all meet all forms."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from .files import is_inside

FORMATS = ("text", "json", "csv", "markdown", "latex", "html")
PICTURES = ("outcome", "phase", "replies", "basins", "payoffs", "hysteresis")
STATEMENTS = (
    "always holds_{branch:0}",
    "somewhere holds_{branch:1}",
    "somewhere holds_{branch:0} and not holds_{branch:1}",
    "always holds_{branch:0} iff holds_{branch:1}",
    "{outcome:0} rises in {parameter:0} on {name:0}",
    "{outcome:1} falls in {parameter:1} strictly on {name:1}",
    "{outcome:0} stays in {parameter:0}",
    "always {outcome:0}_at_{branch:0} >= 0 if holds_{branch:0}",
)
ENDS = ("0", "1", "1/2", "1/4", "3/4", "2", "3", "-1", "4", "9/10")
KINDS = (
    "solve", "solve", "statics", "statics", "table", "table", "plot", "plot", "explore", "explain",
    "explain", "exercise", "prove", "prove", "export", "show", "sensitivity",
)  # fmt: skip


@st.composite
def commands_for(
    draw: DrawFn, form: str, data: Mapping[str, Any], count: int = 3
) -> tuple[tuple[str, ...], ...]:
    """Three commands with their options."""
    return tuple(
        tuple(draw(COMMANDS[kind](data)))
        for kind in draw(st.lists(st.sampled_from(KINDS), min_size=count, max_size=count))
    )


def settings(data: Mapping[str, Any]) -> st.SearchStrategy[list[str]]:
    """`--set` for one parameter at its default, or for none."""
    defaults = [f"{n}={p['default']}" for n, p in data["parameters"].items()]
    one = st.sampled_from(defaults).map(lambda text: ["--set", text]) if defaults else st.just([])
    return st.just([]) | one


def formats() -> st.SearchStrategy[list[str]]:
    return st.just([]) | st.sampled_from(FORMATS).map(lambda name: ["--format", name])


@st.composite
def solve(draw: DrawFn, data: Mapping[str, Any]) -> list[str]:
    more = draw(st.sampled_from([[], [], ["--at-defaults"]]))
    if data["form"] == "normal" and len(data["players"]) == 2 and draw(st.booleans()):
        more = [*more, "--boundaries"]
    return ["solve", "{file}", *more, *draw(settings(data)), *draw(formats())]


@st.composite
def statics(draw: DrawFn, data: Mapping[str, Any]) -> list[str]:
    named = draw(st.sampled_from([[], [], ["--outcome", "{outcome:0}"], ["--branch", "{name:0}"]]))
    return ["statics", "{file}", *named, *draw(settings(data)), *draw(formats())]


@st.composite
def table(draw: DrawFn, data: Mapping[str, Any]) -> list[str]:
    varied = draw(ranges(data, counted=True))
    select = draw(st.sampled_from([[], [], ["--select", "most-cooperative"]]))
    named = draw(st.sampled_from([[], [], ["--outcome", "{outcome:0}"]]))
    elastic = ["--outcome", "elasticity:{outcome:0}:{parameter:0}"]
    named = elastic if draw(st.integers(0, 5)) == 5 else named
    return ["table", "{file}", *varied, *select, *named, *draw(formats())]


@st.composite
def ranges(draw: DrawFn, data: Mapping[str, Any], counted: bool) -> list[str]:
    """`--vary` for one or two parameters from their default on, within most domains."""
    found: list[str] = []
    names = list(data["parameters"]) or ["nothing"]
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    for name in chosen:
        about = data["parameters"].get(name, {"domain": "(0, 1)", "default": "1/2"})
        whole = about["domain"].startswith("integers")
        inside = [v for v in ENDS if is_inside({"parameters": {name: about}}, {name: v})]
        anywhere = len(inside) < 2 or draw(st.integers(0, 9)) == 9
        ends = draw(st.lists(st.sampled_from(ENDS if anywhere else inside), min_size=2, max_size=2))
        low, high = sorted(ends, key=Fraction)
        steps = int(Fraction(high) - Fraction(low)) + 1 if whole else draw(st.integers(2, 4))
        if low == high:
            found += ["--vary", f"{name}={low}:{high}" if not counted else f"{name}={low}"]
        else:
            found += ["--vary", f"{name}={low}:{high}" + (f":{steps}" if counted else "")]
    return found


@st.composite
def plot(draw: DrawFn, data: Mapping[str, Any]) -> list[str]:
    kind = draw(st.sampled_from(["", "", *PICTURES]))
    ending = draw(st.sampled_from(["svg", "svg", "png", "pdf"]))
    named = ["--outcome", "{outcome:0}"] if kind == "outcome" and draw(st.booleans()) else []
    along = ["--vary", "{parameter:0}"] if kind in ("", "outcome") and draw(st.booleans()) else []
    chosen = ["--kind", kind] if kind else []
    return [
        "plot",
        "{file}",
        *chosen,
        *named,
        *along,
        *draw(settings(data)),
        "-o",
        f"{{out.{ending}}}",
    ]


@st.composite
def explore(draw: DrawFn, data: Mapping[str, Any]) -> list[str]:
    return ["explore", "{file}", *draw(settings(data)), "-o", "{out.html}"]


@st.composite
def explain(draw: DrawFn, data: Mapping[str, Any]) -> list[str]:
    named = draw(st.sampled_from([[], ["--branch", "{name:0}"], ["--branch", "{name:1}"]]))
    signs = draw(st.sampled_from([[], ["--no-signs"]]))
    return ["explain", "{file}", *named, *signs, *draw(settings(data)), *draw(formats())]


@st.composite
def exercise(draw: DrawFn, data: Mapping[str, Any]) -> list[str]:
    seed = str(draw(st.integers(0, 9)))
    named = draw(st.sampled_from([[], [], ["--branch", "{name:0}"]]))
    return ["exercise", "{file}", "--seed", seed, "--count", "2", *named, *draw(formats())]


@st.composite
def prove(draw: DrawFn, data: Mapping[str, Any]) -> list[str]:
    statement = draw(st.sampled_from(STATEMENTS))
    return ["prove", "{file}", statement, *draw(settings(data)), *draw(formats())]


@st.composite
def export(draw: DrawFn, data: Mapping[str, Any]) -> list[str]:
    return ["export", "{file}", "--to", draw(st.sampled_from(["nfg", "ne"])), *draw(settings(data))]


@st.composite
def show(draw: DrawFn, data: Mapping[str, Any]) -> list[str]:
    return ["show", "{file}", *draw(formats())]


@st.composite
def sensitivity(draw: DrawFn, data: Mapping[str, Any]) -> list[str]:
    named = draw(st.sampled_from([[], ["--outcome", "{outcome:0}"]]))
    return ["sensitivity", "{file}", "--draws", "16", *named, *draw(formats())]


COMMANDS = {
    "solve": solve,
    "statics": statics,
    "table": table,
    "plot": plot,
    "explore": explore,
    "explain": explain,
    "exercise": exercise,
    "prove": prove,
    "export": export,
    "show": show,
    "sensitivity": sensitivity,
}
