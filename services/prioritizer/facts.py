"""What the queue tells the log: each fact's id follows from the claim or the plan it is about."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypedDict
from uuid import UUID

from schemas.codec import encode
from schemas.envelope import Envelope, Event, child, derived_id
from schemas.events.explanation import Explanation
from schemas.events.fact import Channel, LeadFact
from schemas.events.lead import EnrolmentPaused, EnrolmentResumed
from schemas.events.queue import ClaimDisposed, ClaimExpired, ClaimReleased, LeadClaimed
from schemas.events.touch import TouchLapsed, TouchLogged
from schemas.topics import LEAD_EVENTS, QUEUE_EVENTS, Topic
from services.prioritizer.claims.claim import Claim, Closed
from services.runtime.outbox.outbox import Row

SOURCE = "/touchline/prioritizer"


class Plan(Protocol):
    """What a fact about a plan in force is made from."""

    @property
    def lead_id(self) -> UUID:
        """Whose it is."""

    @property
    def plan_id(self) -> UUID:
        """Which one it is."""

    @property
    def plan_event_id(self) -> UUID | None:
        """The decision that made it, where that is known."""

    @property
    def traceparent(self) -> str | None:
        """That decision's trace."""


class Lapse(NamedTuple):
    """A plan that nobody answered in time; the database found it at `found_at`."""

    lead_id: UUID
    plan_id: UUID
    plan_event_id: UUID
    traceparent: str | None
    lapses_at: datetime
    found_at: datetime


def claimed(claim: Claim) -> Row:
    """The rep was given the lead."""
    why, at = claim.why, claim.claimed_at
    explanation = Explanation.model_validate(why.model_dump())
    fact = LeadClaimed(
        **_hold(claim, at, at),
        leased_until=claim.leased_until,
        reason=why.words,
        explanation=explanation,
    )
    return _row(QUEUE_EVENTS, fact, claim)


def released(claim: Closed, reason: str) -> Row:
    """The rep gave the lead back."""
    at = claim.closed_at
    return _row(QUEUE_EVENTS, ClaimReleased(**_hold(claim, at, at), reason=reason), claim)


def left(claim: Closed) -> Row:
    """The rep left, and the lead went back."""
    at = claim.closed_at
    fact = ClaimReleased(**_hold(claim, at, at), reason="left", left=True)
    return _row(QUEUE_EVENTS, fact, claim)


def expired(claim: Closed) -> Row:
    """The rep let the lease run out: the hold was over then, whenever that was found."""
    fact = ClaimExpired(**_hold(claim, claim.leased_until, claim.closed_at))
    return _row(QUEUE_EVENTS, fact, claim)


def disposed(
    claim: Closed, result_code: str, channel: Channel, sealed_note: str | None
) -> Sequence[Row]:
    """The rep made the touch: the lead's log learns of it, and so does the queue's."""
    at = claim.closed_at
    touch = TouchLogged(
        lead_id=claim.lead_id,
        occurred_at=at,
        recorded_at=at,
        plan_id=claim.plan.plan_id,
        channel=channel,
        result_code=result_code,
        rep_id=claim.rep_id,
        sealed_note=sealed_note,
        callback_at=claim.callback_at,
    )
    ended = ClaimDisposed(**_hold(claim, at, at), result_code=result_code)
    return _row(LEAD_EVENTS, touch, claim), _row(QUEUE_EVENTS, ended, claim)


def lapsed(lapse: Lapse) -> Row:
    """Nobody made the touch, which is known from the moment of its lapse."""
    fact = TouchLapsed(
        lead_id=lapse.lead_id,
        occurred_at=lapse.lapses_at,
        recorded_at=lapse.found_at,
        plan_id=lapse.plan_id,
    )
    return _row(LEAD_EVENTS, fact, lapse)


def paused(plan: Plan, time_off_id: UUID, until: datetime, found_at: datetime) -> Row:
    """The team of the lead is off until then."""
    fact = EnrolmentPaused(
        lead_id=plan.lead_id,
        occurred_at=found_at,
        recorded_at=found_at,
        until=until,
        time_off_id=time_off_id,
    )
    return _for_time_off(fact, time_off_id, plan)


def resumed(
    plan: Plan, time_off_id: UUID, ended_at: datetime, goes_on_at: datetime, found_at: datetime
) -> Row:
    """The team of the lead is back early, and the lead's turn comes then."""
    fact = EnrolmentResumed(
        lead_id=plan.lead_id,
        occurred_at=ended_at,
        recorded_at=found_at,
        time_off_id=time_off_id,
        goes_on_at=goes_on_at,
    )
    return _for_time_off(fact, time_off_id, plan)


def _for_time_off(fact: LeadFact, time_off_id: UUID, plan: Plan) -> Row:
    id_ = derived_id(fact.type, str(time_off_id), str(plan.plan_id))
    trace = child(plan.traceparent, id_)
    envelope = Envelope(id_, SOURCE, cause=plan.plan_event_id, traceparent=trace)
    return Row(LEAD_EVENTS, encode(Event(envelope, fact)))


class _Hold(TypedDict):
    lead_id: UUID
    claim_id: UUID
    plan_id: UUID
    rep_id: str
    fence: int
    occurred_at: datetime
    recorded_at: datetime


def _hold(claim: Claim, occurred_at: datetime, recorded_at: datetime) -> _Hold:
    return _Hold(
        lead_id=claim.lead_id,
        claim_id=claim.claim_id,
        plan_id=claim.plan.plan_id,
        rep_id=claim.rep_id,
        fence=claim.fence,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
    )


def _row(topic: Topic, fact: LeadFact, about: Claim | Lapse) -> Row:
    """The fact follows from the touch-planned that led to it, and stays in its trace."""
    id_ = derived_id(fact.type, str(about.plan_id if isinstance(about, Lapse) else about.claim_id))
    trace = child(about.traceparent, id_)
    envelope = Envelope(id_, SOURCE, cause=about.plan_event_id, traceparent=trace)
    return Row(topic, encode(Event(envelope, fact)))
