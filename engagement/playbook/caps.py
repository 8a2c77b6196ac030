"""How often a lead may be touched, whatever its cadence says."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from engagement.playbook.model import Model, broken, refuse
from schemas.events.fact import Channel

CHANNELS: tuple[Channel, ...] = get_args(Channel)

_PerDay = Annotated[int, Field(strict=True, ge=1, le=50)]
_PerWeek = Annotated[int, Field(strict=True, ge=1, le=200)]


class Cap(Model):
    """At most so many touches on one day of the lead's, and on any seven days together, and the
    gap after each of them."""

    gap_minutes: Annotated[int, Field(strict=True, ge=1, le=43_200)] | None = None
    """The time that must pass between two touches."""
    per_day: _PerDay | None = None
    """The most touches on one day of the lead's."""
    per_week: _PerWeek | None = None
    """The most touches on any seven days together."""

    @model_validator(mode="after")
    def _in_proportion(self) -> "Cap":
        if self.per_day and self.per_week and self.per_week < self.per_day:
            raise broken("a week allows less than a day", "raise `per_week` or lower `per_day`")
        return self

    @property
    def gap(self) -> timedelta:
        """The time that must pass between two touches that the cap counts."""
        return timedelta(minutes=self.gap_minutes or 0)

    def allows(self, on_day: int, in_week: int) -> bool:
        """Whether one more touch fits, after so many on its day and in the seven days up to it."""
        day, week = self.per_day, self.per_week
        return (day is None or on_day < day) and (week is None or in_week < week)


class Caps(Cap):
    """The caps over all channels, with the gap after any touch, and those of each channel."""

    call: Cap | None = None
    """The cap of calls alone."""
    email: Cap | None = None
    """The cap of e-mails alone."""
    sms: Cap | None = None
    """The cap of texts alone."""
    social: Cap | None = None
    """The cap of touches on social networks alone."""

    @model_validator(mode="after")
    def _apart(self) -> "Caps":
        refuse(self._lost())
        return self

    def _lost(self) -> Iterator[PydanticCustomError]:
        for channel in CHANNELS:
            own = self.of(channel)
            if own is not None and own.gap_minutes and own.gap <= self.gap:
                rule = "no longer than the gap after any touch"
                fix = "let it be longer than `caps.gap_minutes`, or leave it out"
                yield broken(rule, fix, channel, "gap_minutes")

    def gap_on(self, channel: Channel) -> timedelta:
        """The time that must pass between two touches on the channel."""
        own = self.of(channel)
        return timedelta() if own is None else own.gap

    def of(self, channel: Channel) -> Cap | None:
        """The channel's own cap."""
        cap: Cap | None = getattr(self, channel)
        return cap
