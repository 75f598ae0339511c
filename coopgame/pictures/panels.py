"""Types and levels under several conditions side by side: by macro rules, and in the two-by-two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coopgame.catalogue import load_rules
from coopgame.clusters.along import FEW
from coopgame.clusters.macro import (
    PERIODS_TRIED,
    USUAL,
    Outlook,
    by_rules,
    fixed_throughout,
    two_by_two,
)
from coopgame.pictures.scene import Scene
from coopgame.pictures.words import Heading

PERIOD = {None: "each its own period", 12: "all by the month", 1: "all by the year"}


@dataclass(frozen=True)
class Panels:
    """A grid of outlooks, by row and column."""

    heading: Heading
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    outlooks: Mapping[tuple[str, str], Outlook]


def fixed_rules(of: Scene) -> str:
    """Why several rules cannot be looked at beside each other; empty where they can."""
    return "it looks at several rules, and some are given" if of.case.rules is not None else ""


def fixed_answers(of: Scene) -> str:
    """Why rules and crisis cannot be moved; empty where they can."""
    return fixed_throughout(of.case)


def regimes_picture(of: Scene) -> Panels:
    """A phase under stable, unstable and switching rules, with a short and with a long period."""
    rules = [load_rules(name) for name in USUAL]
    found = by_rules(of.case, of.phase, rules, FEW)
    notes = (
        f"{FEW.count} draws, the same in all panels, after a history under the rules.",
        "Of their own, stages have a period of a month, ties one of a quarter, the others a year.",
    )
    return Panels(
        of.heading("types and co-operation under macro rules", notes),
        tuple(PERIOD[period] for period in PERIODS_TRIED),
        tuple(f"{name} rules" for name in USUAL),
        {(PERIOD[period], f"{name} rules"): each for (name, period), each in found.items()},
    )


def crisis_picture(of: Scene) -> Panels:
    """A phase with and without stabilisation, with and without a crisis, all else the same."""
    found = two_by_two(of.case, of.phase, FEW)
    notes = (
        f"{FEW.count} draws, the same in all panels, after the case's history until then.",
        "Stabilisation and crisis: the first answer to `rules`, the last to `threat`; without them "
        "the other end. All else is as in the phase.",
    )
    rows = {True: "stabilisation", False: "no stabilisation"}
    heads = {False: "no crisis", True: "crisis"}
    return Panels(
        of.heading("stabilisation and crisis, ceteris paribus", notes),
        tuple(rows.values()),
        tuple(heads.values()),
        {(rows[one], heads[other]): each for (one, other), each in found.items()},
    )
