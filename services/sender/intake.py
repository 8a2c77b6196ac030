"""Requests for e-mails, taken into the ledger: a plan that is there already is a repetition.

What is taken back goes out no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import AsyncConnection

from schemas.envelope import Event
from schemas.events.request import TouchRequested, TouchRequestWithdrawn
from schemas.topics import TOUCH_REQUESTS, Topic
from services.runtime.fold.fold import Arrival, Outcome, Refusal
from services.sender import ledger
from services.sender.templates import Templates

TAKE = """
insert into sender.mails (plan_id, lead_id, request, request_id, traceparent, lapses_at)
select plan_id, lead_id, request::jsonb, request_id, traceparent, lapses_at
from unnest(%b::uuid[], %b::uuid[], %b::text[], %b::uuid[], %b::text[], %b::timestamptz[])
    as asked (plan_id, lead_id, request, request_id, traceparent, lapses_at)
on conflict do nothing
"""


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes what is to go by e-mail; other channels are other tools' business."""

    templates: Templates
    sent_code: str
    topic: Topic = TOUCH_REQUESTS
    output: None = None

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Writes what can be sent; what cannot goes to quarantine, and its touch will lapse."""
        of_mails = [one for one in arrivals if one.event.data.channel == "email"]
        mails = [one for one in of_mails if isinstance(one.event.data, TouchRequested)]
        facts = [one.event.data for one in of_mails]
        withdrawn = [one.plan_id for one in facts if isinstance(one, TouchRequestWithdrawn)]
        refusals = {id(one): why for one in mails if (why := self._refusal(one))}
        await _take(conn, [one.event for one in mails if id(one) not in refusals])
        await ledger.withdraw(conn, withdrawn)
        return Outcome(refusals=list(refusals.values()))

    def _refusal(self, arrival: Arrival) -> Refusal | None:
        asked: TouchRequested = arrival.event.data
        if asked.template not in self.templates.names:
            known = ", ".join(sorted(self.templates.names))
            return Refusal(arrival, "unknown-template", f"template: is none of {known}")
        if self.sent_code not in asked.result_codes:
            reason = f"result_codes: has no {self.sent_code}; add it to the playbook's results"
            return Refusal(arrival, "no-sent-code", reason)
        return None


async def _take(conn: AsyncConnection, asked: Sequence[Event[TouchRequested]]) -> None:
    if asked:
        facts = [event.data for event in asked]
        columns = (
            [fact.plan_id for fact in facts],
            [fact.lead_id for fact in facts],
            [fact.model_dump_json() for fact in facts],
            [event.envelope.id for event in asked],
            [event.envelope.traceparent for event in asked],
            [fact.lapses_at for fact in facts],
        )
        await conn.execute(TAKE, columns)
