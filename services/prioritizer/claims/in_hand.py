"""The leads in a rep's hands, with all that the rep needs to know of them."""

from dataclasses import dataclass
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from schemas.events.fact import Features
from services.prioritizer.claims.claim import Claim
from services.prioritizer.reading.person import Person, unsealed
from services.runtime.vault import Vault

_READ = """
select claims.*, leads.features, leads.sealed, keys.wrapped,
    leads.plan_id is distinct from claims.plan_id as withdrawn
from prioritizer.claims join prioritizer.leads using (lead_id)
left join vault.keys on subject = lead_id
where rep_id = %(rep_id)s
"""
HELD = f"""{_READ} and state = 'open' and now() < leased_until
order by claimed_at desc, place desc
"""
ONE = f"{_READ} and claims.claim_id = %(claim_id)s"


class Taken(Claim):
    """A claim with its lead; `withdrawn` if the lead's plan is another by now, or none.

    `wrapped` is the key of its person as the vault has it: none once the person is erased.
    """

    features: Features
    sealed: str
    wrapped: bytes | None
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
    held = await _read(conn, HELD, {"rep_id": rep_id})
    return tuple(told(vault, one) for one in held)


async def claimed(
    conn: AsyncConnection, vault: Vault, rep_id: str, claim_id: UUID
) -> Given | None:
    """A claim of the rep, open or ended."""
    asked = {"rep_id": rep_id, "claim_id": claim_id}
    found = await _read(conn, ONE, asked)
    return told(vault, found[0]) if found else None


def told(vault: Vault, taken: Taken) -> Given:
    """The claim with the person of its lead."""
    key = vault.unwrapped(taken.lead_id, taken.wrapped) if taken.wrapped else None
    person = unsealed(key, taken.lead_id, taken.sealed)
    return Given(taken, taken.features, person, taken.withdrawn)


async def _read(conn: AsyncConnection, sql: str, asked: dict[str, object]) -> list[Taken]:
    async with conn.cursor(row_factory=class_row(Taken)) as cursor:
        await cursor.execute(sql.encode(), asked)
        return await cursor.fetchall()
