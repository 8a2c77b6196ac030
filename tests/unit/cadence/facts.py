"""Facts about one lead, and one about the playbook, as a partition's log holds them."""

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from engagement.cadence.facts import Cause, enrolment_of, plan_of
from engagement.playbook import Playbook
from engagement.playbook.reading import from_yaml
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import (
    Channel,
    ChannelConsent,
    Consent,
    Fact,
    Features,
    LeadFact,
    NewFeatures,
)
from schemas.events.lead import (
    Bounced,
    CallbackRequested,
    ColleagueReplied,
    ConsentGiven,
    EnrolmentMoved,
    EnrolmentPaused,
    EnrolmentRemoved,
    EnrolmentResumed,
    HandoffAccepted,
    HandoffRejected,
    LeadCreated,
    LeadReassigned,
    LeadUpdated,
    MeetingBooked,
    OptedOut,
    ReplyReceived,
)
from schemas.events.playbook import PlaybookPublished
from schemas.events.touch import TouchLapsed, TouchLogged
from tests.unit.playbook.seed import SEED, TEXT

LEAD = derived_id("lead", "joe")
PLAYBOOK = from_yaml(TEXT, SEED.name)


RESULTS: list[dict[str, Any]] = [
    {"code": "BUSY", "label": "Busy", "action": "retry-in", "minutes": 30},
    {"code": "LATER", "label": "Call back", "action": "schedule-callback", "hours": 4},
    {"code": "BACK", "label": "Nobody, again", "action": "end-of-queue", "hours": 24},
    {"code": "ENOUGH", "label": "Not worth it", "action": "stop-trying"},
]


def ruled(**rules: Any) -> Playbook:
    """The seed's playbook with every result action, under a ruleset with these rules."""
    known = PLAYBOOK.model_dump(mode="json", exclude_none=True)
    known["results"] += RESULTS
    known["rulesets"] = [{"name": "inbound", **rules}]
    return Playbook.model_validate(known)


