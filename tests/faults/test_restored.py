"""A database that is older than the topics: what came since is in the log, and what comes, too."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from typer.testing import CliRunner

from cli.main import app
from deploy.local.servers import Servers
from deploy.local.stack import Stack
from schemas.events.lead import LeadCreated
from schemas.topics import LEAD_EVENTS
from simulator.cast import simulated
from simulator.run import Run, Script
from tests.deployed_stack import QUICK, deployed
from tests.faults.verdict import Verdict
from tests.history import flat, log
from tests.real_servers import OwnServers, create_database

BEFORE = Script(seed=1, leads=40, leads_per_second=20.0, seconds_per_touch=0.02)
SINCE = replace(BEFORE, seed=2, salt="since")
AFTER = replace(BEFORE, seed=3, salt="after", settle_seconds=90)

ANSWERED = "rows of handoff.handoffs"
"""An answer since the backup is read before its handoff is there again: the one to its repetition
counts, and the simulated CRM may say something else then."""


async def played(stack: Stack, script: Script) -> Run:
    async with simulated(stack.deployment(), script) as simulation:
        return await simulation.play()


def restored(servers: Servers) -> list[dict[str, object]]:
    """What the command answers of the servers' database."""
    asked = CliRunner().invoke(app, ["restored", "--database-url", servers.database_url, "--json"])
    assert asked.exit_code == 0, asked.output
    told: list[dict[str, object]] = json.loads(asked.stdout)
    return told


@pytest.mark.timeout(600)
def test_after_a_restore_new_leads_are_taken_and_old_ones_decided_as_they_were(
    own_servers: Callable[[], OwnServers],
) -> None:
    own = own_servers()
    with deployed(own, QUICK) as stack:
        asyncio.run(played(stack, BEFORE))
    backup = create_database(own.servers.database_url, own.servers.database_url)
    with deployed(own, QUICK) as stack:
        asyncio.run(played(stack, SINCE))

    older = replace(own, servers=replace(own.servers, database_url=backup))
    assert {one["service"] for one in restored(older.servers)} >= {"ingest", "prioritizer"}
    with deployed(older, QUICK) as stack:
        run = asyncio.run(played(stack, AFTER))

    assert run.reconciliation().holds, run.reconciliation()
    facts = flat(log(own.servers.kafka_bootstrap, LEAD_EVENTS))
    created = {one.event.data.lead_id for one in facts if isinstance(one.event.data, LeadCreated)}
    assert len(created) == BEFORE.leads + SINCE.leads + AFTER.leads
    broken = Verdict(own.servers.kafka_bootstrap, backup).broken(received=len(created))
    assert [one for one in broken if not one.startswith("fact ") and ANSWERED not in one] == []
    assert broken, "no fact was accepted twice: nothing came between backup and restore"


@pytest.mark.timeout(600)
def test_a_row_that_the_log_does_not_make_is_seen(
    own_servers: Callable[[], OwnServers],
) -> None:
    own = own_servers()
    with deployed(own, QUICK) as stack:
        asyncio.run(played(stack, BEFORE))
    changes = (
        "update prioritizer.leads set team = 'nobody' where lead_id in"
        " (select lead_id from prioritizer.leads limit 1)",
        "delete from prioritizer.history where id in (select max(id) from prioritizer.history)",
        "update handoff.handoffs set attempts = attempts + 1",
    )
    with psycopg.connect(own.servers.database_url) as conn:
        for change in changes:
            assert conn.execute(change.encode()).rowcount > 0

    broken = Verdict(own.servers.kafka_bootstrap, own.servers.database_url).broken(BEFORE.leads)
    tables = [one.partition(" rows of ")[2].partition(" ")[0] for one in broken]
    assert tables == ["prioritizer.leads", "prioritizer.history", "handoff.handoffs"]
