"""The tables that folds keep, and the same made again from the log alone: row by row alike."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import psycopg

from schemas.topics import CADENCE_DECISIONS, LEAD_EVENTS, SQL_ACK
from services.handoff.acks import Acks
from services.handoff.ledger import Ledger
from services.prioritizer.table.history import History
from services.prioritizer.table.projection import Projection
from services.runtime.fold.fold import Fold
from services.runtime.outbox.outbox import Outbox
from services.runtime.postgres import postgres
from services.runtime.postgres.connections import Pipelined
from tests.history import Logged, log
from tests.integration.arrived import arrived
from tests.real_servers import create_database, drop_database
from tests.tables import make_tables

STEP = 100
"""Records a step; what comes of them must not depend on it."""
TABLES = {
    "prioritizer.leads": """
        select lead_id, partition, team, enrolment_id, playbook_digest, cadence, features, sealed,
            entered_at, opened_at, plan, plan_id, plan_event_id, traceparent, for_rep, promised,
            begins, since, open_hours, paused_since, paused_plan,
            coalesce(later_tier, tier) as tier, coalesce(later_order, tier_order) as tier_order,
            coalesce(later_key, order_key) as order_key,
            case when later_tier is null then terms else later_terms end as terms
        from prioritizer.leads""",
    "prioritizer.automated": """
        select lead_id, plan, plan_id, plan_event_id, traceparent, open_hours, team
        from prioritizer.automated""",
    "prioritizer.queues": "select * from prioritizer.queues",
    "prioritizer.playbooks": "select * from prioritizer.playbooks",
    "prioritizer.history": """
        select lead_id, stage, partition, recorded_at, type, fact,
            row_number() over (partition by lead_id, stage order by id) as place
        from prioritizer.history""",
    "handoff.enrolments": "select * from handoff.enrolments",
    "handoff.handoffs": "select * from handoff.handoffs",
}
"""What follows from the log. Left out is what follows from the clock, as which of a touch's hours
a row holds, and what reps and tools did with it since: those facts are still to come back."""
POSITIONS = """
select 'prioritizer', topic, partition, next_offset from prioritizer.position union all
select 'handoff', topic, partition, next_offset from handoff.position"""

Rows = Mapping[str, Mapping[str, int]]
"""By table: each row as text, and how often it is there."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The tables as they were at one moment, with how far each fold was then."""

    rows: Rows
    positions: Mapping[tuple[str, str, int], int]

    def wrong(self, bootstrap: str, server_url: str) -> list[str]:
        """Every table that is not what the log makes of it, up to where its fold was."""
        url = create_database(server_url)
        try:
            asyncio.run(self._refold(bootstrap, url))
            with psycopg.connect(url) as conn:
                fresh = _rows(conn)
        finally:
            drop_database(server_url, url)
        differing = {
            table: len(fresh[table].items() ^ self.rows[table].items()) for table in TABLES
        }
        return [
            f"{number} rows of {table} are not as the log makes them"
            for table, number in differing.items()
            if number
        ]

    async def _refold(self, bootstrap: str, url: str) -> None:
        await make_tables(url, "prioritizer", "handoff")
        logs = {one.name: log(bootstrap, one) for one in (CADENCE_DECISIONS, LEAD_EVENTS, SQL_ACK)}
        folds: Mapping[str, tuple[Fold, ...]] = {
            "prioritizer": (Projection(), History()),
            "handoff": (Ledger(), Acks(Outbox("handoff"))),
        }
        for service, its in folds.items():
            async with postgres.pool(url, service=service) as pool:
                for fold in its:
                    for partition, logged in logs[fold.topic.name].items():
                        end = self.positions.get((service, fold.topic.name, partition), 0)
                        taken = (one for one in logged if one.offset < end)
                        await _apply(Pipelined(pool), fold, partition, taken)


def kept(database_url: str) -> Kept:
    """The tables now, all of one moment."""
    with psycopg.connect(database_url) as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        found = conn.execute(POSITIONS).fetchall()
        return Kept(_rows(conn), {(one[0], one[1], one[2]): one[3] for one in found})


def _rows(conn: psycopg.Connection) -> Rows:
    counted = "select to_jsonb(told)::text, count(*) from ({}) as told group by 1"
    return {
        table: dict(conn.execute(counted.format(columns).encode()).fetchall())
        for table, columns in TABLES.items()
    }


async def _apply(
    connections: Pipelined, fold: Fold, partition: int, logged: Iterator[Logged]
) -> None:
    while step := list(islice(logged, STEP)):
        arrivals = arrived(*(one.event for one in step), partition=partition)
        async with connections.connection() as conn:
            await fold.apply(conn, arrivals)
