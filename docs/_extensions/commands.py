"""The directive `commands`: every command of coopgame from its own help, under its own heading.

Help is text, not markup, so the nodes are made here and nothing is parsed: an asterisk in an
example stays one, and examples keep their lines.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import click
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from coopgame.cli import main

AS_TYPED = "\b"


class Commands(SphinxDirective):
    """All commands, grouped as `coopgame --help` groups them."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        root = click.Context(main, info_name="coopgame", **main.context_settings)
        return [self._group(root, heading, found) for heading, found in main.headings.items()]

    def _group(
        self, root: click.Context, heading: str, commands: list[click.Command]
    ) -> nodes.section:
        section = self._section(heading, f"group-{heading}")
        for command in commands:
            context = click.Context(command, info_name=command.name, parent=root)
            told = self._section(context.command_path, f"command-{command.name}")
            told += described(context)
            section += told
        return section

    def _section(self, title: str, label: str) -> nodes.section:
        section = nodes.section(ids=[nodes.make_id(label)])
        section += nodes.title(text=title)
        self.state.document.note_implicit_target(section)
        return section


def described(context: click.Context) -> list[nodes.Node]:
    """What a command's help says: usage, text, options, examples."""
    command = context.command
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    options = nodes.definition_list()
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1]:
            options += option(*record)
    return [
        nodes.literal_block(text=usage, language="text"),
        *paragraphs(command.help or ""),
        options,
        *paragraphs(command.epilog or ""),
    ]


def option(names: str, told: str) -> nodes.definition_list_item:
    term = nodes.term()
    term += nodes.literal(text=names)
    definition = nodes.definition()
    definition += nodes.paragraph(text=told)
    return nodes.definition_list_item("", term, definition)


def paragraphs(text: str) -> Iterator[nodes.Node]:
    """The paragraphs of a help text; one marked with `\\b` keeps its lines, below a caption."""
    for part in inspect.cleandoc(text).split("\n\n"):
        caption, _, lines = part.removeprefix(AS_TYPED).lstrip("\n").partition("\n")
        if part.startswith(AS_TYPED):
            yield nodes.paragraph(text=caption)
            yield nodes.literal_block(text=inspect.cleandoc(f"\n{lines}"), language="text")
        elif part.strip():
            yield nodes.paragraph(text=" ".join(part.split()))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("commands", Commands)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
