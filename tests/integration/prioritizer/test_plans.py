"""How "who is next?" is answered: by indexes in their order, whatever the statistics were."""

import re
from pathlib import Path

import pytest
from psycopg import AsyncConnection

from services.prioritizer.console.board import HELD
from services.prioritizer.lists.counting_sql import KEPT_BACK, READY
from services.prioritizer.lists.list_sql import FILTERS, statement
from services.prioritizer.lists.numbers import COUNTS
from services.prioritizer.serving.claim_sql import CLAIM, PICK
from tests.integration.prioritizer import many
from tests.integration.prioritizer.decisions import TEAM
from tests.integration.prioritizer.plans import plan
from tests.integration.prioritizer.queue import Queue

LEADS = 20_000
FOLDER = Path(__file__).with_name("plans")
SHARES = {"many-ready": 0.5, "few-ready": 0.001}
SORTED_FEW = re.compile("CTE deep: Aggregate\n    Sort|CTE few: Sort")
"""The tiers, and the leads of tiers that have few."""
SMALL = {"presence", "time_off", "rep_hours"}
"""Tables with a row for each rep."""
TYPES = {
    "rep_id": "text",
    "team": "text",
    "lease": "interval",
    "present": "interval",
    "demanded": "boolean",
}

LISTED = {
    "rep_id": "text",
    "team": "text",
    "after": "integer",
    "key": "bigint",
    "opens": "timestamptz",
    "lapses": "timestamptz",
    "id": "uuid",
    "first": "integer",
    "last": "integer",
    "tier": "text",
    "channel": "text",
    "cadence": "text",
    "step": "integer",
}


@pytest.mark.parametrize("name", SHARES)
async def test_the_question_is_answered_by_the_plan_that_was_agreed(
    queue: Queue, database: str, name: str
) -> None:
    """The plan is kept in a file; delete it to write it anew, and read what has changed."""
    found = await _planned(queue, database, CLAIM, TYPES, SHARES[name])
    golden = FOLDER / f"claim-{name}.txt"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found)
    assert found == golden.read_text()


def test_leads_are_offered_in_the_same_way_however_many_are_ready() -> None:
    """A plan is made once for a connection: it must be good when the queue fills or empties."""
    plans = [(FOLDER / f"claim-{name}.txt").read_text() for name in SHARES]
    assert len({_until_taken(one) for one in plans}) == 1
    assert all("Sort" not in SORTED_FEW.sub("", _until_taken(one)) for one in plans)


@pytest.mark.parametrize("sql", [CLAIM, PICK], ids=["claim", "pick"])
async def test_no_question_reads_the_whole_table(queue: Queue, database: str, sql: str) -> None:
    types = TYPES | ({"picked": "uuid"} if sql is PICK else {})
    found = await _planned(queue, database, sql, types, 0.05)
    assert "Seq Scan" not in found


@pytest.mark.parametrize(
    "sql", [READY, HELD, KEPT_BACK, COUNTS], ids=["ready", "held", "kept back", "counts"]
)
async def test_no_look_at_the_board_reads_the_whole_table(
    queue: Queue, database: str, sql: str
) -> None:
    found = await _planned(queue, database, sql, {"team": "text", "rep_id": "text"}, 0.05)
    assert set(re.findall(r"Seq Scan (\w+)", found)) <= SMALL


@pytest.mark.parametrize("state", ["ready", "waiting"])
async def test_a_list_is_read_by_the_plan_that_was_agreed(
    queue: Queue, database: str, state: str
) -> None:
    """With all its filters; the plan is kept in a file, as that of the question is."""
    found = await _planned(queue, database, statement(state, FILTERS), LISTED, 0.5)
    golden = FOLDER / f"list-{state}.txt"
    if not golden.exists():
        golden.write_text(found)
    assert found == golden.read_text()
    assert "Seq Scan" not in found


async def _planned(
    queue: Queue, database: str, sql: str, types: dict[str, str], ready: float
) -> str:
    async with await AsyncConnection.connect(database) as conn:
        await many.fill(conn, queue.vault, LEADS, TEAM, ready)
        await conn.execute(f"analyze {', '.join(many.TABLES)}".encode())
    async with queue.pool.connection() as conn:
        return await plan(conn, sql, types)


def _until_taken(found: str) -> str:
    return found.partition("CTE taken")[0]
