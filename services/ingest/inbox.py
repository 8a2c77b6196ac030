"""The one way in: dedupe, vault keys and outbox rows of many submissions in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from operator import attrgetter
from uuid import UUID

from psycopg import AsyncConnection

from schemas.codec import encode
from schemas.envelope import Envelope, Event, child, derived_id
from schemas.events.fact import LeadFact
from schemas.events.lead import ReplyReceived
from schemas.topics import LEAD_EVENTS
from services.ingest.colleagues import Reply, heard
from services.ingest.contacts import Reached, know
from services.ingest.lead import Lead
from services.ingest.sealing import created, updated
from services.ingest.update import Update
from services.runtime.outbox.outbox import Outbox, Row
from services.runtime.vault import Vault

NAME = "ingest"
SOURCE = f"/touchline/{NAME}"

KEPT_DAYS = 35
"""Longer than a topic of a door keeps its records, which is 30: each can be read again."""

_FORGET = f"""
delete from ingest.inbox where ctid = any(array(
    select ctid from ingest.inbox
    where recorded_at < now() - interval '{KEPT_DAYS} days' limit 1000 for update skip locked))
""".encode()  # noqa: S608 - our own words

Keys = Mapping[UUID, bytes]
Key = tuple[str, bytes]
Content = Lead | Update | LeadFact


class Verdict(Enum):
    """What became of a submission. Only an accepted one makes facts."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    """The same key with the same body came before: it has the same answer."""
    CONFLICT = "conflict"
    """The same key came before with another body: the first one counts."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a source sent under one dedupe key: it is accepted as a whole, once."""

    source: str
    dedupe_key: bytes
    body: bytes
    recorded_at: datetime
    contents: tuple[Content, ...]
    traceparent: str | None = None

    @property
    def identity(self) -> Key:
        """What no two submissions may share."""
        return self.source, self.dedupe_key

    def fact_id(self, n: int) -> UUID:
        """The id of the n-th fact: the same whenever this submission comes."""
        return derived_id(NAME, self.source, self.dedupe_key.hex(), *([str(n)] if n else []))


@dataclass(frozen=True, slots=True)
class Inbox:
    """Takes submissions into the log. Callers run in READ COMMITTED, PostgreSQL's default, and in
    pipeline mode: an answer that nobody waits for costs no round trip."""

    vault: Vault
    outbox: Outbox

    async def take(
        self, conn: AsyncConnection, submissions: Sequence[Submission]
    ) -> list[Verdict]:
        """A verdict for each, in the caller's transaction; the facts are in the outbox with it.

        Rows are taken in the order of their keys, the inbox's before the contacts' before the
        vault's, so concurrent callers wait for each other and never deadlock.
        """
        first: dict[Key, Submission] = {}
        for submission in submissions:
            first.setdefault(submission.identity, submission)
        fresh = await _insert(conn, sorted(first.values(), key=attrgetter("identity")))
        before = await _hashes(conn, [one for key, one in first.items() if key not in fresh])
        accepted = [one for key, one in first.items() if key in fresh]
        await self._write(conn, accepted)
        known = before | {one.identity: one.body for one in accepted}
        return [_verdict(one, fresh, known) for one in submissions]

    async def _write(self, conn: AsyncConnection, accepted: Sequence[Submission]) -> None:
        """The list of those not to be contacted first: what is on it never enters a cadence.

        Contacts and vault are asked before either answer is awaited.
        """
        reached = [
            Reached(content.lead_id, content.reach, submission.recorded_at, submission.traceparent)
            for submission in accepted
            for content in submission.contents
            if isinstance(content, Lead | Update)
        ]
        leads = {one.lead_id for one in reached}
        known = await know(conn, reached)
        keys = await self.vault.keys_or_new(conn, list(leads)) if leads else {}
        rows = await known.opt_outs() if known else []
        rows += [row for submission in accepted for row in _rows(submission, keys)]
        rows += await heard(conn, [reply for one in accepted for reply in _replies(one)])
        if rows:
            await self.outbox.append(conn, rows)


async def _insert(conn: AsyncConnection, ordered: list[Submission]) -> set[Key]:
    cursor = await conn.execute(
        "insert into ingest.inbox (source, dedupe_key, body, recorded_at)"
        " select * from unnest(%b::text[], %b::bytea[], %b::bytea[], %b::timestamptz[])"
        " on conflict do nothing returning source, dedupe_key",
        (
            [one.source for one in ordered],
            [one.dedupe_key for one in ordered],
            [one.body for one in ordered],
            [one.recorded_at for one in ordered],
        ),
        binary=True,
    )
    return {(source, key) for source, key in await cursor.fetchall()}


async def _hashes(conn: AsyncConnection, repeated: Sequence[Submission]) -> dict[Key, bytes]:
    if not repeated:
        return {}
    cursor = await conn.execute(
        "select source, dedupe_key, body from ingest.inbox"
        " join unnest(%b::text[], %b::bytea[]) as asked (source, dedupe_key)"
        " using (source, dedupe_key)",
        ([one.source for one in repeated], [one.dedupe_key for one in repeated]),
        binary=True,
    )
    return {(source, key): body for source, key, body in await cursor.fetchall()}


async def forget_old(conn: AsyncConnection) -> int:
    """Drop some submissions of more than KEPT_DAYS ago; answers how many.

    Whoever sends one of them again then is believed to send another.
    """
    return (await conn.execute(_FORGET)).rowcount


def _verdict(submission: Submission, fresh: set[Key], known: Mapping[Key, bytes]) -> Verdict:
    """The first of a fresh key is accepted, and takes the key; what follows repeats it."""
    key = submission.identity
    if key in fresh:
        fresh.remove(key)
        return Verdict.ACCEPTED
    return Verdict.DUPLICATE if known[key] == submission.body else Verdict.CONFLICT


def _rows(submission: Submission, keys: Keys) -> list[Row]:
    return [
        Row(LEAD_EVENTS, encode(_event(submission, n, content, keys)))
        for n, content in enumerate(submission.contents)
    ]


def _replies(submission: Submission) -> list[Reply]:
    return [
        Reply(submission.fact_id(n), content, submission.traceparent)
        for n, content in enumerate(submission.contents)
        if isinstance(content, ReplyReceived)
    ]


def _event(submission: Submission, n: int, content: Content, keys: Keys) -> Event[LeadFact]:
    id_ = submission.fact_id(n)
    envelope = Envelope(id_, SOURCE, traceparent=child(submission.traceparent, id_))
    if isinstance(content, Lead):
        return Event(envelope, created(content, submission.recorded_at, keys[content.lead_id]))
    if isinstance(content, Update):
        return Event(envelope, updated(content, submission.recorded_at, keys[content.lead_id]))
    return Event(envelope, content)
