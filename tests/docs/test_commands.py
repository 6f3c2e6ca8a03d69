"""Every command has its help, and its place in the README."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from utbildningsdata.cli import cli

README = (Path(__file__).parents[2] / "README.md").read_text()


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_a_command_has_help_and_is_in_the_readme(name: str) -> None:
    shown = CliRunner().invoke(cli, [name, "--help"])
    assert shown.exit_code == 0
    assert cli.commands[name].get_short_help_str()
    assert f"`utbildningsdata {name}" in README
    options = [item for item in cli.commands[name].params if isinstance(item, click.Option)]
    assert [option.name for option in options if not option.help] == []
