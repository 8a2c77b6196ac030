"""Writes that are made once for each Idempotency-Key, and answered the same however often."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Header, Request, Response
from psycopg import AsyncConnection
from pydantic import BaseModel, StringConstraints

from services.prioritizer import refusals
from services.prioritizer.connections import Connections, Within
from services.runtime.vault import Vault, seal, unseal

Key = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,200}$")] | None,
    Header(
        alias="Idempotency-Key",
        description="A name of your own for this write: repeated within a day, it gives the same"
        " answer and changes nothing. Refusals change nothing and are not kept.",
    ),
]

BEGIN = """
insert into prioritizer.kept_answers (rep_id, key, asked) values (%s, %s, %s)
on conflict do nothing returning true
"""
BEFORE = (
    "select asked, lead_id, sealed from prioritizer.kept_answers where rep_id = %s and key = %s"
)
ANSWERED = """
update prioritizer.kept_answers set lead_id = %s, sealed = %s where rep_id = %s and key = %s
"""
FORGET = """
delete from prioritizer.kept_answers where (rep_id, key) in (
    select rep_id, key from prioritizer.kept_answers
    where asked_at < now() - interval '1 day'
    order by asked_at limit 200 for update skip locked)
"""

Answer = tuple[UUID | None, BaseModel] | None
"""The lead that an answer is about, if any, and the answer; nothing where nobody was due."""

Work = Callable[[Connections], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Once:
    """The answer is kept in the transaction of the write itself: both are there, or neither."""

    pool: Connections
    vault: Vault
    none: Callable[[], Response]

    async def __call__(
        self, rep_id: str, request: Request, key: str | None, work: Work
    ) -> Response:
        """Do the work, or answer as before. Raises Problem 422 for a key of another request.

        Of two at once with one key, the second waits for the first.
        """
        if key is None:
            return self._response(_json(await work(self.pool)))
        asked = await _fingerprint(request)
        async with self.pool.connection() as conn:
            cursor = await conn.execute(BEGIN, (rep_id, key, asked))
            if await cursor.fetchone() is None:
                return self._response(await self._before(conn, rep_id, key, asked))
            answer = await work(Within(conn))
            await self._keep(conn, rep_id, key, answer)
        return self._response(_json(answer))

    async def _before(
        self, conn: AsyncConnection, rep_id: str, key: str, asked: str
    ) -> bytes | None:
        cursor = await conn.execute(BEFORE, (rep_id, key))
        row = await cursor.fetchone()
        if row is None or row[0] != asked:
            raise refusals.key_of_another_request()
        if row[1] is None:
            return row[2].encode() if row[2] is not None else None
        secret = (await self.vault.keys(conn, [row[1]])).get(row[1])
        if secret is None:
            raise refusals.erased_since(row[1])
        return unseal(secret, row[1], row[2])

    async def _keep(self, conn: AsyncConnection, rep_id: str, key: str, answer: Answer) -> None:
        if answer is None:
            return
        lead_id, told = answer
        if lead_id is None:
            await conn.execute(ANSWERED, (None, told.model_dump_json(), rep_id, key))
            return
        secret = (await self.vault.keys(conn, [lead_id])).get(lead_id)
        sealed = seal(secret, lead_id, _json(answer) or b"") if secret else None
        await conn.execute(ANSWERED, (lead_id, sealed, rep_id, key))

    def _response(self, body: bytes | None) -> Response:
        return self.none() if body is None else Response(body, media_type="application/json")


def _json(answer: Answer) -> bytes | None:
    return None if answer is None else answer[1].model_dump_json().encode()


async def _fingerprint(request: Request) -> str:
    asked = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return hashlib.sha256(asked).hexdigest()
