"""The strategies of a repeated game as automata: what each state plays, and where signals lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from coopgame.pictures.diagram import PAD, Diagram, Place, Stroke, Tag, extent, framed
from coopgame.pictures.setting import PictureSetting
from coopgame.pictures.words import readable
from coopgame.report.solutions import automata
from coopgame.solution import Solution

MOST = 8
ACROSS = 26  # characters of a line on an arrow
GAP, ROW = 0.45, 0.25
Machine = Mapping[str, Any]
# How far arrows are bent, as shares of their length: to the next state, and over several.
NEAR, FAR = 0.12, 0.28


def unsuited(of: PictureSetting) -> str:
    """Why a game has no automata to be drawn; empty where it has."""
    return "" if machines(of.solution) else "none of its strategies is an automaton"


def machines(solution: Solution) -> dict[str, Machine]:
    """The automata of the equilibria, each once, the headline's first."""
    return automata(sorted(solution.branches, key=lambda b: b.name != solution.headline))


def automata_picture(of: PictureSetting) -> Diagram:
    """The automata of the strategies that are equilibria somewhere, one below the other."""
    found = machines(of.solution)
    tags: list[Tag] = []
    strokes: list[Stroke] = []
    y = 0.0
    for name, machine in list(found.items())[:MOST]:
        more, lines, height = _row(name, machine, y)
        tags += more
        strokes += lines
        y -= height + ROW
    notes = ["In a state: what is played there. The arrow without a label leads to the start; "
             "arrows say after which signals a state is left."]  # fmt: skip
    if len(found) > MOST:
        notes.append(f"Not drawn: {', '.join(map(readable, list(found)[MOST:]))}.")
    heading = of.heading(
        "strategies as automata", *of.game.header.domain.parameters, notes=notes, lacks=False
    )
    return framed(heading, tags, strokes)


def _row(name: str, machine: Machine, y: float) -> tuple[list[Tag], list[Stroke], float]:
    """One automaton: its labels and arrows with its top at y, and how much room it takes."""
    states = list(machine["states"])
    boxes = {state: _box(state, machine["states"][state]) for state in states}
    leads = {(a, b): s for a in states for b, s in _moves(a, machine["states"][a]).items()}
    places = _places(states, boxes, leads)
    tall = max(extent(lines)[1] for lines in boxes.values())
    rise = max([0.0, *(_rise(places, a, b) for a, b in leads if _is_forward(states, a, b))])
    fall = max([0.0, *(_rise(places, a, b) for a, b in leads if not _is_forward(states, a, b))])
    labels = max((len(said) for said in leads.values()), default=0) * 0.17
    top = y - rise - labels * (rise > 0)
    middle = top - tall
    title = Tag(
        ((readable(name),),), (-extent([(readable(name),)])[0] - 0.5, middle), is_strong=True
    )
    tags = [title, *(Tag(boxes[s], (places[s], middle), is_framed=True) for s in states)]
    left = places[machine["start"]] - extent(boxes[machine["start"]])[0]
    at_start = states[0] == machine["start"]
    start = (left - 0.4, middle) if at_start else (places[machine["start"]], middle - tall - 0.35)
    end = (left, middle) if at_start else (places[machine["start"]], middle - tall)
    strokes = [Stroke(start, end, has_head=True)]
    for (a, b), said in leads.items():
        stroke, tag = _arrow(states, boxes, places, middle, (a, b), said)
        strokes.append(stroke)
        tags.append(tag)
    below = fall + labels * (fall > 0) + (0.35 if not at_start else 0)
    return tags, strokes, (y - middle) + tall + below


def _box(state: str, rule: Machine) -> tuple[tuple[str, ...], ...]:
    """The lines in a state's box: its name, and what it plays (in each regime)."""
    if "action" in rule:
        return ((readable(state),), (f"plays {readable(rule['action'])}",))
    played: dict[str, list[str]] = {}
    for regime, each in rule.items():
        played.setdefault(each["action"], []).append(readable(regime))
    if len(played) == 1:
        return ((readable(state),), (f"plays {readable(next(iter(played)))}",))
    return (
        (readable(state),),
        *((f"{', '.join(regimes)}: {readable(action)}",) for action, regimes in played.items()),
    )


