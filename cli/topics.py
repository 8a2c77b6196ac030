"""`touchline topics`: the broker's topics, held to the registry."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.local import FOLDER, AsJson, Folder
from deploy.local import servers
from deploy.local.errors import NotRunning
from schemas.topics import TOPICS
from services.runtime import topics
from services.runtime.topics import Difference

app = typer.Typer(no_args_is_help=True, help="Compare and make the topics of the registry.")

Bootstrap = Annotated[
    str | None,
    typer.Option(
        envvar="KAFKA_BOOTSTRAP", help="host:port of a broker.", show_default="the local one"
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]


@app.command()
def diff(bootstrap: Bootstrap = None, folder: Folder = FOLDER, as_json: AsJson = False) -> None:
    """Say what the broker has otherwise than declared; the exit code is 1 if anything.

    Example: touchline topics diff --json
    """
    found = topics.diff(broker(bootstrap, folder), TOPICS)
    _tell(found, as_json)
    raise typer.Exit(1 if found else 0)


@app.command()
def apply(
    bootstrap: Bootstrap = None,
    folder: Folder = FOLDER,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make the missing topics and set what differs; never alters a partition count.

    Example: touchline topics apply --dry-run
    """
    act = topics.diff if dry_run else topics.apply
    _tell(act(broker(bootstrap, folder), TOPICS), as_json)


def broker(bootstrap: str | None, folder: Path) -> str:
    """The broker told, else the local one in `folder`; raises NotRunning where none runs."""
    if bootstrap:
        return bootstrap
    found = servers.status(folder)
    if not found.running or found.servers is None:
        raise NotRunning(folder)
    return found.servers.kafka_bootstrap


def _tell(found: Sequence[Difference], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found]))
        return
    for one in found:
        typer.echo(f"{one.topic}: {one.what} {one.actual or 'absent'} -> {one.declared}")
    if not found:
        typer.echo("All topics are as declared.", err=True)
