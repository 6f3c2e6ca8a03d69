"""The command line: each command is one service call and what it prints.

Exit codes: 0 fine; 1 the content or the operation is at fault, with one line that says what to do;
2 the command was written wrongly.

Commands import what they work with themselves: RDF libraries take half a second, which ``serve``,
whose main process only keeps others running, and ``--help`` need not pay.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from utbildningsdata import __version__
from utbildningsdata.errors import CatalogError, Invalid
from utbildningsdata.settings import PREFIX, Settings

if TYPE_CHECKING:
    from utbildningsdata.services.load import LoadReport
    from utbildningsdata.validation.report import Finding

_TYPES: dict[str, Any] = {"int": int, "float": float, "Path": click.Path(path_type=Path)}
_STORED = ("base", "data")
_READ = (*_STORED, "catalog", "publisher", "contact")


def main() -> None:
    """Run the command line; an error becomes one line on standard error and exit code 1."""
    try:
        cli(prog_name="utbildningsdata")
    except Invalid as error:
        _print_findings(error.findings, violations_only=True)
        _fail(error)
    except CatalogError as error:
        _fail(error)


def with_settings(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the flags of the named settings, and hand it the ``Settings`` they make."""
    described = {item.name: item for item in fields(Settings)}

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        def run(**values: Any) -> None:
            flags = {name: values.pop(name) for name in names}
            command(Settings.from_environ(os.environ, **flags), **values)

        for name in reversed(names):
            setting = described[name]
            click.option(
                f"--{name.replace('_', '-')}",
                type=_TYPES.get(str(setting.type), str),
                help=f"{setting.metadata['help']} [{PREFIX}{name.upper()}]",
            )(command)
        return update_wrapper(run, command)

    return decorate


@click.group()
@click.version_option(__version__)
def cli() -> None:
    """Utbildningsdata: a linked open data catalogue for Swedish education."""


@cli.command()
@click.option("--language", type=click.Choice(["sv", "en"]), default="en", help="Of the messages.")
@click.option("--advice/--no-advice", default=True, help="Show warnings and hints too.")
@with_settings("base", "catalog", "publisher", "contact")
def check(settings: Settings, language: str, advice: bool) -> None:
    """Check the files against the shapes: file:line: severity: what is wrong and what to do."""
    from utbildningsdata import bootstrap

    findings = bootstrap.check_files(settings)
    _print_findings(findings, language=language, violations_only=not advice)
    if any(finding.violates for finding in findings):
        sys.exit(1)


@cli.command()
@click.option("--rebuild", is_flag=True, help="Make every record again, as for another base.")
@with_settings(*_READ, "keep")
def load(settings: Settings, rebuild: bool) -> None:
    """Publish what is new or changed in the files, as one revision: all of it or nothing."""
    from utbildningsdata import bootstrap

    report = bootstrap.load(settings, rebuild=rebuild)
    click.echo(_summary(report))
    for conflict in report.conflicts:
        click.echo(f"utbildningsdata: {conflict.message}", err=True)
    if report.conflicts:
        sys.exit(1)


@cli.command()
@with_settings(
    *(*_READ, "keep", "shapes", "default_graph"),
    *("host", "port", "processes", "workers", "deadline", "memory", "result", "share", "proxies"),
)
def serve(settings: Settings) -> None:
    """Load what is new or changed, then serve pages, queries and feeds until told to stop."""
    from utbildningsdata import serving

    serving.serve(settings, say=click.echo)


@cli.command()
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder to write into: it gets catalog/ and ontology/, like a checkout.",
)
@with_settings(*_STORED)
def export(settings: Settings, target: Path) -> None:
    """Write the published records as Turtle files, one a record, for review in git."""
    from utbildningsdata import bootstrap

    changed = bootstrap.export(settings, target)
    click.echo(f"Wrote to {target}: {len(changed)} files differed from what was there.")


@cli.command()
@with_settings(*_STORED)
def revisions(settings: Settings) -> None:
    """List the published revisions that are kept, the newest first."""
    from utbildningsdata import bootstrap

    for row in bootstrap.history(settings):
        mark = "*" if row.current else " "
        tags = f" [{', '.join(row.tags)}]" if row.tags else ""
        click.echo(
            f"{mark} {row.number:6}  {row.published:%Y-%m-%d %H:%M:%SZ}  {row.message}{tags}"
        )


@cli.command()
@click.argument("number", type=int)
@with_settings(*_STORED, "keep")
def rollback(settings: Settings, number: int) -> None:
    """Publish what revision NUMBER held, as a new revision."""
    from utbildningsdata import bootstrap

    made = bootstrap.rollback(settings, number)
    click.echo(f"Revision {made} holds what revision {number} held.")


