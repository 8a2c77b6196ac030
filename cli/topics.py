"""`touchline topics`: the broker's topics, held to the registry."""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.failure import fail
from cli.local import FOLDER, AsJson, Folder
from deploy.local import servers
from schemas.topics import TOPICS
from services.runtime.kafka import topics
from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.kafka_settings import BOOTSTRAP, KafkaSettings, of_brokers
from services.runtime.kafka.knock import knock
from services.runtime.kafka.topic_errors import AccessRefused
from services.runtime.kafka.topics import Difference
from services.runtime.process.environment import SettingsRefused

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
    found = topics.diff(brokers(bootstrap, folder), TOPICS)
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
    _tell(act(brokers(bootstrap, folder), TOPICS), as_json)


def brokers(bootstrap: str | None, folder: Path) -> Brokers:
    """Those told, else the local one in `folder`; raises NotRunning where none runs.

    How those told are come to, the environment says, as it says it to services.
    """
    if bootstrap:
        return _told({BOOTSTRAP: bootstrap, **of_brokers(os.environ)})
    return servers.running(folder).brokers


def _told(env: Mapping[str, str]) -> Brokers:
    """Ends the command where the settings are wrong, or the brokers do not let us in."""
    try:
        brokers = KafkaSettings.from_env(env).brokers
        with suppress(OSError):  # who is away is told of by whoever needs it
            asyncio.run(knock(brokers))
    except (SettingsRefused, AccessRefused) as refused:
        fail(str(refused))
    return brokers


def _tell(found: Sequence[Difference], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found]))
        return
    for one in found:
        typer.echo(f"{one.topic}: {one.what} {one.actual or 'absent'} -> {one.declared}")
    if not found:
        typer.echo("All topics are as declared.", err=True)
