"""Why a rep was given nobody: which rules keep leads back from that rep now, and until when."""

from collections.abc import Sequence
from datetime import datetime

from psycopg import AsyncConnection
from psycopg.rows import class_row
from pydantic import AwareDatetime

from schemas.events.explanation import Blocked
from schemas.events.fact import Frozen
from services.prioritizer.callers import Rep
from services.prioritizer.claims.explaining import KeptBack, kept_back
from services.prioritizer.claims.why import BLOCKS
from services.prioritizer.serving.kept_back_sql import (
    ALL_KEPT_BACK,
    KEPT_BACK,
    MOST_TOLD,
    begun,
    ready,
)
from services.prioritizer.serving.limit_sql import REACHED

LIMITED = f"""
with {REACHED}
select rule, returns_at from reached
where case when every then exists ({ready(1)}) else exists ({begun(1)}) end
order by every desc, returns_at desc, rule limit 1
"""  # noqa: S608 - our own words
BLOCKED = f"""
with {REACHED}, kept_back as ({KEPT_BACK} union all {ALL_KEPT_BACK})
select rule, count(*) as leads, min(returns_at) as returns_at,
    (array_agg(lead_id order by returns_at, lead_id))[:{MOST_TOLD}] as first
from kept_back group by rule order by rule
"""  # noqa: S608 - our own words


class Limited(Frozen):
    """The limit that keeps leads from the rep; none returns by the clock without a moment."""

    rule: str
    returns_at: datetime | None

    @property
    def headers(self) -> dict[str, str]:
        """The same beside an empty answer."""
        until = {"Queue-Returns-At": self.returns_at.isoformat()} if self.returns_at else {}
        return {"Queue-Rule": self.rule, **until}


class QueueExplained(Frozen):
    """What is kept back from the caller now, by rule; each counted up to 25.

    `words` says what a rep who is given nobody may wait for; `returns_at` is the first return.
    """

    words: str
    returns_at: AwareDatetime | None
    blocked: tuple[KeptBack, ...]


async def limited(conn: AsyncConnection, rep: Rep) -> Limited | None:
    """The limit that the rep has reached, where there are leads that it keeps back."""
    async with conn.cursor(row_factory=class_row(Limited)) as cursor:
        await cursor.execute(LIMITED.encode(), {"rep_id": rep.rep_id, "team": rep.team})
        return await cursor.fetchone()


async def explained(conn: AsyncConnection, rep_id: str | None, team: str) -> QueueExplained:
    """Every rule that keeps leads of the team back, from this rep or from anybody."""
    async with conn.cursor(row_factory=class_row(Blocked)) as cursor:
        await cursor.execute(BLOCKED.encode(), {"rep_id": rep_id, "team": team})
        blocked = await cursor.fetchall()
    moments = [one.returns_at for one in blocked if one.returns_at]
    first = min(moments, default=None)
    return QueueExplained(
        words=_words(blocked, first),
        returns_at=first,
        blocked=tuple(map(kept_back, blocked)),
    )


def _words(blocked: Sequence[Blocked], first: datetime | None) -> str:
    if not blocked:
        return "no lead is kept back: whatever is ready is served"
    rules = "; ".join(BLOCKS.get(one.rule, one.rule) for one in blocked)
    until = f"; the first returns at {first.isoformat()}" if first else ""
    return f"kept back: {rules}{until}"
