"""Changes of the queue as they are heard by those who watch it, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256

import fastapi.routing
import httpx
import pytest
import pytest_asyncio

from services.prioritizer import changes_api
from services.prioritizer.callers import callers_of
from services.prioritizer.changes import KEPT, Change, Changes, Watcher
from services.prioritizer.settings import RepSettings, StaffSettings
from services.runtime.doors.door import Door
from services.runtime.doors.http import application
from services.runtime.process.outage import outlive
from tests.integration.delivery.wire import until
from tests.integration.prioritizer.decisions import TEAM
from tests.integration.prioritizer.queue import ANA, Queue

KEYS = {name: sha256(name.encode()).hexdigest() for name in ("ana", "mia", "alan")}
CALLERS = callers_of(
    {"ana": RepSettings(key_sha256=KEYS["ana"], team=TEAM)},
    {
        "mia": StaffSettings(key_sha256=KEYS["mia"], role="manager", team=TEAM),
        "alan": StaffSettings(key_sha256=KEYS["alan"], role="analyst"),
    },
)
PATH = "/v1/queue/events"


@dataclass
class Stream:
    """What comes over one stream, event by event."""

    lines: AsyncIterator[str]
    last_id: str = ""
    comments: list[str] = field(default_factory=list)

    async def event(self) -> str:
        """The name of the next event."""
        name = ""
        async for line in self.lines:
            field_, _, value = line.partition(": ")
            if field_ == "event":
                name = value
            elif field_ == "id":
                self.last_id = value
            elif line.startswith(":"):
                self.comments.append(line)
            elif not line and name:
                return name
        return "the end"

    async def until(self, name: str) -> None:
        """Pass over what was noted earlier and is told only now, up to the next event `name`."""
        while (event := await self.event()) != name:
            assert event != "the end"


@dataclass
class World:
    """A door with changes behind it."""

    changes: Changes
    listening: asyncio.Task[None]
    door: Door

    @asynccontextmanager
    async def stream(self, who: str = "ana", last_id: str | None = None) -> AsyncIterator[Stream]:
        headers = {"Authorization": f"Bearer {who}"}
        if last_id is not None:
            headers["Last-Event-ID"] = last_id
        url = f"http://127.0.0.1:{self.door.port}{PATH}"
        async with (
            httpx.AsyncClient(timeout=60, headers=headers) as client,
            client.stream("GET", url) as answer,
        ):
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            yield Stream(answer.aiter_lines())


@pytest_asyncio.fixture
async def world(queue: Queue, database: str) -> AsyncIterator[World]:
    """The queue's tables are there, and changes are listened for."""
    assert await queue.next() is None
    changes = Changes(database)
    listening = asyncio.create_task(outlive("prioritizer", "changes", changes.run))
    app = application("prioritizer", [changes_api.router(changes, CALLERS)], 1_000)
    door = Door(app, "127.0.0.1", 0)
    await door.start()
    await until(heard(changes))
    yield World(changes, listening, door)
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    await door.drain()


def heard(changes: Changes) -> Callable[[], Awaitable[bool]]:
    """Whether changes are listened for by now."""

    async def listening() -> bool:
        return changes.listening

    return listening


@pytest.mark.parametrize("who", ["ana", "mia"])
async def test_who_watches_hears_of_the_own_team_alone(
    queue: Queue, world: World, who: str
) -> None:
    async with world.stream(who) as stream:
        assert await stream.event() == "reload"
        await queue.lead(team="enterprise")
        await queue.lead()
        assert await stream.event() == "lead-planned"
        given = await queue.given(ANA)
        assert await stream.event() == "lead-claimed"
        await queue.dispose(given)
        assert await stream.event() == "claim-ended"


async def test_a_lease_that_runs_out_is_heard_of(queue: Queue, world: World) -> None:
    await queue.lead()
    given = await queue.given(ANA)
    async with world.stream() as stream:
        assert await stream.event() == "reload"
        await queue.run_out(given)
        await queue.poller.look()
        await stream.until("claim-ended")


async def test_a_stream_goes_on_after_the_event_that_came_last(queue: Queue, world: World) -> None:
    async with world.stream() as stream:
        assert await stream.event() == "reload"
    await queue.lead()
    await queue.given(ANA)
    async with world.stream(last_id=stream.last_id) as again:
        assert {await again.event(), await again.event()} == {"lead-planned", "lead-claimed"}


@pytest.mark.parametrize("last_id", ["", "0", "other-1", "-", "x" * 5_000])
async def test_what_may_have_been_missed_is_said_to_be_read_anew(
    world: World, last_id: str
) -> None:
    async with world.stream(last_id=last_id) as stream:
        assert await stream.event() == "reload"


async def test_more_changes_than_are_kept_are_read_anew(world: World) -> None:
    async with world.stream() as stream:
        assert await stream.event() == "reload"
    for _ in range(KEPT + 1):
        world.changes.hear(Change(team=TEAM, kind="lead-planned"))
    async with world.stream(last_id=stream.last_id) as again:
        assert await again.event() == "reload"


async def test_an_outage_ends_the_streams_and_the_next_one_begins_anew(
    queue: Queue, world: World
) -> None:
    async with world.stream() as stream:
        assert await stream.event() == "reload"
        await queue.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'touchline-prioritizer-changes'"
            " and datname = current_database()"
        )
        assert await stream.event() == "the end"
    await until(heard(world.changes))
    async with world.stream(last_id=stream.last_id) as again:
        assert await again.event() == "reload"


async def test_the_drain_ends_every_stream(world: World) -> None:
    async with world.stream() as stream, world.stream("mia") as other:
        assert [await stream.event(), await other.event()] == ["reload", "reload"]
        draining = asyncio.create_task(world.door.drain())
        world.listening.cancel()
        assert [await stream.event(), await other.event()] == ["the end", "the end"]
    await draining


async def test_a_line_that_says_nothing_is_kept_alive(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fastapi.routing, "_PING_INTERVAL", 0.05)
    async with world.stream() as stream:
        assert await stream.event() == "reload"
        async for line in stream.lines:
            if line.startswith(":"):
                break


@pytest.mark.parametrize(("who", "status"), [("alan", 403), ("nobody", 401)])
async def test_whoever_may_not_read_the_queue_may_not_watch_it(
    world: World, who: str, status: int
) -> None:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {who}"}) as client:
        answer = await client.get(f"http://127.0.0.1:{world.door.port}{PATH}")
    assert answer.status_code == status


async def test_nobody_watches_while_nothing_is_heard() -> None:
    app = application("prioritizer", [changes_api.router(Changes(""), CALLERS)], 1_000)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://queue") as client:
        answer = await client.get(PATH, headers={"Authorization": "Bearer ana"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_a_client_that_does_not_read_costs_no_more_than_the_last_of_each_kind() -> None:
    watcher = Watcher(TEAM)
    for number in range(10_000):
        watcher.hear(number, Change(team=TEAM, kind="lead-planned"))
        watcher.hear(number, Change(team="other", kind="lead-claimed"))
    assert watcher.news == {"lead-planned": 9_999}
