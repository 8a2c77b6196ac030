"""The live priority table, folded from the cadence's decisions, and the same table as a stream."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection

from engagement.priority import Rank
from schemas.attributes import TRACEPARENT
from schemas.codec import Message, encode
from schemas.envelope import Event, child, follow_up
from schemas.events.fact import LeadFact
from schemas.events.plan import TouchPlanned
from schemas.events.queue import LeadRanked
from schemas.topics import CADENCE_DECISIONS, LEAD_PRIORITY, Topic
from services.prioritizer.facts import SOURCE
from services.prioritizer.polling import requests
from services.prioritizer.table import automated, history, leads
from services.prioritizer.table.last_words import (
    for_reps,
    for_tools,
    last_words,
    moves,
    opened,
    paused,
)
from services.prioritizer.table.ranking import Ranked, learn, ranked
from services.prioritizer.table.updates import updates
from services.runtime.fold.fold import Arrival, Outcome, Publication, Refusal
from services.runtime.outbox.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Projection:
    """Keeps each lead's row at its last decision; of several only a lead's last one counts."""

    topic: Topic = CADENCE_DECISIONS
    output: Topic = LEAD_PRIORITY
    outbox: Outbox = field(default_factory=lambda: Outbox("prioritizer"))

    async def apply(self, conn: AsyncConnection, arrivals: Sequence[Arrival]) -> Outcome:
        """Writes the rows, and says of each lead whose plan changed where it stands now.

        Tools that were asked for a touch which is not wanted any more are told.
        """
        await history.keep(conn, history.DECISION, arrivals)
        entered, changed = last_words(arrivals)
        moved, updated = moves(arrivals), updates(arrivals)
        await learn(conn, [*(one.event.data for one in entered.values()), *moved.values()])
        await leads.enter(conn, [(one.partition, one.event) for one in entered.values()])
        await leads.move(conn, tuple(moved.values()))
        await leads.update(conn, updated)
        await automated.move(conn, tuple(moved.values()))
        anew = {*moved, *updated}
        teams, ranks, gone = await _change(
            conn, changed, paused(changed, arrivals), opened(arrivals), anew
        )
        rows = [requests.withdrawn(one, changed[one.lead_id].event) for one in gone]
        await self.outbox.append(conn, rows)
        return Outcome(
            [
                Publication(one.partition, standing(one.event, teams[lead], ranks.get(lead)))
                for lead, one in changed.items()
                if lead in teams
            ],
            [_unknown(one) for lead, one in changed.items() if lead not in teams],
        )


async def _change(
    conn: AsyncConnection,
    changed: Mapping[UUID, Arrival],
    stopped: Sequence[leads.Paused],
    first: Mapping[UUID, datetime],
    anew: Collection[UUID],
) -> tuple[dict[UUID, str], dict[UUID, Ranked], list[TouchPlanned]]:
    """Write what changed. The teams of the leads that exist, the places of their plans, and what
    tools were asked for and is not wanted any more.

    `stopped` are the leads that people paused, `first` the openings of first touches in the batch.
    Plans that are kept of the leads `anew` may have other places.
    What is cleared is asked before any answer is awaited: in pipeline mode, one round trip.
    """
    plans = {lead: one.event for lead, one in changed.items() if for_reps(one.event.data)}
    tasks = {lead: one.event for lead, one in changed.items() if for_tools(one.event.data)}
    kept = [lead for lead in anew if lead not in changed]
    pauses = {one.lead_id for one in stopped}
    over = [lead for lead in changed if lead not in plans and lead not in pauses]
    cleared, waits = await leads.clear(conn, over), await leads.pause(conn, stopped)
    gone = await automated.clear(conn, [lead for lead in changed if lead not in tasks])
    places = await ranked(conn, {lead: one.data for lead, one in plans.items()}, first, kept)
    await leads.plan(conn, [one for lead, one in plans.items() if lead in places], places)
    await leads.remember_opening(conn, {one: at for one, at in first.items() if one not in places})
    await leads.replace(conn, [places[lead] for lead in kept if lead in places])
    replaced = await automated.plan(conn, list(tasks.values()))
    teams = {lead: one.team for lead, one in places.items()}
    teams |= await leads.teams(cleared) | await leads.teams(waits)
    return teams, places, await automated.requested(gone) + replaced


def standing(decision: Event[LeadFact], team: str, ranked: Ranked | None) -> Message:
    """Where the lead stands after `decision`; a tombstone where reps have nothing to do."""
    fact = decision.data
    if isinstance(fact, TouchPlanned) and ranked is not None:
        return encode(follow_up(decision.envelope, SOURCE, _ranked(fact, team, ranked.rank), 0))
    id_, traceparent = decision.envelope.id, decision.envelope.traceparent
    headers = (
        ("ce_source", SOURCE.encode()),
        ("ce_id", str(id_).encode()),
        (TRACEPARENT, child(traceparent, id_).encode()),
    )
    return Message(fact.key, None, headers)


def _ranked(plan: TouchPlanned, team: str, rank: Rank) -> LeadRanked:
    return LeadRanked(
        lead_id=plan.lead_id,
        occurred_at=plan.occurred_at,
        recorded_at=plan.recorded_at,
        plan_id=plan.plan_id,
        team=team,
        tier=rank.place.tier,
        channel=plan.channel,
        activity=plan.activity,
        not_before=plan.not_before,
        due_at=plan.due_at,
        lapses_at=plan.lapses_at,
        open_hours=plan.open_hours,
        tier_until=rank.until,
        later_tier=rank.later and rank.later.tier,
    )


def _unknown(arrival: Arrival) -> Refusal:
    return Refusal(arrival, "unknown-lead", "lead_id: no cadence-entered came before")