@cli.command()
@click.argument("number", type=int)
@click.argument("name")
@with_settings(*_STORED)
def tag(settings: Settings, number: int, name: str) -> None:
    """Keep revision NUMBER for good, under NAME."""
    from utbildningsdata import bootstrap

    bootstrap.writer(settings).tag(name, number)
    click.echo(f"Revision {number} is kept as '{name}'.")


@cli.command()
@with_settings(*_STORED, "keep")
def prune(settings: Settings) -> None:
    """Delete all revisions but the newest ones and those with a tag."""
    from utbildningsdata import bootstrap

    deleted = bootstrap.writer(settings).prune(settings.keep)
    click.echo(f"Deleted {len(deleted)} revisions.")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_settings(*_STORED)
def backup(settings: Settings, file: Path) -> None:
    """Save what is published into FILE, while it is served."""
    from utbildningsdata import bootstrap

    number = bootstrap.save(settings, file)
    click.echo(f"Saved revision {number} to {file}.")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_settings(*_STORED)
def restore(settings: Settings, file: Path) -> None:
    """Restore the backup FILE into an empty data folder."""
    from utbildningsdata import bootstrap

    number = bootstrap.restore(settings, file)
    click.echo(f"Restored revision {number} into {settings.data}.")


@cli.command()
@with_settings(*_STORED)
def info(settings: Settings) -> None:
    """Say what is published, and where; which records rules keep out of feeds, and which rules."""
    from utbildningsdata import bootstrap

    for name, value in bootstrap.info(settings).items():
        click.echo(f"{name + ':':<18}{value}")
    kept_out = bootstrap.not_whole(settings)
    click.echo(f"{'kept out of feeds:':<18} {len(kept_out)}")
    for entry in kept_out:
        earlier = "; an earlier version is in them" if entry.feeds else ""
        click.echo(f"  {entry.path}: {', '.join(entry.lacks)}{earlier}")


@cli.group()
def token() -> None:
    """Give out, list and take back the tokens of those who may write by HTTP."""


@token.command("new")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, help="'write', or 'write:KIND' for the records of a kind."
)
@click.option("--expires", "days", type=int, default=90, help="After so many days; 0: never.")
@with_settings("data")
def new_token(settings: Settings, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token for NAME, and show it: it is kept nowhere, and never shown again."""
    from utbildningsdata import bootstrap
    from utbildningsdata.services import tokens

    kinds = bootstrap.profile().kinds
    made, secret = tokens.issue(
        bootstrap.credentials(settings), name, scopes=scopes, days=days, kinds=kinds
    )
    until = f"until {made.expires:%Y-%m-%d}" if made.expires else "for ever"
    click.echo(f"Token {made.id} for {made.name} ({', '.join(made.scopes)}), {until}:", err=True)
    click.echo(secret)


@token.command("list")
@with_settings("data")
def list_tokens(settings: Settings) -> None:
    """List the tokens: id, name, what it is for, and until when; never the secret."""
    from utbildningsdata import bootstrap

    now = datetime.now(UTC)
    for kept in bootstrap.credentials(settings).read():
        until = f"{kept.expires:%Y-%m-%d}" if kept.expires else "for ever"
        state = "" if kept.valid(now) else "  revoked" if kept.revoked else "  expired"
        click.echo(f"{kept.id}  {until:10}  {' '.join(kept.scopes)}  {kept.name}{state}")


@token.command("revoke")
@click.argument("token_id", metavar="ID")
@with_settings("data")
def revoke_token(settings: Settings, token_id: str) -> None:
    """Make the token ID invalid at once, also for servers that run."""
    from utbildningsdata import bootstrap
    from utbildningsdata.services import tokens

    revoked = tokens.revoke(bootstrap.credentials(settings), token_id)
    click.echo(f"Token {revoked.id} of {revoked.name} is revoked.")


def _fail(error: CatalogError) -> None:
    click.echo(f"utbildningsdata: {error.message}", err=True)
    sys.exit(1)


def _print_findings(
    findings: Iterable[Finding], *, language: str = "en", violations_only: bool = False
) -> None:
    from utbildningsdata.validation.report import render

    shown = [
        replace(finding, file=_near(finding.file))
        for finding in findings
        if finding.violates or not violations_only
    ]
    if shown:
        click.echo(render(shown, language))


def _near(file: str) -> str:
    """Return a file's path as one would type it from here."""
    here = f"{Path.cwd()}{os.sep}"
    return file.removeprefix(here)


def _summary(report: LoadReport) -> str:
    if report.revision is None:
        return f"Nothing changed: {len(report.unchanged)} records are published as they are."
    return (
        f"Published revision {report.revision}: {len(report.added)} added, "
        f"{len(report.updated)} updated, {len(report.removed)} removed, "
        f"{len(report.unchanged)} unchanged."
    )
