"""What the cadence remembers of a lead: as little as its rules need, and nothing personal."""

from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from engagement.cadence.digest import Digest
from engagement.cadence.remembered import (
    Absence,
    Answered,
    Apart,
    Home,
    Looping,
    Overtaken,
    Passed,
    Told,
    Updated,
)
from engagement.cadence.short_names import SHORT
from engagement.cadence.touches import Touches
from engagement.calendar.place import Place, ZoneSource
from engagement.experiment.assignment import Assigned
from schemas.events.decision import ClosedAs, EndReason, ExitReason
from schemas.events.fact import Channel
from schemas.events.plan import Again, SkipRule
from schemas.text import uuid_of

OptOut = Channel | Literal["all"]
Barred = tuple[tuple[Channel, SkipRule], ...]
"""Channels that are closed although nobody opted out, each with the rule that closed it."""


class NotEntered(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="status",
    tag="not-entered",
    rename=SHORT,
):
    """The lead is in no cadence and never was."""

    opted_out: tuple[OptOut, ...] = ()
    bounced: tuple[Channel, ...] = ()
    """The channels on which what was sent came back."""
    touches: Touches | None = None
    """The last touches, where a playbook has caps."""
    unplanned: UUID | None = None
    """The last touch of them: shown again, it is not counted again."""
    refused_at: datetime | None = None
    """When it was last refused: the same lead-created is not refused again."""
    assigned: Assigned | None = None
    """The arm of the last experiment that the lead was dealt to."""
    revocable: tuple[tuple[OptOut, datetime], ...] = ()
    """What the lead itself refused, and when: a consent given later takes it back."""
    granted: tuple[Channel, ...] = ()
    """The channels that it allowed, by a fact of its own, and did not refuse since."""
    updated: Updated | None = None
    """What sources told of it anew since it came in."""


class Enrolment(Struct, frozen=True, kw_only=True, rename=SHORT):
    """One way through a cadence, on the playbook that the lead entered with."""

    id: UUID
    playbook_digest: Digest
    cadence: str
    time_zone: str


