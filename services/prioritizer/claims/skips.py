"""How many leads a rep may give back, so that giving back is no way of picking."""

from math import ceil

from psycopg import AsyncConnection

from services.prioritizer.claims import refusals

SKIPS = 20
"""How many leads a rep may give back in 24 hours, unless the deployment says otherwise."""

GIVEN_BACK = """
select count(*), extract(epoch from min(closed_at) + interval '1 day' - now())
from (
    select closed_at from prioritizer.claims
    where rep_id = %s and state = 'released' and not excused
      and closed_at > now() - interval '1 day'
    order by closed_at desc limit %s
) as latest
"""


async def check_skips(conn: AsyncConnection, rep_id: str, a_day: int) -> None:
    """Raises Problem 429 where the rep gave back `a_day` leads within 24 hours."""
    row = await (await conn.execute(GIVEN_BACK, (rep_id, a_day))).fetchone()
    if row is not None and row[0] >= a_day:
        raise refusals.skips_used_up(a_day, ceil(row[1]))
