"""Conditions of a step: what its lead must be, and what it must have done since it came in."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from pydantic import StrictBool, model_validator

from engagement.playbook.entry import Conditions
from engagement.playbook.model import broken
from schemas.events.fact import Channel
from schemas.events.lead import Signal

_SIGNALS: tuple[Signal, ...] = ("opened", "clicked", "accepted")
ON_A_CHANNEL: Mapping[str, str] = MappingProxyType(
    {"opened_on": "opened", "clicked_on": "clicked", "replied": "replied"}
)
"""The conditions that name a channel, each with the sign that it asks for; `not_` denies it."""


Message = Literal["email", "sms", "social"]
"""The channels on which messages are sent."""


def on(channel: Channel, sign: str) -> str:
    """The sign by which it is remembered that something was seen on this channel."""
    return f"{sign}/{channel}"


def replied(channel: Channel) -> str:
    """The sign by which a reply on this channel is remembered."""
    return on(channel, "replied")


class OnlyIf(Conditions):
    """Each condition given has to hold.

    `opened`, `clicked` and `accepted` ask whether a tool has seen that since the lead came in,
    `opened_on` and the like whether of a message on this channel; `replied` and `not_replied`
    whether the lead answered on the channel; the others are as in
    entry rules, and ask what the lead was when it came in, or is by what was told since.
    """

    opened: StrictBool | None = None
    """Whether it opened a message since it came in."""
    clicked: StrictBool | None = None
    """Whether it clicked a link in one."""
    accepted: StrictBool | None = None
    """Whether it accepted a request to connect."""
    opened_on: Message | None = None
    """A channel on which it opened a message."""
    not_opened_on: Message | None = None
    """A channel on which it opened none."""
    clicked_on: Message | None = None
    """A channel on which it clicked a link."""
    not_clicked_on: Message | None = None
    """A channel on which it clicked none."""
    replied: Channel | None = None
    """A channel on which it answered."""
    not_replied: Channel | None = None
    """A channel on which it did not answer."""

    @cached_property
    def wanted(self) -> frozenset[str]:
        """The signs that must be there."""
        told = {one for one in _SIGNALS if getattr(self, one) is True}
        return frozenset(told | set(self._on_a_channel("")))

    @cached_property
    def unwanted(self) -> frozenset[str]:
        """The signs that must not be there."""
        told = {one for one in _SIGNALS if getattr(self, one) is False}
        return frozenset(told | set(self._on_a_channel("not_")))

    def _on_a_channel(self, prefix: str) -> Iterator[str]:
        for key, sign in ON_A_CHANNEL.items():
            channel = getattr(self, prefix + key)
            if channel is not None:
                yield on(channel, sign)

    @cached_property
    def text(self) -> str:
        """The condition in words, as the log tells it."""
        told = self.model_dump(mode="json", exclude_none=True)
        return ", ".join(f"{name}: {_word(value)}" for name, value in told.items())

    def holds(self, seen: Iterable[str]) -> bool:
        """Whether the conditions on what the lead did hold, after these signs."""
        return self.wanted <= {*seen} and self.possible(seen)

    def possible(self, seen: Iterable[str]) -> bool:
        """Whether they hold, or may come to: no sign is ever taken back."""
        return self.unwanted.isdisjoint(seen)

    @model_validator(mode="after")
    def _consistent(self) -> "OnlyIf":
        for key in ON_A_CHANNEL:
            if getattr(self, key) is not None and getattr(self, key) == getattr(
                self, f"not_{key}"
            ):
                rule = f"{key} is both wanted and unwanted on one channel"
                raise broken(rule, "leave one of them out", key)
        return self


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
