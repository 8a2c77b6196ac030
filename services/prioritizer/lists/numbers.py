"""A team's queue in numbers: how much waits, how long, and what is kept back. It names nobody."""

from psycopg_pool import AsyncConnectionPool
from pydantic import AwareDatetime

from schemas.events.fact import Frozen, Text
from services.prioritizer.lists.counting import Depth, KeptBackBy, rows
from services.prioritizer.lists.counting_sql import KEPT_BACK, MOST_COUNTED, READY
from services.prioritizer.reading import refusals as reading_refusals
from services.runtime.access.roles import Caller

COUNTS = f"""
select now() as at,
    (select count(*) from (
        select from prioritizer.claims join prioritizer.leads using (lead_id)
        where state = 'open' and now() < leased_until and team = %(team)s limit {MOST_COUNTED}
    ) as holds) as held,
    (select count(*) from (
        select from prioritizer.leads where team = %(team)s and paused_since is not null
        order by paused_since limit {MOST_COUNTED}) as stopped) as paused,
    (select count(*) from (
        select from prioritizer.automated where team = %(team)s
        order by not_before limit {MOST_COUNTED}) as tasks) as automated,
    (select count(*) from prioritizer.presence
        where team = %(team)s and state = 'clocked-in' and now() < until) as working
"""  # noqa: S608 - the number is ours


class Counts(Frozen):
    """What is counted `at` a moment, each up to a thousand.

    `held` are in reps' hands, `paused` wait until people resume them, `automated` are touches that
    tools make. `working` is how many reps are clocked in.
    """

    at: AwareDatetime
    held: int
    paused: int
    automated: int
    working: int


class Numbers(Counts):
    """The team's queue: `ready` by tier and by the minutes waited, as against windows of 5, 15, 30
    and 60; `kept_back` by rule. A tier and a rule are counted up to a thousand leads."""

    team: Text
    ready: tuple[Depth, ...]
    kept_back: tuple[KeptBackBy, ...]


async def numbers(pool: AsyncConnectionPool, caller: Caller, team: str | None) -> Numbers:
    """The numbers of the caller's own team; analysts and operators name any.

    Raises Problem 403 for a team that is not the caller's, 422 where none is named.
    """
    if team not in {None, caller.team} and not caller.sees_all_teams:
        raise reading_refusals.not_your_team()
    asked = team or caller.team
    if asked is None:
        raise reading_refusals.team_missing()
    async with pool.connection() as conn:
        (counts,) = await rows(conn, Counts, COUNTS, asked)
        ready = await rows(conn, Depth, READY, asked)
        kept_back = await rows(conn, KeptBackBy, KEPT_BACK, asked)
    return Numbers(**counts.model_dump(), team=asked, ready=ready, kept_back=kept_back)
