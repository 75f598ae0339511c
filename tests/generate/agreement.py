"""The same list everywhere: `solve --set`, a row of `table`, `export` and the page's own script."""

from __future__ import annotations

import json
import shutil
import subprocess
import traceback
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from coopgame import catalogue
from coopgame.cache import kept
from coopgame.pages.games import game_page
from coopgame.pages.page import Page
from coopgame.pages.render import asset
from coopgame.pictures.words import readable

from .faults import Fault
from .files import Drawn, Point, numbers
from .oracles.told import is_near
from .running import options, run
from .values import Undefined, evaluate, minus, real

NODE = shutil.which("node")
NEAR_BORDER = 1e-6


def disagreements(
    drawn: Drawn, file: Path, point: Point, answer: Mapping[str, Any], limit: float
) -> Iterator[Fault]:
    """What the other ways to the equilibria at a point say otherwise than `solve --set`."""
    yield from in_table(file, point, answer, limit)
    if drawn.form in ("normal", "several"):
        yield from exported(drawn, file, point, answer, limit)


def in_table(file: Path, point: Point, answer: Mapping[str, Any], limit: float) -> Iterator[Fault]:
    """The row of a table at the point, where the game has an outcome or a payoff to show."""
    if not point:
        return
    name, value = next(iter(point.items()))
    rest = {other: v for other, v in point.items() if other != name}
    arguments = ["table", str(file), "--vary", f"{name}={value}", *options(rest)]
    done = run([*arguments, "--format", "json"], limit)
    if done.code == 2:
        return
    if done.code not in (0, 3):
        yield Fault("a table fails", done.shown, done.err, done.trace)
        return
    record = json.loads(done.out)
    rows = {r["equilibrium"]: r for r in record["rows"] if r["status"] == "value"}
    told = {e["name"]: e for e in answer["equilibria"]}
    open_ = any(r["status"] == "undecided" for r in record["rows"])
    if set(rows) != set(told) and not record.get("notes") and not open_:
        yield Fault("table and solve list others", done.shown, f"{sorted(rows)}, {sorted(told)}")
    for each in set(rows) & set(told):
        for outcome, right in told[each]["outcomes"].items():
            seen = rows[each].get(outcome)
            if seen is not None and isinstance(right, int | float) and not same(seen, right):
                shown = f"{outcome} of {each}: {seen} in the table, {right} solved"
                yield Fault("table and solve differ", done.shown, shown)


def same(one: float, other: float) -> bool:
    return is_near(Fraction(one), Fraction(other), 1e-7)


def exported(
    drawn: Drawn, file: Path, point: Point, answer: Mapping[str, Any], limit: float
) -> Iterator[Fault]:
    """Gambit's lines of equilibria."""
    done = run(["export", str(file), "--to", "ne", *options(point)], limit)
    if done.code != 0:
        yield Fault("export fails", done.shown, done.err, done.trace)
        return
    lines = [line.split(",")[1:] for line in done.out.splitlines() if line.startswith("NE,")]
    found = sorted(tuple(round(float(Fraction(share)), 8) for share in line) for line in lines)
    players = drawn.data["players"]
    right = sorted(
        tuple(
            round(float(e["strategies"][player].get(action, 0)), 8)
            for player, actions in players.items()
            for action in actions
        )
        for e in answer["equilibria"]
    )
    if found != right:
        yield Fault("export and solve list others", done.shown, f"{found}\n{right}")


# --- the page ----------------------------------------------------------------------------------


def on_page(
    drawn: Drawn,
    file: Path,
    answers: Sequence[tuple[Point, Mapping[str, Any]]],
    symbolic: Mapping[str, Any],
) -> Iterator[Fault]:
    """What the script of the page works out at the points, except next to a border.

    A page compares floating-point numbers, so that at a border it may list either side.
    """
    away = [(p, a) for p, a in answers if is_away_from_borders(symbolic, p)]
    if NODE is None or not away:
        return
    try:
        with kept():  # as a command does: the game was solved before
            page = game_page(catalogue.load_game(str(file)))
    except Exception as error:
        trace = "".join(traceback.format_exception(error))
        yield Fault("exit 70", "explore", repr(error), trace)
        return
    points = [[float(Fraction(point[name])) for name in page.values] for point, _ in away]
    for (point, answer), blocks in zip(away, worked_out(page, points), strict=True):
        yield from compared(page, blocks["game"], point, answer, symbolic)


def compared(
    page: Page,
    found: Sequence[Any],
    point: Point,
    answer: Mapping[str, Any],
    symbolic: Mapping[str, Any],
) -> Iterator[Fault]:
    assert page.block is not None
    command = f"explore, at {dict(point)}"
    told = {readable(e["name"]): e for e in answer["equilibria"]}
    listed = {e.name: e for e in page.block.equilibria if all(found[h] for h in e.holds)}
    missing = set(told) - set(listed)
    if set(listed) - set(told) or (missing and not symbolic["notes"]):
        yield Fault("page and solve list others", command, f"{sorted(listed)}, {sorted(told)}")
    for name in set(listed) & set(told):
        for quantity in listed[name].outcomes:
            right = told[name]["outcomes"].get(quantity.name)
            seen = None if quantity.slot is None else found[quantity.slot]
            if not (isinstance(right, int | float) and isinstance(seen, int | float)):
                continue
            if not is_near(Fraction(seen), Fraction(right), 1e-6):
                shown = f"{quantity.name} of {name}: {seen} on the page, {right} solved"
                yield Fault("page and solve differ", command, shown)


def worked_out(page: Page, points: Sequence[Sequence[float]]) -> list[Any]:
    """The blocks of a page at each point, as its own script works them out."""
    assert NODE is not None
    script = (
        f"{asset('runtime.js')}\nconst model = {page.model};\n"
        f"const found = {json.dumps(points)}.map((p) => model(p, 'history', false));\n"
        "console.log(JSON.stringify(found, (_, v) => "
        "typeof v === 'number' && !Number.isFinite(v) ? String(v) : v));"
    )
    done = subprocess.run(
        [NODE, "-"], input=script, capture_output=True, text=True, check=True, timeout=120
    )
    found: list[Any] = json.loads(done.stdout)
    return found


def is_away_from_borders(symbolic: Mapping[str, Any], point: Point) -> bool:
    """Whether no comparison of any branch is an equality here, as far as one can see."""
    at = numbers(point)
    texts = [text for branch in symbolic["branches"] for text in branch["conditions"]]
    for text in texts:
        for part in text.replace(" and ", "\n").replace(" or ", "\n").splitlines():
            for comparison in (">=", "<=", "==", "!=", ">", "<"):
                if comparison in part:
                    break
            left, _, right = part.strip("() ").partition(comparison)
            try:
                gap = minus(evaluate(left, at), evaluate(right, at))
            except (Undefined, SyntaxError, KeyError):
                return False
            if abs(real(gap)) < NEAR_BORDER:
                return False
    return True
