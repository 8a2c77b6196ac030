"""What the cadence remembers of a lead: as little as its rules need, and nothing personal."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import orjson
from pydantic import Field, TypeAdapter

from schemas.events.decision import EndReason
from schemas.events.fact import Channel

OptOut = Channel | Literal["all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEntered:
    """The lead is in no cadence and never was."""

    status: Literal["not-entered"] = "not-entered"
    opted_out: tuple[OptOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """One way through a cadence, on the playbook that the lead entered with."""

    id: UUID
    playbook_digest: str
    cadence: str
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """The lead is in a cadence, with one open plan."""

    status: Literal["active"] = "active"
    opted_out: tuple[OptOut, ...] = ()
    enrolment: Enrolment
    day_one: date
    """The first day of the cadence by the lead's clock, moved on by the days lost since."""
    attempts: int = 0
    step: int = 0
    """The planned step, counted from 1; 0 only between entry and the first plan."""
    plan_id: UUID | None = None
    opens_on: date
    """The day on which the open plan may first be worked, by the lead's clock."""
    unplanned: UUID | None = None
    """The last touch that answered no plan: shown again, it is not counted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The lead's last enrolment is over."""

    status: Literal["ended"] = "ended"
    opted_out: tuple[OptOut, ...] = ()
    enrolment_id: UUID
    ended_at: datetime
    reason: EndReason
    handoff: Literal["accepted", "rejected"] | None = None


Outside = NotEntered | Ended
State = NotEntered | Active | Ended

INITIAL = NotEntered()

_STATE: TypeAdapter[State] = TypeAdapter(Annotated[State, Field(discriminator="status")])


def load(stored: bytes) -> State:
    """The state that `dump` wrote."""
    return _STATE.validate_json(stored)


def dump(state: State) -> bytes:
    """JSON; the same state always gives the same bytes, fewer than 600."""
    return orjson.dumps(state)
