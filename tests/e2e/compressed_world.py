"""The cadence service between a real broker and a real database, in a world of its own time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]

from schemas.codec import SEQUENCE, Message, decode, encode, sequence_header
from schemas.envelope import Event
from schemas.events.decision import CadenceEnded
from schemas.events.plan import TouchPlanned
from schemas.topics import CADENCE_DECISIONS, LEAD_EVENTS
from services.runtime.kafka.brokers import Brokers
from services.runtime.kafka.publish import Publisher
from services.runtime.outbox.frames import Outgoing
from simulator.compressed import CompressedLead

DECISIONS = [
    TopicPartition(CADENCE_DECISIONS.name, number)
    for number in range(CADENCE_DECISIONS.partitions)
]


@dataclass(slots=True)
class Log:
    """Facts by partition, numbered as their one writer publishes them."""

    facts: dict[int, list[Event[Any]]] = field(default_factory=dict)

    def add(self, partition: int, fact: Event[Any]) -> Outgoing:
        """The next fact of this partition."""
        facts = self.facts.setdefault(partition, [])
        facts.append(fact)
        return numbered(LEAD_EVENTS.name, partition, len(facts), fact)


@dataclass(slots=True)
class World:
    """Leads on partitions. Each plan that is heard is answered, until every cadence is over."""

    bootstrap: str
    log: Log = field(default_factory=Log)
    leads: dict[UUID, tuple[int, CompressedLead]] = field(default_factory=dict)
    plans: dict[UUID, list[TouchPlanned]] = field(default_factory=dict)
    ended: dict[UUID, CadenceEnded] = field(default_factory=dict)

    async def run(self, beginning: Iterable[Outgoing]) -> None:
        """Write how it begins, and return when every lead's cadence has ended."""
        publisher = Publisher(Brokers(self.bootstrap), "compressed")
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False)
        await publisher.start()
        await consumer.start()
        try:
            consumer.assign(DECISIONS)
            await consumer.seek_to_beginning(*DECISIONS)
            await publisher.publish(beginning)
            while len(self.ended) < len(self.leads):
                heard = await consumer.getmany(timeout_ms=1000)
                await publisher.publish(self._answers(heard.values()))
        finally:
            await consumer.stop()
            await publisher.stop()

    def _answers(self, batches: Iterable[Sequence[Any]]) -> list[Outgoing]:
        answers = []
        for record in (record for batch in batches for record in batch):
            message = Message(record.key, record.value, tuple(record.headers))
            decision = decode(message, CADENCE_DECISIONS.messages).data
            if isinstance(decision, TouchPlanned):
                partition, lead = self.leads[decision.lead_id]
                self.plans.setdefault(lead.lead_id, []).append(decision)
                answers += [self.log.add(partition, fact) for fact in lead.answer(decision)]
            elif isinstance(decision, CadenceEnded):
                self.ended[decision.lead_id] = decision
        return answers


def numbered(topic: str, partition: int, sequence: int, event: Event[Any]) -> Outgoing:
    """The event as its writer publishes it."""
    message = encode(event)
    headers = (*message.headers, (SEQUENCE, sequence_header(sequence)))
    return Outgoing(topic, partition, Message(message.key, message.value, headers))
