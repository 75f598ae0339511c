"""The formats that a report is shown in, by name and by the ending of a file; writing files.

A format is a row here and a module with its function, which loads when it is asked for. Each takes
the same `Report`: headings, paragraphs, tables, formulas and figures.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from coopgame.errors import InputError, MissingExtra, brief
from coopgame.reading.folders import is_folder

if TYPE_CHECKING:
    from coopgame.report.tables import Report


@dataclass(frozen=True)
class Format:
    """The ending of its files, and the module and function that turn a report into its content.

    A document holds figures and a table of its symbols. `piece` is the function for the bare piece
    (`--fragment`), `beside` that for the files which a document takes in; binary formats are bytes.
    `needs` names a library that not everybody has: its module, its name, and what installs it.
    """

    ending: str
    module: str
    function: str = "render"
    is_document: bool = False
    is_binary: bool = False
    piece: str = ""
    beside: str = ""
    needs: tuple[str, ...] = ()


FORMATS = {
    "text": Format(".txt", "coopgame.report.text"),
    "json": Format(".json", "coopgame.report.data", "to_json"),
    "csv": Format(".csv", "coopgame.report.data", "to_csv"),
    "markdown": Format(".md", "coopgame.report.markdown"),
    "latex": Format(
        ".tex", "coopgame.report.latex", is_document=True, piece="fragment", beside="beside"
    ),
    "html": Format(".html", "coopgame.report.html", is_document=True, piece="fragment"),
    "pdf": Format(
        ".pdf", "coopgame.report.pdf", is_document=True, is_binary=True,
        needs=("typst", "Typst", "typst"),
    ),
    "docx": Format(
        ".docx", "coopgame.report.docx", is_document=True, is_binary=True,
        needs=("docx", "python-docx", "python-docx"),
    ),
    "xlsx": Format(
        ".xlsx", "coopgame.report.xlsx", is_binary=True,
        needs=("openpyxl", "openpyxl", "openpyxl"),
    ),
}  # fmt: skip
ENDINGS = {each.ending: name for name, each in FORMATS.items()}


def rendered(report: Report, shape: str, piece: bool = False, **options: Any) -> str | bytes:
    """The report in one of the FORMATS, whole or as a bare piece.

    `options` are those of the function behind it. Raises InputError for a format that has no bare
    piece.
    """
    from coopgame.report.documents import whole

    if piece:
        check_piece(shape)
    chosen = FORMATS[shape]
    told = whole(report) if chosen.is_document and not piece else report
    function = _function(chosen, chosen.piece if piece else chosen.function)
    content = function(told, **options)
    return content if isinstance(content, bytes) else str(content)


def files(
    report: Report, shape: str, path: Path, piece: bool = False
) -> Mapping[Path, str | bytes]:
    """The contents of all files that a report in a format makes, first the one asked for."""
    chosen = FORMATS[shape]
    if piece or not chosen.beside:
        return {path: rendered(report, shape, piece)}
    content = rendered(report, shape, stem=path.stem)
    taken = _function(chosen, chosen.beside)(report, path.stem)
    return {path: content, **{path.with_name(name): data for name, data in taken.items()}}


def _function(chosen: Format, name: str) -> Any:
    return resolve_name(f"{chosen.module}:{name}")


def shape_of(shape: str | None, output: Path | None, others: Iterable[str] = ()) -> str:
    """The format asked for: in so many words, or by the ending of a file; text where it has none.

    Raises InputError for an ending that stands for no format, for bytes that would go to the
    terminal, and for a format that its file's ending belies (`others` are further endings to name);
    MissingExtra where the library behind the format is not installed.
    """
    ending = output.suffix.lower() if output is not None else ""
    if shape is None and ending:
        check_ending(output, (*ENDINGS, *others))
    chosen = shape or ENDINGS.get(ending, "text")
    if chosen not in FORMATS:
        return chosen
    told = FORMATS[chosen]
    if told.is_binary and output is None:
        raise InputError(f"{chosen} is not for the terminal", f"add -o FILE{told.ending}")
    binary = [each for each in FORMATS.values() if each.is_binary]
    if ending != told.ending and (told.is_binary or ending in {each.ending for each in binary}):
        mend = f"leave out --format, or end the file in {told.ending}"
        raise InputError(f"{output} would hold {chosen}", mend)
    if told.needs and find_spec(told.needs[0]) is None:
        raise MissingExtra(told.needs[1], told.needs[2])
    return chosen


def check_piece(shape: str) -> None:
    """Refuse a bare piece of a format that has none."""
    if not FORMATS[shape].piece:
        known = " or ".join(name for name, each in FORMATS.items() if each.piece)
        raise InputError(f"{shape} has no fragment", f"--fragment goes with --format {known}")


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
    if not is_folder(target.parent):
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
