"""Options of the test run, and the cases that many tests look at, read once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import settings

from coopgame import catalogue
from coopgame.cache import Store, kept
from coopgame.clusters.case import Case

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--refresh-examples",
        action="store_true",
        help="write what the commands in README and docs print now into the pages",
    )


@pytest.fixture(scope="session")
def cases() -> Mapping[str, Case]:
    """Every case of `games/cases`, by name."""
    names = catalogue.files("cases")
    return dict(zip(names, catalogue.load_cases(names), strict=True))
