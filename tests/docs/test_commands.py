"""Every command has its help, and its place in the README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from utbildningsdata.cli import cli

README = (Path(__file__).parents[2] / "README.md").read_text()


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Return each command with its words, those of groups too."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


@pytest.mark.parametrize(("words", "command"), [*commands(cli)])
def test_a_command_has_help_and_is_in_the_readme(words: str, command: click.Command) -> None:
    shown = CliRunner().invoke(cli, [*words.split(), "--help"])
    assert shown.exit_code == 0
    assert command.get_short_help_str()
    assert f"`utbildningsdata {words}" in README
    options = [item for item in command.params if isinstance(item, click.Option)]
    assert [option.name for option in options if not option.help] == []
