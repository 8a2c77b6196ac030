"""How many webhooks one ingest process takes a second, where a 2xx means committed.

Method: one ingest process with a broker and a database of its own on this machine, its relay
publishing all the while. A second process, benchmarks.ingest_load, sends signed Shopify webhooks
over 64 connections, each sending the next one when the last is answered; bodies and signatures
are made before the clock starts, and each webhook is a new lead with a vault key of its own. The
first tenth warms up and does not count. Afterwards every webhook that was answered 202 must be a
row of the inbox, and every fact must be on the broker. Milliseconds are those of a full queue:
at this load a request waits for the 63 others. The CPU time of the ingest process, relay included,
tells what a webhook costs on a machine that does other things too.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

import playbooks
from benchmarks.report import Report
from deploy.local import ports
from deploy.local.deployment import serving
from deploy.local.keys import keys
from deploy.local.servers import Servers
from deploy.local.settings import settings
from engagement.playbook.reading import from_yaml
from schemas.topics import TOPICS
from services.runtime.kafka import topics

FOLDER = Path(".touchline/benchmarks/ingest")
WEBHOOKS = 30_000
WARM_UP = WEBHOOKS // 10
CONNECTIONS = 64
PATIENCE_SECONDS = 60


def main() -> Report:
    """Runs it; about a minute."""
    with serving(FOLDER, {}) as servers:
        topics.apply(servers.brokers, TOPICS)
        _reset(servers)
        with _ingest(servers) as (url, process):
            before = process.cpu_times()
            sent = _load(url)
            after = process.cpu_times()
            commits = _committed(servers)
    figures = {
        **sent,
        "webhooks a commit": WEBHOOKS / commits,
        "ingest CPU us a webhook": _cpu_seconds(before, after) / WEBHOOKS * 1e6,
    }
    return Report("ingest", figures, "webhooks/s ≥ 2,500")


def _reset(servers: Servers) -> None:
    """Every webhook is to be a new one."""
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        conn.execute("drop schema if exists ingest cascade")
        conn.execute("drop schema if exists vault cascade")


@contextmanager
def _ingest(servers: Servers) -> Iterator[tuple[str, psutil.Process]]:
    """One process, with a playbook in force; gone afterwards."""
    (port,) = ports.choose(FOLDER / "ingest", 1)
    url, secrets = f"http://{ports.LOOPBACK}:{port}", keys(FOLDER)
    env = {**settings("ingest", servers, secrets, port), "TOUCHLINE_LOG_LEVEL": "warning"}
    with (FOLDER / "ingest.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "services.ingest"], env=env, stdout=log)
    try:
        _publish(url, secrets.operator)
        yield url, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _cpu_seconds(before: Any, after: Any) -> float:
    """psutil's CPU times are of a class that differs by platform."""
    return float(after.user + after.system - before.user - before.system)


def _publish(url: str, key: str) -> None:
    content = from_yaml(playbooks.SEED.read_text(), playbooks.SEED.name).content.encode()
    transport = httpx.HTTPTransport(retries=10)  # each a little later than the one before
    with httpx.Client(transport=transport, headers={"Authorization": f"Bearer {key}"}) as client:
        client.put(f"{url}/v1/playbook", content=content).raise_for_status()


def _load(url: str) -> dict[str, float]:
    arguments = [url, keys(FOLDER).shopify, str(WEBHOOKS), str(WARM_UP), str(CONNECTIONS)]
    command = [sys.executable, "-m", "benchmarks.ingest_load", *arguments]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, timeout=5 * PATIENCE_SECONDS
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _committed(servers: Servers) -> int:
    """The number of commits that took the webhooks, once all of them are on the broker."""
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        rows, commits = conn.execute(
            "select count(*), count(distinct xmin::text) from ingest.inbox"
        ).fetchone() or (0, 0)
        assert rows == WEBHOOKS, f"{WEBHOOKS} were answered 202, but {rows} are committed"
        while conn.execute("select 1 from ingest.outbox limit 1").fetchone():
            time.sleep(0.1)
    return int(commits)
