"""Repeated games: hazards, regimes, public signals, automata of one's own, other agreements."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from ..files import Drawn
from .pieces import Parameter, drawn_file, outcomes, parameter, payoffs, rarely

DILEMMA = {"C,C": ["R", "R"], "C,D": ["S", "T"], "D,C": ["T", "S"], "D,D": ["P", "P"]}
ORDER = ("5", "3", "1", "0")
SEEN = ("tit_for_tat", "win_stay_lose_shift", "grim / tit_for_tat")
UNSEEN = ("grim", "grim", "punish(1)", "punish(2)", "always_defect / grim")
SYMMETRIC = ("forgiving_grim", "minimax(1)")


@st.composite
def repeated_games(draw: DrawFn) -> Drawn:
    """A stage game of two players, how it is repeated, and the profiles asked about."""
    size = draw(st.sampled_from([2, 2, 2, 2, 3]))
    actions = ["C", "D", "E"][:size]
    known, stage = draw(stages(actions))
    known.append(draw(parameter("delta", ("patience",), has_role=True)))
    extra, rest = draw(histories(known, actions))
    signals = "monitoring" in rest
    own = draw(automata(actions, signals)) if draw(rarely(3)) else {}
    is_dilemma = set(stage) == set(DILEMMA) and stage["C,D"] == stage["D,C"][::-1]
    offered = [*UNSEEN, *(() if signals else SEEN), *(SYMMETRIC if is_dilemma else ())]
    most = 1 if own or "regimes" in rest else 3
    listed = draw(st.lists(st.sampled_from(offered), min_size=1, max_size=most, unique=True))
    profiles = list(dict.fromkeys(["always_defect", *listed, *own]))
    leaves = ["cooperation", "average_payoff", "value_A", "delta"]
    named = draw(outcomes(leaves))
    body: dict[str, Any] = {
        "profiles": profiles,
        **rest,
        "stage": {"players": {"A": actions, "B": actions}, "payoffs": stage},
        **({"automata": own} if own else {}),
        **({"outcomes": named} if named else {}),
    }
    plain = [name for name in profiles if name != "grim" or "regimes" not in rest]
    headline = draw(st.sampled_from(plain))
    shown = ("cooperation", "average_payoff", *named)
    return draw(drawn_file("repeated", [*known, *extra], body, headline, shown=shown))


@st.composite
def stages(draw: DrawFn, actions: Sequence[str]) -> tuple[list[Parameter], dict[str, list[str]]]:
    """A prisoner's dilemma in symbols, or any stage game with a parameter or two."""
    if len(actions) == 2 and draw(st.booleans()):
        symbolic = draw(st.sets(st.sampled_from("TRPS"), min_size=1, max_size=3))
        fixed = dict(zip("TRPS", ORDER, strict=True))
        known = [
            Parameter(name, "free", "(-oo, oo)", fixed[name], (fixed[name], "2", "1", "4"))
            for name in "TRPS"
            if name in symbolic
        ]
        rows = {
            profile: [u if u in symbolic else fixed[u] for u in row]
            for profile, row in DILEMMA.items()
        }
        return known, rows
    kinds = ("free", "positive", "unit", "integer")
    known = [draw(parameter(name, kinds)) for name in ("x", "y")[: draw(st.integers(0, 2))]]
    entry = st.integers(-1, 4).map(str) | st.integers(-1, 4).map(str) | payoffs(known)
    table = {",".join(profile): [draw(entry), draw(entry)] for profile in product(actions, actions)}
    return known, table


@st.composite
def histories(
    draw: DrawFn, known: Sequence[Parameter], actions: Sequence[str]
) -> tuple[list[Parameter], dict[str, Any]]:
    """A hazard or a chain of regimes; signals; other profiles to agree on."""
    extra: list[Parameter] = []
    rest: dict[str, Any] = {}
    kind = draw(st.sampled_from(["none", "none", "hazard", "regimes"]))
    if kind == "hazard":
        extra.append(draw(parameter("h", ("hazard",), has_role=True)))
    elif kind == "regimes":
        extra.append(draw(parameter("e", ("hazard",))))
        changed = [p.name for p in known if not p.role]
        changes = {changed[0]: draw(st.sampled_from(["1", f"{changed[0]}/2"]))} if changed else {}
        rest["regimes"] = [
            {"name": "calm", "hazard": "0", "next": {"calm": "1 - e", "storm": "e"}},
            {"name": "storm", "hazard": draw(st.sampled_from(["0", "1/2", "1/4"])),
             "next": {"calm": "1/2", "storm": "1/2"},
             **({"changes": changes} if bool(changes) and draw(st.booleans()) else {})},
        ]  # fmt: skip
    if draw(rarely(4)):
        noise = draw(parameter("s", ("open unit", "unit")))
        extra.append(noise)
        rest["monitoring"] = draw(monitoring(actions))
    if draw(rarely(5)):
        rest["cooperation"] = f"{actions[0]},{actions[-1]}"
    if draw(rarely(5)):
        rest["punishment"] = draw(st.sampled_from([f"{a},{a}" for a in actions]))
    return extra, rest


@st.composite
def monitoring(draw: DrawFn, actions: Sequence[str]) -> dict[str, Any]:
    """A good and a bad signal; the good one is certain, likely or unlikely."""
    chances = {}
    for profile in product(actions, actions):
        good = draw(st.sampled_from(["s", "1", "1/2", "s/2", "0", "1 - s"]))
        chances[",".join(profile)] = {"good": good, "bad": f"1 - ({good})"}
    return {"agreed": ["good"], "chances": chances}


@st.composite
def automata(draw: DrawFn, actions: Sequence[str], signals: bool) -> dict[str, Any]:
    """An automaton of two or three states, the signals written from its own player's side."""
    labels = ["one", "two", "three"][: draw(st.integers(1, 3))]
    seen = ["good", "bad"] if signals else [",".join(p) for p in product(actions, actions)]
    states = {}
    for state in labels:
        following = {"otherwise": draw(st.sampled_from(labels))}
        for signal in draw(st.lists(st.sampled_from(seen), max_size=2, unique=True)):
            following[signal] = draw(st.sampled_from(labels))
        states[state] = {"action": draw(st.sampled_from(actions)), "next": following}
    return {"mine": {"start": labels[0], "states": states}}
