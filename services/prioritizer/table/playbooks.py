"""The playbooks that leads entered with, as reps need them: names, clocks, and what is allowed."""

from collections.abc import Sequence

from psycopg import AsyncConnection

from engagement.calendar.place import Place, place
from engagement.playbook import Playbook
from schemas.events.fact import Features
from schemas.events.plan import TouchPlanned

NOWHERE = "UTC"
WHERE = """
select fact ->> 'cadence' from prioritizer.history
where lead_id = %s and type in ('cadence-entered', 'cadence-moved')
  and fact ->> 'enrolment_id' = %s and fact ->> 'playbook_digest' = %s
order by recorded_at desc, stage desc, id desc limit 1
"""
NEWEST_FIRST = """
select digest from prioritizer.playbooks order by published_at desc nulls last, digest
"""
CADENCES = """
select digest, array(
    select one ->> 'name' from jsonb_array_elements(content::jsonb -> 'cadences')
        with ordinality as told (one, place) order by place)
from prioritizer.playbooks where digest = any(%s::text[])
"""


class Playbooks:
    """Read once each: what a digest names never changes."""

    def __init__(self) -> None:
        self._parsed: dict[str, Playbook] = {}
        self._cadences: dict[str, Sequence[str]] = {}

    async def get(self, conn: AsyncConnection, digest: str | None) -> Playbook | None:
        """The playbook with this digest; None as long as the queue has not heard of it."""
        if digest is not None and digest not in self._parsed:
            cursor = await conn.execute(
                "select content from prioritizer.playbooks where digest = %s", (digest,)
            )
            for (content,) in await cursor.fetchall():
                self._parsed[digest] = Playbook.from_content(content)
        return self._parsed.get(digest or "")

    async def cadences(self, conn: AsyncConnection) -> tuple[str, ...]:
        """The names of the cadences that leads may be in: those published last come first."""
        digests = [digest for (digest,) in await (await conn.execute(NEWEST_FIRST)).fetchall()]
        unread = [digest for digest in digests if digest not in self._cadences]
        if unread:
            self._cadences |= await (await conn.execute(CADENCES, (unread,))).fetchall()
        return tuple(dict.fromkeys(name for one in digests for name in self._cadences[one]))

    async def script(
        self, conn: AsyncConnection, digest: str | None, plan: TouchPlanned
    ) -> str | None:
        """What it has the rep say at this touch; None where it leaves that to the rep."""
        playbook = await self.get(conn, digest)
        asked = (plan.lead_id, str(plan.enrolment_id), digest)
        row = await (await conn.execute(WHERE, asked)).fetchone()
        if playbook is None or row is None or row[0] not in playbook.cadence:
            return None
        steps = playbook.cadence[row[0]].steps
        return steps[plan.step - 1].script if plan.step <= len(steps) else None


def whereabouts(features: Features, playbook: Playbook | None) -> Place:
    """Where the lead is, by the playbook's calendar; without one by its own word, or in UTC."""
    if playbook is None:
        return Place(features.time_zone or NOWHERE, "given", features.country, features.region)
    return place(features, playbook.calendar)
