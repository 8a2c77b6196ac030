"""Whether everything that was accepted is where it must be, once."""

from collections import Counter
from typing import Any
from uuid import UUID

import psycopg

from engagement.cadence.decider import Partition
from engagement.cadence.stored import dump
from engagement.decider import Refused
from schemas import codec, topics
from schemas.crm import SalesQualifiedLead
from schemas.envelope import Event
from schemas.events.decision import LeadQualified
from schemas.events.fact import Fact
from schemas.events.lead import LeadCreated
from tests.faults.refolded import kept
from tests.history import Logged, flat, log

OVERLAPS = """
select earlier.lead_id, later.fence
from prioritizer.claims earlier join prioritizer.claims later using (lead_id)
where earlier.fence < later.fence
  and least(earlier.closed_at, earlier.leased_until) > later.claimed_at"""


class Verdict:
    """The log, and the tables beside it, after everything has come to rest."""

    def __init__(self, bootstrap: str, database_url: str) -> None:
        self._kept = kept(database_url)
        self._facts = log(bootstrap, topics.LEAD_EVENTS)
        self._decisions = log(bootstrap, topics.CADENCE_DECISIONS)
        self._handoffs = log(bootstrap, topics.SQL_HANDOFF)
        self._bootstrap, self._database_url = bootstrap, database_url

    def broken(self, received: int) -> list[str]:
        """Every promise that does not hold, as a sentence; none is the good verdict."""
        return [
            *self._logged_once(received),
            *self._decided_once(),
            *self._handed_off_once(),
            *self._held_once(),
            *self._kept.wrong(self._bootstrap, self._database_url),
        ]

    def _logged_once(self, received: int) -> list[str]:
        created = [one for one in flat(self._facts) if isinstance(one.event.data, LeadCreated)]
        leads = {one.event.data.lead_id for one in created}
        wrong = [] if len(leads) == received else [f"{received} accepted, {len(leads)} in the log"]
        return wrong + _twice("fact", flat(self._facts))

    def _decided_once(self) -> list[str]:
        """Decisions and states are those of a fresh fold of the log, to the byte."""
        wrong = _twice("decision", flat(self._decisions))
        states: dict[UUID, bytes] = {}
        for partition, facts in self._facts.items():
            fresh = Partition()
            expected = [message for one in facts for message in _decided(fresh, one.event)]
            found = [_said(one.message) for one in self._decisions[partition]]
            if expected != found:
                wrong.append(f"partition {partition} did not decide as a fresh fold does")
            states |= {lead: dump(state) for lead, state in fresh.states.items()}
        if states != self._rows("select lead_id, state from cadence.leads"):
            wrong.append("the states in the table are not those of a fresh fold")
        return wrong

    def _handed_off_once(self) -> list[str]:
        sent = Counter(
            one.event.data.handoff_id
            for one in flat(self._handoffs)
            if isinstance(one.event.data, SalesQualifiedLead)
        )
        qualified = {
            one.event.data.handoff_id
            for one in flat(self._decisions)
            if isinstance(one.event.data, LeadQualified)
        }
        wrong = [f"handoff {handoff} sent {n} times" for handoff, n in sent.items() if n > 1]
        return wrong + ([] if sent.keys() == qualified else ["qualified leads are not handed off"])

    def _held_once(self) -> list[str]:
        """No two claims of a lead overlap by the database's clock; each has a higher fence."""
        overlaps = self._rows(OVERLAPS)
        return [f"lead {lead} was held twice at once" for lead in overlaps]

    def _rows(self, query: str) -> dict[UUID, Any]:
        with psycopg.connect(self._database_url) as conn:
            return dict(conn.execute(query.encode()).fetchall())


def _decided(fresh: Partition, cause: Event[Fact]) -> list[tuple[bytes | None, bytes | None]]:
    decided = fresh.apply(cause)
    return [] if isinstance(decided, Refused) else [_said(codec.encode(one)) for one in decided]


def _said(message: codec.Message) -> tuple[bytes | None, bytes | None]:
    """What was said, and under which id."""
    return dict(message.headers)["ce_id"], message.value


def _twice(what: str, logged: list[Logged]) -> list[str]:
    ids = Counter(one.event.envelope.id for one in logged)
    return [f"{what} {id_} is there {n} times" for id_, n in ids.items() if n > 1]