class Active(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="status",
    tag="active",
    rename=SHORT,
):
    """The lead is in a cadence, with one open plan, or waiting until people resume it."""

    opted_out: tuple[OptOut, ...] = ()
    enrolment: Enrolment
    day_one: date
    """The first day of the cadence by the lead's clock, moved on by the days lost since."""
    attempts: int = 0
    step: int = 0
    """The planned step, counted from 1; 0 only between entry and the first plan."""
    attempt: int = 0
    """The plans made for this step."""
    tries: int = 0
    """The touches made of this step, while it is taken once more."""
    lapses: int = 0
    """On how many days nobody made the touch of this step, since it was last made."""
    plan_id: UUID | None = None
    """The open plan; none while the cadence is paused without an end."""
    not_before: datetime | None = None
    """When the last plan made for the step opens; on a move back, when the plan there opened."""
    moved_from: datetime | None = None
    """When it would open without pause and caps, where they moved it."""
    again: Again | None = None
    """Why the step is planned once more."""
    unpromised: Literal[True] | None = None
    """Whether the callback that is planned comes when the rules let it, as no moment was told."""
    first_day: date | None = None
    """The day of entry, where the cadence ends some days after it, or the first day was moved."""
    opens_on: date
    """The day from which days without a touch are lost, by the lead's clock."""
    zone_source: ZoneSource | None = None
    """How the lead's zone was found; nothing where a release that did not keep it found it."""
    place: Place | None = None
    """Where the lead is, where the calendar looks at more than its zone."""
    paused_until: datetime | None = None
    """Up to when people, or somebody's reply, paused it; `held_until` tells what holds."""
    barred: Barred = ()
    rep: str | None = None
    """Whose lead it is."""
    for_rep: str | None = None
    """Whose touch the last plan is."""
    touches: Touches | None = None
    """The last touches, where the playbook has caps."""
    unplanned: UUID | None = None
    """The last touch that answered no plan: shown again, it is not counted again."""
    meanwhile: Literal["made", "to-be-made"] | None = None
    """Whether the touch at which it is paused without an end was answered, and is over by that."""
    asked: int | None = None
    """The first attempt at the step that nobody has answered, where it is not the first of all."""
    passed: Passed | None = None
    """What a touch told late may still answer."""
    loop: Looping | None = None
    """The block that the open step lies in, where that ends after touches or days."""
    overtaken: Overtaken | None = None
    """Only while a touch told late is decided on: it is never stored."""
    entered_at: datetime | None = None
    """Where a lead may start anew at any time: no lead-created before it is news."""
    assigned: Assigned | None = None
    """The arm of the last experiment that the lead was dealt to."""
    exposes_at: int | None = None
    """The step whose turn is to be told, as from it on the arms of the experiment differ."""
    unsuited: tuple[int, ...] | None = None
    """The steps that are for other leads than this one."""
    seen: tuple[str, ...] | None = None
    """What the lead did, as far as conditions of steps ask for it."""
    waiting: Literal[True] | None = None
    """Whether the open plan waits for the condition of its step."""
    moved_at: datetime | None = None
    """When the enrolment last went over to another version: no earlier move is news."""
    replaced: tuple[UUID, ...] | None = None
    """Plans that a move put another in place of: whoever makes such a touch made this one."""
    home: Home | None = None
    """Where it stood before people moved it, until a touch is made or passed over since."""
    told: Told | None = None
    """Only in what is stored, in place of updated."""
    apart: Apart | None = None
    """Only in what is stored, in place of home: what of it is not as in the state itself."""
    revocable: tuple[tuple[OptOut, datetime], ...] = ()
    """What the lead itself refused, and when: a consent given later takes it back."""
    granted: tuple[Channel, ...] = ()
    """The channels that it allowed, by a fact of its own, and did not refuse since."""
    updated: Updated | None = None
    """What sources told of it anew since it came in."""
    known: tuple[tuple[str, str | int | None], ...] | None = None
    """The features that conditions of steps ask for, as they were at entry."""
    absences: tuple[Absence, ...] | None = None
    """The times off for whose end it waits; each may end early, and the others hold on."""
    answered: Answered | None = None
    """What a machine told last of a lead out of office."""

    @property
    def held_until(self) -> datetime | None:
        """No touch before this moment, unless it was promised: by pause, absence or return."""
        if self.absences is None and self.answered is None:
            return self.paused_until
        out = self.answered and self.answered.until
        ends = (self.paused_until, out, *(one.until for one in self.absences or ()))
        return max((end for end in ends if end is not None), default=None)

    def stands_in_for(self, plan_id: UUID | None) -> bool:
        """Whether a move put the open plan in place of this one, and nothing moved it since."""
        return plan_id in (self.replaced or ()) and self.attempt <= (self.asked or 1)

    def awaits(self, plan_id: UUID | None) -> bool:
        """Whether this is the open plan."""
        return plan_id is not None and plan_id == self.plan_id

    @property
    def promised(self) -> bool:
        """Whether the plan is a call at a moment that the lead was told."""
        return self.owed and not self.lapses

    @property
    def owed(self) -> bool:
        """Whether it is a call that the lead was promised, also for a day that is over by now."""
        return self.again == "callback" and not self.unpromised

    @property
    def missed(self) -> bool:
        """Whether it is a call back that nobody made on its day."""
        return self.again == "callback" and self.lapses > 0

    @property
    def plan_root(self) -> UUID:
        """What ids of plans are derived from: another one after each move, as steps recur."""
        if self.moved_at is None:
            return self.enrolment.id
        return uuid_of(self.enrolment.id, f"moved/{self.moved_at.astimezone(UTC).isoformat()}")

    @property
    def bounced(self) -> tuple[Channel, ...]:
        """The channels on which what was sent came back."""
        return tuple(channel for channel, rule in self.barred if rule == "bounced")

    @property
    def closed(self) -> tuple[OptOut, ...]:
        """The channels on which the lead must not be touched."""
        if not self.barred:
            return self.opted_out
        return (*self.opted_out, *(channel for channel, _ in self.barred))


class Ended(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="status",
    tag="ended",
    rename=SHORT,
):
    """The lead's last enrolment is over."""

    opted_out: tuple[OptOut, ...] = ()
    bounced: tuple[Channel, ...] = ()
    enrolment_id: UUID
    ended_at: datetime
    reason: EndReason
    exit: ExitReason | None = None
    closed_as: ClosedAs | None = None
    touches: Touches | None = None
    time_zone: str | None = None
    """The lead's, and what was open at the end, where touches made after it count for caps."""
    withdrawn: UUID | None = None
    unplanned: UUID | None = None
    refused_at: datetime | None = None
    handoff: Literal["accepted", "rejected"] | None = None
    assigned: Assigned | None = None
    revocable: tuple[tuple[OptOut, datetime], ...] = ()
    """What the lead itself refused, and when: a consent given later takes it back."""
    granted: tuple[Channel, ...] = ()
    """The channels that it allowed, by a fact of its own, and did not refuse since."""
    updated: Updated | None = None


Outside = NotEntered | Ended
State = NotEntered | Active | Ended

INITIAL = NotEntered()
