"""`touchline local`: the embedded broker and database of this checkout."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from deploy.local import servers
from deploy.local.progress import on_stderr
from deploy.local.servers import Servers, Status

app = typer.Typer(no_args_is_help=True, help="Start, stop and look at the embedded servers.")

Folder = Annotated[Path, typer.Option(help="Where all their state lies.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
FOLDER = Path(".touchline")


@app.command()
def up(folder: Folder = FOLDER, as_json: AsJson = False) -> None:
    """Start broker and database, and print where they answer. The first time downloads Kafka.

    With KAFKA_BOOTSTRAP and DATABASE_URL set, those are used and nothing is started.

    Example: touchline local up --json
    """
    external = servers.from_environment(os.environ)
    _tell(external or servers.up(folder, on_stderr()), as_json)


@app.command()
def down(folder: Folder = FOLDER) -> None:
    """Stop broker and database; the data stays.

    Example: touchline local down
    """
    servers.down(folder)


@app.command()
def status(folder: Folder = FOLDER, as_json: AsJson = False) -> None:
    """Say what runs; the exit code is 1 unless both do.

    Example: touchline local status --json
    """
    found = servers.status(folder)
    typer.echo(json.dumps(_described(found)) if as_json else _lines(found))
    raise typer.Exit(0 if found.running else 1)


def _tell(running: Servers, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_addresses(running)))
        return
    typer.echo(f"KAFKA_BOOTSTRAP={running.kafka_bootstrap}")
    typer.echo(f"DATABASE_URL={running.database_url}")


def _addresses(running: Servers) -> dict[str, str]:
    """Not how a broker is asked in: that holds a password."""
    return {"kafka_bootstrap": running.kafka_bootstrap, "database_url": running.database_url}


def _described(found: Status) -> dict[str, object]:
    addresses = _addresses(found.servers) if found.servers else None
    died = {name: {"log": str(log), "tail": tail} for name, (log, tail) in found.died.items()}
    return {
        "running": found.running,
        "servers": addresses,
        "pids": dict(found.pids),
        "died": died,
    }


def _lines(found: Status) -> str:
    lines = [
        f"{name:<9} {f'runs, process {pid}' if pid else 'does not run'}"
        for name, pid in found.pids.items()
    ]
    ends = [
        f"{name} ended by itself. The end of {log} says:\n{tail}"
        for name, (log, tail) in found.died.items()
    ]
    return "\n".join(lines + ends)
