"""That something of a team's queue changed, told to whoever watches it, from the commit on.

A commit notes what it changed; processes forward the notes to each other, and each listens once,
for all who watch there. What changed is not told: whoever may, reads it. That time passes changes
the queue too, and nobody notes it.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from fastapi.sse import ServerSentEvent
from psycopg import AsyncConnection
from pydantic import BaseModel, ConfigDict

from services.runtime.doors.problem import database_away

Kind = Literal["lead-planned", "lead-cleared", "lead-claimed", "claim-ended"]
"""A lead has another touch to come, or none; a rep was given a lead; a claim was ended, or its
lease ran out."""

CHANNEL: Final = "prioritizer_changes"
KEPT: Final = 1_000
"""Changes that who was away for a moment can still be told of."""
FORWARD_SECONDS: Final = 0.25
"""Between two looks at what commits noted."""
FORWARDED: Final = 10_000
"""Notes of one look."""
GATHER_SECONDS: Final = 0.25
"""Between two tellings, so that a busy queue costs a watcher a few lines a second."""
LASTS_SECONDS: Final = 900.0
"""Then a stream ends and is asked for again: keys and tokens are looked at anew."""

_FORWARD = f"""
with noted as (
    delete from prioritizer.changes where id in (
        select id from prioritizer.changes order by id limit {FORWARDED} for update skip locked)
    returning team, kind
)
select pg_notify('{CHANNEL}', json_build_object('team', team, 'kind', kind)::text)
from noted group by team, kind
"""  # noqa: S608 - our own words


class Change(BaseModel):
    """What the processes tell each other."""

    model_config = ConfigDict(frozen=True)

    team: str
    kind: Kind


@dataclass(slots=True, eq=False)
class Watcher:
    """What is to be told to one client: of each kind the last change, so there are few at most."""

    team: str | None
    news: dict[Kind, int] = field(default_factory=dict)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False

    def hear(self, number: int, change: Change) -> None:
        """Note a change, if it is of the watcher's team."""
        if change.team == self.team:
            self.news.pop(change.kind, None)
            self.news[change.kind] = number
            self.stirred.set()

    def end(self) -> None:
        """There will be no more."""
        self.over = True
        self.stirred.set()


class Changes:
    """Listens for as long as the service lives. Streams end with it, and at each outage.

    `listening` says whether changes are heard of now.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._watchers: set[Watcher] = set()
        self._begin()
        self.listening = False

    async def run(self) -> None:
        """Listen, tell, and forward; an outage is the caller's to outlive."""
        connection = await AsyncConnection.connect(
            self._url,
            autocommit=True,
            options="-c synchronous_commit=off",  # the notes are lost in a crash anyhow
            connect_timeout=5,
            keepalives_idle=10,
            application_name="touchline-prioritizer-changes",
        )
        async with connection as conn:
            await conn.execute(f"listen {CHANNEL}".encode())
            self._begin()
            try:
                while True:
                    await conn.execute(_FORWARD.encode())
                    async for notified in conn.notifies(timeout=FORWARD_SECONDS):
                        self.hear(Change.model_validate_json(notified.payload))
            finally:
                self._end()

    def check(self) -> None:
        """Raise Problem 503 while changes are not heard of."""
        if not self.listening:
            raise database_away()

    async def told(self, team: str | None, last_id: str | None) -> AsyncIterator[ServerSentEvent]:
        """The team's changes after the event `last_id`; first `reload` where that is too long ago.

        Several changes of a kind are told as one. It ends after LASTS_SECONDS, and at the drain.
        """
        watcher, missed = Watcher(team), self._since(last_id)
        self._watchers.add(watcher)
        try:
            if missed is None:
                yield self._event("reload", self._number)
            for number, change in missed or ():
                watcher.hear(number, change)
            async for number, kind in _news(watcher):
                yield self._event(kind, number)
        finally:
            self._watchers.discard(watcher)

    def hear(self, change: Change) -> None:
        """Number a change, and keep it for all who watch its team."""
        self._number += 1
        self._kept.append((self._number, change))
        for watcher in self._watchers:
            watcher.hear(self._number, change)

    def _begin(self) -> None:
        """Numbers begin anew under another name: what was missed meanwhile nobody knows."""
        self._name, self._number = secrets.token_hex(4), 0
        self._kept: deque[tuple[int, Change]] = deque(maxlen=KEPT)
        self.listening = True

    def _end(self) -> None:
        self.listening = False
        for watcher in self._watchers:
            watcher.end()

    def _since(self, last_id: str | None) -> Iterable[tuple[int, Change]] | None:
        """What came after; None where some of it is not known any more."""
        name, _, number = (last_id or "").partition("-")
        if name != self._name or not number.isdecimal():
            return None
        if int(number) < self._number - len(self._kept):
            return None
        return [one for one in self._kept if one[0] > int(number)]

    def _event(self, kind: str, number: int) -> ServerSentEvent:
        return ServerSentEvent(event=kind, id=f"{self._name}-{number}", data={})


async def _news(watcher: Watcher) -> AsyncIterator[tuple[int, Kind]]:
    """What the watcher heard, oldest first, a few times a second."""
    loop = asyncio.get_running_loop()
    until = loop.time() + LASTS_SECONDS
    while not watcher.over and loop.time() < until:
        try:
            async with asyncio.timeout_at(until):
                await watcher.stirred.wait()
        except TimeoutError:
            return
        watcher.stirred.clear()
        news, watcher.news = watcher.news, {}
        for kind, number in news.items():
            yield number, kind
        await asyncio.sleep(GATHER_SECONDS)
