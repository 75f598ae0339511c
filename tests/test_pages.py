"""Pages with sliders: the script agrees with Python, nothing hostile runs, nothing is fetched."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgame import catalogue
from coopgame.cli import main
from coopgame.clusters.case import Case
from coopgame.clusters.classify import classify, distribution
from coopgame.clusters.equilibria import equilibria
from coopgame.clusters.history import history_of
from coopgame.clusters.relationships import RELATIONSHIPS
from coopgame.clusters.typology import kinds
from coopgame.errors import InputError
from coopgame.forms.base import Game
from coopgame.forms.level.news import News
from coopgame.forms.repeated.game import Repeated
from coopgame.language.deciding import number
from coopgame.language.javascript import to_javascript
from coopgame.language.mathml import to_mathml
from coopgame.language.numerals import approximate, exact
from coopgame.language.parameters import Domain, Interval, Parameter
from coopgame.language.printing import symbol, to_numpy
from coopgame.pages.cases import case_page
from coopgame.pages.games import game_page
from coopgame.pages.page import Page
from coopgame.pages.render import asset, render, safe_json
from coopgame.pages.sliders import Slider, sliders
from coopgame.pictures.words import readable
from coopgame.solution import Solution
from coopgame.tables.hearsay import news_bound

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="Node.js is not installed")
POINTS = 200
TOLERANCE = 1e-9
PARTNERS = 12
STARTERS = sorted((Path(__file__).parents[1] / "games" / "starters").glob("*.toml"))


def run_script(script: str) -> Any:
    """What a script prints, run by Node.js behind the runtime of pages."""
    assert NODE is not None
    whole = f"{asset('runtime.js')}\n{script}"
    done = subprocess.run(
        [NODE, "-"], input=whole, capture_output=True, text=True, check=True, timeout=120
    )
    return json.loads(done.stdout)


def worked_out(page: Page, points: list[list[float]], selection: str = "history") -> list[Any]:
    """The blocks of a page at each point, as its own script works them out.

    Numbers that are not finite come as text.
    """
    return list(
        run_script(
            f"const model = {page.model};\nconst points = {json.dumps(points)};\n"
            f"const found = points.map((p) => model(p, {json.dumps(selection)}, false));\n"
            "console.log(JSON.stringify(found, (_, v) => "
            "typeof v === 'number' && !Number.isFinite(v) ? String(v) : v));"
        )
    )


def close(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(1.0, abs(other))


def positions(slider: Slider, count: int, seed: int) -> list[float]:
    """Random positions of a slider, as a browser gives them."""
    drawn = random.Random(f"{seed} {slider.parameter.name}")
    steps = int((slider.high - slider.low) / slider.step)
    low, step = number(slider.low), number(slider.step)
    return [round(low + drawn.randint(0, steps) * step, 9) for _ in range(count)]


PAYOFFS = ("T", "R", "P", "S")


def drawn_points(page: Page, seed: int = 1, count: int = POINTS) -> list[list[float]]:
    """Random positions of all sliders; the payoffs of a dilemma in their order."""
    columns = {s.parameter.name: positions(s, count, seed) for s in page.sliders}
    if set(PAYOFFS) <= set(columns):
        rows = [
            sorted(row, reverse=True) for row in zip(*(columns[n] for n in PAYOFFS), strict=True)
        ]
        columns |= {name: [row[i] for row in rows] for i, name in enumerate(PAYOFFS)}
    fixed = {name: number(value) for name, value in page.values.items()}
    return [
        [columns[n][i] if n in columns else fixed[n] for n in page.values] for i in range(count)
    ]


@cache
def game(name: str) -> Game:
    return catalogue.load_game(name)


# --- the script against Python -----------------------------------------------------------------


def compare(solution: Solution, page: Page, values: Mapping[str, float], found: list[Any]) -> bool:
    """Hold the script's answer at a point to Python's; False outside the domain."""
    assert page.block is not None
    assumed = all(found[c.holds] for c in page.block.assumptions)
    try:
        exactly = solution.at(**values)
    except InputError:
        assert not assumed
        return False
    assert assumed
    here = {readable(branch.name): branch for branch in exactly.branches}
    listed = {e.name: e for e in page.block.equilibria if all(found[h] for h in e.holds)}
    assert set(here) == set(listed)
    for name, branch in here.items():
        for quantity in listed[name].outcomes:
            assert quantity.slot is not None
            assert close(found[quantity.slot], number(branch.outcomes[quantity.name]))
        for quantity in listed[name].payoffs:
            assert quantity.slot is not None
            assert close(found[quantity.slot], number(branch.payoffs[quantity.name]))
    return True


@needs_node
@pytest.mark.parametrize("name", ["relation", "trust"])
def test_the_script_agrees_with_python_at_random_slider_positions(name: str) -> None:
    page = game_page(game(name))
    solution = replace(game(name).solve(), game=None)
    points = drawn_points(page)
    found = worked_out(page, points)
    within = [
        compare(solution, page, dict(zip(page.values, point, strict=True)), blocks["game"])
        for point, blocks in zip(points, found, strict=True)
    ]
    assert sum(within) >= POINTS / 4


def inside(page: Page, domain: Domain, count: int) -> list[list[float]]:
    """Random positions of all sliders within the domain, each three moves of every slider on.

    A move out of the domain is tried again. Beyond `PARTNERS` the exact bound of the news among
    partners takes Python minutes; `test_the_bound_of_news` looks at many partners.
    """
    drawn = random.Random(page.title)
    allowed = to_numpy([sympy.And(*domain.constraints)], list(page.values))
    here = {name: number(value) for name, value in page.values.items()}
    found = []
    for _ in range(count):
        for slider in 3 * page.sliders:
            for _ in range(5):
                value = positions(slider, 1, drawn.randrange(10**9))[0]
                if slider.parameter.name == "N" and value > PARTNERS:
                    value = 2 + value % (PARTNERS - 1)
                there = {**here, slider.parameter.name: value}
                if allowed(*there.values())[0]:
                    here = there
                    break
        found.append(list(here.values()))
    return found


def agrees(name: str, count: int) -> None:
    """The page of a game gives Python's numbers at its defaults and at positions in its domain."""
    page = game_page(game(name))
    solution = replace(game(name).solve(), game=None)
    points = [[number(v) for v in page.values.values()], *inside(page, solution.domain, count)]
    for point, blocks in zip(points, worked_out(page, points), strict=True):
        at = dict(zip(page.values, point, strict=True))
        assert compare(solution, page, at, blocks["game"])


