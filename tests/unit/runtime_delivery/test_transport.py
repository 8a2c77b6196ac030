"""What is fetched across a seek is fetched again, and how far a partition is done."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from services.runtime.fold.intake import Batch
from services.runtime.fold.transport import AnyOffset, Consumer

HERE, GONE = TP("ticks", 0), TP("ticks", 1)


class Fetching(Consumer):
    """A consumer without a broker; `during` is what happens while it fetches."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, start: int) -> None:
        self._next, self._reached, self._seeks = {HERE: start}, {}, 0
        self.app: Any = SimpleNamespace(progress={HERE: start})
        self.reached: Mapping[TP, int] = {}
        self.sought: list[tuple[TP, int]] = []
        self.fetched: dict[TP, list[Any]] = {}
        self.during: Callable[[], None] = lambda: None

        async def fetch(*_: Any) -> dict[TP, list[Any]]:
            self.during()
            return self.fetched

        monkeypatch.setattr(driver.Consumer, "_getmany", fetch)

    def assignment(self) -> set[TP]:
        """One partition."""
        return {HERE}

    @property
    def _fetcher(self) -> Any:
        return SimpleNamespace(reached=lambda: self.reached)

    async def _seek(self, partition: TP, offset: int) -> None:
        self.sought.append((partition, offset))

    def seek_to(self, start: int) -> None:
        """As at an assignment."""
        self._seeks, self._next = self._seeks + 1, {HERE: start}

    async def get(self) -> Any:
        """What it hands over."""
        return await self._getmany(None, 1.0)


def records(*offsets: int) -> list[Any]:
    """Records that are nothing but their offsets."""
    return [SimpleNamespace(offset=offset) for offset in offsets]


async def test_batches_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Fetching(monkeypatch, start=5)
    consumer.fetched = {HERE: records(5, 6), GONE: records(1)}
    assert await consumer.get() == {HERE: [Batch(0, 5, records(5, 6))]}
    consumer.fetched = {HERE: records(9)}
    assert await consumer.get() == {HERE: [Batch(0, 7, records(9))]}


async def test_what_was_fetched_across_a_seek_is_fetched_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    consumer = Fetching(monkeypatch, start=5)
    consumer.fetched = {HERE: records(8, 9)}
    consumer.during = lambda: consumer.seek_to(3)

    assert await consumer.get() == {}
    assert consumer.sought == [(HERE, 3)]


def test_no_record_is_below_what_was_read() -> None:
    offsets = AnyOffset()
    offsets[HERE] = 7

    assert offsets[HERE] is None


async def test_what_holds_no_record_is_done_once_all_before_it_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    consumer = Fetching(monkeypatch, start=5)
    consumer.fetched, consumer.reached = {HERE: records(5, 6)}, {HERE: 9}
    await consumer.get()
    assert consumer.done(HERE) == 5

    consumer.app.progress[HERE] = 7
    assert consumer.done(HERE) == 9


def test_before_the_first_fetch_the_position_is_what_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Fetching(monkeypatch, start=5).done(HERE) == 5
