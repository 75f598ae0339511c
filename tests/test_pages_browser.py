"""Pages opened from disk in a browser without a network, moved and looked at as a reader would."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sympy import Rational

from coopgame import catalogue
from coopgame.clusters.case import Case
from coopgame.clusters.classify import classify
from coopgame.errors import InputError
from coopgame.language.deciding import number
from coopgame.pages.cases import case_page
from coopgame.pages.gallery import gallery
from coopgame.pages.games import game_page
from coopgame.pages.page import Page
from coopgame.pages.render import render
from coopgame.pictures.words import readable
from coopgame.solution import Solution

selenium = pytest.importorskip("selenium", reason="Selenium is not installed")
CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")
if not (CHROMIUM and CHROMEDRIVER):
    pytest.skip("Chromium and its driver are not installed", allow_module_level=True)
pytestmark = pytest.mark.slow  # what needs a browser

STARTERS = sorted((Path(__file__).parents[1] / "games" / "starters").glob("*.toml"))
POINTS = 200
TOLERANCE = 1e-9
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=1280,1000",
)  # fmt: skip

# Moves every slider by the steps given and reads every number shown, position by position.
MOVE = """
const [moves] = arguments;
return moves.map((move) => {
  for (const [name, share] of Object.entries(move)) {
    const slider = document.getElementById(`slider-${name}`);
    const [low, high] = [Number(slider.min), Number(slider.max)];
    slider.value = String(low + share * (high - low));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const values = Object.fromEntries([...document.querySelectorAll("[id^=slider-]")].map(
    (slider) => [slider.id.slice(7), slider.value]));
  const shown = {};
  for (const element of document.querySelectorAll("data[data-slot]")) {
    shown[`${element.dataset.block} ${element.dataset.slot}`] = element.value;
  }
  const holding = [...document.querySelectorAll(".equilibrium.holds")].map((e) => e.dataset.label);
  return { values, shown, holding, status: document.getElementById("status").textContent };
});
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))
    driver.execute_cdp_cmd("Network.enable", {})
    offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def solutions() -> Mapping[str, Solution]:
    found = {name: catalogue.load_game(name).solve() for name in ("relation", "trust")}
    return {name: replace(solution, game=None) for name, solution in found.items()}


@pytest.fixture(scope="module")
def pages(cases: Mapping[str, Case]) -> Mapping[str, Page]:
    games = {name: game_page(catalogue.load_game(name)) for name in ("relation", "trust")}
    return {**games, "criciuma": case_page(cases["criciuma"])}


NAMES = ("relation", "trust", "criciuma")


def open_page(browser: Any, folder: Path, name: str, page: Page, fragment: str = "") -> None:
    path = folder / f"{name}.html"
    if not path.exists():
        path.write_text(render(page), encoding="utf-8")
    browser.get("about:blank")
    browser.get(f"{path.as_uri()}{fragment}")


def status(browser: Any) -> str:
    return str(browser.execute_script("return document.getElementById('status').textContent"))


def put(browser: Any, name: str, value: str) -> None:
    """Move a slider to a value, as dragging it does."""
    script = """const slider = document.getElementById(`slider-${arguments[0]}`);
    slider.value = arguments[1]; slider.dispatchEvent(new Event("input", { bubbles: true }));"""
    browser.execute_script(script, name, value)


def shares(page: Page, count: int) -> list[dict[str, float]]:
    """Random places of every slider, from 0 to 1; the payoffs of a dilemma in their order."""
    drawn = random.Random(7)
    found = [{s.parameter.name: drawn.random() for s in page.sliders} for _ in range(count)]
    for place in found:
        if "T" in place:
            payoffs = sorted((place[name] for name in "TRPS"), reverse=True)
            place.update(zip("TRPS", payoffs, strict=True))
    return found


def close(one: str, other: Any) -> bool:
    return abs(float(one) - other) <= TOLERANCE * max(1.0, abs(other))


@pytest.mark.parametrize("name", NAMES)
def test_the_page_opens_from_disk_without_a_network_or_an_error(
    browser: Any, folder: Path, pages: Mapping[str, Page], name: str
) -> None:
    browser.get_log("browser")
    open_page(browser, folder, name, pages[name])
    browser.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0], 50))")
    assert browser.find_elements("css selector", ".uplot canvas")
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert browser.get_log("browser") == []
    assert "now" in status(browser)


def test_past_the_threshold_of_the_hazard_the_level_is_zero(
    browser: Any, folder: Path, pages: Mapping[str, Page], solutions: Mapping[str, Solution]
) -> None:
    open_page(browser, folder, "relation", pages["relation"])
    defaults = solutions["relation"].domain.defaults
    critical = (
        solutions["relation"]
        .threshold("h")
        .subs({p.symbol: defaults[p.name] for p in solutions["relation"].domain.parameters})
    )
    step = Rational(1, 200)
    below = (critical / step) // 1 * step
    put(browser, "h", str(float(below)))
    assert status(browser) == "Equilibria now: constrained"
    put(browser, "h", str(float(below + step)))
    assert status(browser) == "Equilibria now: none"
    shown = browser.execute_script(
        "return document.querySelector('.equilibrium.holds td data[data-slot]').value"
    )
    assert float(shown) == 0


