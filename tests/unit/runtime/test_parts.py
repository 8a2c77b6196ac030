"""Parts start in order, are watched together, and drain whatever happened."""

import asyncio
from dataclasses import dataclass, field

import pytest
from psycopg import OperationalError

from services.runtime.process import outage, parts
from services.runtime.process.exits import Exit, Stopped
from services.runtime.process.parts import Background, run_parts


@dataclass
class Recorded:
    """A part that tells what was done to it, and does as it is told."""

    name: str
    diary: list[str]
    refuses: bool = False
    stuck: bool = False
    end: asyncio.Future[None] = field(default_factory=asyncio.Future)

    async def start(self) -> None:
        if self.refuses:
            raise RuntimeError
        self.diary.append(f"start {self.name}")

    async def wait_failed(self) -> None:
        await asyncio.shield(self.end)

    async def drain(self) -> None:
        self.diary.append(f"drain {self.name}")
        if self.stuck:
            await asyncio.Event().wait()


async def test_a_stop_drains_every_part() -> None:
    diary: list[str] = []
    stop = asyncio.Event()
    stop.set()

    await run_parts([Recorded("relay", diary), Recorded("http", diary)], stop)

    assert diary == ["start relay", "start http", "drain relay", "drain http"]


async def test_a_part_that_fails_ends_the_service_and_the_others_drain() -> None:
    diary: list[str] = []
    relay, http = Recorded("relay", diary), Recorded("http", diary)
    asyncio.get_running_loop().call_soon(relay.end.set_exception, RuntimeError("secret"))

    with pytest.raises(Stopped, match=r"relay failed: RuntimeError$") as caught:
        await run_parts([relay, http], asyncio.Event())

    assert caught.value.code is Exit.FAILED
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert "drain http" in diary


async def test_a_part_that_ends_by_itself_is_a_failure_too() -> None:
    http = Recorded("http", [])
    asyncio.get_running_loop().call_soon(http.end.set_result, None)

    with pytest.raises(Stopped, match="http failed: it ended though nobody"):
        await run_parts([http], asyncio.Event())


async def test_what_had_started_is_drained_when_a_later_part_cannot_start() -> None:
    diary: list[str] = []

    with pytest.raises(Stopped, match="http could not start"):
        await run_parts(
            [Recorded("relay", diary), Recorded("http", diary, refuses=True)], asyncio.Event()
        )

    assert diary == ["start relay", "drain relay"]


async def test_a_drain_that_hangs_does_not_hold_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "DRAIN_SECONDS", 0.01)
    diary: list[str] = []
    stop = asyncio.Event()
    stop.set()

    await run_parts([Recorded("relay", diary, stuck=True), Recorded("http", diary)], stop)

    assert diary[-2:] == ["drain relay", "drain http"]


async def test_a_background_task_outlives_an_outage_but_not_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outage, "FIRST_SECONDS", 0.001)
    errors: list[Exception] = [OperationalError(), OperationalError(), KeyError()]

    async def work() -> None:
        raise errors.pop(0)

    background = Background("prioritizer", "poller", work)
    await background.start()

    with pytest.raises(KeyError):
        await background.wait_failed()
    assert errors == []


async def test_a_background_task_is_cancelled_by_a_drain() -> None:
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.Event().wait()

    background = Background("prioritizer", "poller", work)
    await background.start()
    await begun.wait()
    await background.drain()

    with pytest.raises(asyncio.CancelledError):
        await background.wait_failed()
