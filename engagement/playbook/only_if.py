"""Conditions of a step: what its lead must be, and what it must have done since it came in."""

from collections.abc import Iterable
from functools import cached_property

from pydantic import StrictBool, model_validator

from engagement.playbook.entry import Conditions
from engagement.playbook.model import broken
from schemas.events.fact import Channel
from schemas.events.lead import Signal

_SIGNALS: tuple[Signal, ...] = ("opened", "clicked", "accepted")


def replied(channel: Channel) -> str:
    """The sign by which a reply on this channel is remembered."""
    return f"replied/{channel}"


class OnlyIf(Conditions):
    """Each condition given has to hold.

    `opened`, `clicked` and `accepted` ask whether a tool has seen that since the lead came in,
    `replied` and `not_replied` whether the lead answered on the channel; the others are as in
    entry rules, and ask what the lead was when it came in.
    """

    opened: StrictBool | None = None
    clicked: StrictBool | None = None
    accepted: StrictBool | None = None
    replied: Channel | None = None
    not_replied: Channel | None = None

    @cached_property
    def wanted(self) -> frozenset[str]:
        """The signs that must be there."""
        told = {one for one in _SIGNALS if getattr(self, one) is True}
        return frozenset(told | ({replied(self.replied)} if self.replied else set()))

    @cached_property
    def unwanted(self) -> frozenset[str]:
        """The signs that must not be there."""
        told = {one for one in _SIGNALS if getattr(self, one) is False}
        return frozenset(told | ({replied(self.not_replied)} if self.not_replied else set()))

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
        if self.replied is not None and self.replied == self.not_replied:
            raise broken("a reply both wanted and unwanted", "leave one of them out", "replied")
        return self


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
