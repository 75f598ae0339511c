r"""Reports as LaTeX: a whole document, or a fragment for `\input` in a paper or on a slide."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

import sympy

from coopgame.report.equations import aligned, escape
from coopgame.report.fitting import cell_width
from coopgame.report.tables import (
    Cell,
    Display,
    Facts,
    Figure,
    Part,
    Remarks,
    Report,
    ReportPart,
    Table,
)
from coopgame.report.tabular import cell as written
from coopgame.report.tabular import floating, said, table

# In units of the type size: what a line of a display holds with what is said beside it.
LINE = 32.0
LONG_LABEL = 18
PREAMBLE = r"""\documentclass[a4paper]{article}
\usepackage{iftex}
\ifPDFTeX\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{lmodern}\fi
\usepackage[margin=28mm]{geometry}
\usepackage{amsmath,amssymb,array,booktabs,graphicx,longtable}
"""
BEGIN = r"""
\setlength{\emergencystretch}{3em}
\begin{document}
"""


@dataclass(frozen=True)
class _Setting:
    """What the writing of a part depends on: the quantities, whether tables float, and figures.

    `stem` is how the files of figures and the labels of floats begin.
    """

    names: frozenset[str]
    is_whole: bool
    stem: str


def render(report: Report, stem: str = "") -> str:
    r"""The report as a document that compiles as it stands.

    With a `stem`, its figures are the files STEM-1.pdf and so on beside it (`beside`).
    """
    setting = _Setting(report.quantities, True, stem)
    title = said(report.title, setting.names)
    body = "\n\n".join([*_body(report, setting), *_end(report, setting)])
    drawn = "\\usepackage{tikz}\n" if any(f.tikz for f in report.figures) else ""
    head = f"% {report.origin}\n{PREAMBLE}{drawn}{_unknown(body + title)}"
    top = f"\\title{{{title}}}\n\\author{{}}\n\\date{{}}\n{BEGIN}\\maketitle\n"
    return f"{head}{top}\n{body}\n\n\\end{{document}}\n"


def fragment(report: Report) -> str:
    r"""The report, or of a report that begins with a table that table, without a preamble.

    It needs the packages `amsmath`, `array` and `booktabs`; tables do not float, so that a caption
    and a label can be given where it is put.
    """
    setting = _Setting(report.quantities, False, "")
    lead = replace(report, sections=_lead(report.sections))
    blocks = ["% needs \\usepackage{amsmath,array,booktabs}", f"% {_one_line(report.title)}"]
    blocks += _body(lead, setting)
    blocks += [said(f"Note: {note}", setting.names) for note in report.notes]
    if report.origin:
        blocks.append(f"% {_one_line(report.origin)}")
    return "\n\n".join(block for block in blocks if block) + "\n"


def beside(report: Report, stem: str) -> Mapping[str, bytes]:
    """The files that the document made with this stem takes in, by name."""
    files = (f for f in report.figures if not f.tikz)
    return {f"{stem}-{i}.pdf": figure.draw("pdf") for i, figure in enumerate(files, start=1)}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lead(sections: tuple[ReportPart, ...]) -> tuple[ReportPart, ...]:
    """The sections before the first heading if there is a table among them, else all."""
    opening = []
    for section in sections:
        if section.title:
            break
        opening.append(section)
    has_table = any(isinstance(part, Table) for section in opening for part in section.parts)
    return tuple(opening) if has_table else sections


def _unknown(text: str) -> str:
    """Characters that pdfTeX's fonts lack, by their numbers; other engines know them."""
    strange = sorted({mark for mark in text if ord(mark) > 0x17F and mark not in "‘’“”–—…€"})
    lines = [f"\\DeclareUnicodeCharacter{{{ord(m):04X}}}{{[U+{ord(m):04X}]}}" for m in strange]
    return "\n".join([r"\ifPDFTeX", *lines, r"\fi", ""]) if lines else ""


# --- parts -------------------------------------------------------------------------------------