OTHERS = [
    "inspection", "monitoring", "culture", "lead_firm", "association_threshold",
    "minimum_effort", "satellite", "stag_hunt",
]  # fmt: skip


@needs_node
@pytest.mark.parametrize("name", OTHERS)
def test_every_form_of_game_agrees_at_its_defaults_and_around(name: str) -> None:
    agrees(name, 3)


@needs_node
@pytest.mark.slow
@pytest.mark.parametrize("name", [*catalogue.files("catalogue"), *map(str, STARTERS)])
def test_every_page_agrees_with_python_at_fifty_positions_of_its_sliders(name: str) -> None:
    agrees(name, 50)


@needs_node
@pytest.mark.parametrize("public", [0, 1])
def test_the_bound_of_news_among_many_partners(public: int) -> None:
    """Python's exact fractions have thousands of digits there; its tables work in floats too."""
    for partners, spread, weight in ((100, 0.59, 0.189), (155, 0.28, 0.22), (200, 0.05, 0.9)):
        stated = (partners, spread, weight, 0.575, public)
        found = run_script(f"console.log(newsBound{stated});")
        assert close(found, float(news_bound(*stated)))


@needs_node
@pytest.mark.parametrize("public", [False, True])
def test_the_bound_of_news_is_that_of_every_plan_of_breaches(public: bool) -> None:
    half, most = sympy.Rational(1, 2), sympy.Rational(4, 5)
    exactly = News(5, half, most, sympy.Rational(9, 10), public).exact_bound
    found = run_script(f"console.log(newsBound(5, 0.5, 0.8, 0.9, {int(public)}));")
    assert close(found, number(exactly))


@needs_node
def test_the_page_of_a_case_agrees_with_the_composition(cases: Mapping[str, Case]) -> None:
    """At points of the page's grid types and levels are those of the same draws; between two of
    them they lie between."""
    from coopgame.pages.cases import FEW, HAZARDS, TRUST

    case = cases["criciuma"]
    page = case_page(case)
    points = [[1 + i, HAZARDS[j], TRUST[k]] for i, j, k in ((0, 2, 3), (1, 5, 0), (1, 0, 5))]
    half = [1, (HAZARDS[2] + HAZARDS[3]) / 2, TRUST[3]]
    *found, between = worked_out(page, [*points, half])
    for (number_, hazard, trust), blocks in zip(points, found, strict=True):
        at = history_of(case, case.phases[int(number_) - 1], FEW)
        at |= {name: np.full(FEW.count, v) for name, v in (("h", hazard), ("p", trust))}
        table = equilibria(at)
        out = table.outcomes(table.selected())
        shares = distribution(case.profiles, kinds(case.profiles, out))
        expected = [*shares.values(), *(out[n].mean() for n in RELATIONSHIPS)]
        *numbers, kind = blocks["cluster"]
        assert numbers == pytest.approx(expected, abs=1e-4)
        assert list(shares)[kind] == max(shares, key=lambda k: shares[k])
    low, high = worked_out(page, [[1, HAZARDS[2], TRUST[3]], [1, HAZARDS[3], TRUST[3]]])
    mean = [(a + b) / 2 for a, b in zip(low["cluster"][:-1], high["cluster"][:-1], strict=True)]
    assert between["cluster"][:-1] == pytest.approx(mean, abs=1e-9)


