"""`touchline up` and `touchline down`: the whole system, left running."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import typer
from rich.console import Console

from deploy.local import servers, supervise
from deploy.local.keys import keys

FOLDER = Path(".touchline")
LOG = "deployment.log"
PATIENCE_S = 120


def up() -> None:
    """Start broker, database and the four services, publish the seed's playbook, leave it running.

    Example: touchline up
    """
    state = _running() or _started()
    _tell(state)


def down() -> None:
    """Stop everything that `touchline up` started; the data stays.

    Example: touchline down
    """
    state = _running()
    if state is not None:
        supervisor = psutil.Process(state["pid"])
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait(PATIENCE_S)
    servers.down(FOLDER)


def _running() -> dict[str, Any] | None:
    file = FOLDER / supervise.STATE
    if not file.exists():
        return None
    state: dict[str, Any] = json.loads(file.read_text())
    return state if psutil.pid_exists(state["pid"]) else None


def _started() -> dict[str, Any]:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / supervise.STATE).unlink(missing_ok=True)
    with (FOLDER / LOG).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.supervise", str(FOLDER)],
            env=os.environ,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    deadline = time.monotonic() + PATIENCE_S
    while (state := _running()) is None:
        if process.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join((FOLDER / LOG).read_text(errors="replace").splitlines()[-15:])
            typer.echo(
                f"touchline: it did not start. The end of {FOLDER / LOG} says:\n{tail}", err=True
            )
            raise typer.Exit(1)
        time.sleep(0.1)
    return state


def _tell(state: dict[str, Any]) -> None:
    console, drawn = Console(highlight=False, soft_wrap=True), keys(FOLDER)
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
