"""The registry of topics: the one place where a topic's name, key, retention and writers live.

Topic creation, the docs and every producer and consumer are made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pydantic import BaseModel

from schemas import crm
from schemas.events import (
    decision,
    experiment,
    lead,
    people,
    plan,
    playbook,
    queue,
    request,
    touch,
)
from schemas.received.event import (
    EngagementReceived,
    EventReceived,
    RemovalReceived,
    TouchReceived,
)
from schemas.received.lead import ConsentReceived, LeadUpdateReceived, MqlReceived

PARTITIONS = 12
"""Fixed for life: another count moves keys, and a lead's facts would lie on two partitions."""

_DAY_MS = 86_400_000
FOR_EVER: Mapping[str, str] = MappingProxyType({"cleanup.policy": "delete", "retention.ms": "-1"})
COMPACTED: Mapping[str, str] = MappingProxyType({"cleanup.policy": "compact"})


def _days(days: int) -> Mapping[str, str]:
    return MappingProxyType({"cleanup.policy": "delete", "retention.ms": str(days * _DAY_MS)})


@dataclass(frozen=True, slots=True)
class Topic:
    """One stream: who writes it, who reads it, how long it is kept and what it holds."""

    name: str
    key: str
    config: Mapping[str, str] = field(hash=False)
    written_by: str
    read_by: str
    holds: str
    messages: tuple[type[BaseModel], ...]
    """The classes of what may lie on it; empty where other teams' bytes are kept as they came."""
    ours: bool = True
    """Only our relays and folds write it: a hole in it, or a gap in `ce_sequence`, is a loss."""
    partitions: int = PARTITIONS


MQL_RECEIVED = Topic(
    "sales.mql.received.v1",
    key="any",
    config=_days(30),
    written_by="platform teams",
    read_by="ingest",
    holds="MQLs as their systems send them",
    messages=(MqlReceived,),
    ours=False,
)
TOUCH_RECEIVED = Topic(
    "sales.touch.received.v1",
    key="any",
    config=_days(30),
    written_by="dialers, mail and social tools; the outbox of sender",
    read_by="ingest",
    holds="outcomes of touches, and what else happened to leads",
    messages=(
        TouchReceived,
        EventReceived,
        EngagementReceived,
        LeadUpdateReceived,
        ConsentReceived,
        RemovalReceived,
    ),
    ours=False,
)
LEAD_EVENTS = Topic(
    "sales.lead.events.v1",
    key="lead_id",
    config=FOR_EVER,
    written_by="the outboxes of ingest, prioritizer and handoff",
    read_by="cadence, prioritizer, analysts",
    holds="the source of truth: facts about leads, and published playbooks",
    messages=(
        lead.LeadCreated,
        touch.TouchLogged,
        touch.TouchLapsed,
        lead.ReplyReceived,
        lead.ColleagueReplied,
        lead.MeetingBooked,
        lead.OptedOut,
        lead.CallbackRequested,
        lead.Bounced,
        lead.LeadReassigned,
        lead.EnrolmentPaused,
        lead.EnrolmentResumed,
        lead.EnrolmentMoved,
        lead.HandoffAccepted,
        lead.HandoffRejected,
        playbook.PlaybookPublished,
        lead.EngagementSeen,
        lead.LeadUpdated,
        lead.ConsentGiven,
        lead.EnrolmentRemoved,
    ),
)
CADENCE_DECISIONS = Topic(
    "sales.cadence.decisions.v1",
    key="lead_id",
    config=FOR_EVER,
    written_by="cadence",
    read_by="prioritizer, handoff, analysts",
    holds="what the cadence decides: entries, plans, pauses and ends, what it passed over, and "
    "experiments",
    messages=(
        decision.CadenceEntered,
        plan.TouchPlanned,
        plan.TouchSkipped,
        decision.CadencePaused,
        plan.TouchWithdrawn,
        decision.CadenceEnded,
        decision.LeadQualified,
        experiment.ExperimentAssigned,
        experiment.ExperimentExposed,
        plan.ConditionFailed,
        decision.CadenceMoved,
        decision.BlockEnded,
        decision.EntryRefused,
        decision.EnrolmentUpdated,
    ),
)
LEAD_PRIORITY = Topic(
    "sales.lead.priority.v1",
    key="lead_id",
    config=COMPACTED,
    written_by="prioritizer",
    read_by="anyone",
    holds="the live priority table, as a stream",
    messages=(queue.LeadRanked,),
)
QUEUE_EVENTS = Topic(
    "sales.queue.events.v1",
    key="lead_id; the team, where it is about people",
    config=FOR_EVER,
    written_by="prioritizer",
    read_by="analysts",
    holds="claimed, released, expired, disposed; who works, when, and who has time off",
    messages=(
        queue.LeadClaimed,
        queue.ClaimReleased,
        queue.ClaimExpired,
        queue.ClaimDisposed,
        people.RepClockedIn,
        people.RepPaused,
        people.RepClockedOut,
        people.RepFellSilent,
        people.TimeOffSet,
        people.TimeOffRemoved,
        people.RepHoursSet,
        people.RepHoursRemoved,
    ),
)
TOUCH_REQUESTS = Topic(
    "sales.touch.requests.v1",
    key="lead_id",
    config=_days(30),
    written_by="prioritizer",
    read_by="sender; mail, SMS and social tools",
    holds="automated steps that are due, and which of them are not wanted any more",
    messages=(request.TouchRequested, request.TouchRequestWithdrawn),
)
SQL_HANDOFF = Topic(
    "sales.sql.handoff.v1",
    key="lead_id",
    config=FOR_EVER,
    written_by="handoff",
    read_by="CRM consumers",
    holds="sales-qualified leads",
    messages=(crm.SalesQualifiedLead,),
)
SQL_ACK = Topic(
    "sales.sql.ack.v1",
    key="lead_id",
    config=FOR_EVER,
    written_by="CRM consumers",
    read_by="handoff",
    holds="accepted, rejected, duplicate",
    messages=(crm.HandoffAnswered,),
    ours=False,
)
QUARANTINE = Topic(
    "sales.quarantine.v1",
    key="as it came",
    config=_days(90),
    written_by="every service",
    read_by="operators",
    holds="bad messages, bytes untouched, with the reason",
    messages=(),
)

TOPICS: tuple[Topic, ...] = (
    MQL_RECEIVED,
    TOUCH_RECEIVED,
    LEAD_EVENTS,
    CADENCE_DECISIONS,
    LEAD_PRIORITY,
    QUEUE_EVENTS,
    TOUCH_REQUESTS,
    SQL_HANDOFF,
    SQL_ACK,
    QUARANTINE,
)
