"""A CRM that subscribes to handoffs and answers each one."""

import threading

import orjson
from kafka import KafkaProducer

from schemas import codec, topics
from schemas.crm import SalesQualifiedLead
from services.runtime.kafka.brokers import Brokers
from simulator import connect
from simulator.senders import cloud_event


class Crm:
    """Accepts every handoff, except each seventh, which it has already or refuses in turn."""

    def __init__(self, brokers: Brokers) -> None:
        self._brokers = brokers
        self._stop = threading.Event()
        self._seen: set[str] = set()

    def stop(self) -> None:
        """Ends `answer` within a second."""
        self._stop.set()

    def answer(self) -> None:
        """Reads handoffs and produces answers, until stopped. Meant for a thread of its own."""
        consuming = connect.consuming(
            self._brokers, group_id="simulated-crm", auto_offset_reset="earliest"
        )
        with consuming as consumer, connect.producing(self._brokers) as producer:
            connect.subscribe(consumer, topics.SQL_HANDOFF.name)
            while not self._stop.is_set():
                for records in connect.polled(consumer).values():
                    for record in records:
                        message = codec.Message(record.key, record.value, record.headers)
                        self._answer(producer, message)

    def _answer(self, producer: KafkaProducer, message: codec.Message) -> None:
        sql = codec.decode(message, topics.SQL_HANDOFF.messages).data
        assert isinstance(sql, SalesQualifiedLead)  # noqa: S101 - the topic holds nothing else
        handoff = str(sql.handoff_id)
        self._seen.add(handoff)
        rejected = len(self._seen) % 7 == 0
        answer = {
            "handoff_id": handoff,
            "status": "rejected" if rejected else "accepted",
            "crm": "simulated",
            "at": sql.recorded_at.isoformat(),
            "crm_record_id": None if rejected else f"00Q{handoff[:12]}",
            "reason_code": "duplicate-account" if rejected else None,
        }
        producer.send(
            topics.SQL_ACK.name,
            key=message.key,
            value=orjson.dumps(answer),
            headers=cloud_event("handoff-answered", f"answer-{handoff}"),
        )
