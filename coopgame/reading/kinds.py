"""The kinds of files, and how the keys of one tell of which kind it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from coopgame.errors import InputError
from coopgame.reading.foreign import START, refuse
from coopgame.reading.section import Section, read_toml


@dataclass(frozen=True)
class FileKind:
    """What a file of a kind is called, what to type for one of them, and its telling keys."""

    called: str
    usage: str
    keys: Collection[str] = ()
    article: str = "a "

    @property
    def verb(self) -> str:
        return "are" if self.called.split()[0].endswith("s") else "is"


# A file is of the first kind one of whose keys it has, and a game where it has none of them.
KINDS = {
    "catalogue": FileKind("game", "coopgame solve {}", ("form",)),
    "cases": FileKind("case", "coopgame study {}", ("phases",)),
    "evidence": FileKind("evidence", "coopgame evidence {}", ("treatments",), ""),
    "claims": FileKind("claims", "coopgame claims {}", ("claims",), "a file of "),
    "types": FileKind("types of cluster", "coopgame check {}", ("types",), "a file of "),
    "codebook": FileKind("codebook", "coopgame show {}", ("questions",)),
    "rules": FileKind("rules", "--rules {}", ("hazard", "events", "regimes"), "a file of macro "),
}
# A file without `format` that has one of these is one of ours with a fault.
MARKS = {"title", "parameters", "players", "payoffs"}.union(*(kind.keys for kind in KINDS.values()))
NFG = ".nfg"


def kind_of(section: Section) -> str:
    """The kind of file that a top section belongs to, by its keys; a game where none tells."""
    return next(
        (name for name, kind in KINDS.items() if any(key in section for key in kind.keys)),
        "catalogue",
    )


def is_nfg(path: Path) -> bool:
    """Whether a file is one of Gambit's, by its ending in letters of either case."""
    return path.suffix.lower() == NFG


def read_top(path: Path) -> tuple[Section, str]:
    """The top section of a file, which must have something of ours in it, and its digest."""
    section, digest = read_toml(path)
    if "format" not in section and not any(key in section for key in MARKS):
        raise refuse(path, "is TOML, but nothing of ours: it has no `format = 1`", START)
    return section, digest


def opened(path: Path, kind: str) -> tuple[Section, str, str]:
    """The top section of a file of a kind, the file's name and its digest.

    Refused where by its keys it is of another kind; without any that tells, it is a faulty file.
    """
    section, digest = read_top(path)
    found = kind_of(section)
    if found != kind and (found != "catalogue" or "form" in section):
        raise of_another_kind(str(path), found)
    return section, path.stem, digest


def of_another_kind(name: str, found: str) -> InputError:
    """That a name or file is of another kind than is wanted here, and what to type for it.

    >>> print(of_another_kind("criciuma", "cases"))
    criciuma is a case: coopgame study criciuma
    """
    kind = KINDS[found]
    return InputError(f"{name} is {kind.article}{kind.called}: {kind.usage.format(name)}")
