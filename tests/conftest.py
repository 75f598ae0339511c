"""Options of the test run, and the cases that many tests look at, read once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import settings

from coopgame import catalogue
from coopgame.clusters.case import Case

# How long an example takes depends on what else the machine does; no test measures time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


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
