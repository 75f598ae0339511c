"""A repeated game's setting as label and text: what is played, seen, and how the rules change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy

from coopgame.forms.repeated.automata import Context
from coopgame.forms.repeated.play import RepeatedSetting
from coopgame.forms.repeated.stages import label
from coopgame.language.printing import to_text


def spelled(setting: RepeatedSetting, context: Context) -> Iterator[tuple[str, str]]:
    """Everything about the setting, one line each."""
    yield "players", ", ".join(setting.players)
    yield "discount", to_text(setting.discount)
    for (regime, profile), payoffs in setting.payoffs.items():
        where = f" ({regime})" if regime else ""
        yield f"payoffs at {label(profile)}{where}", ", ".join(map(to_text, payoffs))
    yield "both co-operate at", label(context.cooperate)
    if not context.seen:
        for profile, chances in setting.chances.items():
            yield f"signals after {label(profile)}", _chances(chances)
        agreed = (signal for signal in context.signals if signal in context.agreed)
        yield "co-operation goes on after", ", ".join(agreed)
    for each in setting.regimes:
        where = f" ({each.name})" if each.name else ""
        yield f"hazard{where}", to_text(each.hazard)
        if each.name:
            following = zip(setting.regimes, each.next, strict=True)
            leads = {to.name: chance for to, chance in following if chance != 0}
            yield f"next{where}", _chances(leads)


def _chances(chances: Mapping[str, sympy.Expr]) -> str:
    return ", ".join(f"{name} with probability {to_text(q)}" for name, q in chances.items())
