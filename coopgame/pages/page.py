"""A page as a value: sliders, charts, blocks, and the model that its script runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy

from coopgame.language.showing import Elsewhere
from coopgame.pages.blocks import Block
from coopgame.pages.sliders import Slider
from coopgame.pages.slots import Quantity


@dataclass(frozen=True)
class ChartChoice:
    """Something a chart can show: its name, the label of its axis, and its curves."""

    name: str
    label: str
    series: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Chart:
    """A chart against one parameter; with several choices the reader picks one."""

    id: str
    title: str
    choices: tuple[ChartChoice, ...]


@dataclass(frozen=True)
class Preset:
    """A phase of a case: the values it sets."""

    name: str
    values: Mapping[str, sympy.Rational]


@dataclass(frozen=True)
class ClusterPart:
    """What only a page of a case has: phases, the types by number, and what is told of each."""

    presets: tuple[Preset, ...]
    kinds: tuple[str, ...]
    outputs: tuple[Quantity, ...]


@dataclass(frozen=True)
class Page:
    """All that a page shows.

    `model` is a JavaScript expression: from the `values` of all parameters, in their order, to
    what stands in every block. `along` is the parameter that charts run along at first; `marks` are
    the thresholds to mark on them, by parameter; `notes` name the equilibria that it lacks.
    """

    title: str
    description: str
    source: str
    origin: str
    values: Mapping[str, sympy.Rational]
    sliders: tuple[Slider, ...]
    along: str
    charts: tuple[Chart, ...]
    marks: tuple[Mapping[str, Any], ...]
    model: str
    block: Block | None = None
    cluster: ClusterPart | None = None
    notes: tuple[str, ...] = ()

    _repr_html_, save = (Elsewhere("coopgame.pages.render", name) for name in ("framed", "save"))

    def __repr__(self) -> str:
        return f"<Page: {self.title}>"
