"""What a state remembers in more than a word: earlier plans, absences, a loop, what was told."""

from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from engagement.cadence.digest import Digest
from engagement.cadence.short_names import SHORT
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

    playbook_digest: Digest
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


class Apart(Struct, frozen=True, kw_only=True, omit_defaults=True, rename=SHORT):
    """What of a Home is not as in the state that it is stored with.

    A plan is a number where its id follows from the rest: 0 is the one at home, if people had not
    moved the lead before, 1 the one that the state says by step and attempt.
    """

    playbook_digest: Digest | UnsetType = UNSET
    cadence: str | UnsetType = UNSET
    step: int | UnsetType = UNSET
    attempt: int | UnsetType = UNSET
    plan_id: UUID | int | UnsetType | None = UNSET
    lapses: int | UnsetType = UNSET
    day_one: date | UnsetType = UNSET
    opens_on: date | UnsetType = UNSET
    not_before: datetime | UnsetType | None = UNSET
    moved_from: datetime | UnsetType | None = UNSET
    again: Again | UnsetType | None = UNSET
    for_rep: str | UnsetType | None = UNSET
    unpromised: Literal[True] | UnsetType | None = UNSET
    open: int | None = None
    """The open plan of the state, where it is a number."""
    replaced: tuple[UUID | int, ...] | None = None
    """Those of the state."""


class Updated(NamedTuple):
    """What sources told anew: the last lead-updated, and by name the features that still hold."""

    by: UUID
    features: tuple[tuple[str, str | int | None], ...]


class Told(NamedTuple):
    """What is stored of an Updated: `features` by their places, false for one that was not told,
    and true for one that the state says itself."""

    by: UUID
    features: tuple[str | int | bool | None, ...]


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
