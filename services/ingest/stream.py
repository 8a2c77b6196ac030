"""MQLs and events that other teams write to Kafka: folds that publish through the outbox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection, OperationalError

from schemas.received.event import EngagementReceived, EventReceived, RemovalReceived
from schemas.received.lead import ConsentReceived, LeadUpdateReceived
from schemas.topics import MQL_RECEIVED, TOUCH_RECEIVED, Topic
from services.ingest.admission import Clock
from services.ingest.connectors.events import (
    Sender,
    consent_fact,
    event_fact,
    removal_fact,
    update_told,
)
from services.ingest.connectors.kafka import engagement_fact, touch_fact
from services.ingest.identity import LeadIds
from services.ingest.inbox import Content, Inbox, Submission, Verdict
from services.ingest.lead import lead_of
from services.ingest.publication import Publications
from services.ingest.refused import Refused
from services.runtime.fold.fold import Arrival, Outcome, Refusal

Read = Callable[[Arrival, datetime, LeadIds], Content]
PATIENCE_SECONDS = 2.0
"""Less than the server lets a transaction be idle; then the batch is given back."""


class NoPlaybook(OperationalError):
    """No playbook is in force yet: as with any outage, the batch is taken again later."""

    def __init__(self) -> None:
        super().__init__("no playbook is published yet; run `touchline playbook publish`")


@dataclass(frozen=True, slots=True)
class Reception:
    """The fold on one topic of others. A message is known again by its ce_source and ce_id."""

    topic: Topic
    read: Read
    inbox: Inbox
    publications: Publications
    ids: LeadIds
    clock: Clock
    output: None = None

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Take the arrivals into inbox and outbox; refuse what is wrong, or came otherwise."""
        if not await self.publications.within(PATIENCE_SECONDS):
            raise NoPlaybook
        taken: list[tuple[Arrival, Submission]] = []
        refusals: list[Refusal] = []
        for arrival in arrivals:
            try:
                taken.append((arrival, self._submission(arrival)))
            except Refused as why:
                refusals.append(Refusal(arrival, why.code, why.reason))
        verdicts = await self.inbox.take(conn, [submission for _, submission in taken])
        for (arrival, _), verdict in zip(taken, verdicts, strict=True):
            if verdict is Verdict.CONFLICT:
                refusals.append(_conflict(arrival))
        return Outcome(refusals=refusals)

    def _submission(self, arrival: Arrival) -> Submission:
        envelope, recorded_at = arrival.event.envelope, self.clock()
        return Submission(
            envelope.source,
            self.ids.fingerprint(envelope.id.bytes),
            self.ids.fingerprint(arrival.record.value or b""),
            recorded_at,
            (self.read(arrival, recorded_at, self.ids),),
            envelope.traceparent,
        )


def receptions(
    inbox: Inbox, publications: Publications, ids: LeadIds, clock: Clock
) -> tuple[Reception, Reception]:
    """The folds on both topics that others write to."""
    return (
        Reception(MQL_RECEIVED, _mql, inbox, publications, ids, clock),
        Reception(TOUCH_RECEIVED, _touch, inbox, publications, ids, clock),
    )


def _mql(arrival: Arrival, _: datetime, ids: LeadIds) -> Content:
    return lead_of(arrival.event.data, arrival.event.envelope.source, ids)


def _touch(arrival: Arrival, recorded_at: datetime, ids: LeadIds) -> Content:
    source = arrival.event.envelope.source
    match arrival.event.data:
        case EventReceived() as told:
            return event_fact(told, Sender(source), recorded_at, ids)
        case LeadUpdateReceived() as told:
            return update_told(told, Sender(source), ids)
        case ConsentReceived() as told:
            return consent_fact(told, Sender(source), recorded_at, ids)
        case RemovalReceived() as told:
            return removal_fact(told, Sender(source), recorded_at, ids)
        case EngagementReceived() as told:
            return engagement_fact(told, source, recorded_at, ids)
        case touch:
            return touch_fact(touch, source, recorded_at, ids)


def _conflict(arrival: Arrival) -> Refusal:
    reason = "ce_source and ce_id came with another value before; give each message its own ce_id"
    return Refusal(arrival, "id-conflict", reason)
