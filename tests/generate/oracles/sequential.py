"""Trees at a point: every pure plan tried, node by node, for a deviation that pays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from ..files import Point, numbers
from ..values import Number, evaluate, minus, sign, times, total
from .told import wrong_outcomes

MOST = 600
Payoffs = list[Number]


def sequential_oracle(
    data: Mapping[str, Any], point: Point, answer: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    at, tree = numbers(point), data["tree"]
    nodes = [name for name in walk(tree, data.get("root", "start")) if "player" in tree[name]]
    choices = [list(tree[name]["actions"]) for name in nodes]
    plans = [dict(zip(nodes, actions, strict=True)) for actions in product(*choices)]
    if len(plans) > MOST:
        return
    told = {e["name"]: e for e in answer["equilibria"]}
    right = {",".join(p.values()): p for p in plans if is_perfect(data, at, p)}
    for name in sorted(set(right) - set(told)):
        yield "a plan is missing", f"{name} at {dict(point)}"
    for name in sorted(set(told) - set(right)):
        yield "regret", f"{name} is not subgame-perfect at {dict(point)}"
    for name, each in told.items():
        if name in right:
            stated = data.get("outcomes", {})
            yield from wrong_outcomes(stated, each, {**at, **known(data, at, right[name])})


def walk(tree: Mapping[str, Any], name: str) -> Iterator[str]:
    """The nodes from one on, each before those that it leads to."""
    yield name
    for to in tree[name]["actions"].values():
        if isinstance(to, str):
            yield from walk(tree, to)


def worth(
    data: Mapping[str, Any], at: Mapping[str, Number], plan: Mapping[str, str], to: Any
) -> Payoffs:
    """What everybody gets from a node or an end on."""
    if not isinstance(to, str):
        return [evaluate(str(u), at) for u in to]
    node = data["tree"][to]
    if "player" in node:
        return worth(data, at, plan, node["actions"][plan[to]])
    after = {a: worth(data, at, plan, node["actions"][a]) for a in node["actions"]}
    chances = {a: evaluate(str(p), at) for a, p in node["chance"].items()}
    return [
        total([times(chances[a], after[a][i]) for a in after]) for i in range(len(data["players"]))
    ]


def is_perfect(data: Mapping[str, Any], at: Mapping[str, Number], plan: Mapping[str, str]) -> bool:
    """Whether no single deviation at any node pays whoever moves there."""
    for name, taken in plan.items():
        node = data["tree"][name]
        mover = data["players"].index(node["player"])
        now = worth(data, at, plan, node["actions"][taken])[mover]
        for to in node["actions"].values():
            if sign(minus(worth(data, at, plan, to)[mover], now)) > 0:
                return False
    return True


def known(
    data: Mapping[str, Any], at: Mapping[str, Number], plan: Mapping[str, str]
) -> dict[str, Number]:
    """Payoffs, and the chances that the play comes to each node and takes each action."""
    root = data.get("root", "start")
    paid = zip(data["players"], worth(data, at, plan, root), strict=True)
    found = {f"{player}_payoff": value for player, value in paid}
    found[f"reached_{root}"] = evaluate("1")
    for name in walk(data["tree"], root):
        node = data["tree"][name]
        for action, to in node["actions"].items():
            if "player" in node:
                chance = evaluate(str(int(plan[name] == action)))
            else:
                chance = evaluate(str(node["chance"][action]), at)
            arrived = times(found[f"reached_{name}"], chance)
            found[f"reached_{name}_{action}"] = arrived
            if isinstance(to, str):
                found[f"reached_{to}"] = arrived
    return found
