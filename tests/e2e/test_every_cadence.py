"""Every shipped cadence, live: through a real broker and a real database, weeks in seconds."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import get_args

import pytest

from engagement.cadence.decider import replay
from engagement.cadence.timeline import entering, timeline
from engagement.playbook import Playbook
from schemas.codec import Message, decode
from schemas.envelope import Envelope, Event, derived_id
from schemas.events.fact import Features
from schemas.events.playbook import PlaybookPublished
from schemas.topics import CADENCE_DECISIONS, LEAD_EVENTS, TOPICS
from services.runtime import topics
from services.runtime.frames import Outgoing
from simulator.compressed import SOURCE, CompressedLead, Temper
from tests.e2e.compressed_world import World, numbered
from tests.integration.delivery.wire import read
from tests.integration.prioritizer.process import running
from tests.real_servers import OwnServers
from tests.unit.timelines.golden import FILES
from tests.unit.timelines.golden import read as read_playbook

ENTERED_AT = datetime(2026, 3, 27, 15, tzinfo=UTC)
"""A Friday afternoon, two days before Europe's clocks go forward."""
FEATURES = Features(source="compressed", time_zone="Europe/Berlin")
ENDS: dict[Temper, str] = {
    "silent": "exhausted",
    "unreached": "exhausted",
    "replies": "replied",
    "opts-out": "opted-out",
    "qualifies": "qualified",
}
CADENCES = [
    entering(playbook, cadence.name)
    for playbook in map(read_playbook, FILES)
    for cadence in playbook.cadences
]


def beginning(world: World) -> Iterator[Outgoing]:
    """A playbook is published and its leads come in, then the partition's next playbook."""
    for number, playbook in enumerate(CADENCES):
        partition = number % LEAD_EVENTS.partitions
        yield world.log.add(partition, published(playbook))
        for temper in get_args(Temper):
            lead_id = derived_id("compressed", playbook.name, temper)
            lead = CompressedLead(lead_id, temper, playbook)
            world.leads[lead_id] = partition, lead
            yield world.log.add(partition, lead.come_in(FEATURES, ENTERED_AT))


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


@pytest.mark.timeout(240)
async def test_every_cadence_runs_to_its_end_and_a_replay_decides_the_same_bytes(
    own_servers: Callable[[], OwnServers],
) -> None:
    servers = own_servers().servers
    topics.apply(servers.kafka_bootstrap, TOPICS)
    world = World(servers.kafka_bootstrap)
    first = list(beginning(world))

    with running("services.cadence", servers, {}):
        await world.run(first)
    log = await messages(servers.kafka_bootstrap, LEAD_EVENTS.name)
    decided = await messages(servers.kafka_bootstrap, CADENCE_DECISIONS.name)

    assert len(CADENCES) >= 15
    assert decided == {partition: again(partition, facts) for partition, facts in log.items()}
    for lead_id, (_, lead) in world.leads.items():
        assert (lead.playbook.name, world.ended[lead_id].reason) == (
            lead.playbook.name,
            ENDS[lead.temper],
        )
        if lead.temper == "silent":
            live = [(plan.step, plan.not_before, plan.due_at) for plan in world.plans[lead_id]]
            drawn = timeline(lead.playbook, FEATURES, ENTERED_AT)
            assert live == [(plan.step, plan.not_before, plan.due_at) for plan in drawn]
