"""Every shipped cadence, live: through a real broker and a real database, weeks in seconds."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from engagement.cadence.decider import replay
from engagement.cadence.timeline import course, entering
from engagement.playbook import Playbook
from schemas.codec import Message, decode
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import ChannelConsent, Features
from schemas.events.lead import Signal
from schemas.events.plan import TouchPlanned
from schemas.events.playbook import PlaybookPublished
from schemas.topics import CADENCE_DECISIONS, LEAD_EVENTS, TOPICS
from services.runtime.kafka import topics
from services.runtime.outbox.frames import Outgoing
from simulator.compressed import SOURCE, CompressedLead, RuledTemper, Temper
from tests.e2e.compressed_world import World, numbered
from tests.integration.delivery.wire import read
from tests.integration.prioritizer.process import running
from tests.real_servers import OwnServers
from tests.unit.timelines.golden import FILES
from tests.unit.timelines.golden import read as read_playbook

ENTERED_AT = datetime(2026, 3, 27, 15, tzinfo=UTC)
"""A Friday afternoon, two days before Europe's clocks go forward."""
FEATURES = Features(source="compressed", time_zone="Europe/Berlin")
DECISIONS_TOLD = (
    *("touch-planned", "touch-skipped", "touch-withdrawn", "cadence-ended", "lead-qualified"),
    *("condition-failed", "cadence-paused", "experiment-assigned", "experiment-exposed"),
    *("retry", "callback", "moved"),
)
"""All that these leads must have brought about, so that none of it is only tested on lists."""
ENDS: dict[Temper | RuledTemper, str] = {
    "silent": "exhausted",
    "unreached": "exhausted",
    "replies": "replied",
    "opts-out": "opted-out",
    "qualifies": "qualified",
    "engages": "exhausted",
    "busy": "exhausted",
    "calls-back": "exhausted",
    "away": "exhausted",
    "held": "exhausted",
}
CADENCES = [
    entering(playbook, cadence.name)
    for playbook in map(read_playbook, FILES)
    for cadence in playbook.cadences
]
RULED = [read_playbook(file) for file in sorted((Path(__file__).parent / "ruled").iterdir())]
GOES_ON: dict[Temper | RuledTemper, str] = {"replies": "exhausted"}
"""In the ruled playbooks a reply pauses the cadence, or does nothing to it."""
CONSENT = ChannelConsent(sms="granted")
PLACES = (
    Features(source="compressed", time_zone="Europe/Berlin", country="DE", consent=CONSENT),
    Features(source="compressed", time_zone="America/New_York", country="US", region="FL"),
    Features(source="compressed", country="IN", score=80, consent=CONSENT),
)


def beginning(world: World) -> Iterator[Outgoing]:
    """A playbook is published and its leads come in, then the partition's next playbook."""
    for number, playbook in enumerate((*CADENCES, *RULED)):
        partition = number % LEAD_EVENTS.partitions
        yield world.log.add(partition, published(playbook))
        for lead, features in cast(playbook):
            world.leads[lead.lead_id] = partition, lead
            yield world.log.add(partition, lead.come_in(features, ENTERED_AT))


def cast(playbook: Playbook) -> Iterator[tuple[CompressedLead, Features]]:
    """A lead of each temper that the playbook has rules for, in every place where they tell."""
    ruled = playbook in RULED
    tempers = (*get_args(Temper), *get_args(RuledTemper)) if ruled else get_args(Temper)
    for place in PLACES if ruled else (FEATURES,):
        for temper in tempers:
            name = f"{temper}/{place.time_zone}"
            yield (
                CompressedLead(derived_id("compressed", playbook.name, name), temper, playbook),
                place,
            )


def published(playbook: Playbook) -> Event[PlaybookPublished]:
    fact = PlaybookPublished(
        occurred_at=ENTERED_AT,
        recorded_at=ENTERED_AT,
        playbook=playbook.name,
        digest=playbook.digest,
        content=playbook.content,
    )
    return Event(Envelope(derived_id("compressed", playbook.digest), SOURCE), fact)


async def messages(bootstrap: str, topic: str) -> dict[int, list[Message]]:
    """The topic as it lies on the broker, by partition."""
    found: dict[int, list[Message]] = {}
    for record in await read(bootstrap, topic, LEAD_EVENTS.partitions):
        message = Message(record.key, record.value, tuple(record.headers))
        found.setdefault(record.partition, []).append(message)
    return found


def again(partition: int, facts: list[Message]) -> list[Message]:
    """What a replay of a partition's log decides, as the cadence publishes it."""
    decided = replay(decode(fact, LEAD_EVENTS.messages) for fact in facts)
    return [
        numbered(CADENCE_DECISIONS.name, partition, sequence, event).message
        for sequence, event in enumerate(decided, 1)
    ]


def kinds_of(decided: list[Message]) -> set[str]:
    """What was decided, in which ways."""
    facts = [decode(one, CADENCE_DECISIONS.messages).data for one in decided]
    plans = [fact for fact in facts if isinstance(fact, TouchPlanned)]
    again = {plan.again for plan in plans if plan.again}
    moved = {"moved" for plan in plans if plan.moved_from}
    return {*(fact.type for fact in facts), *again, *moved}


def moments(turns: Iterable[object]) -> list[tuple[int, datetime, datetime]]:
    """When which touches are made; those that wait for a sign are not made yet."""
    plans = (turn for turn in turns if isinstance(turn, TouchPlanned) and not turn.waits_for)
    return [(plan.step, plan.not_before, plan.due_at) for plan in plans]


@pytest.mark.timeout(480)
async def test_every_cadence_runs_to_its_end_and_a_replay_decides_the_same_bytes(
    own_servers: Callable[[], OwnServers],
) -> None:
    servers = own_servers().servers
    topics.apply(servers.brokers, TOPICS)
    world = World(servers.kafka_bootstrap)
    first = list(beginning(world))

    with running("services.cadence", servers, {}):
        await world.run(first)
    log = await messages(servers.kafka_bootstrap, LEAD_EVENTS.name)
    decided = await messages(servers.kafka_bootstrap, CADENCE_DECISIONS.name)

    assert len(CADENCES) >= 15
    assert {*DECISIONS_TOLD} <= {
        kind for kinds in map(kinds_of, decided.values()) for kind in kinds
    }
    assert decided == {partition: again(partition, facts) for partition, facts in log.items()}
    for lead_id, (_, lead) in world.leads.items():
        ends = ENDS | GOES_ON if lead.playbook in RULED else ENDS
        assert (lead.playbook.name, lead.temper, world.ended[lead_id].reason) == (
            lead.playbook.name,
            lead.temper,
            ends[lead.temper],
        )
        if lead.playbook in CADENCES and lead.temper in {"silent", "engages"}:
            seen = get_args(Signal) if lead.temper == "engages" else ()
            assert moments(world.plans[lead_id]) == moments(
                course(lead.playbook, FEATURES, ENTERED_AT, seen)
            )