def test_the_status_of_a_case_tells_its_most_likely_type(
    browser: Any, folder: Path, pages: Mapping[str, Page]
) -> None:
    """Where a phase opens, which is the last one first, the page says what `classify` does."""
    open_page(browser, folder, "criciuma", pages["criciuma"])
    before, after = (f"Most likely type of cluster now: {phase.type}"
                     for phase in classify(catalogue.load_case("criciuma")).phases)  # fmt: skip
    assert status(browser) == after
    for button, expected in zip(
        browser.find_elements("css selector", "[data-preset]"), (before, after), strict=True
    ):
        browser.execute_script(MOVE, [{"p": 1}])
        button.click()
        assert status(browser) == expected


@pytest.mark.parametrize("name", ["relation", "trust"])
def test_numbers_on_the_page_are_those_of_python(
    browser: Any,
    folder: Path,
    pages: Mapping[str, Page],
    solutions: Mapping[str, Solution],
    name: str,
) -> None:
    page, solution = pages[name], solutions[name]
    assert page.block is not None
    open_page(browser, folder, name, page)
    for found in browser.execute_script(MOVE, shares(page, POINTS)):
        try:
            exactly = solution.at(**found["values"])
        except InputError:
            assert found["holding"] == []
            continue
        here = {readable(branch.name): branch for branch in exactly.branches}
        assert set(found["holding"]) == set(here)
        for each in page.block.equilibria:
            for quantity in each.outcomes if each.name in here else ():
                expected = number(here[each.name].outcomes[quantity.name])
                assert close(found["shown"][f"game {quantity.slot}"], expected)


@pytest.mark.parametrize("name", NAMES)
def test_the_link_restores_the_sliders(
    browser: Any, folder: Path, pages: Mapping[str, Page], name: str
) -> None:
    open_page(browser, folder, name, pages[name])
    (moved,) = browser.execute_script(MOVE, shares(pages[name], 1))
    link = browser.execute_script("return document.getElementById('link').getAttribute('href')")
    open_page(browser, folder, name, pages[name], link)
    (again,) = browser.execute_script(MOVE, [{}])
    assert again == moved


def test_a_link_with_nonsense_leaves_the_defaults(
    browser: Any, folder: Path, pages: Mapping[str, Page]
) -> None:
    open_page(browser, folder, "trust", pages["trust"], "#h=7&T=x&delta=&zz=1&_along=zz")
    (found,) = browser.execute_script(MOVE, [{}])
    assert (found["values"]["h"], found["values"]["T"]) == ("0", "5")


def test_the_keyboard_moves_a_slider(browser: Any, folder: Path, pages: Mapping[str, Page]) -> None:
    from selenium.webdriver.common.keys import Keys

    open_page(browser, folder, "trust", pages["trust"])
    slider = browser.find_element("id", "slider-delta")
    slider.send_keys(Keys.HOME)
    assert browser.find_element("id", "box-delta").get_attribute("value") == "0.005"
    assert status(browser) == "Equilibria now: always defect"
    slider.send_keys(Keys.ARROW_RIGHT)
    assert browser.find_element("id", "box-delta").get_attribute("value") == "0.01"


def test_a_box_takes_what_lies_in_the_interval_and_refuses_the_rest(
    browser: Any, folder: Path, pages: Mapping[str, Page]
) -> None:
    open_page(browser, folder, "trust", pages["trust"])
    box = browser.find_element("id", "box-h")
    box.clear()
    box.send_keys("2")
    assert browser.find_element("id", "fault-h").text == "outside [0, 1)"
    box.clear()
    box.send_keys("0.999")
    assert browser.find_element("id", "fault-h").text == ""
    assert status(browser) == "Equilibria now: always defect"


def test_a_title_with_a_script_is_shown_and_does_not_run(
    browser: Any, folder: Path, pages: Mapping[str, Page]
) -> None:
    hostile = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
    page = replace(pages["trust"], title=hostile, description=hostile, origin=hostile)
    open_page(browser, folder, "hostile", page)
    assert browser.execute_script("return window.hacked") is None
    assert browser.find_element("css selector", "h1").text == hostile
    assert status(browser).startswith("Equilibria now: always defect")


@pytest.mark.parametrize("name", NAMES)
def test_a_phone_shows_the_page_without_scrolling_sideways(
    browser: Any, folder: Path, pages: Mapping[str, Page], name: str
) -> None:
    phone = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        open_page(browser, folder, name, pages[name])
        browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        width = browser.execute_script("return document.documentElement.scrollWidth")
        assert width <= 360
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gallery of the whole catalogue, and of the files that `coopgame new` writes."""
    names = [*catalogue.files("catalogue"), *map(str, STARTERS)]
    folder = tmp_path_factory.mktemp("gallery") / "site"
    loaded: list[Any] = [catalogue.load_game(name) for name in names]
    games = [
        renamed(g) if name in map(str, STARTERS) else g
        for name, g in zip(names, loaded, strict=True)
    ]
    gallery(games, folder, lambda done, whole: None)
    return folder


def renamed(game: Any) -> Any:
    """A name of its own for its page: a starter may be called as a game of the catalogue is."""
    info = replace(game.header.info, name=f"starter-{game.header.info.name}")
    return replace(game, header=replace(game.header, info=info))


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_of_the_gallery_opens_at_any_width_without_an_error(
    browser: Any, site: Path, width: int
) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        for path in sorted(site.glob("*.html")):
            browser.get_log("browser")
            browser.get(path.as_uri())
            browser.execute_async_script(
                "requestAnimationFrame(() => setTimeout(arguments[0], 50))"
            )
            assert browser.get_log("browser") == [], path.name
            wide = browser.execute_script("return document.documentElement.scrollWidth")
            assert wide <= width, path.name
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
