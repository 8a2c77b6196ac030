"""`touchline restored`: what a database needs that is older than the topics."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import psycopg
import typer

from cli.failure import fail
from cli.local import FOLDER, AsJson, Folder
from cli.topics import DryRun
from deploy.local import servers
from services.runtime.process.restored import Renewed, StillServed, renew

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        envvar="DATABASE_URL", help="PostgreSQL, as a libpq URL.", show_default="the local one"
    ),
]


def restored(
    database_url: DatabaseUrl = None,
    folder: Folder = FOLDER,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make a database fit that was restored to a moment before the topics' last: services stopped.

    Every outbox gets a new name as a writer. Without it, readers drop new facts as repeats.

    Example: touchline restored --dry-run
    """
    try:
        renewed = renew(database_url or servers.running(folder).database_url, dry_run=dry_run)
    except StillServed as refused:
        fail(str(refused))
    except psycopg.OperationalError:
        fail("no database answered there; check DATABASE_URL, and that PostgreSQL runs")
    typer.echo(
        json.dumps([asdict(one) for one in renewed]) if as_json else _told(renewed, dry_run)
    )


def _told(renewed: Sequence[Renewed], dry_run: bool) -> str:
    if not renewed:
        return "No service has made its tables here yet: there is nothing to do."
    what = "would write" if dry_run else "writes"
    return "\n".join(
        f"{one.service} {what} under a new name; {one.waiting} rows wait to be published"
        for one in renewed
    )
