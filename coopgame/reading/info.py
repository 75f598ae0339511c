"""What a file says about itself."""

from __future__ import annotations

from dataclasses import dataclass, field

VERSION = "0.1.0"


@dataclass(frozen=True)
class Info:
    """Name, title and source of what a file holds; `digest` identifies its exact text.

    A file under another name states the same: neither its name counts where two are compared, nor
    its title, which is the name where the text gives none.
    """

    name: str = field(compare=False)
    title: str = field(compare=False)
    description: str
    source: str
    digest: str = ""
