"""How soon one of fifty reps is given the next lead of a million, and how many touches they work.

Method: a table of a million leads of one team, filled by SQL in the shape that the projection
writes (tests/integration/prioritizer/many.py), each lead with a vault key and a sealed person.
Everything shares this machine: database, broker, one prioritizer with its relay, and the load.

- `SQL`: the claiming statement alone, on a connection as the service has them, from sending it
  until its row is there. Fifty reps ask in turn; each claim is committed and given back before the
  next is asked for. Once while a twentieth of the leads is ready, once when 30 are left.
- `HTTP, once a second`: each rep asks once a second at a fixed moment, whether or not earlier
  requests were answered, and then ends the touch. The clock runs from that moment to the whole
  answer.
- `HTTP, flat out`: each rep asks and ends the touch as fast as answered. A claim and a disposition
  count as one each. Milliseconds are those of a full queue: 49 others are before.
"""

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import httpx
import uvloop
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from benchmarks.report import Report, percentiles
from deploy.local import ports
from deploy.local.deployment import serving
from deploy.local.keys import TEAM, digest, keys
from deploy.local.servers import Servers
from deploy.local.settings import settings
from schemas.topics import TOPICS
from services.prioritizer.claims.holding import Holding
from services.prioritizer.serving.claim_sql import CLAIM
from services.runtime.kafka import topics
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres import postgres
from services.runtime.vault import Vault
from tests.integration.prioritizer import many
from tests.tables import make_tables

FOLDER = Path(".touchline/benchmarks/queue")
LEADS = 1_000_000
READY = 0.05
LEFT = 30
QUESTIONS, WARM_UP = 1_000, 100
SECONDS = 15
LEASE = timedelta(minutes=5)
ATTENDANCE = {"present": timedelta(hours=1), "demanded": False}
PATIENCE_SECONDS = 60

EMPTY = "drop schema if exists prioritizer cascade; drop schema if exists vault cascade"
WORK_OFF = """
update prioritizer.leads set answered_plan_id = plan_id
where not_before <= now() and anyone_from <= now() and lead_id not in (
    select lead_id from prioritizer.leads where not_before <= now() and anyone_from <= now()
    order by lead_id limit %s)
"""
ALL_HERE = "update prioritizer.presence set state = 'clocked-in'"
"""Each of the fifty asks; the table is made with some who have left."""
SIZE = """
select pg_table_size('prioritizer.leads'), pg_indexes_size('prioritizer.leads'),
    pg_total_relation_size('vault.keys')
"""


def main() -> Report:
    """Runs it; some minutes, most of them for the table."""
    with serving(FOLDER, {}) as servers:
        topics.apply(servers.brokers, TOPICS)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            figures = runner.run(_filled(servers.database_url))
            figures |= runner.run(_asked(servers.database_url, "a twentieth ready"))
            with _prioritizer(servers) as url:
                figures |= _load(url, 1.0, "HTTP, once a second")
                figures |= _load(url, 0.0, "HTTP, flat out")
            runner.run(_worked_off(servers.database_url))
            figures |= runner.run(_asked(servers.database_url, f"{LEFT} ready"))
    aim = "p99 < 20 ms at a million leads and 50 reps; claims+dispositions/s ≥ 400"
    return Report("queue", figures, aim)


async def _filled(url: str) -> dict[str, float]:
    """Bytes a lead, in a table that was just filled."""
    async with await AsyncConnection.connect(url, autocommit=True) as conn:
        await conn.execute(EMPTY)
        await make_tables(url, "prioritizer")
        async with conn.transaction():
            await many.fill(conn, _vault(), LEADS, TEAM, READY)
            await conn.execute(ALL_HERE)
        await many.settle(conn)
        await conn.execute("checkpoint")  # else it is written out while reps ask
        sizes = await (await conn.execute(SIZE)).fetchone()
    names = ("table", "indexes", "vault key")
    return {
        f"bytes a lead, {name}": size / LEADS
        for name, size in zip(names, sizes or (), strict=True)
    }


async def _asked(url: str, name: str) -> dict[str, float]:
    """Milliseconds of the claiming statement."""
    async with postgres.pool(url, service="prioritizer", max_size=1, plan_once=True) as pool:
        waits = [await _question(pool, number) for number in range(WARM_UP + QUESTIONS)]
    told = percentiles([wait * 1000 for wait in waits[WARM_UP:]])
    return {f"SQL next {share} ms, {name}": wait for share, wait in told.items()}


async def _question(pool: AsyncConnectionPool, number: int) -> float:
    rep_id = many.REPS[number % len(many.REPS)]
    asked = {"rep_id": rep_id, "team": TEAM, "lease": LEASE, "picked": None, **ATTENDANCE}
    async with pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
        begun = perf_counter()
        await cursor.execute(CLAIM.encode(), asked)
        claim = await cursor.fetchone()
        wait = perf_counter() - begun
    assert claim is not None, "the queue was empty before its time"
    holding = Holding(pool, _vault(), Outbox("prioritizer"), LEASE, QUESTIONS)
    await holding.release(rep_id, claim["claim_id"], claim["fence"], "no-time")
    return wait


async def _worked_off(url: str) -> None:
    """All but some leads are done; autovacuum would look after a change as large."""
    async with await AsyncConnection.connect(url, autocommit=True) as conn:
        await conn.execute(WORK_OFF, (LEFT,))
        await many.settle(conn)


@contextmanager
def _prioritizer(servers: Servers) -> Iterator[str]:
    """One process, with a key for each rep; gone afterwards."""
    (port,) = ports.choose(FOLDER / "prioritizer", 1)
    reps = {rep: {"key_sha256": digest(rep), "team": TEAM} for rep in many.REPS}
    env = {
        **settings("prioritizer", servers, keys(FOLDER), port),
        "TOUCHLINE_REPS": json.dumps(reps),
        "TOUCHLINE_LOG_LEVEL": "warning",
    }
    with (FOLDER / "prioritizer.log").open("wb") as log:
        command = [sys.executable, "-m", "services.prioritizer"]
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        url = f"http://{ports.LOOPBACK}:{port}"
        transport = httpx.HTTPTransport(retries=10)  # each a little later than the one before
        with httpx.Client(transport=transport) as client:
            client.get(f"{url}/healthz").raise_for_status()
        yield url
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _load(url: str, every: float, name: str) -> dict[str, float]:
    arguments = [url, str(SECONDS), str(every), *many.REPS]
    command = [sys.executable, "-m", "benchmarks.queue_load", *arguments]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, timeout=SECONDS + PATIENCE_SECONDS
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return {f"{figure}, {name}": value for figure, value in figures.items()}


def _vault() -> Vault:
    return Vault(base64.b64decode(keys(FOLDER).vault))
