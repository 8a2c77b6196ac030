"""What a planned touch must be for a tier, or a term within it, to be meant for it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from engagement.playbook.entry import Conditions
from engagement.playbook.model import Model, broken
from engagement.playbook.part_of_day import PartOfDay
from schemas.events.fact import Channel, Features
from schemas.events.plan import Again, TouchPlanned

_Attempts = Annotated[int, Field(strict=True, ge=0, le=1_000)]


class TouchConditions(Model):
    """What a planned touch must be; each condition given has to hold.

    `untouched`: nobody has touched the lead in this enrolment. `opens`: the touch opens in this
    part of the day, by the lead's clock.
    """

    again: Again | None = None
    """Why the step is planned once more."""
    untouched: Literal[True] | None = None
    """Nobody has touched the lead in this enrolment."""
    attempts_at_least: _Attempts | None = None
    """So many touches were made before, or more."""
    attempts_at_most: _Attempts | None = None
    """So many touches were made before, or fewer."""
    channel: Channel | None = None
    """By what the touch is made."""
    opens: PartOfDay | None = None
    """The part of the day in which the touch opens, by the lead's clock."""
    lead: Conditions | None = None
    """What the lead must be."""

    @model_validator(mode="after")
    def _conditional(self) -> "TouchConditions":
        if not self.model_dump(exclude_none=True):
            raise broken("no condition", "name one, or leave the key out")
        return self

    def __str__(self) -> str:
        """As people write it."""
        told = self.model_dump(mode="json", exclude_none=True)
        told |= told.pop("lead", {})
        return ", ".join(f"{name} {wanted}" for name, wanted in told.items())

    def hold(self, plan: TouchPlanned, features: Features) -> bool:
        """Whether this touch of a lead with these features is meant."""
        return (
            self.again in {None, plan.again}
            and (self.untouched is None or untouched(plan))
            and (self.attempts_at_least or 0) <= plan.attempts
            and (self.attempts_at_most is None or plan.attempts <= self.attempts_at_most)
            and self.channel in {None, plan.channel}
            and (self.opens is None or _within(self.opens, plan.local_time))
            and (self.lead is None or self.lead.hold(features))
        )


def untouched(plan: TouchPlanned) -> bool:
    """Whether nobody has touched the lead in this enrolment."""
    return plan.attempts == 0 and plan.again is None


def _within(part: PartOfDay, local_time: str | None) -> bool:
    """By what the lead's clock shows, as ISO 8601; plans of older releases do not tell."""
    shown = (local_time or "")[11:16]
    return f"{part.opens:%H:%M}" <= shown < f"{part.closes:%H:%M}"
