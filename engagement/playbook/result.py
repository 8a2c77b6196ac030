"""Result codes: how a touch may end, and what follows."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from engagement.playbook.model import Model, broken
from schemas.events.fact import Disposition

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

_TRYING = WAITING - {"schedule-callback"}
"""The actions that take a step once more without a promise."""

_MOST_TRIES = 30
"""So many touches of one step are a month of daily ones: beyond that a code is no way on."""


_UNITS = ("minutes", "hours", "days")


class ResultCode(Model):
    """A code of the deployment's own; its action, not its label, decides what follows."""

    code: Annotated[str, StringConstraints(pattern=r"^[^\s\x00]{1,10}$")]
    """What is logged when a touch ends so."""
    label: Annotated[str, StringConstraints(min_length=1, max_length=50, pattern=r"^[^\x00]*$")]
    """What the rep reads."""
    action: ResultAction
    """What follows."""
    minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] | None = None
    """How long the same touch waits, in minutes."""
    hours: Annotated[int, Field(strict=True, ge=1, le=2160)] | None = None
    """How long the same touch waits, in hours."""
    days: Annotated[int, Field(strict=True, ge=1, le=90)] | None = None
    """Whole days of the lead's calendar, for the next step alone."""
    exit: Disposition | None = None
    """As what the lead is closed; only where the action is close."""
    most_tries: Annotated[int, Field(strict=True, ge=1, le=200)] | None = None
    """How often one step is touched before this code goes on to the next; left out, 30 times."""

    @property
    def tries(self) -> int | None:
        """The touches of one step after which it goes on; nothing where no step is tried again."""
        return (self.most_tries or _MOST_TRIES) if self.action in _TRYING else None

    @property
    def wait(self) -> timedelta:
        """How long the same touch waits, or the next one at the least, by the clock."""
        return timedelta(minutes=self.minutes or 0, hours=self.hours or 0)

    @property
    def said(self) -> str:
        """The wait before the next step in words, as the log tells it."""
        units = ((unit, getattr(self, unit)) for unit in _UNITS)
        return f"results.{self.code}: {', '.join(f'{n} {unit}' for unit, n in units if n)}"

    @model_validator(mode="after")
    def _waits(self) -> "ResultCode":
        given = [unit for unit in _UNITS if getattr(self, unit) is not None]
        if self.action in WAITING and (len(given) != 1 or self.days is not None):
            raise broken(f"{self.action} needs one wait", "give `minutes` or `hours`, not both")
        if self.action not in {*WAITING, "next-touch"} and given:
            raise broken(f"{self.action} waits for nothing", f"remove `{given[0]}`", given[0])
        if len(given) > 1:
            raise broken("not one wait", "give one of minutes, hours, days", given[-1])
        if self.exit is not None and self.action != "close":
            rule = f"{self.action} closes nothing"
            raise broken(rule, "leave it out, or write action: close", "exit")
        if self.most_tries is not None and self.tries is None:
            rule = f"{self.action} does not try a step again by itself"
            raise broken(rule, "leave it out", "most_tries")
        return self


def endless(results: Sequence[ResultCode]) -> Iterator[PydanticCustomError]:
    """Where every code takes the same step once more: a lead would never come to an end."""
    if all(result.action in WAITING for result in results):
        fix = "add a code whose action goes on or ends, such as next-touch"
        yield broken("every code takes the same step once more", fix, "results")
