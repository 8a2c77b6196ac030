"""The team's queue at a glance: how much waits, how long new leads wait, who holds whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from psycopg import AsyncConnection

from schemas.events.fact import Frozen
from services.prioritizer.claims.why import BLOCKS
from services.prioritizer.lists.counting import Depth, KeptBackBy, rows
from services.prioritizer.lists.counting_sql import KEPT_BACK, MOST_COUNTED, READY
from services.prioritizer.reading.person import Person, unsealed
from services.runtime.vault import Vault

RULES: Mapping[str, str] = MappingProxyType(
    {**BLOCKS, "given-back": "a rep gave the touch back; others are still given it"}
)
"""What keeps leads back, told of a team: an explanation speaks of the one rep who asked."""

MOST_HELD = 200
"""Holds that are shown, the oldest."""
HELD = f"""
select rep_id, lead_id, claims.plan ->> 'activity' as activity, sealed, claimed_at, leased_until
from prioritizer.claims join prioritizer.leads using (lead_id)
where state = 'open' and now() < leased_until and team = %(team)s
order by claimed_at limit {MOST_HELD}
"""  # noqa: S608 - our own words


class Hold(Frozen):
    """A lead in a rep's hands. No person: it was erased."""

    rep_id: str
    lead_id: UUID
    activity: str
    sealed: str
    claimed_at: datetime
    leased_until: datetime
    person: Person | None = None


class KeptBack(KeptBackBy):
    """The same, with words for it."""

    @property
    def words(self) -> str:
        """The rule as a manager reads it."""
        return RULES.get(self.rule, self.rule)


class Board(Frozen):
    """The team's queue at one moment. What is counted up to `most` may be more."""

    at: datetime
    depths: Sequence[Depth]
    holds: Sequence[Hold]
    kept_back: Sequence[KeptBack]
    most: int = MOST_COUNTED


async def look(conn: AsyncConnection, vault: Vault, team: str) -> Board:
    """The team's queue now."""
    row = await (await conn.execute("select now()")).fetchone()
    assert row is not None  # noqa: S101 - it selects one
    return Board(
        at=row[0],
        depths=await rows(conn, Depth, READY, team),
        holds=await _named(conn, vault, await rows(conn, Hold, HELD, team)),
        kept_back=await rows(conn, KeptBack, KEPT_BACK, team),
    )


async def _named(conn: AsyncConnection, vault: Vault, holds: Sequence[Hold]) -> list[Hold]:
    keys = await vault.keys(conn, [one.lead_id for one in holds])
    return [
        one.model_copy(update={"person": unsealed(keys.get(one.lead_id), one.lead_id, one.sealed)})
        for one in holds
    ]
