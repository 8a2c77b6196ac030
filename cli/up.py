"""`touchline up` and `touchline down`: the whole system, left running."""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any, NoReturn

import psutil
import typer
from rich.console import Console

from deploy.local import jars, leftovers, servers, supervise
from deploy.local.deployment import HOME, JARS
from deploy.local.disk import told
from deploy.local.keys import keys
from deploy.local.progress import on_stderr

LOG = "deployment.log"
STOP_S = 120.0
"""What services and servers may take to end, each in its own time, before all are killed."""
SAME_START_S = 5.0
"""Process ids are given anew; and a corrected clock moves when a process is said to have begun."""


def up() -> None:
    """Start broker, database and the services, publish the seed's playbook, leave it running.

    A sender too where the environment has settings for one (docs/sending.md).

    Example: touchline up
    """
    supervisor = leftovers.supervisor(_command())
    if supervisor is None:
        if servers.from_environment(os.environ) is None:
            jars.class_path(JARS, on_stderr())  # here, where somebody sees how far it is
        supervisor = _started()
    try:
        state = _awaited(supervisor)
    except KeyboardInterrupt:
        down()
        raise
    _tell(state)


def down() -> None:
    """Stop everything that `touchline up` started; the data stays.

    Example: touchline down
    """
    supervisor = leftovers.supervisor(_command())
    leftovers.end([supervisor] if supervisor else [], STOP_S)
    leftovers.end(leftovers.services(HOME / "services"))
    servers.down(HOME)


def _command() -> list[str]:
    """By which the supervisor is known: no stale file can name a stranger for it."""
    return [sys.executable, "-m", "deploy.local.supervise", str(HOME.resolve())]


def _started() -> psutil.Process:
    typer.echo("Starting broker, database and services …", err=True)
    with told(HOME):
        HOME.mkdir(exist_ok=True)
        with (HOME / LOG).open("ab") as log:
            process = subprocess.Popen(
                _command(),
                env=os.environ,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
    return psutil.Process(process.pid)


def _awaited(supervisor: psutil.Process) -> dict[str, Any]:
    """What it says once it is ready: as long as it lives, it gets on, or gives up by itself."""
    while (state := _said_by(supervisor)) is None:
        if not leftovers.alive(supervisor):
            # another `touchline up` may have been quicker
            supervisor = leftovers.supervisor(_command()) or _refuse()
        time.sleep(0.1)
    return state


def _said_by(supervisor: psutil.Process) -> dict[str, Any] | None:
    with suppress(FileNotFoundError, psutil.NoSuchProcess):
        state: dict[str, Any] = json.loads((HOME / supervise.STATE).read_text())
        apart = abs(state["started"] - supervisor.create_time())
        return state if state["pid"] == supervisor.pid and apart < SAME_START_S else None
    return None


def _refuse() -> NoReturn:
    tail = "\n".join((HOME / LOG).read_text(errors="replace").splitlines()[-15:])
    typer.echo(f"touchline: it did not start. The end of {HOME / LOG} says:\n{tail}", err=True)
    raise typer.Exit(1)


def _tell(state: dict[str, Any]) -> None:
    console, drawn = Console(highlight=False, soft_wrap=True), keys(HOME)
    for service, url in state["urls"].items():
        console.print(f"{service:<12} {url}   (API: /openapi.json, also /readyz and /metrics)")
    console.print(f"Kafka        {state['kafka_bootstrap']}   (sales.mql.received.v1)")
    console.print(f"operator key {drawn.operator}   (touchline playbook publish)")
    console.print(f"source key   {drawn.source}   (POST /v1/leads)")
    console.print(f"shop secret  {drawn.shopify}   (POST /v1/webhooks/shopify)")
    console.print(f"console      {state['urls']['prioritizer']}/   (sign in with a rep's key)")
    for rep, key in drawn.reps.items():
        console.print(f"rep {rep:<8} {key}   (POST /v1/queue/next)")
    console.print(f"CRM key      {drawn.crm}   (GET /v1/handoffs/…/person)")
    console.print("Stop it with `touchline down` (or `make down`).")
