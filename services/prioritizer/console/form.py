"""What a page's form sent, checked as strictly as the API checks its bodies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args
from urllib.parse import parse_qsl
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Request

from engagement import zones
from engagement.calendar.zones import zone
from services.prioritizer.claims.desk import Held
from services.prioritizer.people.presence import Word
from services.runtime.doors.problem import Problem

_WORDS: Mapping[str, Word] = {one: one for one in get_args(Word)}


@dataclass(frozen=True, slots=True)
class Form:
    """The fields; what is missing or no such thing is a Problem that a page can tell."""

    fields: Mapping[str, str]

    @classmethod
    async def of(cls, request: Request) -> "Form":
        """The form in the request's body."""
        body = (await request.body()).decode(errors="replace").replace("\0", "")
        return cls(dict(parse_qsl(body)))

    @property
    def key(self) -> str | None:
        """The Idempotency-Key that the page made for this form."""
        return self.fields.get("key", "")[:200] or None

    def text(self, field: str, most: int) -> str | None:
        """A text of at most `most` characters; nothing where it is blank."""
        return self.fields.get(field, "").strip()[:most] or None

    def word(self) -> Word:
        """Whether the rep clocks in, pauses or leaves."""
        said = self.fields.get("state", "")
        if said not in _WORDS:
            raise _refused("not-clocked-in")
        return _WORDS[said]

    def lead(self) -> UUID:
        """The lead that it is about."""
        return _uuid(self.fields.get("lead", ""))

    def held(self) -> Held:
        """The claim that it is about."""
        fence = self.fields.get("fence", "")
        if not fence.isascii() or not fence.isdigit() or len(fence) > 18:
            raise _refused("stale-fence")
        return Held(_uuid(self.fields.get("claim", "")), int(fence))

    def callback(self) -> datetime | None:
        """When the rep promised to call, told by the clock that the page named, which must show
        it once. The lead may have moved to another zone since: the rep read the page's."""
        told, time_zone = self.text("callback", 40), self.fields.get("zone", "")
        if told is None:
            return None
        if time_zone not in zones.names():
            raise _refused("no-such-time")
        try:
            shown = datetime.fromisoformat(told).replace(tzinfo=None)
        except ValueError:
            raise _refused("no-such-time") from None
        return _only(shown, zone(time_zone))


def _only(shown: datetime, clock: ZoneInfo) -> datetime:
    """The one moment at which the clock shows this; there is none, or are two, when it is set."""
    first, second = (shown.replace(tzinfo=clock, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(clock).replace(tzinfo=None, fold=0) != shown:
        raise _refused("skipped-time")
    if first != second:
        raise _refused("doubled-time")
    return first


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _refused("unknown-claim") from None


def _refused(type_: str) -> Problem:
    return Problem(422, type_, "The form is not as the page made it", "Load the page again.")
