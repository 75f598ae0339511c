"""Options of the test run, and the cases that many tests look at, read once."""

from __future__ import annotations

import gc
import os

# Read when SymPy is imported: with room for more than a thousand expressions a run of many games
# takes a tenth less.
os.environ.setdefault("SYMPY_CACHE_SIZE", "20000")

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import settings

from coopgame import catalogue
from coopgame.cache import Store, kept
from coopgame.clusters.case import Case
from tests.words import told

# How long an example takes depends on what else the machine does; no test measures time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def answers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Store]:
    """Games solved once a run, whichever test asks first: one store for all workers."""
    own = tmp_path_factory.getbasetemp()
    store = Store((own if worker_id == "master" else own.parent) / "answers")
    patch = pytest.MonkeyPatch()
    patch.delenv("COLUMNS", raising=False)  # the width of the reader's terminal
    patch.setattr(Store, "of_user", classmethod(lambda cls: store))
    with kept(store):
        yield store
    patch.undo()


# Tests that took longer than `LONG` seconds of processor time when they were last measured: they
# are marked slow, so that `pytest` alone is over soon. `pytest --measure`, in one process, writes
# them.
MEASURED = Path(__file__).parent / "slow.txt"
LONG = 0.8
TAKEN = pytest.StashKey[dict[str, float]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--refresh-examples",
        action="store_true",
        help="write what the commands in README and docs print now into the pages",
    )
    parser.addoption(
        "--measure",
        action="store_true",
        help=f"write which of the tests that run are slow into {MEASURED.name}",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TAKEN] = defaultdict(float)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is on the list; first, so that `-m` sees it."""
    measured = frozenset(MEASURED.read_text(encoding="utf-8").splitlines())
    for item in items:
        if item.nodeid in measured:
            item.add_marker("slow")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Add up what a test takes, with all that is set up for it and the processes it starts."""
    before = sum(os.times()[:4])
    found = yield
    item.config.stash[TAKEN][item.nodeid] += sum(os.times()[:4]) - before
    return found


def pytest_sessionfinish(session: pytest.Session) -> None:
    gc.freeze()  # pytest ends with five searches for cycles among millions of expressions
    if not session.config.getoption("--measure"):
        return
    if hasattr(session.config, "workerinput") or session.config.getoption("numprocesses", None):
        raise pytest.UsageError("--measure is for one process: leave -n out")
    taken = session.config.stash[TAKEN]
    listed = set(MEASURED.read_text(encoding="utf-8").splitlines())
    slow = listed - set(taken) | {name for name, seconds in taken.items() if seconds > LONG}
    MEASURED.write_text("".join(f"{name}\n" for name in sorted(slow)), encoding="utf-8")


@pytest.fixture(scope="session", autouse=True)
def words() -> Iterator[None]:
    """Whatever a command prints in any test is held to the words that are gone."""
    invoke = CliRunner.invoke

    def heard(self: CliRunner, *given: Any, **named: Any) -> Any:
        result = invoke(self, *given, **named)
        gone = told(result.output)
        assert not gone, f"words that are gone: {gone} in\n{result.output}"
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CliRunner, "invoke", heard)
        yield


@pytest.fixture(scope="session")
def cases() -> Mapping[str, Case]:
    """Every case of `games/cases`, by name."""
    names = catalogue.files("cases")
    return dict(zip(names, catalogue.load_cases(names), strict=True))
