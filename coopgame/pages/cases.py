"""The page of a case: levels, output by channel and type of its cluster over sliders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.core.relational import Relational

from coopgame.clusters import market, typology
from coopgame.clusters.case import Case
from coopgame.clusters.columns import TRUST, CompiledCluster, level_selected
from coopgame.clusters.model import Cluster, Relation
from coopgame.language.javascript import to_javascript
from coopgame.language.printing import symbol
from coopgame.pages.blocks import block
from coopgame.pages.page import (
    Chart,
    ChartChoice,
    ClusterPart,
    NamedValues,
    Page,
    Preset,
    RelationPart,
    Rule,
)
from coopgame.pages.sliders import sliders
from coopgame.pages.slots import Quantity, Slots
from coopgame.pictures.words import readable
from coopgame.report.tables import origin

WORDS = {
    typology.SURVIVAL: "more than half of the firms are below what any formal channel needs",
    typology.SATELLITE: "more than half of the output goes to outside buyers",
    typology.HUB_AND_SPOKE: "more than half of the output is sold to, or made inside, large firms",
    typology.ITALIANATE: "collective action is sustained",
    typology.STAGNATING: "otherwise",
}
CLUSTER, FACTS = "cluster", "facts"
SOLD = symbol("sold")


def case_page(case: Case, values: Mapping[str, Any] | None = None) -> Page:
    """The page of a case, its sliders at the first phase with `values` set on top.

    Raises InputError for values outside the cluster's domain.
    """
    cluster, info = case.cluster, case.info
    domain = cluster.domain
    point = domain.point({**case.phases[0].point, **domain.read(values or {})})
    parts = [_relation(cluster, relation, i) for i, relation in enumerate(cluster.relations)]
    facts, sold = _facts(cluster), _market(cluster)
    telling = CompiledCluster(cluster).telling
    return Page(
        title=info.title,
        description=info.description,
        source=info.source,
        origin=origin(info),
        values=point,
        sliders=tuple(
            s for s in sliders(domain, point, _main(case)) if s.parameter.name in telling
        ),
        along=domain.by_role("hazard")[0].name,
        charts=(_level_chart(cluster), _output_chart(cluster)),
        marks=(),
        model=_model(cluster, [function for _, function in parts], facts, sold),
        cluster=ClusterPart(
            presets=tuple(Preset(f"{p.name} ({p.year})", p.point) for p in case.phases),
            relations=tuple(part for part, _ in parts),
            outputs=tuple(
                Quantity(name, None, len(cluster.relations) + i)
                for i, name in enumerate(market.amounts())
            ),
            facts=facts.shown,
            rules=sold.rules,
        ),
    )


def _main(case: Case) -> set[str]:
    """The parameters that the case or a policy moves, and what the future weighs."""
    moved = {name for phase in case.phases for name in phase.departures}
    levers = {lever.parameter for lever in case.cluster.levers}
    roles = {p.name for role in ("discount", "hazard") for p in case.cluster.domain.by_role(role)}
    return moved | levers | roles


def _names(cluster: Cluster) -> list[str]:
    """What everything in a cluster is stated in: parameters, then levels and what is sustained."""
    links = [s.name for r in cluster.relations for s in (r.symbol, r.is_sustained)]
    return [*cluster.domain.names, *links]


# --- relations ---------------------------------------------------------------------------------


def _relation(cluster: Cluster, relation: Relation, number: int) -> tuple[RelationPart, str]:
    """A relation as it is shown, and its entry in the model."""
    name = relation.name
    shown = block(name, f"The game of {name}", relation.solution)
    slots = Slots(_names(cluster))
    trust, floor = slots.quantity("trust", relation.trust), slots.place(relation.floor)
    symbols = relation.solution.domain.symbols
    bound = tuple(slots.quantity(s.name, relation.bound[s]) for s in symbols)
    level = to_javascript(
        [level_selected(relation.solution)], [*relation.solution.domain.names, TRUST.name]
    )
    own = [quantity.slot for quantity in bound]
    entry = (
        f'{{name: "{name}", bound: {slots.function()}, trust: {trust.slot}, floor: {floor}, '
        f"own: {own}, level: {level}, game: {shown.function}}}"
    )
    values = NamedValues(f"{name}_bound", "What its game's parameters are here", bound)
    quantity = Quantity("level", None, number)
    return RelationPart(name, relation.meaning, shown, values, trust, quantity), entry


# --- channels and types ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Facts:
    """What channels and large firms are worth: as shown, the function, and each fact's place."""

    shown: NamedValues
    function: str
    given: tuple[int | None, ...]


