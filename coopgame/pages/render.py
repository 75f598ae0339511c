"""A page as one HTML file that needs nothing else: scripts and styles stand in it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from coopgame.language.deciding import number
from coopgame.pages import markup
from coopgame.pages.page import Page
from coopgame.report.formats import as_path, check_ending, write

# What could end a script element, or a line of script, inside a string.
UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def render(page: Page) -> str:
    """The whole file as text.

    Everything that comes from a game file is escaped. Scripts run only if their digest is the one
    stated in the page's policy, which also forbids every fetch.
    """
    script = "\n".join((asset("runtime.js"), f"const model = {page.model};", asset("view.js")))
    scripts = [asset("uplot/uPlot.iife.min.js"), script]
    return Template(asset("page.html")).substitute(
        title=escape(page.title),
        policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src {digests(scripts)}",
        style=asset("uplot/uPlot.min.css") + asset("page.css"),
        description=markup.description(page),
        presets=markup.presets(page.cluster),
        along=markup.along(page),
        charts="".join(map(markup.chart, page.charts)),
        content=markup.content(page),
        sliders="".join(map(markup.slider, page.sliders)),
        origin=escape(page.origin),
        data=safe_json(record(page)),
        licence=asset("uplot/LICENSE"),
        plotting=scripts[0],
        script=script,
    )


def framed(page: Page) -> str:
    """The page in a frame of its own, as a notebook shows it in a cell."""
    frame = 'sandbox="allow-scripts" style="width: 100%; height: 46rem; border: 0"'
    return f'<iframe {frame} title="{escape(page.title)}" srcdoc="{escape(render(page))}"></iframe>'


def save(page: Page, path: str | Path) -> None:
    """Write the page to a file that ends in .html; InputError for others."""
    target = as_path(path)
    check_ending(target, (".html", ".htm"))
    write(target, render(page))


@cache
def asset(name: str) -> str:
    """The text of a file that stands beside this module."""
    return (files("coopgame.pages") / "assets" / name).read_text(encoding="utf-8")


def digests(scripts: list[str]) -> str:
    """The digests of scripts as a policy states them."""
    found = (base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts)
    return " ".join(f"'sha256-{digest}'" for digest in found)


def safe_json(value: Any) -> str:
    """JSON that may stand in a script element.

    >>> safe_json("</script>")
    '"\\\\u003c/script\\\\u003e"'
    """
    text = json.dumps(value, ensure_ascii=False)
    return "".join(UNSAFE.get(character, character) for character in text)


def record(page: Page) -> dict[str, Any]:
    """What the script needs to know beside the model."""
    presets = page.cluster.presets if page.cluster else ()
    return {
        "names": list(page.values),
        "values": {name: number(value) for name, value in page.values.items()},
        "sliders": [slider.record() for slider in page.sliders],
        "charts": list(map(asdict, page.charts)),
        "marks": list(page.marks),
        "assumed": [c.holds for c in page.block.assumptions] if page.block else [],
        "presets": [{n: number(v) for n, v in preset.values.items()} for preset in presets],
        "types": list(page.cluster.kinds) if page.cluster else [],
        "typeSlot": len(page.cluster.outputs) if page.cluster else 0,
    }
