"""What a file says about itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Info:
    """Name, title and source of what a file holds; `digest` identifies its exact text."""

    name: str
    title: str
    description: str
    source: str
    digest: str = ""
