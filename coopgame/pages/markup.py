"""A page as HTML: text from files escaped, formulas as MathML, numbers left to the script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from coopgame.language.printing import to_text
from coopgame.pages.blocks import Block, Equilibrium
from coopgame.pages.page import Chart, ClusterPart, Page
from coopgame.pages.sliders import Slider, shown
from coopgame.pages.slots import Condition, Quantity
from coopgame.pictures.words import readable, sentence
from coopgame.report.html import formula

CODE = re.compile(r"`([^`<>]*)`")


def prose(text: str) -> str:
    """Escaped text, what stands between backticks as code.

    >>> prose("`a` < b")
    '<code>a</code> &lt; b'
    """
    return CODE.sub(r"<code>\1</code>", escape(" ".join(text.split())))


def value(block: str, slot: int | None) -> str:
    """A number that the script fills in."""
    return "" if slot is None else f'<data data-block="{escape(block)}" data-slot="{slot}">…</data>'


# --- sliders -----------------------------------------------------------------------------------


def slider(s: Slider) -> str:
    """A slider with the box beside it, and what the parameter means."""
    p, name = s.parameter, escape(s.parameter.name)
    low, high, step, here = map(shown, (s.low, s.high, s.step, s.value))
    about = escape(f"{p.unit}; in {s.interval}; default {to_text(p.default)}")
    return f"""<div class="slider" data-name="{name}">
<label for="slider-{name}"><b>{name}</b> {escape(p.meaning)}</label>
<input type="range" id="slider-{name}" min="{low}" max="{high}" step="{step}" value="{here}"
 aria-describedby="about-{name}">
<input type="number" id="box-{name}" step="any" value="{here}" inputmode="decimal"
 aria-label="{name}, value" aria-describedby="about-{name} fault-{name}">
<p class="about" id="about-{name}">{about}</p>
<p class="fault" id="fault-{name}" aria-live="polite"></p>
</div>
"""


def presets(cluster: ClusterPart | None) -> str:
    """A button for each phase of a case, which sets its values."""
    if cluster is None:
        return ""
    buttons = "".join(
        f'<button type="button" data-preset="{i}">{escape(preset.name)}</button>'
        for i, preset in enumerate(cluster.presets)
    )
    return f'<div class="presets" role="group" aria-label="Phases">{buttons}</div>'


# --- conditions and values ---------------------------------------------------------------------


def condition(block: str, c: Condition) -> str:
    """A condition with whether it holds, and the value of each side of what it compares."""
    sides = "; ".join(
        f"{value(block, x.left)} {escape(x.sign)} {value(block, x.right)}" for x in c.comparisons
    )
    sides = f'<span class="sides">now {sides}</span>' if sides else ""
    place = f'data-block="{escape(block)}" data-holds="{c.holds}"'
    return f'<li {place}><span class="mark"></span> {formula(c.shown)} {sides}</li>'


def conditions(block: str, found: Iterable[Condition]) -> str:
    items = "".join(condition(block, c) for c in found)
    return f'<ul class="conditions">{items}</ul>' if items else ""


def table(block: str, heading: str, quantities: Sequence[Quantity]) -> str:
    """Named values: name, value now and formula, as far as there are any."""
    if not quantities:
        return ""
    has_values = any(q.slot is not None for q in quantities)
    has_formulas = any(q.shown is not None for q in quantities)
    rows = ""
    for q in quantities:
        cells = f"<td>{value(block, q.slot)}</td>" if has_values else ""
        cells += f"<td>{'' if q.shown is None else formula(q.shown)}</td>" if has_formulas else ""
        rows += f'<tr><th scope="row">{escape(readable(q.name))}</th>{cells}</tr>'
    heads = [heading, "now"] if has_values else [heading, ""]
    heads += ["formula"] if has_values and has_formulas else []
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    inner = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return f'<div class="wide"><table>{inner}</table></div>'


def equilibrium(block: str, e: Equilibrium) -> str:
    """An equilibrium: whether it holds now, and why; folded where it does not."""
    note = f'<p class="note">{prose(e.note)}</p>' if e.note else ""
    always = "" if e.conditions else '<p class="note">holds everywhere</p>'
    holds = " ".join(map(str, e.holds))
    return f"""<details class="equilibrium" data-block="{escape(block)}" data-all="{holds}"
 data-label="{escape(e.name)}"><summary><span class="mark"></span> <b>{escape(e.name)}</b>
<span class="concept">{escape(e.concept)}</span> <span class="verdict"></span></summary>
{conditions(block, e.conditions)}{always}{note}
{table(block, "outcome", e.outcomes)}
{table(block, "strategy", e.strategies)}
{table(block, "payoff", e.payoffs)}
</details>
"""


def whole_block(b: Block) -> str:
    """All of a game: assumptions, equilibria, thresholds, and what letters stand for."""
    assumed = ""
    if b.assumptions:
        assumed = f"<h3>Assumptions</h3>{conditions(b.id, b.assumptions)}"
    thresholds = [
        Quantity(f"{t.quantity.name} in {t.parameter}", t.quantity.shown, t.quantity.slot)
        for t in b.thresholds
    ]
    critical = table(b.id, "critical value", thresholds)
    letters = table(b.id, "where", b.letters)
    critical = f"<h3>Critical values</h3>{critical}" if critical else ""
    letters = f"<h3>Abbreviations</h3>{letters}" if letters else ""
    return assumed + "".join(equilibrium(b.id, e) for e in b.equilibria) + critical + letters


# --- charts ------------------------------------------------------------------------------------


def along(page: Page) -> str:
    """The choice of the parameter that charts run along."""
    options = "".join(
        f'<option value="{escape(s.parameter.name)}"'
        f"{' selected' if s.parameter.name == page.along else ''}>"
        f"{escape(s.parameter.name)}: {escape(s.parameter.meaning)}</option>"
        for s in page.sliders
    )
    return f'<label>against <select id="along">{options}</select></label>'


def chart(c: Chart) -> str:
    pick = ""
    if len(c.choices) > 1:
        options = "".join(
            f'<option value="{escape(x.name)}">{escape(readable(x.name))}</option>'
            for x in c.choices
        )
        pick = f'<label>outcome <select data-choice="{c.id}">{options}</select></label>'
    return f"""<figure data-chart="{c.id}">
<figcaption><b>{escape(c.title)}</b> {pick}</figcaption>
<div class="plot" role="img" aria-describedby="told-{c.id}"></div>
<p class="told label"></p><p class="told" id="told-{c.id}"></p></figure>
"""


def content(page: Page) -> str:
    """What stands below the charts, what is left out first."""
    lacking = "".join(f'<p class="note">{prose(sentence(note))}</p>' for note in page.notes)
    if page.cluster is not None:
        told = table("cluster", "share of draws, or mean level", page.cluster.outputs)
        return f"{lacking}<h3>Types and co-operation</h3>{told}"
    return lacking + (whole_block(page.block) if page.block is not None else "")


def description(page: Page) -> str:
    paragraphs = [p for p in page.description.split("\n\n") if p.strip()]
    told = "".join(f"<p>{prose(p)}</p>" for p in paragraphs)
    return f"{told}<p>Source: {prose(page.source)}</p>"