def _moves(state: str, rule: Machine) -> dict[str, list[str]]:
    """The other states that a state leads to, and what is said of the signals, in short lines."""
    if "action" in rule:
        return {to: wrap(said, ACROSS) for to, said in _leading(state, rule).items()}
    found: dict[str, dict[str, str]] = {}
    for regime, each in rule.items():
        for to, said in _leading(state, each).items():
            found.setdefault(to, {})[readable(regime)] = said
    return {to: _by_regime(said, len(rule)) for to, said in found.items()}


def _by_regime(said: Mapping[str, str], count: int) -> list[str]:
    """What leads on, regime by regime; once where all say the same."""
    if len(said) == count and len(set(said.values())) == 1:
        return wrap(next(iter(said.values())), ACROSS)
    return [line for regime, each in said.items() for line in wrap(f"{regime}: {each}", ACROSS)]


def _leading(state: str, rule: Machine) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for signal, to in rule["next"].items():
        found.setdefault(to, []).append(signal)
    staying = [readable(signal) for signal in found.pop(state, [])]
    return {to: _signals(signals, staying, len(found)) for to, signals in found.items()}


def _signals(signals: Sequence[str], staying: Sequence[str], ways: int) -> str:
    """The signals, or all but those that stay, if that is shorter to say."""
    if ways == 1 and not staying:
        return "always"
    if ways == 1 and len(staying) < len(signals):
        return f"all but {' or '.join(staying)}"
    return " or ".join(map(readable, signals))


def _is_forward(states: Sequence[str], a: str, b: str) -> bool:
    return states.index(a) < states.index(b)


def _places(
    states: Sequence[str],
    boxes: Mapping[str, tuple[tuple[str, ...], ...]],
    leads: Mapping[tuple[str, str], Sequence[str]],
) -> dict[str, float]:
    """The middle of each state's box, with room for what stands on arrows between neighbours."""
    widest = max((extent([(line,)])[0] for said in leads.values() for line in said), default=0)
    places = {}
    x = 0.0
    for state in states:
        half = extent(boxes[state])[0]
        x += half
        places[state] = x
        x += half + max(GAP, 2 * widest + 2 * PAD)
    return places


def _rise(places: Mapping[str, float], a: str, b: str) -> float:
    """How far an arrow rises over (or below) the boxes."""
    return abs(places[b] - places[a]) * _bend(places, a, b) / 2


def _bend(places: Mapping[str, float], a: str, b: str) -> float:
    order = sorted(places, key=lambda state: places[state])
    return NEAR if abs(order.index(a) - order.index(b)) == 1 else FAR


def _arrow(
    states: Sequence[str],
    boxes: Mapping[str, tuple[tuple[str, ...], ...]],
    places: Mapping[str, float],
    middle: float,
    way: tuple[str, str],
    said: Sequence[str],
) -> tuple[Stroke, Tag]:
    """The arrow from one state to another: above where it leads on, below where it leads back."""
    a, b = way
    forward = 1 if _is_forward(states, a, b) else -1
    is_near = _bend(places, a, b) == NEAR
    start: Place
    end: Place
    if is_near:
        start = (places[a] + forward * extent(boxes[a])[0], middle + forward * 0.06)
        end = (places[b] - forward * extent(boxes[b])[0], middle + forward * 0.06)
    else:
        start = (places[a], middle + forward * extent(boxes[a])[1])
        end = (places[b], middle + forward * extent(boxes[b])[1])
    stroke = Stroke(start, end, _bend(places, a, b), has_head=True)
    lines = tuple((line,) for line in said)
    x, y = stroke.middle
    return stroke, Tag(lines, (x, y + forward * (extent(lines)[1] + 0.02)))
