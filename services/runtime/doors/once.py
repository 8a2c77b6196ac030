"""Writes that are made once for each Idempotency-Key, and answered the same however often."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Header, Request, Response
from psycopg import AsyncConnection, sql
from pydantic import BaseModel, StringConstraints

from services.runtime.doors.problem import FieldError, Problem, of_field
from services.runtime.postgres.connections import Connections, Within
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
insert into {table} (caller, key, asked) values (%s, %s, %s) on conflict do nothing returning true
"""
BEFORE = "select asked, subject, sealed, headers from {table} where caller = %s and key = %s"
ANSWERED = """
update {table} set subject = %s, sealed = %s, headers = %s where caller = %s and key = %s
"""
FORGET = """
delete from {table} where (caller, key) in (
    select caller, key from {table}
    where asked_at < now() - interval '1 day'
    order by asked_at limit 200 for update skip locked)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write is answered with; without a body, 204.

    With a subject, the answer names a person, and is kept sealed with that subject's key.
    """

    body: BaseModel | None
    subject: UUID | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> bytes | None:
        """The body as it is sent."""
        return None if self.body is None else self.body.model_dump_json().encode()


Work = Callable[[Connections], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Once:
    """The answer is kept in the transaction of the write itself: both are there, or neither.

    The table `kept_answers` of the service's own schema keeps them. `status` is that of an answer
    with a body; only answers with a subject need the vault.
    """

    pool: Connections
    schema: str
    vault: Vault | None = None
    status: int = 200

    async def __call__(
        self, caller: str, request: Request, key: str | None, work: Work
    ) -> Response:
        """Do the work, or answer as before. Raises Problem 422 for a key of another request.

        Of two at once with one key, the second waits for the first.
        """
        if key is None:
            answer = await work(self.pool)
            return self._response(answer.json, answer.headers)
        asked = await _fingerprint(request)
        async with self.pool.connection() as conn:
            cursor = await conn.execute(self._sql(BEGIN), (caller, key, asked))
            if await cursor.fetchone() is None:
                return await self._before(conn, caller, key, asked)
            answer = await work(Within(conn))
            await self._keep(conn, caller, key, answer)
        return self._response(answer.json, answer.headers)

    async def _before(self, conn: AsyncConnection, caller: str, key: str, asked: str) -> Response:
        cursor = await conn.execute(self._sql(BEFORE), (caller, key))
        row = await cursor.fetchone()
        if row is None or row[0] != asked:
            raise key_of_another_request()
        _, subject, sealed, headers = row
        if subject is None:
            return self._response(sealed.encode() if sealed is not None else None, headers or {})
        secret = await self._secret(conn, subject)
        if secret is None:
            raise erased_since(subject)
        return self._response(unseal(secret, subject, sealed), headers or {})

    async def _keep(self, conn: AsyncConnection, caller: str, key: str, answer: Answer) -> None:
        headers = orjson.dumps(dict(answer.headers)).decode() if answer.headers else None
        subject, told = answer.subject, answer.json
        if subject is None or told is None:
            kept = told.decode() if told is not None else None
        else:
            secret = await self._secret(conn, subject)
            kept = seal(secret, subject, told) if secret else None
        await conn.execute(self._sql(ANSWERED), (subject, kept, headers, caller, key))

    async def _secret(self, conn: AsyncConnection, subject: UUID) -> bytes | None:
        return (await self.vault.keys(conn, [subject])).get(subject) if self.vault else None

    def _sql(self, statement: str) -> sql.Composed:
        return in_schema(statement, self.schema)

    def _response(self, body: bytes | None, headers: Mapping[str, str]) -> Response:
        if body is None:
            return Response(status_code=204, headers=headers)
        return Response(body, self.status, headers=headers, media_type="application/json")


async def forget(conn: AsyncConnection, schema: str) -> int:
    """Drop answers of more than a day ago, some at a time; answers how many."""
    return (await conn.execute(in_schema(FORGET, schema))).rowcount


def in_schema(statement: str, schema: str) -> sql.Composed:
    """The statement about the schema's own table."""
    return sql.SQL(statement).format(table=sql.Identifier(schema, "kept_answers"))


def key_of_another_request() -> Problem:
    """The Idempotency-Key names a write that asked for something else."""
    error = FieldError("header.Idempotency-Key", "one-request-a-key", "send a new key")
    return of_field(422, "key-of-another-request", "The key was used for another request", error)


def erased_since(subject: UUID) -> Problem:
    """The write was made, and its answer named a person who was erased since."""
    detail = f"{subject} was erased after this request was answered, and the answer with it."
    return Problem(410, "erased-since", "The person was erased", detail)


async def _fingerprint(request: Request) -> str:
    asked = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return hashlib.sha256(asked).hexdigest()
