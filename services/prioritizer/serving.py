"""The question "who is next?", answered by the database's clock in one statement."""

from dataclasses import dataclass
from datetime import timedelta

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool
from pydantic import TypeAdapter

from schemas.events.fact import Features
from services.prioritizer import facts
from services.prioritizer.callers import Rep
from services.prioritizer.claim import Claim
from services.prioritizer.claim_sql import CLAIM
from services.prioritizer.overdue import expire
from services.runtime.metrics import CLAIMS
from services.runtime.outbox import Outbox
from services.runtime.vault import Vault, unseal

Person = dict[str, str]

PERSON = TypeAdapter(Person)


class Answer(Claim):
    """The claim, and what the rep needs to know of the lead; `fresh` if it was made just now."""

    features: Features
    sealed: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Given:
    """A lead in a rep's hands. No person: it was erased while the rep held it."""

    claim: Claim
    features: Features
    person: Person | None


@dataclass(frozen=True, slots=True)
class Serving:
    """Gives each rep one lead at a time, and the same one again until the rep ends the claim."""

    pool: AsyncConnectionPool
    vault: Vault
    outbox: Outbox
    lease: timedelta

    async def next(self, rep: Rep) -> Given | None:
        """The lead that this rep should work now; None while no lead of the team is due."""
        async with self.pool.connection() as conn:
            await expire(conn, self.outbox)
            # Of a rep's two questions at once, one looked before the other's claim was there.
            answer = await self._ask(conn, rep) or await self._ask(conn, rep)
            if answer is None:
                CLAIMS.labels("none-due").inc()
                return None
            if answer.fresh:
                await self.outbox.append(conn, [facts.claimed(answer)])
            keys = await self.vault.keys(conn, [answer.lead_id])
        CLAIMS.labels("claimed" if answer.fresh else "claimed-again").inc()
        return Given(answer, answer.features, _person(answer, keys.get(answer.lead_id)))

    async def _ask(self, conn: AsyncConnection, rep: Rep) -> Answer | None:
        asked = {"rep_id": rep.rep_id, "team": rep.team, "lease": self.lease}
        async with conn.cursor(row_factory=class_row(Answer)) as cursor:
            await cursor.execute(CLAIM, asked)
            return await cursor.fetchone()


def _person(answer: Answer, key: bytes | None) -> Person | None:
    if key is None:
        return None
    return PERSON.validate_json(unseal(key, answer.lead_id, answer.sealed))
