"""Fetches that wait at the broker for more, once something has come.

A fetch, a transaction, a commit and a broker's answer cost the same for one record as for
hundreds. So while records come, a fetch waits for others; the first record after a pause is
fetched at once, and while nothing comes, nothing is asked every few milliseconds.
"""

from typing import Any

from services.runtime.fold.committed import CommittedFetcher

ENOUGH_BYTES = 262_144
"""What comes with so much waits no longer: the lanes have their fill of it."""


class GatheringFetcher(CommittedFetcher):
    """A fetcher whose next fetch waits for more where the last one brought something.

    `gather_ms` is how long, in milliseconds.
    """

    gather_ms = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience_ms: int = self._fetch_max_wait_ms

    async def _proc_fetch_request(self, *args: Any) -> bool:
        came = bool(await super()._proc_fetch_request(*args))
        self._fetch_min_bytes = ENOUGH_BYTES if came else 1
        self._fetch_max_wait_ms = self.gather_ms if came else self._patience_ms
        return came
