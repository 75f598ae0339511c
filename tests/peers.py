"""Programs that answers are compared with; a test that asks one that is missing is skipped."""

from __future__ import annotations

from typing import Any

import pytest


class Peer:
    """A module that is imported, or else the test skipped, when something of it is asked for."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") and name != "__file__":  # pytest looks whether this is a test
            raise AttributeError(name)
        return getattr(pytest.importorskip(self._module), name)


pygambit = Peer("pygambit")
