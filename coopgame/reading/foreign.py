"""Files of other programs: told by their first bytes or their ending, with what to do instead."""

from __future__ import annotations

import json
import re
from pathlib import Path

from coopgame.errors import Fault, InputError

START = "`coopgame new normal -o FILE.toml` writes a game file to start from"
GAMBIT = 'convert it with Gambit: pygambit.read_efg("FILE.efg").to_nfg(), saved as FILE.nfg'
SAVE = "save it as UTF-8 text"

SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xd0\xcf\x11\xe0", "a file of an old Office program"),
    (b"\x1f\x8b", "a file packed by gzip"),
    (b"PAR1", "a table in Parquet"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
)
ZIPPED = {
    ".xlsx": "an Excel workbook",
    ".ods": "a spreadsheet",
    ".docx": "a Word document",
    ".odt": "a text document",
}
ENDINGS = {
    ".json": "JSON",
    ".ipynb": "a notebook",
    ".csv": "a table in CSV",
    ".tsv": "a table in CSV",
    ".yaml": "YAML",
    ".yml": "YAML",
    ".py": "a Python program",
    ".r": "an R program",
    ".tex": "LaTeX",
    ".md": "Markdown",
    ".txt": "plain text",
    ".html": "a web page",
    ".xml": "XML",
    ".gbt": "a workbook of Gambit",
    ".agg": "an action-graph game of Gambit",
    ".bagg": "an action-graph game of Gambit",
}
OPENINGS = (
    (r"<!doctype html|<html", "a web page"),
    (r"<\?xml|<gambit", "XML"),
    (r"\\documentclass", "LaTeX"),
    (r"---\s*\n|[A-Za-z_][\w ]*:(\s|$)", "YAML"),
    (r"(#!.*python|from \w+(\.\w+)* import |import \w+|def \w+\()", "a Python program"),
    (r"[^\n\"=\[]*,[^\n=]*\n[^\n\"=\[]*,", "a table in CSV"),
)


class UnreadableFile(InputError):
    """There is nothing to find faults in: no such file, or one that belongs to another program."""


def refuse(path: Path, what: str, mend: str) -> UnreadableFile:
    """The refusal of a file, with what it is and what to do instead."""
    return UnreadableFile([Fault("", f"{path} {what}", mend)])


def check_bytes(path: Path, raw: bytes) -> None:
    """Refuse what its first bytes show to be no text, or the text of another program."""
    if not raw.strip():
        raise refuse(path, "is empty", START)
    for opening, what in SIGNATURES:
        if raw.startswith(opening):
            raise refuse(path, f"is {what}, not a game file", START)
    if raw.startswith(b"PK\x03\x04"):
        what = ZIPPED.get(path.suffix.lower(), "a ZIP archive")
        raise refuse(path, f"is {what}, not a game file", START)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse(path, "is text in UTF-16", SAVE)
    if b"\x00" in raw:
        raise refuse(path, "is a binary file, not a game file", START)
    if re.match(rb"(\xef\xbb\xbf)?\s*EFG\s", raw):
        problem = "is a Gambit file of a game in extensive form (EFG), which is not read yet"
        raise refuse(path, problem, GAMBIT)


def check_text(path: Path, text: str) -> None:
    """Refuse a text that is not TOML and can be told to be something else."""
    if re.match(r"\s*NFG\s", text):
        problem = "is a Gambit file of a game in normal form (NFG)"
        raise refuse(path, problem, "let its name end in .nfg; `coopgame solve` takes it")
    what = _as_json(text) or ENDINGS.get(path.suffix.lower()) or _by_opening(text)
    if what is not None:
        raise refuse(path, f"is {what}, not a game file in TOML", START)


def _as_json(text: str) -> str | None:
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return "a notebook" if isinstance(found, dict) and "nbformat" in found else "JSON"


def _by_opening(text: str) -> str | None:
    """What the first line that is no comment says."""
    bare = re.sub(r"\A(\s*#(?!!)[^\n]*\n|\s+)*", "", text)
    for pattern, what in OPENINGS:
        if re.match(pattern, bare, re.IGNORECASE):
            return what
    return None
