"""The cadence fold: facts about leads in, what their cadences decide out."""

from collections.abc import Mapping, Sequence

from psycopg import AsyncConnection

from engagement.cadence.decider import Partition
from engagement.decider import Refused
from schemas.codec import encode
from schemas.events.fact import LeadFact
from schemas.topics import CADENCE_DECISIONS, LEAD_EVENTS
from services.cadence.store import PlaybookStore, load, save_states
from services.runtime.fold.fold import Arrival, Outcome, Publication, Refusal


class CadenceFold:
    """Answers every fact about a lead with its next touch, or with the end."""

    topic = LEAD_EVENTS
    output = CADENCE_DECISIONS

    def __init__(self) -> None:
        self._playbooks = PlaybookStore()

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Decide in order, and write the states that changed and the playbooks that came."""
        where = {one.event.data.lead_id: one.partition for one in arrivals if _names_a_lead(one)}
        numbers = {arrival.partition for arrival in arrivals}
        before, playbooks = await load(conn, numbers, where, self._playbooks)
        states = dict(before)
        partitions = {number: Partition(playbooks[number], states) for number in numbers}
        outcome = _decide(partitions, arrivals)
        changed = {lead: state for lead, state in states.items() if before.get(lead) is not state}
        await save_states(conn, where, changed)
        for number, partition in partitions.items():
            if partition.playbooks is not playbooks[number]:
                await self._playbooks.save(conn, number, partition.playbooks)
        return outcome


def _names_a_lead(arrival: Arrival) -> bool:
    return isinstance(arrival.event.data, LeadFact)


def _decide(partitions: Mapping[int, Partition], arrivals: Sequence[Arrival]) -> Outcome:
    publications: list[Publication] = []
    refusals: list[Refusal] = []
    for arrival in arrivals:
        decided = partitions[arrival.partition].apply(arrival.event)
        if isinstance(decided, Refused):
            refusals.append(Refusal(arrival, decided.code, decided.reason))
        else:
            publications += [Publication(arrival.partition, encode(event)) for event in decided]
    return Outcome(publications, refusals)
