"""What a state remembers in more than a word: earlier plans, absences, a loop, what was told."""

from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from schemas.events.plan import Again


class Passed(NamedTuple):
    """A plan that lapsed just before the open one was made, and the days as they were then.

    Its attempts `first` to `last` went without an answer.
    """

    step: int
    first: int
    last: int
    day_one: date
    opens_on: date


class Overtaken(NamedTuple):
    """The plan that was open when a touch was told late."""

    plan_id: UUID
    step: int
    attempt: int


class Home(NamedTuple):
    """Where an enrolment stood before people moved it, and the plan that was open there.

    Without `plan_id` only the place is known: something but a move has changed the plan since.
    """

    playbook_digest: str
    cadence: str
    step: int
    attempt: int
    plan_id: UUID | None
    lapses: int
    day_one: date
    opens_on: date
    not_before: datetime | None
    moved_from: datetime | None
    again: Again | None
    for_rep: str | None
    unpromised: Literal[True] | None = None


class Updated(NamedTuple):
    """What sources told anew: the last lead-updated, and by name the features that still hold."""

    by: UUID
    features: tuple[tuple[str, str | int | None], ...]


class Absence(NamedTuple):
    """The lead's touches wait until then for the end of this time off."""

    time_off_id: UUID
    until: datetime


class Answered(NamedTuple):
    """When the latest answer of a machine was recorded, and the end of the pause for it.

    Without `until` that pause is over: what machines told before it is still none.
    """

    recorded_at: datetime
    until: datetime | None


class Looping(NamedTuple):
    """A block that ends after touches or days: its first step, and how it stood when it began."""

    first: int
    attempts: int
    day: date
