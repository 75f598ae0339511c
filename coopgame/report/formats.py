"""The formats that a report is shown in, by name and by the ending of a file; writing files.

A format is a row here and a module with its function, which loads when it is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgame.errors import InputError, brief

if TYPE_CHECKING:
    from coopgame.report.tables import Report


@dataclass(frozen=True)
class Format:
    """The ending of its files, and the module and function that turn a report into its text."""

    ending: str
    module: str
    function: str = "render"


FORMATS = {
    "text": Format(".txt", "coopgame.report.text"),
    "json": Format(".json", "coopgame.report.data", "to_json"),
    "csv": Format(".csv", "coopgame.report.data", "to_csv"),
    "markdown": Format(".md", "coopgame.report.markdown"),
    "latex": Format(".tex", "coopgame.report.latex"),
    "html": Format(".html", "coopgame.report.html"),
}
ENDINGS = {each.ending: name for name, each in FORMATS.items()}


def rendered(report: Report, shape: str, **options: Any) -> str:
    """The report in one of the FORMATS; `options` are those of the function behind it."""
    chosen = FORMATS[shape]
    return str(getattr(import_module(chosen.module), chosen.function)(report, **options))


def shape_of(shape: str | None, output: Path | None, others: Iterable[str] = ()) -> str:
    """The format asked for: in so many words, or by the ending of a file; text where it has none.

    Raises InputError for an ending that stands for no format; `others` are further ones to name.
    """
    if shape is not None or output is None or not output.suffix:
        return shape or "text"
    check_ending(output, (*ENDINGS, *others))
    return ENDINGS.get(output.suffix.lower(), "text")


def check_ending(output: Path | None, known: Iterable[str]) -> None:
    """Refuse a file whose ending, if it has one, is none of those known, in letters of any case."""
    if output is not None and output.suffix and output.suffix.lower() not in known:
        mend = f"end it in {', '.join(known)}"
        raise InputError(f"{output}: unknown ending {output.suffix}", mend)


def as_path(path: Any) -> Path:
    """The path that a text or a path stands for."""
    if not isinstance(path, str | Path) or not str(path):
        raise InputError(f"{brief(path)} is no path of a file", 'as in "answer.csv"')
    return Path(path)


def write(path: Path, content: str | bytes) -> None:
    """Write a whole file or nothing, text as UTF-8: aside first, then renamed into place.

    A link is followed; a device or a pipe is written to as it stands.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        target = path.resolve()
        aside = target.with_name(f".{target.name}.{os.getpid()}")
    except (OSError, ValueError) as error:
        raise InputError(f"cannot write {str(path)!r}: {error}", "choose another FILE") from None
    if not target.parent.is_dir():
        raise InputError(f"folder {path.parent} does not exist", "create it first")
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        aside.write_bytes(data)
        os.replace(aside, target)  # noqa: PTH105
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            aside.unlink()
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot write {path}: {reason}", "choose another -o FILE") from None
