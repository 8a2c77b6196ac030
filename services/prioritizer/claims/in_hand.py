"""The leads in a rep's hands, with all that the rep needs to know of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from schemas.events.fact import Features
from services.prioritizer.claims.claim import Claim
from services.prioritizer.reading.person import Person, unsealed
from services.runtime.vault import Vault

_READ = """
select claims.*, leads.features, leads.sealed,
    leads.plan_id is distinct from claims.plan_id as withdrawn
from prioritizer.claims join prioritizer.leads using (lead_id)
where rep_id = %(rep_id)s
"""
HELD = f"""{_READ} and state = 'open' and now() < leased_until
order by claimed_at desc, place desc
"""
ONE = f"{_READ} and claims.claim_id = %(claim_id)s"


class Taken(Claim):
    """A claim with its lead; `withdrawn` if the lead's plan is another by now, or none."""

    features: Features
    sealed: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Given:
    """A lead in a rep's hands. No person: it was erased while the rep held it.

    `withdrawn`: the touch is not wanted any more. What was made of it is still to be told.
    """

    claim: Claim
    features: Features
    person: Person | None
    withdrawn: bool


async def in_hand(conn: AsyncConnection, vault: Vault, rep_id: str) -> tuple[Given, ...]:
    """What the rep holds, the last one first."""
    return await told(conn, vault, await _read(conn, HELD, {"rep_id": rep_id}))


async def claimed(
    conn: AsyncConnection, vault: Vault, rep_id: str, claim_id: UUID
) -> Given | None:
    """A claim of the rep, open or ended."""
    asked = {"rep_id": rep_id, "claim_id": claim_id}
    found = await told(conn, vault, await _read(conn, ONE, asked))
    return found[0] if found else None


async def told(conn: AsyncConnection, vault: Vault, taken: Sequence[Taken]) -> tuple[Given, ...]:
    """The claims with the persons of their leads."""
    keys = await vault.keys(conn, [one.lead_id for one in taken])
    return tuple(
        Given(
            one,
            one.features,
            unsealed(keys.get(one.lead_id), one.lead_id, one.sealed),
            one.withdrawn,
        )
        for one in taken
    )


async def _read(conn: AsyncConnection, sql: str, asked: dict[str, object]) -> list[Taken]:
    async with conn.cursor(row_factory=class_row(Taken)) as cursor:
        await cursor.execute(sql.encode(), asked)
        return await cursor.fetchall()
