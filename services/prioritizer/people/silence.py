"""Finds reps who are not heard of any more, and those whose pause took too long.

They are absent from that moment on, whenever it is found: every question sees so by itself.
"""

from psycopg import AsyncConnection

from services.prioritizer.people import facts as people_facts
from services.runtime.outbox.outbox import Outbox

AT_ONCE = 200
"""Rows a transaction, so that it stays short however long nobody looked."""

# No index by `until`: each sign of life would write it, and the reps of a deployment are few.
FIND = """
with silent as (
    select rep_id from prioritizer.presence
    where state in ('clocked-in', 'paused') and until <= now()
    order by until limit %s
    for update skip locked
)
update prioritizer.presence set state = 'absent'
from silent where presence.rep_id = silent.rep_id
returning presence.rep_id, team, until, clock_timestamp()
"""


async def find(conn: AsyncConnection, outbox: Outbox) -> int:
    """Tell the log who fell silent; how many, at most AT_ONCE."""
    cursor = await conn.execute(FIND, (AT_ONCE,))
    silent = await cursor.fetchall()
    await outbox.append(conn, [people_facts.changed("absent", *one) for one in silent])
    return len(silent)
