"""Acceptance at the HTTP door: concurrent requests share one commit, and each gets its answer."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import OperationalError
from psycopg_pool import AsyncConnectionPool

from services.ingest.inbox import Inbox, Submission, Verdict
from services.runtime.outbox.outbox import Row
from services.runtime.postgres.connections import Pipelined
from services.runtime.process.outage import is_outage

WRITERS = 2
"""Commits under way at once: while one waits for the disk, the next one gathers."""
LARGEST_GROUP = 256
TURNS = 3
"""Of the loop before a commit: so many lead from bytes on a socket to `submit`, so that all that
has arrived shares the commit. To a request that comes alone they are microseconds."""
PACE_SECONDS = 0.02
"""Between two commits of few requests: one that comes alone after a pause waits for nothing."""
FEW = 16
"""Requests: more than so many are committed at once."""
MOST_WAITING = 4096
"""So many wait for a commit before the door says "later": memory stays bounded."""
PATIENCE_SECONDS = 8.0
"""Longer than the server lets a transaction live."""


class Overloaded(Exception):
    """Too many wait for a commit already; nothing of this request was kept."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    what: Submission | Row
    answer: asyncio.Future[Verdict]


class Acceptance:
    """Returns from `submit` and `quarantine` when the commit is done, and never before.

    A writer lives only while something waits: whoever comes starts one, so there is nothing to
    stop, and a request that is under way at the end of the process gets its answer.
    """

    def __init__(self, pool: AsyncConnectionPool, inbox: Inbox) -> None:
        self._pool = pool
        self._inbox = inbox
        self._waiting: deque[_Waiting] = deque()
        self._writers: set[asyncio.Task[None]] = set()
        self._writing = 0
        self._gathering = False
        self._begun = 0.0

    async def submit(self, submission: Submission) -> Verdict:
        """What became of it.

        Raises psycopg's OperationalError while PostgreSQL is away, and Overloaded.
        """
        return await self._committed(submission)

    async def quarantine(self, row: Row) -> None:
        """Commit a quarantine row. Raises as `submit` does."""
        await self._committed(row)

    async def _committed(self, what: Submission | Row) -> Verdict:
        if len(self._waiting) >= MOST_WAITING:
            raise Overloaded
        answer: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(what, answer))
        if self._writing < WRITERS and not self._gathering:
            self._writing += 1
            self._gathering = True
            writer = asyncio.create_task(self._write())
            self._writers.add(writer)  # the loop itself keeps no task alive
            writer.add_done_callback(self._writers.discard)
        return await answer

    async def _write(self) -> None:
        try:
            while group := await self._gathered():
                await self._answer(group)
        finally:
            self._writing -= 1

    async def _gathered(self) -> list[_Waiting]:
        self._gathering = True
        for _ in range(TURNS):
            await asyncio.sleep(0)
        if 0 < len(self._waiting) < FEW:
            await asyncio.sleep(self._begun + PACE_SECONDS - _now())
        self._begun = _now() if self._waiting else self._begun
        self._gathering = False
        size = min(len(self._waiting), LARGEST_GROUP)
        return [self._waiting.popleft() for _ in range(size)]

    async def _answer(self, group: Sequence[_Waiting]) -> None:
        """One bad row must not fail its neighbours: what fails together is tried one by one."""
        try:
            verdicts = await self._commit(group)
        except Exception as error:
            if is_outage(error):
                _fail(group, OperationalError("PostgreSQL took no commit"))
            elif len(group) == 1:
                _fail(group, error)
            else:
                for one in group:
                    await self._answer([one])
            return
        for one, verdict in zip(group, verdicts, strict=True):
            if not one.answer.done():
                one.answer.set_result(verdict)

    async def _commit(self, group: Sequence[_Waiting]) -> list[Verdict]:
        submissions = [one.what for one in group if isinstance(one.what, Submission)]
        rows = [one.what for one in group if isinstance(one.what, Row)]
        try:
            async with (
                asyncio.timeout(PATIENCE_SECONDS),
                Pipelined(self._pool).connection() as conn,
            ):
                if rows:
                    await self._inbox.outbox.append(conn, rows)
                taken = iter(await self._inbox.take(conn, submissions) if submissions else ())
        except TimeoutError:
            raise OperationalError("no commit in time") from None
        return [
            next(taken) if isinstance(one.what, Submission) else Verdict.ACCEPTED for one in group
        ]


def _now() -> float:
    return asyncio.get_running_loop().time()


def _fail(group: Sequence[_Waiting], error: Exception) -> None:
    for one in group:
        if not one.answer.done():
            one.answer.set_exception(error)
