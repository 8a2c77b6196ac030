"""Shared commits: neighbours of a bad row, an outage in the middle, what a retry finds."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import psycopg
import pytest

from schemas.codec import Message
from schemas.topics import QUARANTINE
from services.ingest import accept
from services.ingest.accept import FEW, TURNS, Acceptance
from services.ingest.inbox import Inbox, Submission, Verdict
from services.runtime.outbox.outbox import Outbox, Row, RowRefused
from services.runtime.vault import Vault
from tests.integration.ingest.harness import KEK, Ingest

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WAITING = (
    "select pid from pg_stat_activity"
    " where datname = current_database() and wait_event_type = 'Lock'"
)
TERMINATE = WAITING.replace("pid", "pg_terminate_backend(pid)")
ANN = orjson.dumps({"email": "ann@acme.example"})


def submission(key: bytes, source: str = "webshop") -> Submission:
    return Submission(source, key, b"body", NOW, ())


@pytest.fixture
def acceptance(ingest: Ingest) -> Acceptance:
    return Acceptance(ingest.service.pool, Inbox(Vault(KEK), Outbox("ingest")))


async def test_a_bad_row_fails_alone(ingest: Ingest, acceptance: Acceptance) -> None:
    """One that PostgreSQL cannot keep, one that no broker could take, and forty good ones."""
    good = [acceptance.submit(submission(b"%d" % n)) for n in range(40)]
    nul = acceptance.submit(submission(b"nul", source="a\x00b"))
    huge = acceptance.quarantine(Row(QUARANTINE, Message(None, b"x" * 2_000_000), 0))
    works: list[Coroutine[Any, Any, Verdict | None]] = [*good[:20], nul, huge, *good[20:]]

    answers = await asyncio.gather(*works, return_exceptions=True)

    assert isinstance(answers[20], psycopg.DataError)
    assert isinstance(answers[21], RowRefused)
    assert answers[:20] + answers[22:] == [Verdict.ACCEPTED] * 40
    assert await ingest.rows("select count(*)::int from ingest.inbox") == [(40,)]


async def test_requests_that_wait_share_a_commit(ingest: Ingest, acceptance: Acceptance) -> None:
    await asyncio.gather(*(acceptance.submit(submission(b"%d" % n)) for n in range(200)))

    [(commits,)] = await ingest.rows("select count(distinct xmin::text)::int from ingest.inbox")
    assert commits <= 4


async def test_what_arrives_while_a_commit_gathers_shares_it(
    ingest: Ingest, acceptance: Acceptance
) -> None:
    """From its socket to the commit a request takes a few turns of the loop; so do these."""
    arriving = []
    for n in range(TURNS):
        arriving.append(asyncio.create_task(acceptance.submit(submission(b"%d" % n))))
        await asyncio.sleep(0)
    await asyncio.gather(*arriving)

    commits = await ingest.rows("select count(distinct xmin::text)::int from ingest.inbox")
    assert commits == [(1,)]


async def test_after_a_commit_few_wait_for_others_and_many_do_not(
    ingest: Ingest, acceptance: Acceptance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accept, "PACE_SECONDS", 0.5)
    await acceptance.submit(submission(b"first"))
    few = [asyncio.create_task(acceptance.submit(submission(b"%d" % n))) for n in range(2)]
    await asyncio.wait(few, timeout=0.1)
    assert not any(one.done() for one in few)
    await asyncio.gather(*few)
    monkeypatch.setattr(accept, "PACE_SECONDS", 60.0)
    await asyncio.gather(*(acceptance.submit(submission(b"m%d" % n)) for n in range(FEW)))

    commits = await ingest.rows("select count(distinct xmin::text)::int from ingest.inbox")
    assert commits == [(3,)]


async def test_writers_of_the_same_keys_wait_for_each_other(ingest: Ingest) -> None:
    """Taken in the order in which they came, the rows of these two would deadlock."""
    inbox = Inbox(Vault(KEK), Outbox("ingest"))

    async def take(keys: list[bytes]) -> list[Verdict]:
        async with ingest.service.pool.connection() as conn:
            return await inbox.take(conn, [submission(key) for key in keys])

    for turn in range(5):
        keys = [b"%d-%d" % (turn, n) for n in range(1000)]
        verdicts = await asyncio.gather(take(keys), take(keys[::-1]))
        assert sorted(map(set, verdicts), key=str) == [{Verdict.ACCEPTED}, {Verdict.DUPLICATE}]


async def test_of_a_group_the_first_of_a_key_counts(acceptance: Acceptance) -> None:
    first = Submission("webshop", b"key", b"a", NOW, ())
    rival = Submission("webshop", b"key", b"b", NOW, ())

    verdicts = await asyncio.gather(*map(acceptance.submit, [first, rival, first, rival]))

    assert verdicts == [
        Verdict.ACCEPTED,
        Verdict.CONFLICT,
        Verdict.DUPLICATE,
        Verdict.CONFLICT,
    ]


async def test_a_session_that_dies_before_its_commit_leaves_nothing(ingest: Ingest) -> None:
    """The sender hears "later", and its retry is no repetition."""
    async with await psycopg.AsyncConnection.connect(ingest.url) as other:
        await other.execute("lock table ingest.inbox in exclusive mode")
        asking = asyncio.ensure_future(ingest.leads(ANN))
        await _waiting_for_a_lock(other)
        await other.execute(TERMINATE)
        answer = await asking

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert await ingest.untouched()

    again = await ingest.leads(ANN)
    assert (again.status_code, again.headers.get("idempotent-replayed")) == (202, None)


async def test_a_commit_whose_answer_was_lost_is_answered_again(ingest: Ingest) -> None:
    """The sender gave up waiting; its lead came in all the same, once."""
    async with await psycopg.AsyncConnection.connect(ingest.url) as other:
        await other.execute("lock table ingest.inbox in exclusive mode")
        asking = asyncio.ensure_future(ingest.leads(ANN))
        await _waiting_for_a_lock(other)
        asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    while not await ingest.facts():  # noqa: ASYNC110  the commit goes on, and tells nobody
        await asyncio.sleep(0.01)

    again = await ingest.leads(ANN)

    assert (again.status_code, again.headers["idempotent-replayed"]) == (202, "true")
    assert len(await ingest.facts()) == 1


async def test_no_sessions_to_be_had_is_a_503(ingest: Ingest) -> None:
    await ingest.service.pool.close()

    answers: list[httpx.Response] = [await ingest.leads(ANN), await ingest.webhook(ANN)]

    assert answers[0].status_code == 503
    assert answers[0].json()["type"].endswith("database-away")


async def _waiting_for_a_lock(observer: psycopg.AsyncConnection) -> None:
    """Return once a session waits, long before the server would end its statement."""
    while not await (await observer.execute(WAITING)).fetchall():
        await observer.execute("select pg_stat_clear_snapshot(), pg_sleep(0.01)")
