"""The cadence fold: facts about leads in, what their cadences decide out."""

from collections.abc import Sequence

from psycopg import AsyncConnection

from engagement.cadence.decider import Partition
from engagement.decider import Refused
from schemas.codec import encode
from schemas.events.fact import LeadFact
from schemas.topics import CADENCE_DECISIONS, LEAD_EVENTS
from services.cadence.store import PlaybookStore, load_partition, save_states
from services.runtime.fold import Arrival, Outcome, Publication, Refusal


class CadenceFold:
    """Answers every fact about a lead with its next touch, or with the end."""

    topic = LEAD_EVENTS
    output = CADENCE_DECISIONS

    def __init__(self) -> None:
        self._playbooks = PlaybookStore()

    async def apply(
        self, conn: AsyncConnection, partition: int, arrivals: Sequence[Arrival]
    ) -> Outcome:
        """Decide in order, and write the states that changed and the playbook that came."""
        facts = [arrival.event.data for arrival in arrivals]
        named = {fact.lead_id for fact in facts if isinstance(fact, LeadFact)}
        states, playbooks = await load_partition(conn, partition, named, self._playbooks)
        leads = Partition(playbooks, dict(states))
        outcome = _decide(leads, arrivals)
        changed = {
            lead: state for lead, state in leads.states.items() if states.get(lead) is not state
        }
        await save_states(conn, partition, changed)
        if leads.playbooks is not playbooks and leads.playbooks.current is not None:
            await self._playbooks.save(conn, partition, leads.playbooks, leads.playbooks.current)
        return outcome


def _decide(leads: Partition, arrivals: Sequence[Arrival]) -> Outcome:
    publications: list[Publication] = []
    refusals: list[Refusal] = []
    for arrival in arrivals:
        decided = leads.apply(arrival.event)
        if isinstance(decided, Refused):
            refusals.append(Refusal(arrival, decided.code, decided.reason))
        else:
            publications += [Publication(CADENCE_DECISIONS, encode(event)) for event in decided]
    return Outcome(publications, refusals)