@needs_node
@pytest.mark.slow
def test_the_page_of_every_case_opens_in_its_last_phase_after_its_history(
    cases: Mapping[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a coarse grid, with the point looked at in it: each further point of it costs as much."""
    from coopgame.pages.cases import FEW, HAZARDS, TRUST

    monkeypatch.setattr("coopgame.pages.cases.HAZARDS", (HAZARDS[0], HAZARDS[4], HAZARDS[-1]))
    monkeypatch.setattr("coopgame.pages.cases.TRUST", (TRUST[0], TRUST[2], TRUST[-1]))
    for case in cases.values():
        page, last = case_page(case), case.phases[-1]
        number_ = [len(case.phases)] if len(case.phases) > 1 else []
        assert [v for k, v in page.values.items() if k == "phase"] == number_
        found, opening = worked_out(
            page, [[*number_, HAZARDS[4], TRUST[2]], [float(v) for v in page.values.values()]]
        )
        answer = classify(case).phases[-1]
        told = [*answer.distribution.values(), *answer.levels.values()]
        assert opening["cluster"][:-1] == pytest.approx(told, abs=1e-4), case.info.name
        assert list(answer.distribution)[opening["cluster"][-1]] == answer.type
        at = history_of(case, last, FEW) | {
            name: np.full(FEW.count, v) for name, v in (("h", HAZARDS[4]), ("p", TRUST[2]))
        }
        at = {name: column for name, column in at.items() if not name.startswith("weight_")}
        table = equilibria(at)
        out = table.outcomes(table.selected())
        shares = distribution(case.profiles, kinds(case.profiles, out))
        expected = [*shares.values(), *(out[n].mean() for n in RELATIONSHIPS)]
        assert found["cluster"][:-1] == pytest.approx(expected, abs=1e-4), case.info.name


@needs_node
@given(st.lists(st.floats(min_value=-1e12, max_value=1e12), min_size=50, max_size=50))
@settings(max_examples=5, deadline=None)
def test_a_page_rounds_numbers_as_every_other_output_does(drawn: list[float]) -> None:
    stated = [0, 0.5, 0.3125, 0.4999, 1 / 3, 0.9996, 1234.5, 99.96, -12.35, 1e-7, 2e-7 / 3, 1e9]
    stated += [*drawn, *(x / 1e9 for x in drawn)]
    found = run_script(f"console.log(JSON.stringify({json.dumps(stated)}.map(shown)));")
    told = [approximate(value).replace("-", "−") for value in stated]
    assert found == told
    assert told[:7] == ["0", "0.5", "0.313", "0.500", "0.333", "1.00", "1235"]


# --- expressions as JavaScript -----------------------------------------------------------------


def evaluated(expressions: list[Any], at: dict[str, float]) -> list[Any]:
    function = to_javascript(expressions, list(at))
    return list(run_script(f"console.log(JSON.stringify(({function})({list(at.values())})));"))


@needs_node
def test_names_that_javascript_reserves_do_no_harm() -> None:
    new, of, p = map(symbol, ("new", "function", "p"))
    found = evaluated([new / of + p, sympy.Max(new, of, p)], {"new": 3, "function": 2, "p": 1})
    assert found == [2.5, 3]


@needs_node
def test_pieces_steps_and_conditions() -> None:
    """ceil(1/0.1) is 10 although 1/0.1 might be taken for a little more."""
    x, y = symbol("x"), symbol("y")
    stated = [
        sympy.Piecewise((1 / x, x > 0), (y, True)),
        sympy.ceiling(1 / y),
        sympy.floor(sympy.log(8 * (x + 1)) / sympy.log(2)),
        sympy.And(x >= 0, sympy.Or(y < 0, y > 1)),
        sympy.Ne(x, y),
        sympy.Abs(x - y) ** sympy.Rational(1, 3),
    ]
    found = evaluated(stated, {"x": 0, "y": 0.1})
    assert found[:5] == [0.1, 10, 3, False, True]
    assert close(found[5], 0.1 ** (1 / 3))


@needs_node
@settings(max_examples=15, deadline=None)
@given(roots=st.lists(st.integers(1, 19), min_size=3, max_size=3, unique=True))
def test_roots_without_a_formula_are_found_by_bisection(roots: list[int]) -> None:
    """The rising root of (x - a)(x - b)(x - c) that comes first is its least."""
    x = sympy.Symbol("x")
    product = sympy.Poly(sympy.prod([x - sympy.Rational(r, 20) for r in roots]), x)
    coefficients = [repr(float(c)) for c in product.all_coeffs()]
    found = run_script(f"console.log(implicitRoot([{', '.join(coefficients)}], 0, 1));")
    assert close(found, min(roots) / 20)


@needs_node
def test_levels_without_a_formula() -> None:
    """F = a**2 - a/2 allows up to 1/2; the payoff a(1 - a) is greatest at 1/2, a at 1."""
    found = run_script(
        "console.log(JSON.stringify([highestLevel([[1, -0.5, 0]], [[1, 0], [1]]),"
        " peakLevel([[-1, 1, 0], [1]]), lowestLevel([[1, -0.75, 0.125]], [[1, 0], [1]])]));"
    )
    assert all(close(a, b) for a, b in zip(found, [0.5, 0.5, 0.25], strict=True))


def test_shared_parts_are_worked_out_once() -> None:
    x = symbol("x")
    root = sympy.sqrt(x + 1)
    assert to_javascript([root + x, root * x], ["x"]).count("Math.sqrt") == 1


# --- formulas ----------------------------------------------------------------------------------


def test_formulas_use_only_what_browsers_set() -> None:
    x, y = symbol("x"), symbol("b_x")
    stated = [
        sympy.Piecewise((x, sympy.And(x > y, x < 1)), (y, True)),
        sympy.Or(x >= y, sympy.And(x < 1, y > 2)),
        sympy.sqrt(x) / (y - 1) ** 2 - x * (y + 1),
        sympy.Max(x, sympy.ceiling(y)),
    ]
    for expression in stated:
        text = to_mathml(expression)
        assert "mfenced" not in text and "<mo><" not in text.replace("<mo></mo>", "")
        assert text.count("<m") == text.count("</m")


def test_a_sum_begins_with_what_is_added() -> None:
    difference = re.sub("<[^>]*>", "", to_mathml(symbol("T") - symbol("R") * (symbol("b") + 1)))
    assert difference == "T&#8722;R&InvisibleTimes;(b+1)"


# --- sliders -----------------------------------------------------------------------------------


def one_slider(interval: str, default: str) -> Slider:
    parameter = Parameter("a", "m", "u", Interval.parse(interval), exact(default), "chosen")
    (found,) = sliders(Domain((parameter,)), {"a": exact(default)})
    return found


@pytest.mark.parametrize(
    ("interval", "default", "low", "high"),
    [
        ("[0, 1]", "1/20", "0", "1"),
        ("(0, 1)", "9/10", "1/200", "199/200"),
        ("[0, oo)", "1/50", "0", "1/10"),
        ("(-oo, oo)", "5", "-5", "10"),
        ("integers [2, 50]", "7", "2", "50"),
    ],
)
def test_a_slider_stays_inside_the_interval(
    interval: str, default: str, low: str, high: str
) -> None:
    slider = one_slider(interval, default)
    assert (slider.low, slider.high) == (exact(low), exact(high))
    assert slider.low in slider.parameter.interval and slider.high in slider.parameter.interval
    assert ((slider.value - slider.low) / slider.step).is_Integer


def test_integers_move_by_one() -> None:
    assert one_slider("integers [2, 50]", "7").step == 1


# --- hostile text, and nothing fetched ---------------------------------------------------------

HOSTILE = "</script><script>hacked=1</script><img src=x onerror=hacked=1>\"'&\u2028"


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def elements(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Elements()
    parser.feed(text)
    return parser.found


def page_saying(text: str) -> Page:
    """The page of a game in which everything that a file words freely is this text."""
    trust = game("trust")
    assert isinstance(trust, Repeated)
    info = replace(trust.header.info, title=text, description=text, source=text)
    p, *rest = trust.header.domain.parameters
    p = replace(p, meaning=text, unit=text)
    domain = replace(trust.header.domain, parameters=(p, *rest))
    page = game_page(replace(trust, header=replace(trust.header, info=info, domain=domain)))
    assert page.block is not None
    first = replace(page.block.equilibria[0], name=text, note=text, concept=text)
    return replace(page, block=replace(page.block, equilibria=(first, *page.block.equilibria[1:])))


def test_hostile_text_makes_no_element() -> None:
    here, safe = elements(render(page_saying(HOSTILE))), elements(render(page_saying("plain")))
    assert [tag for tag, _ in here].count("script") == 3
    assert not [tag for tag, _ in here if tag == "img"]
    assert len(here) == len(safe)
    assert not [name for _, given in here for name in given if name.startswith("on")]


@given(st.text())
def test_data_cannot_end_its_element(text: str) -> None:
    shown = safe_json({"text": text})
    assert not set("<>&\u2028\u2029") & set(shown)
    assert json.loads(shown) == {"text": text}


@pytest.mark.parametrize("kind", ["game", "case"])
def test_nothing_is_fetched(kind: str, cases: Mapping[str, Case]) -> None:
    page = game_page(game("relation")) if kind == "game" else case_page(cases["sialkot"])
    text = render(page)
    for tag, given_ in elements(text):
        assert tag not in ("link", "img", "iframe", "object", "embed", "base"), tag
        assert "src" not in given_
        assert (given_.get("href") or "#").startswith("#")
    assert "@import" not in text and "url(" not in asset("page.css")
    assert "fetch(" not in asset("view.js") and "default-src 'none'" in text


# --- the command -------------------------------------------------------------------------------


def explore(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["explore", *arguments])


def test_the_command_writes_a_page_where_sliders_start_as_set(tmp_path: Path) -> None:
    output = tmp_path / "trust.html"
    assert explore("trust", "--set", "h=1/4", "-o", str(output)).exit_code == 0
    inputs = [given_ for tag, given_ in elements(output.read_text("utf-8")) if tag == "input"]
    assert {i["value"] for i in inputs if i["id"] in ("slider-h", "box-h")} == {"0.25"}


def test_a_wrong_value_or_name_is_refused(tmp_path: Path) -> None:
    output = str(tmp_path / "page.html")
    for arguments in (["trust", "--set", "h=2"], ["trust", "--set", "zz=1"], ["nowhere"]):
        result = explore(*arguments, "-o", output)
        assert result.exit_code == 2 and "Traceback" not in result.output
    assert not Path(output).exists()


def test_every_input_has_a_name_for_those_who_do_not_see_it() -> None:
    found = elements(render(game_page(game("relation"))))
    labelled = {given_["for"] for tag, given_ in found if tag == "label" and "for" in given_}
    ids = {given_["id"] for _, given_ in found if "id" in given_}
    for tag, given_ in found:
        if tag == "input":
            assert given_["id"] in labelled or given_.get("aria-label")
            assert set((given_["aria-describedby"] or "").split()) <= ids


def test_a_game_without_outcomes_has_payoffs_to_choose() -> None:
    """Nothing is named in [outcomes]: a slider moves each player's payoff."""
    tiles = catalogue.load_game(str(Path(__file__).parent / "unseen" / "tiles.toml"))
    shown = render(game_page(tiles))
    for player in ("tile_firm", "supplier"):
        assert f'value="payoff_{player}"' in shown


def test_a_gallery_links_a_page_of_each_and_escapes_what_games_say(tmp_path: Path) -> None:
    """The catalogue's own words are text there, and nothing on the page runs or is fetched."""
    hostile = tmp_path / "hostile.toml"
    source = catalogue.files("catalogue")["hawk_dove"].read_text(encoding="utf-8")
    title = next(line for line in source.splitlines() if line.startswith("title"))
    hostile.write_text(source.replace(title, "title = \"<script>alert('x')</script>\""))
    result = CliRunner().invoke(
        main, ["gallery", "-o", str(tmp_path / "site"), "trust", str(hostile), "trust"]
    )
    assert result.exit_code == 0, result.output
    contents = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]+)"', contents)
    assert links == ["trust.html", "hostile.html"]
    assert all((tmp_path / "site" / link).is_file() for link in links)
    assert "<script" not in contents and "&lt;script&gt;" in contents
    assert "default-src 'none'" in contents
    again = CliRunner().invoke(main, ["gallery", "-o", str(tmp_path / "no" / "site"), "trust"])
    assert again.exit_code == 2 and "name one in a folder that exists" in again.output
