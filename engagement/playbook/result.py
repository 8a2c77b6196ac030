"""Result codes: how a touch may end, and what follows."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from engagement.playbook.model import Model, broken

ResultAction = Literal[
    "next-touch",
    "retry-in",
    "schedule-callback",
    "end-of-queue",
    "qualify",
    "meeting-booked",
    "close",
    "stop-trying",
    "opt-out",
]
"""What a result code leads to: the cadence goes on; the same touch again after a wait, ahead of
what is due; the same touch again when the lead asked for it, before all else; the same touch again
after a wait, behind all else; the lead is sales-qualified and handed off; the lead has a meeting;
the lead is closed; nobody tries any longer, though nothing is known against the lead; the lead is
never contacted again."""

WAITING = frozenset({"retry-in", "schedule-callback", "end-of-queue"})
"""The actions with a wait; a callback waits for it where no moment was promised."""


class ResultCode(Model):
    """A code of the deployment's own; its action, not its label, decides what follows."""

    code: Annotated[str, StringConstraints(pattern=r"^[^\s\x00]{1,10}$")]
    label: Annotated[str, StringConstraints(min_length=1, max_length=50, pattern=r"^[^\x00]*$")]
    action: ResultAction
    minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] | None = None
    hours: Annotated[int, Field(strict=True, ge=1, le=2160)] | None = None

    @property
    def wait(self) -> timedelta:
        """How long the same touch waits, where the action lets it wait."""
        return timedelta(minutes=self.minutes or 0, hours=self.hours or 0)

    @model_validator(mode="after")
    def _waits(self) -> "ResultCode":
        given = (self.minutes is not None) + (self.hours is not None)
        if self.action in WAITING and given != 1:
            raise broken(f"{self.action} needs one wait", "give `minutes` or `hours`, not both")
        if self.action not in WAITING and given:
            raise broken(f"{self.action} waits for nothing", "remove `minutes` and `hours`")
        return self