def _facts(cluster: Cluster) -> _Facts:
    slots = Slots(_names(cluster))
    found = tuple(slots.quantity(s.name, value) for s, value in cluster.facts.items())
    values = NamedValues(FACTS, "What channels and large firms are worth", found)
    return _Facts(values, slots.function(), tuple(quantity.slot for quantity in found))


@dataclass(frozen=True)
class _Market:
    """The rules of types as shown, the function of amounts and rules, and the amounts' places."""

    rules: tuple[Rule, ...]
    function: str
    amounts: tuple[int, ...]


def _market(cluster: Cluster) -> _Market:
    """The rules, stated in what is sold through each channel, in `sold`, and in what is needed."""
    sold = {symbol(f"sold_{name}"): amount for name, amount in market.amounts().items()}
    reach = {symbol(f"reach_{c}"): n for c, n in market.needs().items() if not n.is_Symbol}
    letters = sold | reach | {SOLD: sympy.Add(*sold)}
    names = [s.name for s in cluster.facts] + [r.name for r in cluster.relations]
    slots = Slots(names, letters)
    amounts = tuple(slots.place(letter) for letter in sold)
    short = {value: letter for letter, value in (sold | reach).items()}
    rules = tuple(
        Rule(kind, WORDS[kind], slots.condition(_shortened(holds, short)))
        for kind, holds in typology.rules()
    )
    return _Market(rules, slots.function(), amounts)


def _shortened(holds: Any, short: Mapping[sympy.Expr, sympy.Symbol]) -> Any:
    """A rule with its parts by their letters; half of all that is sold as that."""
    if not isinstance(holds, Relational):
        return holds
    most = sympy.Add(*market.amounts().values()) / 2
    right = SOLD / 2 if holds.rhs == most else holds.rhs
    return holds.func(holds.lhs.xreplace(dict(short)), right, evaluate=False)


def _model(cluster: Cluster, relations: Sequence[str], facts: _Facts, sold: _Market) -> str:
    lines = (
        f"parameters: {len(cluster.domain.names)}",
        f"relations: [{', '.join(relations)}]",
        f"facts: {facts.function}",
        f"given: {list(facts.given)}",
        f"market: {sold.function}",
        f"amounts: {list(sold.amounts)}",
        f"rules: {[rule.condition.holds for rule in sold.rules]}",
    )
    return f"caseModel({{{', '.join(lines)}}})"


# --- charts ------------------------------------------------------------------------------------


def _level_chart(cluster: Cluster) -> Chart:
    names = [relation.name for relation in cluster.relations]
    label = "level of co-operation [0 none, 1 full]"
    return Chart(
        "levels", "Levels of co-operation", (ChartChoice("levels", label, _curves(names, 0)),)
    )


def _output_chart(cluster: Cluster) -> Chart:
    curves = _curves(list(market.amounts()), len(cluster.relations))
    label = "share of all output [0 to 1]"
    return Chart("outputs", "Output by channel", (ChartChoice("outputs", label, curves),))


def _curves(names: Sequence[str], first: int) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "label": readable(name),
            "block": CLUSTER,
            "slot": first + i,
            "holds": [],
            "dashed": False,
            "colour": i,
        }
        for i, name in enumerate(names)
    )
