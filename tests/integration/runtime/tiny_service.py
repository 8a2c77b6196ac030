"""A service with all parts and no purpose, run as a process of its own by the lifecycle tests."""

import asyncio
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter
from psycopg import AsyncConnection

from schemas.codec import Message
from schemas.events.lead import OptedOut
from schemas.topics import Topic
from services.runtime.fold.fold import Arrival, Outcome
from services.runtime.outbox.outbox import Outbox, Row
from services.runtime.postgres import postgres
from services.runtime.process.service import Service, main
from services.runtime.process.settings import RuntimeSettings

NAME = "tiny"


def topic(name: str, partitions: int = 2) -> Topic:
    """A topic that the tests make."""
    return Topic(name, "any", {}, NAME, NAME, NAME, (OptedOut,), ours=False, partitions=partitions)


IN, OUT = topic("tiny.in"), topic("tiny.out")


class Settings(RuntimeSettings):
    """Which topic is folded, how many partitions are declared, where the fold breaks, and whether
    a thread never ends."""

    topic: str = IN.name
    partitions: int = 2
    broken_lead: str = ""
    hangs: bool = False


class Counting:
    """Keeps the leads that it saw."""

    output = None

    def __init__(self, settings: Settings) -> None:
        self.topic = topic(settings.topic, settings.partitions)
        self._broken = settings.broken_lead

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """One row an arrival."""
        for arrival in arrivals:
            lead = str(arrival.event.data.lead_id)
            if lead == self._broken:
                raise RuntimeError("anna@example.com broke it")
            await conn.execute("insert into tiny.seen values (%s, %s)", (lead, arrival.partition))
        return Outcome()


def build(settings: Settings) -> Service:
    """The service, not yet running."""
    pool = postgres.pool(settings.database_url.get_secret_value(), service=NAME)
    if settings.hangs:
        threading.Thread(target=threading.Event().wait).start()
    outbox = Outbox(NAME)
    routes = APIRouter()

    @routes.post("/facts/{key}", status_code=202)
    async def accept(key: str) -> None:
        async with pool.connection() as conn:
            await outbox.append(conn, [Row(OUT, Message(key.encode(), b"{}"))])

    @routes.get("/seen")
    async def seen() -> list[str]:
        async with pool.connection() as conn:
            cursor = await conn.execute("select lead from tiny.seen order by lead")
            return [lead for (lead,) in await cursor.fetchall()]

    @routes.get("/slow")
    async def slow() -> str:
        await asyncio.sleep(1)
        return "done"

    return Service(
        name=NAME,
        settings=settings,
        pool=pool,
        migrations=Path(__file__).with_name("tiny_migrations"),
        folds=(Counting(settings),),
        outbox=outbox,
        writes=(OUT,),
        routers=(routes,),
    )


if __name__ == "__main__":
    main(Settings, build, os.environ)