def at(text: str) -> datetime:
    """A moment in UTC: at("03-03 10:00") is in 2025, when 3 March was a Monday."""
    return datetime.strptime(f"2025-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def event(fact: Fact, name: str = "") -> Event[Fact]:
    """The fact in an envelope; the same fact under the same name has the same id."""
    id_ = derived_id(type(fact).__name__, fact.model_dump_json(), name)
    return Event(Envelope(id_, "/test"), fact)


def cause(fact: LeadFact, name: str = "") -> Cause:
    """The same, for facts about a lead."""
    return Event(event(fact, name).envelope, fact)


def published(playbook: Playbook = PLAYBOOK) -> Event[Fact]:
    """The playbook in force."""
    now = at("03-01 00:00")
    return event(
        PlaybookPublished(
            occurred_at=now,
            recorded_at=now,
            playbook=playbook.name,
            digest=playbook.digest,
            content=playbook.content,
        )
    )


def created(
    when: str, zone: str | None = None, source: str = "shopify", **consent: Consent
) -> Cause:
    features = Features(source=source, time_zone=zone, consent=ChannelConsent(**consent))
    now = at(when)
    return cause(
        LeadCreated(
            lead_id=LEAD, occurred_at=now, recorded_at=now, features=features, sealed="c2VhbGVk"
        )
    )


def touched(
    when: str,
    plan: UUID | None,
    code: str = "NOANSWER",
    name: str = "",
    *,
    callback: str | None = None,
    channel: Channel = "call",
    made: str | None = None,
) -> Cause:
    """A touch that is told at `when`, and was made then or at another moment."""
    now = at(when)
    return cause(
        TouchLogged(
            lead_id=LEAD,
            occurred_at=at(made) if made else now,
            recorded_at=now,
            plan_id=plan,
            channel=channel,
            result_code=code,
            rep_id="ana",
            callback_at=callback and at(callback),
        ),
        name,
    )


def lapsed(when: str, plan: UUID) -> Cause:
    now = at(when)
    return cause(TouchLapsed(lead_id=LEAD, occurred_at=now, recorded_at=now, plan_id=plan))


def replied(when: str, channel: Channel = "email") -> Cause:
    return cause(ReplyReceived(**_times(when), channel=channel))


def colleague_replied(when: str, channel: Channel = "email") -> Cause:
    """Somebody else of the lead's company answers."""
    return cause(ColleagueReplied(**_times(when), channel=channel, colleague_id=UUID(int=7)))


def away(when: str, until: str | None = None) -> Cause:
    """An automatic answer of a lead out of office."""
    back = until and at(until)
    fact = ReplyReceived(**_times(when), channel="email", auto_reply=True, returns_on=back)
    return cause(fact)


def asked(when: str, callback: str | None = None) -> Cause:
    """The lead asks to be called."""
    return cause(CallbackRequested(**_times(when), callback_at=callback and at(callback)))


def retold(when: str, sealed: str | None = None, **features: Any) -> Cause:
    """A source tells anew what the lead is, or who."""
    return cause(LeadUpdated(**_times(when), features=NewFeatures(**features), sealed=sealed))


def bounced(when: str, channel: Channel = "email") -> Cause:
    return cause(Bounced(**_times(when), channel=channel))


def paused(when: str, until: str | None = None, off: UUID | None = None) -> Cause:
    """By people, or for a time off."""
    ends = until and at(until)
    return cause(EnrolmentPaused(**_times(when), until=ends, time_off_id=off))


def resumed(when: str, goes_on: str | None = None, off: UUID | None = None) -> Cause:
    """By people, or as a time off ended early."""
    from_ = goes_on and at(goes_on)
    return cause(EnrolmentResumed(**_times(when), goes_on_at=from_, time_off_id=off))


def removed(when: str) -> Cause:
    """People take the lead out of its cadence."""
    return cause(EnrolmentRemoved(**_times(when), rep_id="kim", why="duplicate"))


def moved(
    when: str, entry: Cause, playbook: Playbook, cadence: str | None = None, **told: Consent
) -> Cause:
    """The enrolment that `entry` opened goes over to this playbook, which says its own cadence."""
    features = entry.data.features  # type: ignore[attr-defined]
    if told:
        features = features.model_copy(update={"consent": ChannelConsent(**told)})
    fact = EnrolmentMoved(
        **_times(when),
        enrolment_id=enrolment_of(entry),
        playbook_digest=playbook.digest,
        cadence=cadence or playbook.cadences[0].name,
        features=features,
    )
    return cause(fact)


def reassigned(when: str, rep: str | None) -> Cause:
    return cause(LeadReassigned(**_times(when), rep_id=rep))


def _times(when: str) -> dict[str, Any]:
    return {"lead_id": LEAD, "occurred_at": at(when), "recorded_at": at(when)}


def met(when: str) -> Cause:
    now = at(when)
    return cause(MeetingBooked(lead_id=LEAD, occurred_at=now, recorded_at=now))


def opted_out(when: str, channel: Channel | None = None, *, listed: bool = False) -> Cause:
    """The lead opts out, or its number or domain is on a list."""
    reason = "do-not-contact" if listed else None
    return cause(OptedOut(**_times(when), channel=channel or "all", reason=reason))


def consented(when: str, channel: Channel | Literal["all"], said: str | None = None) -> Cause:
    """The lead allows a channel; told at `when`, and said then or before."""
    times = _times(when) | ({"occurred_at": at(said)} if said else {})
    return cause(ConsentGiven(**times, channel=channel))


def accepted(when: str, handoff: UUID) -> Cause:
    now = at(when)
    fact = HandoffAccepted(
        lead_id=LEAD, occurred_at=now, recorded_at=now, handoff_id=handoff, crm="acme"
    )
    return cause(fact)


def rejected(when: str, handoff: UUID) -> Cause:
    now = at(when)
    fact = HandoffRejected(
        lead_id=LEAD,
        occurred_at=now,
        recorded_at=now,
        handoff_id=handoff,
        crm="acme",
        reason_code="dup",
    )
    return cause(fact)


def enrolment(entry: Cause) -> UUID:
    """The enrolment that this lead-created opens."""
    return enrolment_of(entry)


def plan(entry: Cause, step: int, attempt: int = 1) -> UUID:
    """The plan for this step of the enrolment that `entry` opened."""
    return plan_of(enrolment_of(entry), step, attempt)
