"""The tree of a sequential game, the choices of the equilibrium at the values given in bold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy

from coopgame.forms.abilities import ability
from coopgame.forms.sequential.trees import Node, Payoffs, Tree, TreeMove
from coopgame.pictures.diagram import Diagram, Place, Stroke, Tag, Words, extent, framed
from coopgame.pictures.setting import PictureSetting
from coopgame.pictures.words import readable, values_text
from coopgame.solution import Solution

ROW, AIR = 0.46, 0.35


@dataclass(frozen=True)
class _Drawn:
    """A subtree as it is laid out: its labels and lines, and the rows it takes."""

    tags: tuple[Tag, ...]
    strokes: tuple[Stroke, ...]
    at: Place
    rows: int


def unsuited(of: PictureSetting) -> str:
    """Why a game has no tree to be drawn; empty where it has."""
    return "" if ability(of.game, "tree") else "it needs a sequential game"


def tree_picture(of: PictureSetting, values: Mapping[str, Any], marked: bool = True) -> Diagram:
    """The tree with the `values` put for parameters, the others as symbols.

    Bold, if `marked`, are the choices of an equilibrium at the values given: all of them, reached
    or not.
    """
    tree: Tree = ability(of.game.substitute(of.game.header.domain.read(values)), "tree")
    here = of.solution.at(**of.values) if marked else replace(of.solution, branches=())
    plan, name = _plan(here)
    drawn = _subtree(tree, tree.nodes[tree.root], plan, 0.0, 0)
    heading = of.heading(
        "the game tree",
        *of.game.header.domain.parameters,
        notes=_notes(tree, name, here, of.values),
        lacks=False,
    )
    return framed(heading, drawn.tags, drawn.strokes)


def _plan(here: Solution) -> tuple[dict[str, str], str]:
    """The choice at each node, and the name of the equilibrium: the headline where it is one."""
    if not here.branches:
        return {}, ""
    found = next((b for b in here.branches if b.name == here.headline), here.branches[0])
    return {n: a for chosen in found.strategies.values() for n, a in chosen.items()}, found.name


def _notes(
    tree: Tree, name: str, here: Solution, values: Mapping[str, sympy.Expr]
) -> Iterator[str]:
    yield f"Payoffs in the order {', '.join(map(readable, tree.players))}."
    if name:
        where = f" at {values_text(values)}" if values else ""
        yield f"Bold: the choices of the equilibrium {readable(name)}{where}."
    if len(here.branches) > 1:
        others = "; ".join(readable(b.name) for b in here.branches if b.name != name)
        yield f"Equilibria too at these values, as somebody is indifferent: {others}."


def _subtree(tree: Tree, node: Node, plan: Mapping[str, str], x: float, row: int) -> _Drawn:
    """The subtree from a node on, whose first end stands in a row; each move one column on."""
    label: tuple[Words, ...] = ((readable(node.player) if node.player else "chance",),)
    half, _ = extent(label)
    wide = 2 * half + AIR + max(2 * extent([_said(move)])[0] for move in node.moves)
    tags: list[Tag] = []
    strokes: list[Stroke] = []
    ends: list[tuple[TreeMove, Place]] = []
    taken = row
    for move in node.moves:
        if isinstance(move.to, str):
            below = _subtree(tree, tree.nodes[move.to], plan, x + wide, taken)
            tags += below.tags
            strokes += below.strokes
            taken += below.rows
            ends.append((move, below.at))
        else:
            at = (x + wide, -ROW * taken)
            tags.append(_payoffs(move.to, at))
            taken += 1
            ends.append((move, at))
    y = (ends[0][1][1] + ends[-1][1][1]) / 2
    for move, end in ends:
        strong = plan.get(node.name) == move.action
        strokes.append(Stroke((x + 2 * half, y), end, is_strong=strong))
        tags.append(_along(move, (x + 2 * half, y), end, strong))
    tags.append(Tag(label, (x + half, y), is_framed=True))
    return _Drawn(tuple(tags), tuple(strokes), (x, y), taken - row)


def _said(move: TreeMove) -> Words:
    """An action, with its probability where chance takes it."""
    name = readable(move.action)
    return (name,) if move.probability is None else (f"{name} [", move.probability, "]")


def _along(move: TreeMove, start: Place, end: Place, strong: bool) -> Tag:
    """The name of an action on its line, nearer the end, where lines are apart."""
    share = 0.62
    at = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
    return Tag((_said(move),), at, is_strong=strong)


def _payoffs(paid: Payoffs, at: Place) -> Tag:
    words: list[Any] = ["("]
    for i, payoff in enumerate(paid):
        words += [", ", payoff] if i else [payoff]
    line = (*words, ")")
    return Tag((line,), (at[0] + extent([line])[0], at[1]), align="left")