def _body(report: Report, setting: _Setting) -> Iterator[str]:
    tables = figures = 0
    for section in report.sections:
        if section.title:
            yield f"\\subsection*{{{said(section.title, setting.names)}}}"
        for part in _with_notes(section.parts):
            if isinstance(part, Table) and setting.is_whole:
                tables += 1
                caption = part.title or section.title or report.title
                yield floating(part, caption, f"tab:{_key(report)}-{tables}", setting.names)
            elif isinstance(part, Figure):
                figures += not part.tikz
                yield _figure(part, figures, setting)
            else:
                yield _part(part, setting.names)


def _end(report: Report, setting: _Setting) -> Iterator[str]:
    yield from (said(f"Note: {note}", setting.names) for note in report.notes)
    if report.origin:
        yield f"{{\\footnotesize {escape(report.origin)}}}"


def _key(report: Report) -> str:
    """What the labels of a report begin with: the name of its game or case."""
    return re.sub(r"[^a-zA-Z0-9]+", "-", report.origin.partition(" [")[0]).strip("-")


def _with_notes(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts; a text right after a table tells what its cells mean, and is a note under it."""
    held: Table | None = None
    for part in parts:
        if held is not None and isinstance(part, str):
            held = replace(held, notes=(*held.notes, part))
            continue
        if held is not None:
            yield held
        held = part if isinstance(part, Table) else None
        if held is None:
            yield part
    if held is not None:
        yield held


def _part(part: Part, names: Collection[str]) -> str:
    if isinstance(part, str):
        return said(part, names)
    if isinstance(part, Display):
        return _display(part, names)
    if isinstance(part, Remarks):
        items = "\n".join(f"\\item {said(line, names)}" for line in part.lines)
        return f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}"
    if isinstance(part, Facts):
        return _facts(part, names)
    assert isinstance(part, Table)
    return table(part, names)


def _display(part: Display, names: Collection[str]) -> str:
    """Equations: aligned where they fit, else each in a paragraph of its own to be broken."""
    blocks = []
    for fits, group in groupby(part.lines, key=lambda line: _fits(*line)):
        if fits:
            rows = " \\\\\n".join(aligned(group, lambda about: said(about, names)))
            blocks.append(f"{{\\allowdisplaybreaks\n\\begin{{align*}}\n{rows}\n\\end{{align*}}}}")
        else:
            blocks += [_paragraph(cell, about, names) for cell, about in group]
    return "\n\n".join(blocks)


def _fits(cell: Cell, about: str) -> bool:
    alternatives = cell.args if isinstance(cell, sympy.Or) else (cell,)
    return max(map(cell_width, alternatives)) + len(about) / 2 + 2 <= LINE


def _paragraph(cell: Cell, about: str, names: Collection[str]) -> str:
    told = f"\\quad {said(about, names)}" if about else ""
    shown = written(cell, names, is_display=True)
    return (
        "\\smallskip\n{\\raggedright\\hangindent=2em\\hangafter=1\\noindent\\hspace*{1em}"
        f"{shown}{told}\\par}}\n\\smallskip"
    )


def _facts(part: Facts, names: Collection[str]) -> str:
    lines = [r"\begin{description}\raggedright"]
    for label, values in part.entries:
        shown = r" \\ ".join(written(value, names, is_display=True) for value in values)
        told = said(label, names)
        # A label is not broken: one that is a sentence stands above what it is about.
        head = (
            f"\\item[{{{told}}}] "
            if len(label) <= LONG_LABEL
            else f"\\item[] \\textit{{{told}}} \\\\ "
        )
        lines.append(f"{head}{shown}")
    return "\n".join([*lines, r"\end{description}"])


def _figure(part: Figure, number: int, setting: _Setting) -> str:
    """A figure with its caption; its code where it has any, else the file beside the document."""
    if not part.tikz and not setting.stem:
        return ""
    image = f"\\includegraphics[width=\\linewidth]{{{setting.stem}-{number}.pdf}}"
    drawn = (
        f"\\resizebox{{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}}{{!}}{{{part.tikz}}}"
    )
    return "\n".join(
        [r"\begin{figure}[htbp]", r"\centering", drawn if part.tikz else image,
         f"\\caption{{{said(part.caption, setting.names)}}}", r"\end{figure}"]
    )  # fmt: skip
