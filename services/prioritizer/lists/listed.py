"""What lists are asked for, and what they tell."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from engagement.priority import Bucket
from schemas.events.fact import Channel, Frozen
from services.prioritizer.reading.person import Person

State = Literal["ready", "waiting", "held", "paused", "automated"]
"""ready: may be served now. waiting: kept back by a rule until a moment. held: a rep has it.
paused: people stopped it until they resume it. automated: its touch is made by tools."""

Part = Literal["morning", "afternoon"]
"""Before noon by the lead's clock, when its touch opens; or from noon on."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads of the list are asked for; nothing asks for all."""

    state: State = "ready"
    tier: str | None = None
    channel: Channel | None = None
    step: int | None = None
    part: Part | None = None
    overdue: bool | None = None
    bucket: Bucket | None = None
    cadence: str | None = None


class Listed(Frozen):
    """A lead in the list. `rule` keeps it back until `returns_at`; none: it may be given out now.

    `allowed_by` is the rule that opens the touch, `denied_by` are those that forbade the moments
    before, as they were when it was planned. With `waits_for` the touch does not return: it lapses
    unless that condition is met by then.

    A rule without `returns_at` is not ended by the clock. Without a tier the touch is nobody's to
    be given. `part` and `time_zone` are by the lead's
    clock. `may_pick` says that its playbook lets the calling rep take it from here. No person: it
    was erased.
    """

    lead_id: UUID
    person: Person | None
    tier: str | None
    bucket: Bucket
    channel: Channel
    activity: str
    cadence: str | None
    step: int
    steps: int
    due_at: AwareDatetime
    lapses_at: AwareDatetime
    overdue: bool
    part: Part
    time_zone: str
    rule: str | None
    returns_at: AwareDatetime | None
    allowed_by: str | None
    denied_by: tuple[str, ...]
    waits_for: str | None
    held_by: str | None
    may_pick: bool


class Page(Frozen):
    """Leads in the order of service, or of their return; `next` is the cursor of what follows."""

    leads: tuple[Listed, ...]
    next: str | None
