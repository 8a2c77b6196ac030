"""When a fetch waits for more: after one that brought something, and never while nothing comes."""

from typing import Any

import pytest
from aiokafka.consumer.fetcher import Fetcher  # type: ignore[import-untyped]

from services.runtime.fold.gathering import ENOUGH_BYTES, GatheringFetcher

PATIENCE_MS = 500
GATHER_MS = 20


@pytest.fixture
def fetcher(monkeypatch: pytest.MonkeyPatch) -> GatheringFetcher:
    """One that asks nobody: what a request brings is what it is told to bring."""

    def made(self: Any, *_: Any, **__: Any) -> None:
        self._fetch_min_bytes, self._fetch_max_wait_ms = 1, PATIENCE_MS

    async def brought(_: Any, came: bool) -> bool:
        return came

    monkeypatch.setattr(Fetcher, "__init__", made)
    monkeypatch.setattr(Fetcher, "_proc_fetch_request", brought)
    made_fetcher = GatheringFetcher()
    made_fetcher.gather_ms = GATHER_MS
    return made_fetcher


async def test_while_records_come_the_next_fetch_waits_for_more(fetcher: GatheringFetcher) -> None:
    assert await fetcher._proc_fetch_request(True)
    assert (fetcher._fetch_min_bytes, fetcher._fetch_max_wait_ms) == (ENOUGH_BYTES, GATHER_MS)


async def test_after_a_pause_the_first_record_is_fetched_at_once(
    fetcher: GatheringFetcher,
) -> None:
    for came in (True, False):
        assert await fetcher._proc_fetch_request(came) is came
    assert (fetcher._fetch_min_bytes, fetcher._fetch_max_wait_ms) == (1, PATIENCE_MS)
